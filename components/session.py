"""Who sits before this browser. Every page begins with `require`."""

from __future__ import annotations

from typing import cast

import streamlit as st

from components import visitor
from components.draw.words import sentence
from core.access import sessions
from core.access.sessions import SignedIn
from core.base.errors import SightlineError
from core.bootstrap import house
from core.context import Capability, Context

_ID = "_session_id"
_NOW = "_signed_in"


def current() -> SignedIn | None:
    """Who is signed in, asked of the rows once a run; None if nobody is."""
    rooms = house()
    now = rooms.clock()
    session_id = st.session_state.get(_ID) or _by_cookie()
    found = sessions.look(rooms.app, session_id, now) if session_id else None
    if found and found.is_demo and not visitor.on_loopback():
        found = None
    st.session_state[_NOW] = found
    if found is None:
        st.session_state.pop(_ID, None)
    else:
        st.session_state[_ID] = found.session_id
    return found


def begin(session_id: str) -> None:
    """This browser is signed in from now on."""
    st.session_state[_ID] = session_id


def resumed(session_id: str | None) -> SignedIn | None:
    """Who is signed in, after a session has begun outside of the form."""
    if session_id is None:
        return None
    begin(session_id)
    return current()


def forget_choices() -> None:
    """Another workspace is at hand: what was chosen on its pages means nothing here."""
    kept = {key: st.session_state[key] for key in (_ID, _NOW) if key in st.session_state}
    st.session_state.clear()
    st.session_state.update(kept)
    st.query_params.clear()


def arrived(here: SignedIn | None) -> SignedIn | None:
    """Whoever is signed in, in the workspace that the address asks for by ?workspace=, if it is one of theirs."""
    wanted = st.query_params.get("workspace", "")
    if here is None or not wanted:
        return here
    del st.query_params["workspace"]
    try:
        sessions.choose_workspace(house().app, here.session_id, wanted)
    except SightlineError as error:
        st.toast(sentence(error.message), icon=":material/lock:")
    return current()


def end() -> None:
    """Forget who sat here, with everything this browser had on its pages."""
    st.session_state.clear()


def require(capability: Capability) -> Context:
    """The context of whoever is signed in, if they may do this; otherwise a sentence, and the page ends here."""
    found = cast("SignedIn | None", st.session_state.get(_NOW))
    if found is None or found.workspace is None or found.actor is None:
        st.info("Sign in to see this page.")
        st.stop()
    ctx = house().context(found.workspace, found.actor)
    try:
        ctx.require(capability)
    except SightlineError as error:
        st.warning(sentence(error.message), icon=":material/lock:")
        st.stop()
    return ctx


def signed_in() -> SignedIn:
    """Who is signed in, on a page that `require` has let them see."""
    return cast(SignedIn, st.session_state[_NOW])


def _by_cookie() -> str | None:
    cookie = st.context.cookies.get(sessions.COOKIE)
    if not isinstance(cookie, str) or not cookie:
        return None
    rooms = house()
    return sessions.of_cookie(rooms.app, cookie, rooms.clock())
