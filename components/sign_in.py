"""The sign-in screen, drawn in place of whatever page was asked for: the page follows."""

from __future__ import annotations

import streamlit as st

from components import cookie, visitor
from components.authenticator import Forms
from core.access import first_start, sessions, signing_in
from core.base.errors import SightlineError
from core.base.settings import settings
from core.bootstrap import house

ABOUT = "Analytics and reports about how software is made."


_SAID = "_sign_in_said"


def say(text: str) -> None:
    """Have the screen say this above its form, until somebody signs in."""
    st.session_state[_SAID] = text


def show() -> None:
    """Draw the form, and rerun once somebody is signed in."""
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle:
        st.space("large")
        st.title("Sightline", anchor=False)
        st.markdown(ABOUT)
        if said := st.session_state.get(_SAID):
            st.success(said, icon=":material/check:")
        forms = Forms()
        forms.sign_in()
        if forms.browser.user_id:
            st.session_state.pop(_SAID, None)
            st.rerun()
        _single_sign_on()
        _hint()


def _single_sign_on() -> None:
    if settings().oidc_client_id:
        st.button("Sign in with your organisation", on_click=st.login, width="stretch", icon=":material/badge:")


def _hint() -> None:
    if not visitor.on_loopback():
        return
    demo, unset = first_start.offered(house().app)
    if demo:
        name, password = first_start.DEMO_NAME, first_start.DEMO_PASSWORD
        st.info(f"To look around, sign in as **{name}** with the password **{password}**.", icon=":material/science:")
    if unset:
        st.caption("The first admin has no password yet: open the link that `sightline up` printed.")


def by_provider() -> str | None:
    """The id of a new session for somebody whom the OpenID Connect provider vouches for; None if it does for nobody."""
    if not settings().oidc_client_id or not st.user.is_logged_in:
        return None
    rooms = house()
    now = rooms.clock()
    try:
        if st.user.get("email_verified") is False or not st.user.get("email"):
            st.warning("Your organisation's sign-in did not confirm an e-mail address.")
            return None
        user = signing_in.by_email(rooms.app, str(st.user["email"]), now=now)
    except SightlineError as error:
        st.warning(error.message)
        return None
    session_id, ticket = sessions.start(
        rooms.app, user.id, now=now, address=visitor.address(), browser=visitor.browser()
    )
    cookie.fetch(ticket, now)
    return session_id
