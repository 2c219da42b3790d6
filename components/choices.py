"""What a scope bar or a form offers to choose from: labels by id, remembered until the workspace's data change."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.context import Context


def teams(ctx: Context) -> dict[str, str]:
    return _teams(ctx.workspace.id, ctx.workspace.data_version, ctx)


def repositories(ctx: Context) -> dict[str, str]:
    return _repositories(ctx.workspace.id, ctx.workspace.data_version, ctx)


def people(ctx: Context) -> dict[str, str]:
    return _people(ctx.workspace.id, ctx.workspace.data_version, ctx)


def components(ctx: Context) -> dict[str, str]:
    """By name, then all that a team owns, then what lies outside all of them; nothing where there are none."""
    return _components(ctx.workspace.id, ctx.workspace.data_version, ctx)


@st.cache_resource(max_entries=64, ttl="10m", show_spinner=False)
def _teams(workspace_id: str, data_version: int, _ctx: Context) -> dict[str, str]:
    from core.people import service

    return _by_label((team.id, team.name) for team in service.teams(_ctx))


@st.cache_resource(max_entries=64, ttl="10m", show_spinner=False)
def _repositories(workspace_id: str, data_version: int, _ctx: Context) -> dict[str, str]:
    from core.catalogue import service

    return _by_label((repo.id, repo.name) for repo in service.repositories(_ctx))


@st.cache_resource(max_entries=64, ttl="10m", show_spinner=False)
def _people(workspace_id: str, data_version: int, _ctx: Context) -> dict[str, str]:
    from core.people import service

    return _by_label(service.names(_ctx).items())


@st.cache_resource(max_entries=64, ttl="10m", show_spinner=False)
def _components(workspace_id: str, data_version: int, _ctx: Context) -> dict[str, str]:
    from core.components import service

    return service.offered(_ctx)


def _by_label(pairs: Any) -> dict[str, str]:
    return dict(sorted(pairs, key=lambda pair: pair[1].casefold()))
