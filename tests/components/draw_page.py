"""A page that draws the figures it is given, and says what that cost."""

import time

import streamlit as st

from components import draw

begun = time.thread_time()
draw.figures(st.session_state["ctx"], st.session_state["figures"], key="page")
st.session_state["cpu"] = time.thread_time() - begun
