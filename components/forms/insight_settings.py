"""What a workspace decides about its insights, who leads which team, and who looked at whose numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components import choices, guard, nothing
from core.access import insights, looks, users, workspaces
from core.access.insights import KINDS
from core.access.looks import LookView
from core.context import Context
from core.people import service as people

_NOTE = "_insight_note"
MODES = {
    "open": "Everybody sees everybody's numbers.",
    "members": "All but viewers see everybody's numbers; viewers see their own.",
    "managers": "Managers and admins see everybody's numbers; the rest see their own.",
    "leads": "Leads see the people of the teams that they lead, named below; admins see everybody.",
    "self": "Everybody sees their own numbers only, admins too. Teams are shown as wholes.",
}


def note() -> None:
    """What the last action did, once."""
    if said := st.session_state.pop(_NOTE, ""):
        st.toast(said, icon=":material/check:")


def privacy(ctx: Context) -> None:
    """Who sees individuals' numbers, and who leads which team."""
    now = ctx.workspace.individuals
    chosen = st.radio(
        "Who sees individuals' numbers", list(workspaces.INDIVIDUALS), index=list(workspaces.INDIVIDUALS).index(now),
        format_func=workspaces.INDIVIDUALS.__getitem__, captions=[MODES[one] for one in workspaces.INDIVIDUALS],
        key="insight_mode", help="Everybody sees their own, once a user is linked to a person under Users.",
    )  # fmt: skip
    here = ctx.workspace
    if chosen != now and st.button("Save who sees individuals", type="primary"):
        _do(
            lambda: workspaces.change(ctx, name=here.name, time_zone=here.time_zone, individuals=chosen),
            "It holds from now on: pages, files, mails and the API ask for it each time.",
        )
    _leads(ctx)


def _leads(ctx: Context) -> None:
    st.subheader("Team leads", anchor=False)
    teams = people.teams(ctx)
    if not teams:
        said = "There are no teams yet. Make the first one on the page People."
        nothing.show(ctx, said, "people", ":material/groups:")
        return
    if ctx.workspace.individuals != "leads":
        st.caption("Leads matter where team leads see the people of their own teams; they can be named beforehand.")
    known, everybody = people.leads(ctx), {user.username: user.name for user in users.members(ctx)}
    names = {team.id: f"{team.name} ({len(team.member_ids)} people)" for team in teams}
    team = st.selectbox("Team", list(names), format_func=names.__getitem__, key="lead_team", width=360)
    led = st.multiselect(
        "Led by", list(everybody), [one for one in known.get(team, []) if one in everybody],
        format_func=everybody.__getitem__, key=f"leads_{team}", placeholder="Nobody", width=560,
        help="A lead also sees the teams inside this one.",
    )  # fmt: skip
    if sorted(led) != known.get(team, []) and st.button("Save the leads", type="primary"):
        _do(lambda: people.set_leads(ctx, team, led), "The leads are saved.")
    if known:
        rows = [
            {"Team": one.name, "Led by": ", ".join(everybody.get(user, user) for user in known[one.id])}
            for one in teams
            if one.id in known
        ]
        st.dataframe(rows, hide_index=True, width="content")


def decisions(ctx: Context) -> None:
    """Snapshots, the smallest group, leaderboards, and from when something needs attention."""
    now = insights.settings(ctx)
    with st.form("insight_decisions", border=False):
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**Snapshots**")
            auto = st.toggle("The worker makes snapshots by itself", now.auto_snapshots)
            kinds = st.pills("Lengths", list(KINDS), selection_mode="multi", default=now.snapshot_kinds)
            st.markdown("**Groups and leaderboards**")
            least = st.number_input(
                "Smallest group", 2, 100, now.least_group,
                help="Wellbeing figures of fewer people are shown to those alone who may see each of them, and no"
                " leaderboard has fewer.",
            )  # fmt: skip
            boards = st.toggle(
                "Leaderboards", now.leaderboards, help="Off by default: an order of people says less than it seems to."
            )
            zone_map = st.toggle(
                "Map of time zones", now.zone_map,
                help="Where people are, told from their working time or the clock of their commits. Off by default:"
                " it is theirs to tell. Nobody is named, and no zone of fewer people than the smallest group stands"
                " alone.",
            )  # fmt: skip
        with right:
            st.markdown("**Needs attention from**")
            stale = st.number_input("Days without new data of a source", 0.5, 90.0, now.stale_days, 0.5, format="%g")
            wait = st.number_input("Hours to the first review", 1.0, 1000.0, now.review_wait_hours, 1.0, format="%g")
            failures = st.number_input("Change failure rate (%)", 1.0, 100.0, now.failure_rate * 100, 1.0, format="%g")
            off = st.number_input(
                "Weekend or late-night share (%)", 1.0, 100.0, now.off_hours_ratio * 100, 1.0, format="%g"
            )
            gini = st.number_input(
                "Gini coefficient of a team's work", 0.05, 1.0, now.unfair_gini, 0.05,
                help="0: everybody did the same. 1: one person did it all.",
            )  # fmt: skip
        sent = st.form_submit_button("Save", type="primary")
    if sent:
        wanted = {
            "auto_snapshots": auto, "snapshot_kinds": list(kinds), "least_group": int(least), "leaderboards": boards,
            "zone_map": zone_map,
            "stale_days": stale, "review_wait_hours": wait, "failure_rate": failures / 100,
            "off_hours_ratio": off / 100, "unfair_gini": gini,
        }  # fmt: skip
        _do(lambda: insights.change(ctx, wanted), "The settings are saved.")


def looks_table(ctx: Context, found: Sequence[LookView], *, of: bool) -> None:
    """Who looked when, and with `of` at whom."""
    names, teams = choices.people(ctx), choices.teams(ctx)
    rows = [
        {"Day": one.day, "Who": one.viewer, "Looked at": _whom(one, names, teams)}
        if of
        else {"Day": one.day, "Who": one.viewer, "Saw": "your numbers" if one.person_id else _whom(one, names, teams)}
        for one in found
    ]
    st.dataframe(rows, hide_index=True, column_config={"Day": st.column_config.DateColumn(format="D MMM YYYY")})


def looked(ctx: Context) -> None:
    """The whole workspace's, for admins."""
    st.markdown("One line for a viewer, a person and a day, however often they looked. Each person sees their own.")
    found = looks.looks(ctx)
    if not found:
        st.info("Nobody has looked at anybody else's numbers yet.", icon=":material/visibility:")
        return
    looks_table(ctx, found, of=True)


def _whom(one: LookView, names: dict[str, str], teams: dict[str, str]) -> str:
    if one.person_id:
        return names.get(one.person_id, "somebody who is gone")
    if one.team_id:
        return f"a list of the team {teams.get(one.team_id, 'that is gone')}"
    return "a list of everybody"


def _do(verb: Callable[[], object], said: str) -> None:
    with guard.errors():
        verb()
        st.session_state[_NOTE] = said
        st.rerun()
