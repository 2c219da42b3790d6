"""Teams with dates: who is in which, since when, and moving people on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from components import choices
from components.draw.words import plain
from components.forms import people_crews, people_files
from components.forms.people_done import do
from core.base.period import zone_of
from core.context import Context
from core.people import service
from core.people.service import MembershipView, TeamView


def draw(ctx: Context) -> None:
    teams = service.teams(ctx)
    st.markdown("Memberships have dates: a move today leaves last quarter's figures as they were.")
    if not teams:
        st.info("There are no teams yet. Make the first one below.", icon=":material/groups:")
    else:
        _one(ctx, teams)
    with st.expander("Add a team", expanded=not teams), st.form("add_team", border=False, clear_on_submit=True):
        name = st.text_input("Name", placeholder="Payments")
        parent = _parent(teams, None)
        if st.form_submit_button("Add", type="primary"):
            do(lambda: service.create_team(ctx, name, parent), f"The team {name} is there.")
    people_files.teams(ctx)
    people_crews.draw(ctx)


def _one(ctx: Context, teams: Sequence[TeamView]) -> None:
    by_id = {team.id: team for team in teams}
    labels = {team.id: f"{team.name} ({len(team.member_ids)})" for team in teams}
    chosen = st.pills("Team", list(labels), format_func=labels.__getitem__, default=teams[0].id, key="people_team")
    team = by_id.get(chosen or "", teams[0])
    _members(ctx, team)
    left, right = st.columns(2, gap="large")
    with left:
        _join(ctx, team)
    with right:
        _change(ctx, team, teams)


def _members(ctx: Context, team: TeamView) -> None:
    names, today = choices.people(ctx), _today(ctx)
    spans = service.memberships(ctx, team_id=team.id)
    if not spans:
        st.info(f"Nobody is in {team.name} yet.", icon=":material/person_add:")
        return
    ordered = sorted(spans, key=lambda span: (not _lasts(span, today), names.get(span.person_id, ""), span.from_day))
    event = st.dataframe(
        [
            {"Person": names.get(span.person_id, "A bot"), "From": span.from_day,
             "Until": span.to_day and span.to_day - timedelta(days=1), "Now": _lasts(span, today)}
            for span in ordered
        ],
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"members_{team.id}",
        placeholder="",
        column_config={name: st.column_config.DateColumn(format="D MMM YYYY") for name in ("From", "Until")},
    )  # fmt: skip
    rows = event.selection.rows
    if rows and rows[0] < len(ordered):
        _end(ctx, ordered[rows[0]], names.get(ordered[rows[0]].person_id, "A bot"))


def _end(ctx: Context, span: MembershipView, name: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        until = span.to_day - timedelta(days=1) if span.to_day else _today(ctx)
        last = st.date_input(f"Last day of {name} here", until, key=f"end_{span.id}")
        if st.button("End there", key=f"do_end_{span.id}"):
            do(lambda: service.end_membership(ctx, span.id, last + timedelta(days=1)), f"{name} leaves on that day.")
        with st.popover("Remove…"):
            st.markdown("Removes this span wholly, also from past figures, as if it had never been.")
            if st.button("Remove", key=f"remove_{span.id}", type="primary"):
                do(lambda: service.end_membership(ctx, span.id, None), f"{name} was never here.")


def _join(ctx: Context, team: TeamView) -> None:
    st.markdown(f"**Put somebody in {plain(team.name)}**")
    names = choices.people(ctx)
    with st.form(f"join_{team.id}", border=False, clear_on_submit=True):
        who = st.selectbox("Person", list(names), format_func=names.__getitem__, index=None, placeholder="Choose")
        day = st.date_input("From", _today(ctx))
        leaves = st.checkbox("They leave their other teams on that day", value=True)
        if st.form_submit_button("Put in", type="primary") and who:
            change = service.move if leaves else service.set_membership
            do(lambda: change(ctx, who, team.id, day), f"{names[who]} is in {team.name}.")


def _change(ctx: Context, team: TeamView, teams: Sequence[TeamView]) -> None:
    st.markdown("**Change the team**")
    with st.form(f"change_{team.id}", border=False):
        name = st.text_input("Name", team.name)
        parent = _parent([one for one in teams if one.id != team.id], team.parent_id)
        if st.form_submit_button("Save"):
            do(lambda: service.change_team(ctx, team.id, name, parent), "Saved.")
    with st.popover("Delete…"):
        st.markdown(
            f"**{plain(team.name)}** goes with its whole history of members; figures by team lose it, also past ones."
        )
        if st.button("Delete", key=f"delete_{team.id}", type="primary"):
            do(lambda: service.delete_team(ctx, team.id), f"{team.name} is gone.")


def _parent(teams: Sequence[TeamView], chosen: str | None) -> str | None:
    labels: dict[str | None, str] = {None: "no other team", **{team.id: team.name for team in teams}}
    return st.selectbox(
        "Inside", list(labels), index=list(labels).index(chosen) if chosen in labels else 0,
        format_func=labels.__getitem__,
    )  # fmt: skip


def _lasts(span: MembershipView, today: date) -> bool:
    return span.from_day <= today and (span.to_day is None or today < span.to_day)


def _today(ctx: Context) -> date:
    return ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date()
