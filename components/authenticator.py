"""streamlit-authenticator's forms over our users and sessions.

Its own cookie is readable by scripts and outlives sign-out and a change of password,
and its passwords may have 20 characters at most: both are replaced, the forms stay.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.utilities import Encryptor, LoginError, ResetError, Validator

from components import cookie, session, visitor
from components.draw.words import sentence
from core.access import passwords, sessions, signing_in
from core.access.signing_in import WrongPassword
from core.base.errors import BadInput, SightlineError
from core.bootstrap import house


class Rules(Validator):  # type: ignore[misc]
    """Our rules for a new password in place of the library's."""

    def validate_password(self, password: str) -> bool:
        return not self.diagnose_password(password)

    def diagnose_password(self, password: str) -> str:
        try:
            passwords.check_new(password)
        except BadInput as error:
            return error.message
        return ""


class Browser:
    """Stands where the library keeps its cookie: a sign-in becomes a row and a ticket."""

    user_id = ""

    def get_cookie(self) -> None:
        """Nothing: the frame has asked the rows already."""

    def set_cookie(self) -> None:
        rooms = house()
        now = rooms.clock()
        session_id, ticket = sessions.start(
            rooms.app, self.user_id, now=now, address=visitor.address(), browser=visitor.browser()
        )
        session.begin(session_id)
        cookie.fetch(ticket, now)

    def delete_cookie(self) -> None:
        """Nothing: the frame's sign-out does it."""


class Forms(Authenticate):  # type: ignore[misc]
    """The sign-in and the change-of-password form."""

    def __init__(self) -> None:  # the library's own would mount its cookie manager
        self.api_key, self.path, self.attrs = (
            None,
            None,
            {"login_sleep_time": 0, "password_instructions": passwords.RULE},
        )
        self.secret_key = "unused: nothing is encrypted here"  # noqa: S105
        self.cookie_controller = self.browser = Browser()
        self.encryptor = Encryptor(self.secret_key)
        self.authentication_controller = AuthenticationController(
            {"usernames": {}}, Rules(), False, None, None, self.secret_key, None
        )
        model = self.authentication_controller.authentication_model
        self._known: dict[str, dict[str, Any]] = model.credentials["usernames"]
        model.check_credentials = self._check
        model._update_password = self._update

    def sign_in(self) -> None:
        """Draw the form; after a good password this browser has a session."""
        fields = {"Form name": "Sign in", "Username": "User name or e-mail", "Password": "Password", "Login": "Sign in"}
        st.session_state["authentication_status"] = None
        try:
            self.login(fields=fields, key="sign_in")
        except LoginError as error:
            st.error(str(error), icon=":material/hourglass_top:")
        if st.session_state["authentication_status"] is False:
            st.error(signing_in.WRONG, icon=":material/key_off:")

    def change_password(self, user_id: str, username: str) -> bool:
        """Draw the form; whether the password was changed just now."""
        self.browser.user_id = user_id
        self._known[username] = {"password": "", "email": ""}
        st.session_state["authentication_status"] = True
        fields = {"Form name": "Change password", "Reset": "Change password"}
        try:
            return bool(self.reset_password(username, fields=fields, key="change_password", clear_on_submit=True))
        except ResetError as error:
            st.error(str(error))
        except SightlineError as error:
            st.error(sentence(error.message))
        return False

    def _check(self, username: str, password: str) -> bool:
        if self.browser.user_id:
            self._current = password
            return True
        rooms = house()
        try:
            user = signing_in.authenticate(
                rooms.app, username, password,
                now=rooms.clock(), address=visitor.address(), loopback=visitor.on_loopback(),
            )  # fmt: skip
        except WrongPassword:
            return False
        except SightlineError as error:
            raise LoginError(error.message) from error
        self._known[username] = {"email": user.email, "first_name": user.first_name, "last_name": user.last_name}
        self.browser.user_id = user.id
        return True

    def _update(self, _username: str, password: str) -> None:
        rooms = house()
        signing_in.change_password(
            rooms.app, self.browser.user_id, self._current, password, now=rooms.clock(), address=visitor.address()
        )
