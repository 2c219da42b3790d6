"""Every component with what it is made of; taking one away, and taking the last change back."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from components import choices, guard
from components.draw.words import plain
from components.forms.people_done import do
from core.base.counted import counted
from core.base.period import zone_of
from core.components import service
from core.components.views import ComponentView
from core.context import Capability, Context

SHOWN = 6
"""Lines of a component that its card lists."""


def show(ctx: Context) -> None:
    """A card a component; those that were removed stand below with a way back."""
    with guard.errors():
        found = service.components(ctx)
        if not found:
            st.info(
                "There are no components yet: every number is about whole repositories."
                + (" Make the first one below." if ctx.may(Capability.MANAGE_SOURCES) else " Managers make them here."),
                icon=":material/account_tree:",
            )
        for view in found:
            with st.container(border=True, key=f"component_{view.id}"):
                _card(ctx, view)
        if ctx.may(Capability.MANAGE_SOURCES):
            _gone(ctx)


def _card(ctx: Context, view: ComponentView) -> None:
    owned = f" · {plain(view.team)}" if view.team else ""
    at = view.changed_at.astimezone(zone_of(ctx.workspace.time_zone))
    by = f" by {plain(view.changed_by)}" if view.changed_by else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(view.name)}**{owned} · {counted(view.paths, 'path')}")
        if ctx.may(Capability.MANAGE_SOURCES):
            _deeds(ctx, view)
    st.caption(f"{' · '.join(_made_of(ctx, view)) or 'made of nothing'} · changed {at:%-d %b %Y, %H:%M}{by}")


def _made_of(ctx: Context, view: ComponentView) -> Iterator[str]:
    repos = choices.repositories(ctx)
    for line in view.lines:
        texts = [*line.patterns, *line.owners]
        more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
        listed = ", ".join(texts[:SHOWN])
        yield plain(f"{repos.get(line.repo_id, 'a repository that is gone')}: {listed}{more}")


def _deeds(ctx: Context, view: ComponentView) -> None:
    if view.can_undo:
        with st.popover("Undo the last change", icon=":material/undo:", width="content"):
            st.write("It becomes what it was before, and every number of it is counted anew.")
            if st.button("Take it back", type="primary", key=f"component_undo_{view.id}"):
                do(lambda: service.undo(ctx, view.id), f"'{view.name}' is what it was before.")
    with st.popover("Remove", icon=":material/delete:", width="content"):
        st.write(
            f"{counted(view.paths, 'path', ('belongs', 'belong'))} to no component then, unless others have them."
            " Reports and alerts that name it say that it is gone. It can be brought back."
        )
        if st.button("Remove it", type="primary", key=f"component_remove_{view.id}"):
            do(lambda: service.remove(ctx, view.id), f"'{view.name}' was removed.")


def _gone(ctx: Context) -> None:
    removed = service.removed(ctx)
    if not removed:
        return
    with st.expander(f"Removed ({len(removed)})"):
        for id_, name in removed.items():
            with st.container(horizontal=True, vertical_alignment="center"):
                st.write(plain(name))
                if st.button("Bring it back", key=f"component_back_{id_}"):
                    do(lambda id_=id_: service.undo(ctx, id_), f"'{name}' is back.")  # type: ignore[misc]
