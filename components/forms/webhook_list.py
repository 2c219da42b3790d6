"""The webhooks of a workspace, what came in lately, a test, and an end."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from components import guard
from components.draw.words import sentence
from components.forms.people_done import do
from core.base.period import zone_of
from core.context import Context
from core.ingestion.webhooks import service
from core.ingestion.webhooks.service import WebhookView

WORDS = {"taken": "Taken", "known": "Known", "ignored": "Nothing to do", "refused": "Refused", "test": "Test"}


def cards(ctx: Context) -> None:
    """Every webhook as a card."""
    with guard.errors():
        found = service.webhooks(ctx)
        if not found:
            st.info("No tool tells anything yet. Make an address above, and enter it there.", icon=":material/webhook:")
        for view in found:
            with st.container(border=True, key=f"hook_{view.id}"):
                _card(ctx, view)


def _card(ctx: Context, view: WebhookView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(sentence(view.name), anchor=False, width="content")
        st.badge(view.label, color="blue")
        if not view.is_signed:
            st.badge("Not signed", color="gray", help="Whoever knows its address may send.")
    last = f"last {_moment(ctx, view.last_at)}" if view.last_at else "nothing came in yet"
    st.caption(f"{view.repo or 'Repository as the message says'} · {view.messages:,} kept messages · {last}")
    with st.container(horizontal=True):
        tried = st.button("Send a test", icon=":material/send:", key=f"hook_test_{view.id}")
        with st.popover("Remove", icon=":material/delete:", width="content"):
            st.write("Messages to its address are refused from now on. What it told stays, under Records.")
            if st.button("Remove it", type="primary", key=f"hook_remove_{view.id}"):
                do(lambda: service.remove(ctx, view.id), f"{view.name} was removed.")
    if tried:
        with guard.errors():
            st.info(sentence(service.test(ctx, view.id).said), icon=":material/science:")
    history = service.messages(ctx, view.id)
    if history:
        with st.expander("What came in lately", icon=":material/history:"):
            st.dataframe(
                [
                    {"When": _moment(ctx, one.received_at), "Event": one.event,
                     "State": WORDS.get(one.outcome, one.outcome), "What happened": one.said, "Message": one.body}
                    for one in history
                ],
                hide_index=True,
                width="stretch",
            )  # fmt: skip


def _moment(ctx: Context, moment: datetime) -> str:
    return f"{moment.astimezone(zone_of(ctx.workspace.time_zone)):%-d %b %Y, %H:%M}"
