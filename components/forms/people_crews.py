"""Taking teams over from a provider: who would join and leave, before anything changes."""

from __future__ import annotations

import streamlit as st

from components import guard
from components.forms.people_done import do
from core.connections import service as connections
from core.context import Capability, Context
from core.ingestion import crews
from core.ingestion.crews import CrewChange

_LOOKED = "crews_looked"


def draw(ctx: Context) -> None:
    """The form, for those who have an account to ask and may use it."""
    if not ctx.may(Capability.MANAGE_SOURCES):
        return
    accounts = {view.id: view.name for view in connections.connections(ctx) if view.is_account}
    if not accounts:
        return
    with st.expander("Take teams over from GitHub or GitLab", icon=":material/group_add:"):
        with st.form("crews", border=False):
            left, right = st.columns(2)
            account = left.selectbox("Account", list(accounts), format_func=accounts.__getitem__, key="crews_account")
            owner = right.text_input("Organisation or group", placeholder="acme", key="crews_owner")
            asked = st.form_submit_button("Look what would change", icon=":material/search:")
        if asked and owner.strip():
            st.session_state.pop(_LOOKED, None)
            with guard.errors(), st.spinner("Asking …"):
                st.session_state[_LOOKED] = (account, owner, crews.preview(ctx, account, owner))
        looked = st.session_state.get(_LOOKED)
        if looked and looked[:2] == (account, owner):
            _changes(ctx, *looked)


def _changes(ctx: Context, account: str, owner: str, found: list[CrewChange]) -> None:
    if not found:
        st.info("There are no teams there that this account may see.")
        return
    st.dataframe([_line(one) for one in found], hide_index=True, width="stretch")
    moving = sum(len(one.joining) + len(one.leaving) for one in found)
    if not moving and not any(one.is_new for one in found):
        st.caption("The teams are the same here already.")
        return
    st.caption("From today on; earlier days keep their members. Members without an account there stay.")
    if st.button("Take the teams over", type="primary", key="crews_do"):
        do(lambda: _taken(ctx, account, owner), "The teams are taken over.")


def _taken(ctx: Context, account: str, owner: str) -> None:
    crews.take_over(ctx, account, owner)
    st.session_state.pop(_LOOKED, None)


def _line(one: CrewChange) -> dict[str, str | int]:
    return {
        "Team": one.team + (" (new)" if one.is_new else ""),
        "Inside": one.parent,
        "Join": ", ".join(one.joining),
        "Leave": ", ".join(one.leaving),
        "Stay": one.staying,
    }
