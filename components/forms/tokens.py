"""Making, seeing and revoking the tokens of programs."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from components import guard
from components.forms.people_done import do
from core.access import tokens
from core.base.errors import SightlineError
from core.base.period import zone_of
from core.context import Context

_MADE = "_token_made"
LASTS = {"90 days": 90, "A year": 365, "No end": None}


def made() -> None:
    """Show the token that was made last, once."""
    if told := st.session_state.pop(_MADE, None):
        name, token = told
        st.success(f"This is the token **{name}**. Copy it now: it is kept as a hash, and never shown again.")
        st.code(token, language=None)


def add(ctx: Context) -> None:
    """The form for a new one, with what its maker may."""
    offered = tokens.offered(ctx)
    with st.form("token_add", clear_on_submit=True):
        left, middle, right = st.columns((2, 2, 1))
        name = left.text_input(
            "Name", placeholder="jenkins", help="Where it is used, so that you know what ends with it."
        )
        may = middle.multiselect(
            "May",
            list(offered),
            format_func=lambda word: offered[word],
            help="Choose as little as the program needs: whoever finds the token may do it too.",
        )
        lasts = right.selectbox("Lasts", list(LASTS), index=1)
        sent = st.form_submit_button("Make a token", type="primary")
    if sent:
        try:
            token = tokens.make(ctx, name, may, LASTS[lasts])
        except SightlineError as error:
            guard.show(error)
            return
        st.session_state[_MADE] = (name, token)
        st.rerun()


def table(ctx: Context) -> None:
    """The reader's tokens, or for an admin everybody's, with their use and a way to end each."""
    found = tokens.tokens(ctx)
    if not found:
        st.info("No program has a token yet. Make one above, and show it as `Authorization: Bearer …` (docs/api.md).")
        return
    for view in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"token_{view.id}"):
            with st.container(width="stretch"):
                st.markdown(f"**{view.name}** · `{view.begins}…` · {', '.join(view.said)}")
                st.caption(
                    f"Made {_day(ctx, view.created_at)} by {view.made_by} · last used"
                    f" {_day(ctx, view.last_used_at) or 'never'}"
                    + (f" · ends {_day(ctx, view.expires_at)}" if view.expires_at else " · no end")
                )
            if view.is_revoked or view.has_ended:
                st.badge("Revoked" if view.is_revoked else "Ended", color="gray")
                continue
            with st.popover("Revoke", icon=":material/block:", width="content"):
                st.write("Whoever shows it next is refused. This cannot be undone.")
                if st.button("Revoke it", type="primary", key=f"revoke_{view.id}"):
                    do(lambda ref=view.id: tokens.revoke(ctx, ref), f"{view.name} was revoked.")  # type: ignore[misc]


def _day(ctx: Context, moment: datetime | None) -> str:
    return f"{moment.astimezone(zone_of(ctx.workspace.time_zone)):%-d %b %Y, %H:%M}" if moment else ""
