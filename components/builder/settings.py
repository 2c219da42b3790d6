"""The settings of the part that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from components.builder import bench as benches
from components.builder import days, fields, offers
from components.builder.bench import Bench
from components.draw.words import plain
from core.catalogue import METRICS
from core.context import Context
from core.narration import PARTS
from core.reports import editing
from core.reports.editing import Place
from core.reports.plan import (
    COMPARISONS,
    Block,
    NarrativeBlock,
    PageBreak,
    PlanScope,
    ProseBlock,
    ReportPlan,
    ViewBlock,
    WidgetBlock,
)
from core.reports.words import VARIABLES
from core.widgets import WIDGETS

ABOUT = {"report": "The whole report", "section": "Its section"}
SIXTHS = {1: "⅙", 2: "⅓", 3: "½", 4: "⅔", 5: "⅚", 6: "Whole"}
NEEDS = {"person.standing": ("person",), "person.trend": ("person",), "metric.distribution": ("person",)}
"""Settings about somebody that a widget cannot do without, or says more with."""
OF_REPORT = ""


def draw(ctx: Context, bench: Bench, place: Place, block: Block) -> None:
    """All that can be said of a block."""
    if isinstance(block, PageBreak):
        st.caption("What follows begins on a new page, in formats that have pages.")
        return
    put = partial(_put, ctx, bench, place)
    _title(bench, place, block, put)
    if isinstance(block, ProseBlock):
        _words(ctx, bench, place, block, put)
    elif isinstance(block, NarrativeBlock):
        _narrative(ctx, bench, place, block, put)
    elif isinstance(block, WidgetBlock):
        _widget(ctx, bench, place, block)
    elif isinstance(block, ViewBlock):
        st.caption("It asks a datasource. What it asks is changed in the report's file: **As a file** on its page.")
    _width(bench, place, block, bench.plan, put)
    if isinstance(block, WidgetBlock):
        _own(ctx, bench, place, block, put)


def _put(ctx: Context, bench: Bench, place: Place, name: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None:
        benches.change(ctx, bench, lambda plan: editing.change(plan, place, **{name: value}))


def _title(bench: Bench, place: Place, block: Any, put: Callable[[str, str], None]) -> None:
    key = bench.key("title", place)
    bare = block.model_copy(update={"title": ""})
    own = offers.title(bare) if isinstance(block, WidgetBlock) else "None"
    st.text_input(
        "Heading", block.title, key=key, max_chars=200, placeholder=own,
        on_change=put, args=("title", key),
    )  # fmt: skip


def _words(ctx: Context, bench: Bench, place: Place, block: ProseBlock, put: Callable[[str, str], None]) -> None:
    key = bench.key("markdown", place)
    st.text_area("Words, in Markdown", block.markdown, height=180, key=key, on_change=put, args=("markdown", key))
    insert = bench.key("insert", place)
    st.menu_button(
        "Insert a variable", list(VARIABLES), format_func=VARIABLES.__getitem__, key=insert,
        icon=":material/data_object:", help="It says what the report is about, at each run anew",
        on_click=lambda: _insert(ctx, bench, place, block, str(st.session_state[insert])),
    )  # fmt: skip


def _narrative(
    ctx: Context, bench: Bench, place: Place, block: NarrativeBlock, put: Callable[[str, str], None]
) -> None:
    about, parts = bench.key("about", place), bench.key("parts", place)
    st.segmented_control(
        "What it tells of", list(ABOUT), default=block.about, format_func=ABOUT.__getitem__, required=True, key=about,
        on_change=put, args=("about", about),
    )  # fmt: skip
    st.pills(
        "What it says", list(PARTS), selection_mode="multi", default=list(block.parts), format_func=PARTS.__getitem__,
        key=parts, wrap=True, on_change=put, args=("parts", parts),
    )  # fmt: skip
    rules = bench.key("rules", place)
    st.toggle(
        "Always written by rules", block.voice == "rules", key=rules,
        help="Else a language model writes it at each run, where the workspace has one. Here rules do.",
        on_change=lambda: benches.change(
            ctx, bench, lambda plan: editing.change(plan, place, voice="rules" if st.session_state[rules] else "auto")
        ),
    )  # fmt: skip
    st.caption("Each sentence is made of the figures around it, with the numbers that it rests on.")


def _insert(ctx: Context, bench: Bench, place: Place, block: ProseBlock, variable: str) -> None:
    text = f"{block.markdown.rstrip()} {{{{ {variable} }}}}"
    benches.change(ctx, bench, lambda plan: editing.change(plan, place, markdown=text))
    bench.edition += 1


def _widget(ctx: Context, bench: Bench, place: Place, block: WidgetBlock) -> None:
    if block.widget not in WIDGETS:
        st.caption(f"There is no part named '{plain(block.widget)}' here.")
        return

    def put(name: str, value: Any) -> None:
        benches.change(ctx, bench, lambda plan: editing.set_param(plan, place, name, value))

    model = WIDGETS.get(block.widget).params
    fields.draw(ctx, model, block.params, lambda name: bench.key(f"p_{name}", place), put, NEEDS.get(block.widget, ()))
    key = str(block.params.get("metric", ""))
    if key in METRICS:
        st.caption(plain(METRICS.get(key).about))


def _width(bench: Bench, place: Place, block: Any, plan: ReportPlan, put: Callable[[str, str], None]) -> None:
    whole = plan.theme.num_columns if plan.theme else 6
    key = bench.key("columns", place)
    if whole == len(SIXTHS):
        st.segmented_control(
            "Width", list(SIXTHS), default=min(block.columns, whole), format_func=SIXTHS.__getitem__, key=key,
            required=True, on_change=put, args=("columns", key),
        )  # fmt: skip
    elif whole > 1:
        st.slider(
            f"Width, in columns of {whole}", 1, whole, min(block.columns, whole), key=key,
            on_change=put, args=("columns", key),
        )  # fmt: skip


def _own(ctx: Context, bench: Bench, place: Place, block: WidgetBlock, put: Callable[[str, str], None]) -> None:
    """Where this part differs from its report."""
    differs = bool(block.scope or block.range or block.compare or block.description)
    label = "Days, filters and description of its own"
    with st.expander(f"{label} (in use)" if differs else label, icon=":material/tune:", key=bench.key("own", place)):
        days.choose_own(ctx, bench, place, block)
        _comparison(ctx, bench, place, block)
        narrow = partial(_narrow, ctx, bench, place)
        scope = block.scope or PlanScope()
        days.filters(ctx, scope, lambda name: bench.key(f"own_{name}", place), narrow, empty="As the report")
        key = bench.key("description", place)
        st.text_input(
            "Description", block.description, key=key, max_chars=2000, placeholder="The metric's own definition",
            on_change=put, args=("description", key),
        )  # fmt: skip


def _comparison(ctx: Context, bench: Bench, place: Place, block: WidgetBlock) -> None:
    key = bench.key("compare", place)
    names = [OF_REPORT, *COMPARISONS]

    def put() -> None:
        chosen = st.session_state[key] or None
        benches.change(ctx, bench, lambda plan: editing.change(plan, place, compare=chosen))

    st.selectbox(
        "Compared with", names, names.index(block.compare or OF_REPORT), key=key, on_change=put,
        format_func=lambda name: COMPARISONS.get(name, "As the report"),
    )  # fmt: skip


def _narrow(ctx: Context, bench: Bench, place: Place, scope: PlanScope) -> None:
    own = scope if scope.teams or scope.repos or scope.people or scope.components else None
    benches.change(ctx, bench, lambda plan: editing.change(plan, place, scope=own))
