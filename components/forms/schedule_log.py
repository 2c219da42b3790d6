"""What was sent to whom, what the server said, and a way to send again what it refused."""

from __future__ import annotations

import streamlit as st

from components import guard, session
from components.draw.words import plain
from core.base.period import zone_of
from core.context import Capability, Context
from core.schedules import service
from core.schedules.views import LogEntry

MOST = 10


def table(ctx: Context) -> None:
    """The newest letters of all schedules. Addresses are for those who may write them."""
    if not ctx.may(Capability.SCHEDULE_REPORTS):
        return
    st.subheader("Delivery log", anchor=False)
    letters = service.log(ctx)
    if not letters:
        st.caption("Nothing was sent yet. Here will stand who got what, and why somebody did not.")
        return
    _failed(ctx, [letter for letter in letters if letter.has_failed])
    zone = session.signed_in().time_zone or ctx.workspace.time_zone
    st.dataframe(
        [
            {
                "When": letter.at.astimezone(zone_of(zone)).replace(tzinfo=None),
                "Report": " · ".join(filter(None, (letter.report, letter.portion))),
                "Recipient": letter.recipient,
                "State": letter.status.capitalize(),
                "Attempts": letter.attempts,
                "Detail": letter.detail,
            }
            for letter in letters
        ],
        hide_index=True,
        column_config={
            "When": st.column_config.DatetimeColumn(f"When ({zone})", format="D MMM YYYY, HH:mm"),
            "Detail": st.column_config.TextColumn("What the server said", width="large"),
        },
    )


def _failed(ctx: Context, letters: list[LogEntry]) -> None:
    """What will not be tried any more by itself, the newest first, each with a way to send it again."""
    if not letters:
        return
    with st.container(border=True, key="not_delivered"):
        st.markdown("**Not delivered**")
        for letter in letters[:MOST]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{plain(letter.recipient)}** · {plain(letter.report)}", width="content")
                st.space("stretch")
                _again(ctx, letter)
            st.caption(plain(letter.detail))
        if len(letters) > MOST:
            st.caption(f"and {len(letters) - MOST} more, below")


def _again(ctx: Context, letter: LogEntry) -> None:
    if st.button("Send again", icon=":material/refresh:", key=f"again_{letter.delivery_id}"):
        with guard.errors():
            service.send_again(ctx, letter.delivery_id)
            st.toast(f"It is sent to {letter.recipient} again.")
            st.rerun()
