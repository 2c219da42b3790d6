"""Pairs that may be one person: why, what would move, and what somebody decides."""

from __future__ import annotations

import streamlit as st

from components import guard
from components.draw.words import plain
from components.forms import people_preview
from components.forms.people_done import do
from core.context import Context
from core.people import service
from core.people.service import Suggestion

SHOWN = 20


def found(ctx: Context) -> list[Suggestion]:
    """Remembered until the workspace's data change."""
    return _found(ctx.workspace.id, ctx.workspace.data_version, ctx)


@st.cache_resource(max_entries=16, ttl="10m", show_spinner=False)
def _found(workspace_id: str, data_version: int, _ctx: Context) -> list[Suggestion]:
    return service.suggestions(_ctx)


def draw(ctx: Context) -> None:
    """Each pair in a box, the likeliest first."""
    pairs = found(ctx)
    st.markdown("A likeness is no proof: nobody is merged by a name. Look, then decide.")
    if not pairs:
        st.success("Nobody looks like somebody else.", icon=":material/check_circle:")
    for one in pairs[:SHOWN]:
        with guard.errors():
            _pair(ctx, one)
    if len(pairs) > SHOWN:
        st.caption(f"{len(pairs) - SHOWN} more follow once these are decided.")
    people_preview.made(ctx)


def _pair(ctx: Context, one: Suggestion) -> None:
    with st.container(border=True):
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.markdown(
            f"**{plain(one.into_name)}** `{one.into_email or 'no address'}`  and  "
            f"**{plain(one.from_name)}** `{one.from_email or 'no address'}`"
        )
        left.caption(plain(" ".join(one.reasons)))
        right.progress(one.score, text=f"{one.score:.0%} alike")
        key = f"{one.into_id}_{one.from_id}"
        with st.container(horizontal=True):
            looking = st.toggle("Show what would move", key=f"look_{key}")
            st.space("stretch")
            if st.button("They are two", key=f"apart_{key}", icon=":material/call_split:"):
                do(lambda: service.say_apart(ctx, one.into_id, one.from_id), "They are not suggested again.")
        if looking:
            people_preview.merging(ctx, one.into_id, one.from_id)
