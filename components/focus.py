"""Choosing what a page is about, kept in its address: ?person=, ?team=, or one of a few."""

from __future__ import annotations

import streamlit as st

from components import choices, guard, nothing
from core.base.errors import SightlineError
from core.context import Context
from core.people import service as people


def person(ctx: Context) -> str | None:
    """The person chosen, or None with a sentence on what to do; only those whom the reader may see."""
    known = choices.people(ctx)
    if not ctx.sees_individuals():
        known = {one: name for one, name in known.items() if ctx.sees_person(one)}
        st.caption(f"{_whom(ctx)} are yours to see in this workspace; other individuals' numbers are not.")
        if not known:
            st.info("Ask an admin to say under Users which person you are; then your own numbers stand here.")
            return None
    if not known:
        nothing.show(ctx, "There is nobody to show yet. People appear when a repository has been read.", "sources")
        return None
    asked = _asked(ctx, "person", known)
    me = ctx.actor.person_id if ctx.actor.person_id in known else None
    only = next(iter(known)) if len(known) == 1 else None
    return _picked("person", "Person", known, asked or me or only)


def _whom(ctx: Context) -> str:
    return "Your own numbers, and those of the teams that you lead," if ctx.actor.led_team_ids else "Your own numbers"


def team(ctx: Context) -> str | None:
    """The team chosen; the first one when a page is opened without any."""
    known = choices.teams(ctx)
    if not known:
        nothing.show(ctx, "There are no teams yet. Make the first one on the page People.", "people")
        return None
    return _picked("team", "Team", known, _asked(ctx, "team", known) or next(iter(known)))


def metric(options: dict[str, str]) -> str:
    """One of many metrics; the first one when a page is opened without any. The address keeps it as ?metric=."""
    written = st.query_params.get("metric", "")
    chosen = written if written in options else next(iter(options))
    ids = list(options)
    picked = st.selectbox(
        "Metric", ids, index=ids.index(chosen), format_func=options.__getitem__, key=f"focus_metric_{chosen}", width=420
    )
    if picked != chosen:
        st.query_params["metric"] = picked
    return picked


def choice(name: str, label: str, options: dict[str, str]) -> str:
    """One of a few, the first one when a page is opened without any; the address keeps it as ?name=."""
    written = st.query_params.get(name, "")
    chosen = written if written in options else next(iter(options))
    picked = st.segmented_control(
        label,
        list(options),
        default=chosen,
        format_func=options.__getitem__,
        required=True,
        key=f"focus_{name}_{chosen}",
    )
    if picked != chosen:
        st.query_params[name] = picked
    return picked


def _asked(ctx: Context, name: str, known: dict[str, str]) -> str | None:
    """What the address names, by id; a person also by email or name, as a link written by hand does."""
    written = st.query_params.get(name, "")
    if not written or written in known:
        return written or None
    if name == "person":
        try:
            found = people.person(ctx, written).id
        except SightlineError as error:
            guard.show(error)
            return None
        if found in known:
            return found
    st.warning(f"The {name} in the address is not there, or not for you to see.")
    return None


def _picked(name: str, label: str, known: dict[str, str], chosen: str | None) -> str | None:
    ids = list(known)
    picked = st.selectbox(
        label,
        ids,
        index=ids.index(chosen) if chosen in known else None,
        format_func=lambda one: known.get(one, one),
        placeholder=f"Choose a {name}",
        key=f"focus_{name}_{chosen}",
        width=320,
    )
    if picked and st.query_params.get_all(name) != [picked]:
        st.query_params[name] = picked
    return picked
