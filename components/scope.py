"""The scope bar: period, comparison, teams, repositories, components and people, kept in the page's address.

The address wins whenever somebody else wrote it (a link, a bookmark, the back
button); otherwise the last choice goes along from page to page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import choices, navigation
from components.draw.words import sentence
from core.base.errors import SightlineError
from core.base.period import RANGES, Period, named, zone_of
from core.boards import quiet
from core.catalogue.scope import Scope
from core.components import service as components
from core.context import Context

COMPARISONS = {"previous": "Previous period", "year": "A year before", "none": "Nothing"}
CUSTOM = "custom"
WIDTHS = {"person": 420}
"""People are compared with each other: more than one name must fit."""
WIDTH, NARROW = 205, 172
"""Of the other choices; narrower where components are offered too, so that all stand in one line."""
LABELS = {"team": "Teams", "repo": "Repositories", "component": "Components", "person": "People"}

Chosen = dict[str, list[str]]
DEFAULTS: Chosen = {
    "period": ["last_30_days"], "compare": ["previous"], "team": [], "repo": [], "component": [], "person": [],
}  # fmt: skip
_CHOSEN = "_scope"
_PAGE = "_scope_page"
_LANDED = "_scope_landed"


def bar(ctx: Context, *, people: bool = False, compare: bool = True, teams: bool = True) -> Scope:
    """Draw the bar and return what it says. `people` adds a choice of persons; `compare` one of a comparison.

    Without `teams` there is no choice of teams: the page is about one team or person of its own. Components are
    offered where the workspace has some.
    """
    options = {"team": choices.teams(ctx)} if teams else {}
    options["repo"] = choices.repositories(ctx)
    if known := choices.components(ctx):
        options["component"] = known
    if people and (ctx.sees_individuals() or len(ctx.own_people) > 1):
        options["person"] = {one: name for one, name in choices.people(ctx).items() if ctx.sees_person(one)}
    names = ("period", *(("compare",) if compare else ()), *options)
    chosen = _from_address(names)
    _land(ctx, chosen)
    _renew(names)
    with st.container(horizontal=True, vertical_alignment="bottom", key="scope"):
        chosen["period"] = [_period_name(ctx, chosen["period"][0])]
        if compare:
            chosen["compare"] = [_one("compare", "Compare with", COMPARISONS, chosen["compare"][0])]
        for name, known in options.items():
            width = WIDTHS.get(name, NARROW if "component" in options else WIDTH)
            chosen[name] = _several(name, known, chosen[name], width)
    _to_address(names, chosen)
    _say_where(ctx, chosen)
    return _scope(ctx, {name: chosen[name] for name in names})


def choose(period: str) -> None:
    """Another period, everything else as it is: a callback for a button beside a board."""
    st.query_params["period"] = period


def days() -> str:
    """The chosen range by its name, or its two dates: what goes on by itself in a report."""
    return str(st.session_state.get(_CHOSEN, DEFAULTS)["period"][0])


def address(ctx: Context) -> dict[str, Any]:
    """The bar's part of a link to another page: `st.page_link(page, query_params=scope.address(ctx))`."""
    return _short(st.session_state.get(_CHOSEN, DEFAULTS))


def _from_address(names: Sequence[str]) -> Chosen:
    kept: Chosen = dict(st.session_state.get(_CHOSEN, DEFAULTS))
    found = {name: st.query_params.get_all(name) for name in names}
    if any(found.values()) and _short(found) != _short({name: kept[name] for name in names}):
        for name in names:
            kept[name] = found[name] or DEFAULTS[name]
        st.session_state.pop(_PAGE, None)
    return kept


def _land(ctx: Context, chosen: Chosen) -> None:
    """Until somebody chooses, the period is one in which something happened."""
    fresh = _CHOSEN not in st.session_state and "period" not in st.query_params
    if not fresh and st.session_state.get(_LANDED) != chosen["period"][0]:
        return
    found = _landing(ctx)
    if found != chosen["period"][0]:
        chosen["period"] = [found]
        st.session_state.pop(_PAGE, None)
    st.session_state[_LANDED] = found


