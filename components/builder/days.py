"""Which days and whom a report, or a part of it, is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from components import choices
from components.builder import bench as benches
from components.builder.bench import Bench
from components.draw.words import sentence
from core.base.errors import SightlineError
from core.base.period import RANGES, zone_of
from core.context import Context
from core.reports import editing
from core.reports.editing import Place
from core.reports.plan import COMPARISONS, PlanScope, WidgetBlock, Window
from core.reports.windows import resolved

COUNTED, DATES, OF_REPORT = "counted", "dates", ""
UNITS = {"days": "days", "weeks": "weeks", "months": "months", "quarters": "quarters"}
HOW = {"last": "whole ones of the calendar", "rolling": "up to yesterday"}
KINDS = {"teams": "Teams", "repos": "Repositories", "people": "People", "components": "Components"}
Put = Callable[[str], None]


def draw(ctx: Context, bench: Bench) -> None:
    """Days, comparison and scope of the report."""
    window = bench.plan.window
    _range(
        ctx, window.range, lambda name: bench.key(f"days_{name}"), lambda found: _window(ctx, bench, range=found), {}
    )
    _said(ctx, window)
    key = bench.key("compare")
    st.segmented_control(
        "Compared with", list(COMPARISONS), default=window.compare, format_func=COMPARISONS.__getitem__, required=True,
        key=key, on_change=lambda: _window(ctx, bench, compare=st.session_state[key]),
    )  # fmt: skip
    st.markdown("**Scope**")
    st.caption("Everything, unless you choose. What you choose of several kinds must hold together.")
    filters(ctx, bench.plan.scope, lambda name: bench.key(f"scope_{name}"), lambda scope: _scope(ctx, bench, scope))
    _others(ctx, bench)


def _key(bench: Bench, name: str) -> str:
    return bench.key(f"days_{name}")


def _window(ctx: Context, bench: Bench, **fields: Any) -> None:
    dates = {"start": "", "end": "", "interval_days": None} if "range" in fields else {}
    benches.change(ctx, bench, lambda plan: editing.change_report(plan, window={**fields, **dates}))


def _scope(ctx: Context, bench: Bench, scope: PlanScope) -> None:
    benches.change(ctx, bench, lambda plan: editing.change_report(plan, scope=scope))


def _said(ctx: Context, window: Window) -> None:
    """Which days that is today."""
    zone = window.time_zone or ctx.workspace.time_zone
    try:
        st.caption(f":material/event: Now that is {resolved(window, ctx.clock(), zone).period.label(zone)}.")
    except SightlineError as error:
        st.caption(sentence(error.message))


def choose_own(ctx: Context, bench: Bench, place: Place, block: WidgetBlock) -> None:
    """Days of one part."""

    def put(found: str) -> None:
        benches.change(ctx, bench, lambda plan: editing.change(plan, place, range=found))

    _range(ctx, block.range, lambda name: bench.key(f"own_{name}", place), put, {OF_REPORT: "As the report"})


def _range(ctx: Context, now: str, key: Callable[[str], str], put: Put, before: Mapping[str, str]) -> None:
    """A named range, so many days or whole months, or two dates."""
    labels = {**before, **RANGES, COUNTED: "So many…", DATES: "Fixed dates…"}
    kind = now if now in labels else DATES if ".." in now else COUNTED
    which = key("kind")

    def chosen() -> None:
        name = str(st.session_state[which])
        put({COUNTED: "rolling_4_weeks", DATES: _month(ctx)}.get(name, name))

    names = list(labels)
    st.selectbox("Days", names, names.index(kind), format_func=labels.__getitem__, key=which, on_change=chosen)
    if kind == COUNTED:
        _so_many(now, key, put)
    elif kind == DATES:
        _dates(now, key, put)


def _so_many(now: str, key: Callable[[str], str], put: Put) -> None:
    how, many, unit = [*now.split("_"), "", ""][:3]

    def chosen() -> None:
        number, units = st.session_state[key("many")] or 1, st.session_state[key("unit")]
        way = st.session_state.get(key("how"), "last")
        put(f"{'last' if units == 'days' else way}_{number}_{units}")

    left, middle, right = st.columns([1, 1, 2])
    left.number_input("Last", 1, 3650, int(many) if many.isdigit() else 4, key=key("many"), on_change=chosen)
    middle.selectbox(
        "Of", list(UNITS), list(UNITS).index(unit) if unit in UNITS else 1, format_func=UNITS.__getitem__,
        key=key("unit"), on_change=chosen,
    )  # fmt: skip
    if unit != "days":
        right.selectbox(
            "Counted as", list(HOW), list(HOW).index(how) if how in HOW else 0, format_func=HOW.__getitem__,
            key=key("how"), on_change=chosen,
        )  # fmt: skip


def _dates(now: str, key: Callable[[str], str], put: Put) -> None:
    first, _, last = now.partition("..")

    def chosen() -> None:
        ends = st.session_state[key("dates")]
        if len(ends) == 2:
            put(f"{ends[0]}..{ends[1]}")

    st.date_input("First and last day", (first, last), key=key("dates"), on_change=chosen)


def _month(ctx: Context) -> str:
    """The last 30 days as dates, to begin with."""
    today = ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date()
    return f"{today - timedelta(days=30)}..{today - timedelta(days=1)}"


def filters(
    ctx: Context, now: PlanScope, key: Callable[[str], str], put: Callable[[PlanScope], None], empty: str = "All"
) -> None:
    """Teams, repositories, people and components. What is gone stays until somebody takes it out."""
    for kind, label in KINDS.items():
        known = _known(ctx, kind)
        refs = getattr(now, kind)
        labels = known | {ref: f"{now.names.get(ref, ref)} (no longer there)" for ref in refs if ref not in known}
        if labels:
            which = key(kind)
            st.multiselect(
                label, list(labels), list(refs), format_func=labels.__getitem__, key=which,
                placeholder=empty, on_change=_chosen, args=(now, kind, labels, which, put),
            )  # fmt: skip


def _chosen(now: PlanScope, kind: str, labels: Mapping[str, str], key: str, put: Callable[[PlanScope], None]) -> None:
    refs = tuple(st.session_state[key])
    names = {**{ref: labels[ref] for ref in refs}, **now.names}
    put(now.model_copy(update={kind: refs, "names": names}))


def _known(ctx: Context, kind: str) -> dict[str, str]:
    match kind:
        case "teams":
            return choices.teams(ctx)
        case "repos":
            return choices.repositories(ctx)
        case "people":
            return {one: name for one, name in choices.people(ctx).items() if ctx.sees_person(one)}
    return choices.components(ctx)


def _others(ctx: Context, bench: Bench) -> None:
    bots, zone = bench.key("bots"), bench.key("zone")
    st.toggle(
        "Count bots too", bench.plan.scope.include_bots, key=bots,
        on_change=lambda: _scope(
            ctx, bench, bench.plan.scope.model_copy(update={"include_bots": st.session_state[bots]})
        ),
    )  # fmt: skip
    zones = ["", *sorted(available_timezones())]
    st.selectbox(
        "Days begin at midnight in", zones, zones.index(bench.plan.window.time_zone), key=zone,
        format_func=lambda name: name or f"{ctx.workspace.time_zone}, the workspace's zone",
        on_change=lambda: _window(ctx, bench, time_zone=st.session_state[zone]),
    )  # fmt: skip
