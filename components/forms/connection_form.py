"""Adding a connection, and changing one: name, kind, its settings, and a test before anybody relies on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import guard
from components.draw.words import plain
from components.forms import connection_fields
from components.forms.people_done import do
from core.context import Capability, Context
from core.datasources import connections as service
from core.datasources.connections import ConnectionView
from core.datasources.settings import kinds


def add(ctx: Context, *, first: bool) -> None:
    """The form for one more connection, for those who may make one."""
    if not ctx.may(Capability.MANAGE_SOURCES):
        return
    with st.expander("Add a connection", icon=":material/add:", expanded=first):
        known = kinds()
        left, right = st.columns(2)
        name = left.text_input("Name", placeholder="shop", key="connection_name", help="What reports call it.")
        plugin = right.selectbox(
            "Kind", list(known), format_func=lambda key: known[key].label, key="connection_kind",
            help="SQL database: MySQL and MariaDB, PostgreSQL, ClickHouse, SQLite, DuckDB.",
        )  # fmt: skip
        given = connection_fields.draw(known[plugin].Args, {}, (), f"connection_new_{plugin}")
        with st.container(horizontal=True):
            tested = st.button("Test", icon=":material/cable:", key="connection_test")
            added = st.button("Add the connection", type="primary", key="connection_add")
        if tested:
            _test(ctx, plugin, given)
        if added:
            do(lambda: _made(ctx, name, plugin, given), f"{name} is there.")


def change(ctx: Context, view: ConnectionView) -> None:
    """The same for a connection that there is."""
    known = kinds()
    if view.plugin not in known:
        st.warning(f"The kind '{plain(view.plugin)}' is not installed any more.", icon=":material/extension_off:")
        return
    name = st.text_input("Name", view.name, key=f"name_{view.id}")
    given = connection_fields.draw(known[view.plugin].Args, view.args, view.secrets, f"set_{view.id}")
    given = {**_unshown(view), **given}
    forget = (
        st.multiselect("Secrets to forget", view.secrets, key=f"forget_{view.id}", placeholder="None")
        if view.secrets
        else ()
    )
    with st.container(horizontal=True):
        tested = st.button("Test these settings", icon=":material/cable:", key=f"try_{view.id}")
        saved = st.button("Save", type="primary", key=f"save_{view.id}")
    if tested:
        _test(ctx, view.plugin, given, view.id)
    if saved:
        do(lambda: service.update(ctx, view.id, name=name, args=given, forget=forget), f"{name} is changed.")


def _made(ctx: Context, name: str, plugin: str, given: Mapping[str, Any]) -> None:
    """Make it and look at once whether it can be reached; what went wrong then stands on its card."""
    made = service.create(ctx, name, plugin, given)
    service.checked(ctx, made.id)


def _test(ctx: Context, plugin: str, given: Mapping[str, Any], connection_id: str = "") -> None:
    with guard.errors(), st.spinner("Reaching it …"):
        said = service.check_settings(ctx, plugin, given, connection_id)
        st.success(plain(said), icon=":material/check_circle:")


def _unshown(view: ConnectionView) -> dict[str, Any]:
    """Settings that were given by another door and have no field: they stay."""
    shown = kinds()[view.plugin].Args.model_fields
    return {name: value for name, value in view.args.items() if name not in shown}
