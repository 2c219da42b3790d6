"""The browser's half of a session: it fetches and drops its HttpOnly cookie, which no script can do itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import streamlit as st

_JOB = "_cookie_job"
_PENDING = timedelta(seconds=30)

# The page posts a one-time ticket, or asks to be signed out; `posted` keeps a redraw from posting twice.
_post = st.components.v2.component(
    "sightline_cookie",
    js="""
const posted = new Set();
export default function ({ data }) {
  if (!data || posted.has(data.number)) return;
  posted.add(data.number);
  fetch(data.url, {
    method: "POST",
    headers: { "X-Ticket": data.ticket, "X-Requested-With": "sightline" },
    credentials: "same-origin",
  }).then(() => { if (data.leave) window.location.assign("/"); });
}
""",
)


def fetch(ticket: str, now: datetime) -> None:
    """Let the browser exchange this ticket for its cookie, at the end of this run or of the next."""
    number = sha256(ticket.encode()).hexdigest()[:12]  # hex: Streamlit refuses a key with two underscores in a row
    st.session_state[_JOB] = ({"url": "/session", "ticket": ticket, "leave": False, "number": number}, now)


def drop(now: datetime, *, leave: bool = True) -> None:
    """Let the browser forget its cookie and, with `leave`, open the first page anew."""
    number = f"out-{now.timestamp()}"
    st.session_state[_JOB] = ({"url": "/session/end", "ticket": "", "leave": leave, "number": number}, now)


def flush(now: datetime) -> None:
    """Draw whatever the browser still has to do; the frame calls it once a run."""
    job = st.session_state.get(_JOB)
    if job is None:
        return
    data, since = job
    if now - since > _PENDING:
        del st.session_state[_JOB]
        return
    _post(data=data, key=f"cookie_{data['number']}")
