"""System: what is alive, what waits, what failed and why, and how much room is used."""

import streamlit as st

from components import guard, health, session
from core.context import Capability
from core.entrypoints import operations

ctx = session.require(Capability.OPERATE)

st.title("System", anchor=False)
with guard.errors():
    health.findings(ctx)
    st.subheader("Work", anchor=False)
    health.counts(operations.counts(ctx))
    health.workers(ctx, operations.workers(ctx))
    st.subheader("Failed runs", anchor=False)
    health.failures(ctx, operations.failures(ctx))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Storage", anchor=False)
        health.storage(operations.storage(ctx))
    with right:
        st.subheader("Versions", anchor=False)
        health.versions(operations.versions())
