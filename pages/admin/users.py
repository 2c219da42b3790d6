"""Users: who may enter this workspace, and as what."""

import streamlit as st

from components import guard, session
from components.forms import users as forms
from core.access import users
from core.context import Capability

ctx = session.require(Capability.MANAGE_USERS)

st.title("Users", anchor=False)
st.markdown(f"Who may enter **{ctx.workspace.name}**, and as what.")
with guard.errors():
    forms.link_made()
    forms.roles()
    everybody = users.members(ctx)
    forms.table(ctx, everybody)
    left, right = st.columns(2, gap="large")
    with left:
        forms.add(ctx)
    with right:
        forms.change(ctx, everybody)
