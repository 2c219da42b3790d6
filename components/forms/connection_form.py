"""Adding a connection, and changing one: name, kind, its settings, and a test before anybody relies on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import guard
from components.draw.words import plain
from components.forms import connection_fields
from components.forms.people_done import do
from core.connections import service
from core.connections.fields import fields
from core.connections.service import ConnectionView
from core.connections.sides import ASKED, READ, SENT, SIDES, Side
from core.context import Capability, Context

NAMED = "What reports and sources call it."
PLACEHOLDERS = {ASKED.key: "shop", SENT.key: "team-slack", READ.key: "github"}
ABOUT = {
    ASKED.key: "SQL database: MySQL and MariaDB, PostgreSQL, ClickHouse, SQLite, DuckDB.",
    SENT.key: "Where finished reports go when their file names this connection under `outputs`.",
    READ.key: "Pull requests, reviews, issues and deployments are read with it. Choose repositories under Sources.",
}


def add(ctx: Context, *, first: bool) -> None:
    """The form for one more connection, for those who may make one."""
    if not ctx.may(Capability.MANAGE_SOURCES):
        return
    with st.expander("Add a connection", icon=":material/add:", expanded=first):
        side = _side()
        known = side.kinds()
        left, right = st.columns(2)
        name = left.text_input("Name", placeholder=PLACEHOLDERS[side.key], key="connection_name", help=NAMED)
        plugin = right.selectbox(
            "Kind", list(known), format_func=lambda key: known[key].label, key=f"connection_kind{_mark(side)}",
            help=ABOUT[side.key],
        )  # fmt: skip
        given = _settings(side, plugin, {}, (), f"connection_new_{plugin}")
        with st.container(horizontal=True):
            tested = st.button("Test", icon=":material/cable:", key="connection_test")
            added = st.button("Add the connection", type="primary", key="connection_add")
        if tested:
            _test(ctx, side, plugin, given)
        if added:
            do(lambda: _made(ctx, name, side, plugin, given), f"{name} is there.")


def _side() -> Side:
    """What the new connection is for."""
    chosen = st.segmented_control(
        "What for", list(SIDES), default=ASKED.key, required=True, key="connection_side",
        format_func=lambda key: SIDES[key].use,
    )  # fmt: skip
    return SIDES[chosen or ASKED.key]


def _mark(side: Side) -> str:
    return "" if side is ASKED else f"_{side.key}"


def _settings(side: Side, plugin: str, now: Mapping[str, Any], secrets: Sequence[str], key: str) -> dict[str, Any]:
    """The fields of a kind; of an output, what each report may say for itself stands apart."""
    kind = side.kind(plugin)
    later = kind.of_report - kind.below if side is SENT else ()
    return connection_fields.draw(side.model(plugin), now, secrets, key, later)


def change(ctx: Context, view: ConnectionView) -> None:
    """The same for a connection that there is."""
    side = SIDES[view.side]
    if view.plugin not in side.kinds():
        st.warning(f"The kind '{plain(view.plugin)}' is not installed any more.", icon=":material/extension_off:")
        return
    name = st.text_input("Name", view.name, key=f"name_{view.id}")
    given = _settings(side, view.plugin, view.args, view.secrets, f"set_{view.id}")
    given = {**_unshown(side, view), **given}
    forget = (
        st.multiselect("Secrets to forget", view.secrets, key=f"forget_{view.id}", placeholder="None")
        if view.secrets
        else ()
    )
    with st.container(horizontal=True):
        tested = st.button("Test these settings", icon=":material/cable:", key=f"try_{view.id}")
        saved = st.button("Save", type="primary", key=f"save_{view.id}")
    if tested:
        _test(ctx, side, view.plugin, given, view.id)
    if saved:
        do(lambda: service.update(ctx, view.id, name=name, args=given, forget=forget), f"{name} is changed.")


def _made(ctx: Context, name: str, side: Side, plugin: str, given: Mapping[str, Any]) -> None:
    """Make it and look at once whether it can be reached; what went wrong then stands on its card."""
    made = service.create(ctx, name, plugin, given, side.key)
    service.checked(ctx, made.id)


def _test(ctx: Context, side: Side, plugin: str, given: Mapping[str, Any], connection_id: str = "") -> None:
    with guard.errors(), st.spinner("Reaching it …"):
        said = service.check_settings(ctx, plugin, given, connection_id, side.key)
        st.success(plain(said), icon=":material/check_circle:")


def _unshown(side: Side, view: ConnectionView) -> dict[str, Any]:
    """Settings that were given by another door and have no field: they stay."""
    shown = {field.path.partition(".")[0] for field in fields(side.model(view.plugin))}
    return {name: value for name, value in view.args.items() if name not in shown}
