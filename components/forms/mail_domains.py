"""Where a workspace's mail may go, chosen by an admin."""

from __future__ import annotations

import streamlit as st

from components import guard
from core.context import Context
from core.delivery import domains


def draw(ctx: Context) -> None:
    """The domains, with their own Save."""
    st.subheader("Where mail may go", anchor=False)
    with st.form("mail_domains"):
        text = st.text_input(
            "Domains", ", ".join(domains.domains(ctx)), placeholder="Anywhere", key="mail_domains_text",
            help="Such as example.org, separated by commas. Members may always get mail. Empty: it may go anywhere.",
        )  # fmt: skip
        if st.form_submit_button("Save the domains"):
            with guard.errors():
                kept = domains.choose(ctx, [text])
                st.toast(f"Mail goes to members and {', '.join(kept)}." if kept else "Mail may go anywhere.")
