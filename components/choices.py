"""What a scope bar or a form offers to choose from: labels by id, remembered until the workspace's data change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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


def apart(labels: Mapping[str, str], hints: Mapping[str, str] | None = None) -> dict[str, str]:
    """The labels by id; those that several share have a hint behind them, else the beginning of their id.

    A select box tells its options by their words alone: of two that are called the same, it takes the first.
    """
    hints = hints or {}
    often = Counter(labels.values())
    hinted = {one: f"{label} · {hints[one]}" if often[label] > 1 and one in hints else label
              for one, label in labels.items()}  # fmt: skip
    often = Counter(hinted.values())
    return {one: f"{label} · {one[:_TOLD]}" if often[label] > 1 else label for one, label in hinted.items()}


_TOLD = 12
"""Letters of an id that tell it from another."""


def _by_label(pairs: Any) -> dict[str, str]:
    return apart(dict(sorted(pairs, key=lambda pair: pair[1].casefold())))
