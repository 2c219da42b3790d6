"""Where a browser stands: its address, and whether that is this machine itself."""

from __future__ import annotations

import streamlit as st

from core.access.loopback import is_local

_LOCAL = "127.0.0.1"


def address() -> str:
    """The address that failed sign-ins are counted by."""
    forwarded = str(st.context.headers.get("X-Forwarded-For") or "")
    return forwarded.rpartition(",")[2].strip() or st.context.ip_address or _LOCAL


def browser() -> str:
    return str(st.context.headers.get("User-Agent") or "")


def on_loopback() -> bool:
    """Whether the browser runs on this machine; Streamlit names no address for one that does."""
    headers = {name.lower(): value for name, value in st.context.headers.to_dict().items()}
    return is_local(st.context.ip_address or _LOCAL, headers)
