"""Where a browser stands: its address, and whether that is this machine itself."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")
_LOCAL = ("localhost", "127.0.0.1", "::1")


def address() -> str:
    """The address that failed sign-ins are counted by."""
    forwarded = str(st.context.headers.get("X-Forwarded-For") or "")
    return forwarded.rpartition(",")[2].strip() or st.context.ip_address or "127.0.0.1"


def browser() -> str:
    return str(st.context.headers.get("User-Agent") or "")


def on_loopback() -> bool:
    """Whether the browser runs on this machine and asked for it by a local name.

    A proxy makes every visitor look local, and a foreign name that resolves to
    127.0.0.1 is a known trick: neither counts.
    """
    headers = st.context.headers
    if st.context.ip_address is not None or any(headers.get(name) for name in _FORWARDED):
        return False
    return urlsplit(f"//{headers.get('Host') or ''}").hostname in _LOCAL
