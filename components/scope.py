"""The scope bar: period, comparison, teams, repositories and people, kept in the page's address.

The address wins whenever somebody else wrote it (a link, a bookmark, the back
button); otherwise the last choice goes along from page to page.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from components import choices
from core.base.errors import SightlineError
from core.base.period import RANGES, Period, between, named
from core.catalogue.scope import Scope
from core.context import Context

COMPARISONS = {"previous": "Previous period", "year": "A year before", "none": "Nothing"}
CUSTOM = "custom"
DEFAULTS: dict[str, list[str]] = {
    "period": ["last_30_days"], "compare": ["previous"], "team": [], "repo": [], "person": [],
}  # fmt: skip
_CHOSEN = "_scope"
_WRITTEN = "_scope_address"


def bar(ctx: Context, *, people: bool = False, compare: bool = True, teams: bool = True) -> Scope:
    """Draw the bar and return what it says. `people` adds a choice of persons; `compare` one of a comparison.

    Without `teams` there is no choice of teams: the page is about one team or person of its own.
    """
    chosen = _from_address()
    options = {"team": choices.teams(ctx)} if teams else {}
    options["repo"] = choices.repositories(ctx)
    if people and ctx.sees_individuals():
        options["person"] = choices.people(ctx)
    with st.container(horizontal=True, vertical_alignment="bottom", key="scope"):
        fresh = _when(ctx, chosen, compare)
        for name, known in options.items():
            fresh[name] = _several(name, known, chosen[name])
    _to_address({**chosen, **fresh})
    return _scope(ctx, {**chosen, **fresh}, compare=compare, people="person" in options, known=options)


def address(ctx: Context) -> dict[str, Any]:
    """The bar's part of a link to another page: `st.page_link(page, query_params=scope.address(ctx))`."""
    return _short(st.session_state.get(_CHOSEN, DEFAULTS))


def _from_address() -> dict[str, list[str]]:
    found = {name: st.query_params.get_all(name) for name in DEFAULTS}
    written = st.session_state.get(_WRITTEN)
    if _short(found) == written and _CHOSEN in st.session_state:
        return dict(st.session_state[_CHOSEN])
    if any(found.values()) or _CHOSEN not in st.session_state:
        for name in DEFAULTS:
            st.session_state.pop(f"scope_{name}", None)
        st.session_state.pop("scope_dates", None)
        return {name: found[name] or default for name, default in DEFAULTS.items()}
    return dict(st.session_state[_CHOSEN])


def _to_address(chosen: dict[str, list[str]]) -> None:
    short = _short(chosen)
    st.session_state[_CHOSEN], st.session_state[_WRITTEN] = chosen, short
    for name in DEFAULTS:
        if st.query_params.get_all(name) == short.get(name, []):
            continue
        if name in short:
            st.query_params[name] = short[name]
        else:
            del st.query_params[name]


def _short(chosen: dict[str, list[str]]) -> dict[str, list[str]]:
    """Only what differs from the defaults, so that plain addresses stay plain."""
    return {name: values for name, values in chosen.items() if values and values != DEFAULTS[name]}


def _when(ctx: Context, chosen: dict[str, list[str]], compare: bool) -> dict[str, list[str]]:
    written = chosen["period"][0]
    picked = st.selectbox(
        "Period",
        [*RANGES, CUSTOM],
        index=_index([*RANGES, CUSTOM], CUSTOM if ".." in written else written),
        format_func=lambda name: RANGES.get(name, "Custom dates…"),
        key="scope_period",
        width=170,
    )
    fresh = {"period": [picked]}
    if picked == CUSTOM:
        fresh["period"] = [_dates(ctx, written)]
    if compare:
        with_what = st.selectbox(
            "Compare with",
            list(COMPARISONS),
            index=_index(list(COMPARISONS), chosen["compare"][0]),
            format_func=COMPARISONS.__getitem__,
            key="scope_compare",
            width=170,
        )
        fresh["compare"] = [with_what]
    return fresh


def _dates(ctx: Context, written: str) -> str:
    """Two dates, both inside, as "2026-01-01..2026-01-31"; half a choice keeps the old one."""
    first, last = _period(ctx, written).dates(ctx.workspace.time_zone)
    picked = st.date_input("From and to", (first, last), key="scope_dates", width=240)
    if not isinstance(picked, tuple) or len(picked) != 2:
        return f"{first}..{last}"
    return f"{picked[0]}..{picked[1]}"


def _several(name: str, known: dict[str, str], chosen: list[str]) -> list[str]:
    labels = {"team": "Teams", "repo": "Repositories", "person": "People"}
    return st.multiselect(
        labels[name],
        list(known),
        default=[key for key in chosen if key in known],
        format_func=lambda key: known.get(key, key),
        key=f"scope_{name}",
        placeholder="All",
        width=230,
    )


def _scope(
    ctx: Context, chosen: dict[str, list[str]], *, compare: bool, people: bool, known: dict[str, dict[str, str]]
) -> Scope:
    period = _period(ctx, chosen["period"][0])
    zone = ctx.workspace.time_zone
    against = {"previous": period.previous, "year": period.year_before}.get(chosen["compare"][0] if compare else "none")

    def ids(name: str) -> tuple[str, ...]:
        return tuple(key for key in chosen[name] if key in known.get(name, ()))

    return Scope(
        period=period,
        compare=against(zone) if against else None,
        team_ids=ids("team"),
        repo_ids=ids("repo"),
        person_ids=ids("person") if people else (),
        time_zone=zone,
    )


def _period(ctx: Context, name: str) -> Period:
    zone = ctx.workspace.time_zone
    try:
        return named(name, ctx.clock(), zone)
    except SightlineError as error:
        if name != CUSTOM:
            st.warning(f"{error.message} The last 30 days are shown.")
    today: date = ctx.clock().date()
    return between(today - timedelta(days=30), today - timedelta(days=1), zone)


def _index(options: list[str], name: str) -> int:
    return options.index(name) if name in options else options.index("last_30_days") if "last_30_days" in options else 0
