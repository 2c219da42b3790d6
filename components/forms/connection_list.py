"""The connections of a workspace as cards: whether each answers, what is in it, a query to try, its settings."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.draw.words import plain
from components.forms import connection_form, connection_probe, connection_query, connection_schema
from components.forms.people_done import do
from core.base.period import zone_of
from core.connections import service
from core.connections.service import ConnectionView
from core.context import Capability, Context
from core.reports.connected import reports_using

NO_PLACE = {
    "datasource": "no address of its own",
    "output": "at the service's own address",
    "source": "at the service's own address",
}
ICONS = {"datasource": ":material/database:", "output": ":material/outbox:", "source": ":material/key:"}
QUERY, TABLES, SETTINGS = "Try a query", "Tables", "Settings"


def cards(ctx: Context, found: Sequence[ConnectionView]) -> None:
    """Every connection, or what to do when there is none."""
    if not found:
        _empty(ctx)
    for view in found:
        with st.container(border=True, key=f"connection_{view.id}"):
            _card(ctx, view)


def _empty(ctx: Context) -> None:
    who = "Fill in the form above." if ctx.may(Capability.MANAGE_SOURCES) else "Ask a manager to add one."
    with st.container(border=True, horizontal_alignment="center", key="connections_empty"):
        st.markdown("### :material/cable: No connection yet", width="content")
        st.markdown(
            "A connection is a database that reports ask, or a place that they are sent to, known by its name, so that"
            f" no report holds a password. {who}",
            width="content",
        )


def _card(ctx: Context, view: ConnectionView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### {plain(view.name)}", width="content")
        st.badge(plain(view.label), color="gray", icon=ICONS[view.side])
        _state(view)
    st.caption(f":material/dns: {plain(view.place) or NO_PLACE[view.side]}{_when(ctx, view)}")
    if view.last_error:
        st.error(plain(view.last_error), icon=":material/error:")
    elif view.check_text:
        st.caption(plain(view.check_text))
    _parts(ctx, view)


def _state(view: ConnectionView) -> None:
    if view.last_error:
        st.badge("Does not answer", color="red", icon=":material/close:")
    elif view.checked_at:
        st.badge("Answers", color="green", icon=":material/check:")
    else:
        st.badge("Not tested yet", color="gray")


def _when(ctx: Context, view: ConnectionView) -> str:
    if not view.checked_at:
        return ""
    moment = view.checked_at.astimezone(zone_of(ctx.workspace.time_zone))
    return f" · tested {moment:%-d %b %Y, %H\\:%M}"


def _parts(ctx: Context, view: ConnectionView) -> None:
    asked = not (view.is_output or view.is_account)
    parts = [*([QUERY, TABLES] if asked else []), *([SETTINGS] if ctx.may(Capability.MANAGE_SOURCES) else [])]
    with st.container(horizontal=True, vertical_alignment="center"):
        part = _part(view, parts) if parts else None
        st.space("stretch")
        if st.button("Test", icon=":material/cable:", key=f"check_{view.id}"):
            do(lambda: service.checked(ctx, view.id), f"{view.name} was tested.")
        if view.is_output and ctx.may(Capability.SCHEDULE_REPORTS):
            connection_probe.draw(ctx, view)
        if ctx.may(Capability.MANAGE_SOURCES):
            _remove(ctx, view)
    if part == QUERY:
        connection_query.draw(ctx, view)
    elif part == TABLES:
        connection_schema.draw(ctx, view)
    elif part == SETTINGS:
        connection_form.change(ctx, view)


def _part(view: ConnectionView, parts: list[str]) -> str | None:
    return st.segmented_control(
        "Look at", parts, key=f"part_{view.id}", label_visibility="collapsed", width="content"
    )  # fmt: skip


def _remove(ctx: Context, view: ConnectionView) -> None:
    with st.popover("Remove", icon=":material/delete:", key=f"remove_{view.id}"):
        using = reports_using(ctx, view.name)
        st.markdown(f"**{plain(view.name)}** goes away with its secrets. What it leads to stays as it is.")
        if using:
            st.warning(
                f"{_using(view, len(using))}: {', '.join(plain(name) for name in using)}.",
                icon=":material/description:",
            )
        if st.button("Remove it", type="primary", key=f"remove_do_{view.id}"):
            do(lambda: service.remove(ctx, view.id), f"{view.name} was removed.")


def _using(view: ConnectionView, count: int) -> str:
    if view.is_output:
        return f"{count} {'report is' if count == 1 else 'reports are'} sent to it and will not arrive there any more"
    return f"{count} {'report asks' if count == 1 else 'reports ask'} it and will fail"
