"""Templates: cards to choose from, and the few questions before one makes a report."""

from __future__ import annotations

import streamlit as st

from components import guard, navigation
from components.draw.words import plain
from components.forms import report_actions
from core.base.period import RANGES
from core.context import Capability, Context
from core.people import service as people
from core.reports import service, templates
from core.reports.templates import TemplateView

ACROSS = 3


def gallery(ctx: Context) -> None:
    """Search, then a card for each template."""
    words = st.text_input(
        "Search", key="q", bind="query-params", placeholder="DORA, review, one-to-one …", icon=":material/search:"
    )
    found = [one for one in templates.templates(ctx) if _fits(one, words or "")]
    if not found:
        st.info("No template matches. Search for fewer words.", icon=":material/search_off:")
    for first in range(0, len(found), ACROSS):
        for column, one in zip(st.columns(ACROSS), found[first : first + ACROSS], strict=False):
            with column, st.container(border=True, height="stretch", key=f"template_{one.key}"):
                _card(ctx, one)


def _fits(one: TemplateView, words: str) -> bool:
    text = " ".join((one.name, one.about, one.audience, *one.contents)).casefold()
    return all(word in text for word in words.casefold().split())


def _card(ctx: Context, one: TemplateView) -> None:
    st.subheader(plain(one.name), anchor=False)
    st.markdown(plain(one.about))
    if one.audience:
        st.caption(f"For: {plain(one.audience)}")
    parts = " · ".join(plain(title) for title in one.contents)
    days = RANGES.get(one.range, "")
    st.caption(" — ".join(word for word in (parts, days) if word))
    with st.container(horizontal=True):
        if ctx.may(Capability.EDIT_REPORTS):
            _use(ctx, one)
        if one.owner_name:
            _kept(ctx, one)


def _use(ctx: Context, one: TemplateView) -> None:
    with st.popover("Use it…", icon=":material/add:", key=f"use_{one.key}"):
        name = st.text_input("Name of the report", one.name, key=f"use_name_{one.key}", max_chars=200)
        whom, teams = _whom(ctx, one)
        if st.button("Make the report", type="primary", key=f"use_do_{one.key}", disabled=bool(one.asks) and not whom):
            with guard.errors():
                made = templates.create_from(ctx, one.key, name, people=whom, teams=teams)
                report_actions.say(f"'{made.name}' is yours to change. Run it to see its numbers.")
                report_actions.open_report(made.id)


def _whom(ctx: Context, one: TemplateView) -> tuple[list[str], list[str]]:
    """People and teams that the report is to be about."""
    if one.asks == "person":
        names = {ref: name for ref, name in people.names(ctx).items() if ctx.sees_person(ref)}
        known = sorted(names, key=lambda ref: names[ref].casefold())
        person = st.selectbox(
            "Whom is it about?", known, index=None, format_func=names.__getitem__, key=f"use_person_{one.key}",
            placeholder="Choose a person",
        )  # fmt: skip
        return [person] if person else [], []
    teams = {team.id: team.name for team in people.teams(ctx)}
    if not teams:
        return [], []
    chosen = st.multiselect(
        "Teams",
        list(teams),
        format_func=teams.__getitem__,
        key=f"use_teams_{one.key}",
        placeholder="The whole organization",
    )
    return [], chosen


def _kept(ctx: Context, one: TemplateView) -> None:
    """What its keeper can do with one of the workspace's own."""
    report = service.get(ctx, one.key)
    if report.may_edit and st.button("Edit", key=f"template_edit_{one.key}", icon=":material/edit:"):
        place = "report-file" if report.is_file else "report-builder"
        st.switch_page(navigation.page(place), query_params={"report": report.id})
    if report.is_mine:
        report_actions.delete(ctx, report)
    st.caption(f"Kept by {plain(one.owner_name)}")
