"""Whom the report is for, what it looks like, and which files are kept of it."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from components.builder import bench as benches
from components.builder.bench import Bench
from core.base.errors import BadInput, SightlineError
from core.context import Context
from core.documents import RENDERERS
from core.documents.choice import ThemeChoice
from core.reports import editing
from core.reports.plan import ReportPlan, read_plan
from core.reports.references import checked_plan
from core.reports.service import VISIBILITIES

MODES = {"auto": "As the reader's own", "light": "Light", "dark": "Dark"}
GRIDS = {6: "Six columns", 12: "Twelve columns"}
PALETTES: dict[str, tuple[str, ...]] = {
    "House colours": (),
    "Calm blues": ("#08519C", "#3182BD", "#6BAED6", "#9ECAE1", "#54278F", "#9E9AC8"),
    "Warm": ("#A63603", "#E6550D", "#FDAE6B", "#8C6D31", "#BD9E39", "#843C39"),
    "Greys for print": ("#252525", "#636363", "#969696", "#525252", "#BDBDBD", "#737373"),
}
OWN = "Colours of its own"


def draw(ctx: Context, bench: Bench) -> None:
    """Readers, looks and files."""
    st.markdown("**Readers**")
    _words(ctx, bench, "audience", "Written for", "Engineering managers")
    _words(ctx, bench, "description", "Description", "What it covers, and for whom")
    key = bench.key("visibility")
    st.radio(
        "Who sees it", list(VISIBILITIES), list(VISIBILITIES).index(bench.draft.visibility), horizontal=True, key=key,
        format_func=VISIBILITIES.__getitem__, on_change=lambda: _draft(ctx, bench, visibility=st.session_state[key]),
    )  # fmt: skip
    if bench.draft.name != bench.plan.title:
        name = bench.key("name")
        st.text_input(
            "Name in the library", bench.draft.name, key=name, max_chars=200,
            on_change=lambda: _draft(ctx, bench, name=st.session_state[name]),
        )  # fmt: skip
    st.markdown("**Looks of its files**")
    _theme(ctx, bench)
    st.markdown("**Files**")
    files = bench.key("formats")
    st.pills(
        "Kept with each run", RENDERERS.keys(), selection_mode="multi", default=list(bench.draft.formats), key=files,
        format_func=lambda fmt: RENDERERS.get(fmt).label, wrap=True,
        help="Every other format can be made later from the same numbers.",
        on_change=lambda: _draft(ctx, bench, formats=tuple(st.session_state[files])),
    )  # fmt: skip
    _json(ctx, bench)


def _json(ctx: Context, bench: Bench) -> None:
    key = bench.key("json")
    with st.expander("The plan as JSON", icon=":material/data_object:", key=bench.key("plan")):
        st.text_area(
            "Plan as JSON", bench.plan.model_dump_json(indent=2, exclude_defaults=True), height=260, key=key,
            help="All that the form says, as programs read and write it. What you put here takes its place.",
            on_change=lambda: _read(ctx, bench, str(st.session_state[key])),
        )  # fmt: skip


def _read(ctx: Context, bench: Bench, text: str) -> None:
    benches.restructure(ctx, bench, lambda plan: _plan_of(ctx, text))


def _plan_of(ctx: Context, text: str) -> ReportPlan:
    """The plan that was written, with ids in place of names where all of them are there."""
    try:
        plan = read_plan(json.loads(text))
    except json.JSONDecodeError as error:
        raise BadInput(f"The plan is no JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from error
    try:
        return checked_plan(ctx, plan)
    except SightlineError:
        return plan


def _draft(ctx: Context, bench: Bench, **fields: Any) -> None:
    benches.step(ctx, bench, bench.draft.model_copy(update=fields))


def _words(ctx: Context, bench: Bench, name: str, label: str, example: str) -> None:
    key = bench.key(name)
    st.text_input(
        label, getattr(bench.plan, name), key=key, placeholder=example,
        on_change=lambda: benches.change(
            ctx, bench, lambda plan: editing.change_report(plan, **{name: st.session_state[key]})
        ),
    )  # fmt: skip


def _theme(ctx: Context, bench: Bench) -> None:
    theme = bench.plan.theme or ThemeChoice()
    mode, grid, palette = bench.key("mode"), bench.key("grid"), bench.key("palette")
    st.segmented_control(
        "Ground", list(MODES), default=theme.mode, format_func=MODES.__getitem__, required=True, key=mode,
        on_change=lambda: _put(ctx, bench, theme, mode=st.session_state[mode]),
    )  # fmt: skip
    names = [*PALETTES] if theme.series_colors in PALETTES.values() else [*PALETTES, OWN]
    now = next((name for name, colours in PALETTES.items() if colours == theme.series_colors), OWN)
    st.selectbox(
        "Colours of charts", names, names.index(now), key=palette,
        on_change=lambda: _put(
            ctx, bench, theme, series_colors=PALETTES.get(str(st.session_state[palette]), theme.series_colors)
        ),
    )  # fmt: skip
    grids = GRIDS if theme.num_columns in GRIDS else {**GRIDS, theme.num_columns: f"{theme.num_columns} columns"}
    st.segmented_control(
        "Grid of the page", list(grids), default=theme.num_columns, format_func=grids.__getitem__, required=True,
        key=grid, on_change=lambda: _put(ctx, bench, theme, num_columns=int(st.session_state[grid])),
    )  # fmt: skip


def _put(ctx: Context, bench: Bench, theme: ThemeChoice, **fields: Any) -> None:
    fresh = theme.model_copy(update=fields)
    benches.change(
        ctx, bench, lambda plan: editing.change_report(plan, theme=None if fresh == ThemeChoice() else fresh)
    )
    bench.edition += "num_columns" in fields
