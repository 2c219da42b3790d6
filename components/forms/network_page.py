"""The collaboration network on a page: choices, drawing, the person that was picked, and everything as tables."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import choices, guard
from components.draw import table
from components.draw.words import plain
from components.forms import network_drawing
from components.forms.network_drawing import Look
from components.working import worked_out
from core.analysis import collaboration
from core.analysis.collaboration import Member, Network
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.documents import arrow, wording
from core.figures import Column, Table, Unit, number_text

COLOURS = {"community": "Community", "team": "Team"}
STEPS = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
ABOUT = f"""
A tie points from whoever reviewed, commented or is named as co-author to whose work it was. {collaboration.FORMULA}
Bots, comments on one's own work and people whom a source does not name are left out.

- **Community**: people who work with each other more than with others, found by modularity (Louvain's method).
- **Works with**: how many different people. **Strength**: that of all their ties, both ways.
- **PageRank**: {collaboration.PAGERANK}
- **Betweenness**: {collaboration.BETWEENNESS}
- **Isolated**: active in the period, with no tie at all.

The same data give the same picture. A place in the drawing has no meaning beyond who is near whom.
"""


def show(ctx: Context, scope: Scope) -> None:
    """Everything below the numbers."""
    if not ctx.sees_scope(team_ids=scope.team_ids):
        _own(ctx, scope)
        return
    beyond = _beyond(ctx, scope)
    found = worked_out(
        "Working out who works with whom…",
        lambda step: collaboration.network(ctx, scope, beyond=beyond, step=step),
    )
    if not found.ties:
        if found.members:
            st.info(_nothing(found), icon=":material/hub:")
        return
    teams = choices.teams(ctx)
    look = _look(found)
    network_drawing.draw(ctx, found, look, teams)
    if member := found.member(look.picked):
        _person(ctx, scope, found, member, teams)
    _tables(ctx, found, look, teams)


def _beyond(ctx: Context, scope: Scope) -> bool:
    if not scope.team_ids or not ctx.sees_individuals():
        return False
    words = {"inside": "Inside the teams", "beyond": "Also to others"}
    chosen = st.segmented_control("Ties", list(words), default="inside", format_func=words.__getitem__, required=True,
                                  key="network_beyond")  # fmt: skip
    return chosen == "beyond"


def _look(found: Network) -> Look:
    """Colour, threshold and the person searched for, kept in the address as ?who=."""
    named = {one.id: one.name for one in sorted(found.members, key=lambda one: one.name.casefold())}
    if "network_who" not in st.session_state and (asked := st.query_params.get("who")) in named:
        st.session_state["network_who"] = asked
    if st.session_state.get("network_who") not in named:
        st.session_state["network_who"] = None
    steps = [step for step in STEPS if step <= found.ties[0].strength_score]
    if st.session_state.get("network_least") not in steps:
        st.session_state["network_least"] = steps[0]
    with st.container(horizontal=True, vertical_alignment="bottom", key="network_choices"):
        who = st.selectbox(
            "Person", list(named), index=None, format_func=lambda one: named.get(one, one), key="network_who",
            placeholder="Search by name, or pick a dot", width=300,
        )  # fmt: skip
        by = st.segmented_control(
            "Colour by", list(COLOURS), default="community", format_func=COLOURS.__getitem__, required=True,
            key="network_by",
        )  # fmt: skip
        least = st.select_slider(
            "Ties of strength", steps, format_func=lambda step: f"{step:g} or more" if step else "any", width=220,
            key="network_least",
        )  # fmt: skip
        with st.popover("How this is worked out", icon=":material/help:"):
            st.markdown(ABOUT)
    _write(who)
    return Look(by, float(least), who or "")


def _write(who: str | None) -> None:
    if who and st.query_params.get("who") != who:
        st.query_params["who"] = who
    elif not who and "who" in st.query_params:
        del st.query_params["who"]


def _person(ctx: Context, scope: Scope, found: Network, member: Member, teams: dict[str, str]) -> None:
    """One person's measures, ties and the rows behind them."""
    rank = sorted((one.pagerank for one in found.members), reverse=True).index(member.pagerank) + 1
    with st.container(border=True, key="network_person"):
        st.subheader(plain(member.name), anchor=False)
        st.caption(plain(f"{teams.get(member.team, network_drawing.NO_GROUP)} · {_place(member)}"))
        with st.container(horizontal=True):
            st.metric("Works with", number_text(member.degree, Unit.COUNT), width=130)
            st.metric("Strength", number_text(member.weighted_degree), width=130, help=collaboration.FORMULA)
            st.metric("Given", number_text(member.given, Unit.COUNT), width=130)
            st.metric("Received", number_text(member.received, Unit.COUNT), width=130)
            place = f"PageRank: place of {len(found.members):,}"
            st.metric(place, f"{rank:,}", width=190, help=collaboration.PAGERANK)
            st.metric("Betweenness", f"{member.betweenness:.4f}", width=150, help=collaboration.BETWEENNESS)
        others(ctx, scope, member.id, found.ties_of(member.id))


def _place(member: Member) -> str:
    return f"community {member.community}" if member.community else "isolated in this period"


def others(ctx: Context, scope: Scope, person_id: str, ties: list[collaboration.Tie]) -> None:
    """The ties of a person; choosing one shows the rows of those two alone."""
    names = choices.people(ctx)
    if not ties:
        st.caption("No review, comment or co-written commit with anybody in this period.")
        return
    ends = [tie.target if tie.source == person_id else tie.source for tie in ties]
    shown = collaboration.ties_table(ties, names)
    event: Any = st.dataframe(
        arrow.table(shown), hide_index=True, column_config=table.columns(ctx, shown), on_select="rerun",
        selection_mode="single-row", key=f"network_ties_{person_id}", height=min(320, 38 + 35 * len(ties)),
        placeholder=wording.DASH, alt="Ties",
    )  # fmt: skip
    row = event.selection.rows
    other = ends[row[0]] if row and row[0] < len(ends) else ""
    st.markdown(f"**What lies behind it**, with {plain(names.get(other, 'everybody')) if other else 'everybody'}")
    with guard.errors():
        table.draw(ctx, collaboration.rows(ctx, scope, person_id, other).model_copy(update={"title": ""}), "pair")
        if ctx.may(Capability.EXPORT):
            st.download_button(
                "Download the rows as CSV", data=lambda: collaboration.rows_csv(ctx, scope, person_id, other),
                file_name="collaboration.csv", mime="text/csv", icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def _tables(ctx: Context, found: Network, look: Look, teams: dict[str, str]) -> None:
    """All that is drawn, and all that is not, as tables."""
    ties, alone = found.stronger(look.least), found.isolated
    labels = ("People", f"Ties ({len(ties):,})", f"Isolated ({len(alone):,})")
    people_tab, ties_tab, alone_tab = st.tabs(labels, key="network_tables", on_change="rerun")
    names = {one.id: one.name for one in found.members}
    if people_tab.open:
        with people_tab:
            table.draw(ctx, collaboration.people_table(found, teams).model_copy(update={"title": ""}), "network-people")
    if ties_tab.open:
        with ties_tab:
            table.draw(ctx, collaboration.ties_table(ties, names, ""), "network-ties")
    if alone_tab.open:
        with alone_tab:
            _isolated(ctx, alone, teams)


def _isolated(ctx: Context, alone: tuple[Member, ...], teams: dict[str, str]) -> None:
    if not alone:
        st.markdown("Nobody is isolated: everybody who was active shares work with somebody.")
        return
    rows = [[one.name, teams.get(one.team) if one.team else None] for one in alone]
    cols = [Column(key="name", label="Person"), Column(key="team", label="Team")]
    note = "Active in this period, with no review, comment or co-written commit. It may be the sources that tell none."
    table.draw(ctx, Table(cols=cols, rows=[list(row) for row in rows], note=note), "network-isolated")


def _own(ctx: Context, scope: Scope) -> None:
    """Whoever may not see everybody sees their own ties."""
    st.info("This workspace does not show you the individuals of the network: teams stand above, your own ties below.")
    if not (me := ctx.actor.person_id):
        st.caption("Ask an admin to say under Users which person you are; then your own ties stand here.")
        return
    others(ctx, scope, me, collaboration.collaborators(ctx, me, scope))


def _nothing(found: Network) -> str:
    who = "1 person was" if len(found.members) == 1 else f"{len(found.members):,} people were"
    return (
        f"{who} active, and no source tells of a review, a comment or a co-written commit between two of them."
        " Connect a host such as GitHub on Sources, or choose a longer period."
    )
