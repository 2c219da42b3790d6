"""What was sent to whom, and what the mail server said."""

from __future__ import annotations

import streamlit as st

from components import session
from core.base.period import zone_of
from core.context import Capability, Context
from core.schedules import service


def table(ctx: Context) -> None:
    """The newest letters of all schedules. Addresses are for those who may write them."""
    if not ctx.may(Capability.SCHEDULE_REPORTS):
        return
    st.subheader("Delivery log", anchor=False)
    letters = service.log(ctx)
    if not letters:
        st.caption("Nothing was sent yet. Here will stand who got what, and why somebody did not.")
        return
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
            "Detail": st.column_config.TextColumn("What the mail server said", width="large"),
        },
    )
