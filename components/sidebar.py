"""What stands beside every page: the workspace at hand, and the way out."""

from __future__ import annotations

import streamlit as st

from components import cookie, navigation, session
from core.access import sessions
from core.access.sessions import SignedIn
from core.bootstrap import house


def draw(here: SignedIn) -> None:
    """Draw the choice of workspace and the user's menu."""
    names = dict(here.workspaces)
    if here.workspace is not None and len(names) > 1:
        st.selectbox(
            "Workspace",
            list(names),
            index=list(names).index(here.workspace.id),
            format_func=names.__getitem__,
            key=f"workspace_{here.workspace.id}",
            on_change=_choose,
            args=(here,),
        )
    elif here.workspace is not None:
        st.caption(here.workspace.name)
    with st.popover(here.name, icon=":material/account_circle:", width="stretch"):
        if here.actor:
            st.caption(f"{here.email} · {here.actor.role}")
        st.page_link(navigation.page("account"), width="stretch")
        st.button("Sign out", icon=":material/logout:", on_click=_sign_out, args=(here,), width="stretch")


def _choose(here: SignedIn) -> None:
    assert here.workspace is not None
    wanted = st.session_state[f"workspace_{here.workspace.id}"]
    sessions.choose_workspace(house().app, here.session_id, wanted)
    session.forget_choices()


def _sign_out(here: SignedIn) -> None:
    rooms = house()
    sessions.revoke(rooms.app, here.session_id, here.user_id)
    session.end()
    cookie.drop(rooms.clock())
