"""A board on a page: built once for everybody who may see the same, drawn on every run."""

from __future__ import annotations

import streamlit as st

from components import board_files, draw, explain, guard, quiet
from core.base.errors import SightlineError
from core.boards import service
from core.boards.board import BuiltSection
from core.boards.quiet import is_quiet
from core.catalogue.scope import Scope
from core.context import Context


def show(ctx: Context, name: str, scope: Scope, **options: str) -> None:
    """Draw the standard board of this name for a scope. What failed is not remembered: the next run asks again."""
    try:
        sections = _built(*_key(ctx, scope), name, tuple(sorted(options.items())), ctx, scope)
    except SightlineError as error:
        guard.show(error)
        if error.retry:
            st.button("Try again", icon=":material/refresh:", key="board_again")
        return
    if is_quiet(sections):
        quiet.show(ctx, scope)
        return
    board = service.standard(ctx, name, **options)
    service.looked(ctx, board, scope)  # also where somebody else has built it
    with st.container(horizontal=True, key="board_tools"):
        explain.chooser(ctx, scope, [(figure, scope) for section in sections for figure in section.figures])
        board_files.button(ctx, board, scope)
    board_files.follow(ctx, board)
    for section in sections:
        if section.title:
            st.subheader(section.title, anchor=False)
        if section.about:
            st.caption(section.about)
        draw.figures(ctx, section.figures)


def _key(ctx: Context, scope: Scope) -> tuple[str, int, str, str]:
    """What a finished board depends on besides its layout: the data, what the actor may see, and the question."""
    return ctx.workspace.id, ctx.workspace.data_version, ctx.seen_as(), repr(scope)


@st.cache_resource(ttl="10m", max_entries=256, show_spinner="Reading the numbers…")
def _built(
    workspace_id: str,
    data_version: int,
    seen: str,
    asked: str,
    name: str,
    options: tuple[tuple[str, str], ...],
    _ctx: Context,
    _scope: Scope,
) -> list[BuiltSection]:
    return service.build_sections(_ctx, service.standard(_ctx, name, **dict(options)), _scope)
