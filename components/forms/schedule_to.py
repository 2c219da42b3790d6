"""Who gets a scheduled report: teams, their leads and people by name, anybody else by address."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components.draw.words import plain, sentence
from core.base.errors import SightlineError
from core.context import Context
from core.schedules import service
from core.schedules.recipients import is_reference, label, split
from core.schedules.wish import Wish


def choose(ctx: Context, now: Wish, key: str) -> Wish:
    """The wish with who is chosen, and whether each gets their own team's figures."""
    offered = service.recipients_of(ctx)
    called = {**{ref: label(None, ref, now.recipient_names) for ref in now.recipients}, **offered}
    chosen = st.multiselect(
        "Recipients", list(called), default=list(now.recipients), format_func=lambda ref: called.get(ref, ref),
        accept_new_options=True, key=f"to_{key}", placeholder="Teams, people, or addresses",
        help="Choose teams, their leads and people by name, or type any mail address. Who is in a team is looked up"
        " whenever it is sent. None are needed where the report has outputs.",
    )  # fmt: skip
    bursts = st.toggle(
        "Each gets their own team's figures", now.bursts, key=f"bursts_{key}",
        help="One letter for each team, narrowed to that team: a team named here gets its own, anybody else gets the"
        " teams that they lead, else those that they are in. Whoever has no team gets nothing.",
    )  # fmt: skip
    if now.delivery_method == "slack":
        st.caption("By Slack alone nobody gets a mail: recipients only say whose teams have a message of their own.")
    return replace(now, recipients=tuple(chosen), bursts=bursts)


def preview(ctx: Context, report_id: str, wish: Wish) -> None:
    """Who would get what if it were sent now, where that is more than the addresses themselves."""
    given = [one for text in wish.recipients for one in split(text)]
    if not given or not (wish.bursts or any(map(is_reference, given))):
        return
    try:
        whole = service.outlook(ctx, report_id, wish)
    except SightlineError as error:
        st.warning(sentence(error.message), icon=":material/info:")
        return
    lost = "".join(f"  \n:material/info: {plain(said)}" for said in whole.unreached)
    st.caption(f":material/mail: {plain(whole.sentence)}{lost}")
