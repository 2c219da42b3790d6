"""Whether a language model may write narratives in this workspace, which one, and what it may be told."""

from __future__ import annotations

import streamlit as st

from components import guard
from core.context import Context
from core.narrative.voice import settings as deciding
from core.narrative.voice.trying import trial

_NOTE = "_voice_note"
ABOUT = (
    "Rules write the sentences that reports begin with, answer questions about reports, and read the sentence that a"
    " report is made from. A language model may do so instead: it is sent the figures that everybody may see, never"
    " those of individuals, and each of its sentences is checked against them. Off, nothing leaves this machine."
)


def draw(ctx: Context) -> None:
    """The form, and a test of what is saved."""
    st.subheader("Language model", anchor=False)
    st.caption(ABOUT)
    if said := st.session_state.pop(_NOTE, ""):
        st.toast(said, icon=":material/check:")
    now, has_key = deciding.settings(ctx), deciding.has_key(ctx)
    with st.form("voice"):
        allowed = st.toggle("A language model may be asked", now.allowed, key="voice_allowed")
        url = st.text_input(
            "Address", now.base_url, placeholder="https://api.openai.com/v1", key="voice_url",
            help="Of an OpenAI-compatible API; of a model on this machine for example http://127.0.0.1:11434/v1.",
        )  # fmt: skip
        model = st.text_input("Model", now.model, key="voice_model")
        secret = st.text_input(
            "Key", type="password", key="voice_key", placeholder="kept" if has_key else "none",
            help="Kept sealed. Empty leaves the one that is kept; a new address needs it anew.",
        )  # fmt: skip
        masked = st.checkbox(
            "Replace names of teams, repositories and components before they leave this machine", now.pseudonyms,
            key="voice_masked",
        )  # fmt: skip
        seconds = st.number_input("Seconds that a report waits", 1, 300, round(now.timeout_s), key="voice_timeout")
        sent = st.form_submit_button("Save the language model", type="primary")
    if sent:
        chosen = {"allowed": allowed, "base_url": url.strip(), "model": model.strip(), "pseudonyms": masked}
        deciding.change(ctx, {**chosen, "timeout_s": seconds}, key=secret or None)
        st.session_state[_NOTE] = "The language model's settings are saved."
        st.rerun()
    _test(ctx, allowed=now.allowed)


def _test(ctx: Context, *, allowed: bool) -> None:
    if st.button("Test the language model", icon=":material/play_arrow:", disabled=not allowed, key="voice_test"):
        with guard.errors(), st.spinner("Asking about two invented numbers …"):
            st.success(trial(ctx), icon=":material/check:")
