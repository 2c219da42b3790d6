"""What rules found: a list, and one of them with its course, its rows and its letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from components import choices, draw, explain, guard, navigation
from components.draw.words import plain, sentence
from components.forms import alert_edit
from core.alerts import service
from core.alerts.telling import chart
from core.alerts.views import FindingView
from core.context import Capability, Context


def show(ctx: Context, asked: str) -> None:
    """The findings; `asked` is the one that the address names."""
    rules = choices.apart({view.id: view.name for view in service.rules(ctx)})
    rule = ""
    if len(rules) > 1:
        rule = st.selectbox(
            "Rule", ["", *rules], format_func=lambda one: rules.get(one, "All rules"), key="alert_rule", width=320
        )
    found = service.findings(ctx, rule)
    if not found:
        st.info(_nothing(bool(rules)), icon=":material/notifications:")
        return
    if chosen := _table(found, asked):
        _details(ctx, chosen)


def _nothing(has_rules: bool) -> str:
    if has_rules:
        return "Nothing was found yet: every value was within its bounds, or had too little behind it to tell."
    return "Nothing is watched yet, so nothing was found. Managers and admins make rules here."


def _table(found: Sequence[FindingView], asked: str) -> FindingView | None:
    rows = [
        {"Period": one.period_label, "Of": one.subject, "Metric": one.metric_label, "Value": one.value_text,
         "Why": one.sentence, "Rule": one.rule, "Told": "" if not one.untold else f"no: {one.untold}"}
        for one in found
    ]  # fmt: skip
    if not any(row["Told"] for row in rows):
        rows = [{name: value for name, value in row.items() if name != "Told"} for row in rows]
    event = st.dataframe(
        rows, hide_index=True, on_select="rerun", selection_mode="single-row", key="alert_findings",
        height=min(420, 38 + 35 * len(rows)), placeholder="",
    )  # fmt: skip
    chosen = event.selection.rows
    if chosen and chosen[0] < len(found):
        return found[chosen[0]]
    named = next((one for one in found if one.id == asked), None)
    if asked and named is None:
        st.warning("The finding in the address is not there any more, or not for you to see.")
    if named is None:
        st.caption("Choose a row to see its course, the rows behind its number, and who was told.")
    return named


def _details(ctx: Context, one: FindingView) -> None:
    with st.container(border=True, key="alert_finding"):
        st.subheader(f"{plain(one.metric_label)} · {plain(one.subject)}", anchor=False)
        st.markdown(f"**{plain(one.period_label)}:** {sentence(one.sentence)}")
        draw.figure(ctx, chart(one.metric, list(one.history), {one.first: one.value_text}, "Its course"), one.id)
        explain.button(ctx, one.explain, f"finding-{one.id}")
        if one.untold:
            st.caption(f"Nobody was told: {one.untold}.")
        elif ctx.may(Capability.MANAGE_ALERTS):
            _sent(ctx, one)


def _sent(ctx: Context, one: FindingView) -> None:
    for letter in service.sent(ctx, one.id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{letter.channel} to **{plain(letter.recipient)}**: {letter.status}")
            if letter.detail:
                st.caption(sentence(letter.detail))
            if letter.has_failed and st.button("Send again", key=f"alert_again_{letter.id}"):
                with guard.errors():
                    service.send_again(ctx, one.id, letter.id)
                    alert_edit.say("It is tried again.")
                    st.rerun()


def lately(ctx: Context) -> None:
    """A line on what alerts found in the last two weeks, with the way there; nothing if they found nothing."""
    since = ctx.clock() - timedelta(days=14)
    found = [one for one in service.findings(ctx, limit=50) if one.created_at >= since]
    if not found:
        return
    first = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="alerts_lately"):
        st.markdown(f":material/notifications: **{plain(first.subject)}:** {sentence(first.sentence)}{more}")
        st.page_link(navigation.page("alerts"), label="All findings", query_params={"finding": first.id})
