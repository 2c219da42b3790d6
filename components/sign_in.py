"""The sign-in screen, drawn in place of whatever page was asked for: the page follows."""

from __future__ import annotations

import streamlit as st

from components import cookie, single_sign_on, visitor
from components.authenticator import Forms
from components.draw.words import plain
from components.way_back import REASONS, WHY
from core.access import first_start, sessions, signing_in, vouchers
from core.base.errors import SightlineError
from core.base.settings import settings
from core.bootstrap import house

ABOUT = "Analytics and reports about how software is made."

_SAID = "_sign_in_said"
_REFUSED = "_sign_in_refused"


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
        _news()
        forms = Forms()
        forms.sign_in()
        if forms.browser.user_id:
            st.session_state.pop(_SAID, None)
            st.session_state.pop(_REFUSED, None)
            st.rerun()
        _single_sign_on()
        _hint()


def _news() -> None:
    """What whoever sees the screen has to be told: why it is here again."""
    if said := st.session_state.get(_SAID):
        st.success(said, icon=":material/check:")
    if refused := st.session_state.get(_REFUSED) or REASONS.get(str(st.context.cookies.get(WHY))):
        st.warning(plain(refused), icon=":material/badge:")


def _single_sign_on() -> None:
    if settings().single_sign_on:
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
    """The id of a new session for somebody whom the OpenID Connect provider vouches for; None if it does for nobody.

    What it says is good once: whoever signs out stays out until they have been there again.
    """
    rooms = house()
    now = rooms.clock()
    told = single_sign_on.claims()
    if not told or not vouchers.take(rooms.app, told, now):
        return None
    try:
        user = signing_in.by_email(rooms.app, single_sign_on.email(told), now=now)
    except SightlineError as error:
        st.session_state[_REFUSED] = error.message
        cookie.drop(now, leave=False)
        return None
    session_id, ticket = sessions.start(
        rooms.app, user.id, now=now, address=visitor.address(), browser=visitor.browser()
    )
    cookie.fetch(ticket, now)
    return session_id