def _say_where(ctx: Context, chosen: Chosen) -> None:
    if chosen["period"] != DEFAULTS["period"] and chosen["period"] == [st.session_state.get(_LANDED)]:
        shown = RANGES.get(chosen["period"][0], "The time up to the newest activity")
        st.caption(f"Nothing happened in the last 30 days up to yesterday. {shown} is shown.")


def _landing(ctx: Context) -> str:
    today = ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date()
    return _landing_of(ctx.workspace.id, ctx.workspace.data_version, str(today), ctx)


@st.cache_resource(max_entries=64, ttl="10m", show_spinner=False)
def _landing_of(workspace_id: str, data_version: int, today: str, _ctx: Context) -> str:
    return quiet.landing(_ctx)


def _renew(names: Sequence[str]) -> None:
    """On a page newly opened, or by an address newly written, the widgets take what was chosen; then they keep it."""
    if st.session_state.get(_PAGE) == navigation.here():
        return
    st.session_state[_PAGE] = navigation.here()
    for name in (*names, "dates"):
        st.session_state.pop(f"scope_{name}", None)


def _to_address(names: Sequence[str], chosen: Chosen) -> None:
    st.session_state[_CHOSEN] = chosen
    short = _short({name: chosen[name] for name in names})
    for name in names:
        if st.query_params.get_all(name) == short.get(name, []):
            continue
        if name in short:
            st.query_params[name] = short[name]
        else:
            del st.query_params[name]


def _short(chosen: Chosen) -> Chosen:
    """Only what differs from the defaults, so that plain addresses stay plain."""
    return {name: values for name, values in chosen.items() if values and values != DEFAULTS[name]}


def _period_name(ctx: Context, written: str) -> str:
    options = {**RANGES, CUSTOM: "Custom dates…"}
    picked = _one("period", "Period", options, CUSTOM if ".." in written else written)
    return _dates(ctx, written) if picked == CUSTOM else picked


def _one(name: str, label: str, options: dict[str, str], chosen: str) -> str:
    key = f"scope_{name}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = chosen if chosen in options else DEFAULTS[name][0]
    return st.selectbox(label, list(options), format_func=options.__getitem__, key=key, width=155)


def _dates(ctx: Context, written: str) -> str:
    """Two dates, both inside, as "2026-01-01..2026-01-31"; half a choice keeps the old one."""
    first, last = _period(ctx, written).dates(ctx.workspace.time_zone)
    picked = st.date_input("From and to", (first, last), key="scope_dates", width=225)
    return f"{picked[0]}..{picked[1]}" if len(picked) == 2 else f"{first}..{last}"


def _several(name: str, known: dict[str, str], chosen: list[str], width: int) -> list[str]:
    key = f"scope_{name}"
    st.session_state[key] = [one for one in st.session_state.get(key, chosen) if one in known]
    return st.multiselect(
        LABELS[name],
        list(known),
        format_func=lambda one: known.get(one, one),
        key=key,
        placeholder="All",
        width=width,
    )


def _scope(ctx: Context, chosen: Chosen) -> Scope:
    period, zone = _period(ctx, chosen["period"][0]), ctx.workspace.time_zone
    against = {"previous": period.previous, "year": period.year_before}.get(chosen.get("compare", ["none"])[0])
    return Scope(
        period=period,
        compare=against(zone) if against else None,
        team_ids=tuple(chosen.get("team", ())),
        repo_ids=tuple(chosen["repo"]),
        person_ids=tuple(chosen.get("person", ())),
        component_ids=components.chosen(ctx, chosen.get("component", ())),
        time_zone=zone,
    )


def _period(ctx: Context, name: str) -> Period:
    zone = ctx.workspace.time_zone
    try:
        return named(name, ctx.clock(), zone)
    except SightlineError as error:
        st.warning(f"{sentence(error.message)} The last 30 days are shown.")
        return named("last_30_days", ctx.clock(), zone)
