"""Set a password with a one-time link: the first admin's, an invitation's, or a reset's."""

import streamlit as st

from components import guard
from core.access import links, passwords, signing_in
from core.base.errors import BadInput
from core.bootstrap import house

_, middle, _ = st.columns([1, 1.2, 1])
with middle, guard.errors():
    st.space("large")
    st.title("Set your password", anchor=False)
    user = links.owner(house().app, st.query_params.get("token", ""))
    st.markdown(f"You will sign in as **{user.username}**.")
    with st.form("set_password"):
        new = st.text_input("New password", type="password", help=passwords.RULE, autocomplete="new-password")
        again = st.text_input("The same again", type="password", autocomplete="new-password")
        sent = st.form_submit_button("Set password", type="primary")
    if sent:
        if new != again:
            raise BadInput("The two passwords are not the same.")
        signing_in.use_link(house().app, st.query_params["token"], new)
        st.query_params.clear()
        st.success("Your password is set.", icon=":material/check:")
        st.link_button("Sign in", "/", type="primary")
