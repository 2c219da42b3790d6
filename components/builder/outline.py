"""The parts of the report in their order: to choose, move, double, take away, and put others beside."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import streamlit as st

from components.builder import arranging, offers, settings
from components.builder import bench as benches
from components.builder.bench import Bench
from components.draw.words import plain
from core.context import Context
from core.reports import editing
from core.reports.assembly import key_of
from core.reports.editing import Place
from core.reports.plan import Block, PlanSection, ReportPlan

Move = Callable[[ReportPlan, Place], tuple[ReportPlan, Place]]
DOUBLE, AWAY, FIRST, LAST = "double", "away", "earlier", "later"
OF_SECTION = {FIRST: "Move up", LAST: "Move down", DOUBLE: "Duplicate", AWAY: "Remove with its parts"}


def draw(ctx: Context, bench: Bench, wrong: Collection[str]) -> None:
    """Every section with its blocks. `wrong` has the keys of blocks with something to mend."""
    if st.toggle("Arrange by dragging", key="builder_arrange"):
        arranging.draw(ctx, bench)
        return
    for number, section in enumerate(bench.plan.sections):
        with st.container(border=True, key=bench.key("section", number), gap="xsmall"):
            _head(ctx, bench, number, section)
            for index, block in enumerate(section.blocks):
                _row(ctx, bench, Place(number, index), block, wrong)
            st.button(
                "Add a part", icon=":material/add:", key=bench.key("add", number), type="tertiary",
                on_click=_choose, args=(bench, number),
            )  # fmt: skip
    st.button(
        "Add a section", icon=":material/playlist_add:", key=bench.key("add_section"), width="stretch",
        on_click=benches.restructure, args=(ctx, bench, lambda plan: editing.add_section(plan, "New section")),
    )  # fmt: skip


def _choose(bench: Bench, section: int) -> None:
    bench.adding, bench.chosen = section, None


def _head(ctx: Context, bench: Bench, number: int, section: PlanSection) -> None:
    key = bench.key("heading", number)

    def put(name: str, key: str) -> None:
        benches.change(ctx, bench, lambda plan: editing.change_section(plan, number, **{name: st.session_state[key]}))

    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.text_input(
            "Heading of the section", section.title, key=key, label_visibility="collapsed", max_chars=200,
            placeholder="A section without a heading", on_change=put, args=("title", key),
        )  # fmt: skip
        menu = bench.key("section_menu", number)
        st.menu_button(
            "⋯", list(OF_SECTION), format_func=OF_SECTION.__getitem__, key=menu, type="tertiary",
            help="Move, duplicate or remove this section",
            on_click=lambda: _section(ctx, bench, number, str(st.session_state[menu])),
        )  # fmt: skip


def _section(ctx: Context, bench: Bench, number: int, deed: str) -> None:
    edits = {
        FIRST: lambda plan: editing.move_section(plan, number, number - 1),
        LAST: lambda plan: editing.move_section(plan, number, number + 1),
        DOUBLE: lambda plan: editing.duplicate_section(plan, number),
        AWAY: lambda plan: editing.remove_section(plan, number),
    }
    benches.restructure(ctx, bench, edits[deed])


def _row(ctx: Context, bench: Bench, place: Place, block: Block, wrong: Collection[str]) -> None:
    is_open = bench.chosen == place
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall", key=bench.key("row", place)
    ):
        name, kind = offers.title(block), offers.kind(block)
        label = f"**{plain(name)}**" + (f" · {plain(kind)}" if kind not in (name, "Words") else "")
        mark = ":orange[:material/error:] " if key_of(place.section, place.block) in wrong else ""
        st.button(
            f"{mark}{label}", icon=offers.icon(block), key=bench.key("open", place), width="stretch",
            type="secondary" if is_open else "tertiary", on_click=_toggle, args=(bench, place),
            help="Close its settings" if is_open else "Open its settings",
        )  # fmt: skip
        _moves(ctx, bench, place)
    if is_open:
        with st.container(border=True, key=bench.key("settings", place)):
            settings.draw(ctx, bench, place, block)


def _toggle(bench: Bench, place: Place) -> None:
    bench.chosen = None if bench.chosen == place else place


def _moves(ctx: Context, bench: Bench, place: Place) -> None:
    ways = (("up", ":material/arrow_upward:", "Move up", editing.up),
            ("down", ":material/arrow_downward:", "Move down", editing.down))  # fmt: skip
    for name, icon, said, move in ways:
        st.button(
            "", icon=icon, key=bench.key(name, place), type="tertiary", help=said,
            disabled=_stays(bench.plan, place, name),
            on_click=benches.rearrange, args=(ctx, bench, partial(_moved, move, place)),
        )  # fmt: skip
    _menu(ctx, bench, place)


def _moved(move: Move, place: Place, plan: ReportPlan) -> tuple[ReportPlan, Place]:
    return move(plan, place)


def _stays(plan: ReportPlan, place: Place, way: str) -> bool:
    if way == "up":
        return place == Place(0, 0)
    return place == Place(len(plan.sections) - 1, len(plan.sections[-1].blocks) - 1)


def _menu(ctx: Context, bench: Bench, place: Place) -> None:
    others = {
        str(number): f"Move to '{section.title or f'Section {number + 1}'}'"
        for number, section in enumerate(bench.plan.sections)
        if number != place.section
    }
    labels = {DOUBLE: "Duplicate", AWAY: "Remove", **others}
    key = bench.key("menu", place)
    st.menu_button(
        "⋯", list(labels), format_func=lambda name: plain(labels[name]), key=key, type="tertiary",
        help="Duplicate, remove, or move to another section",
        on_click=lambda: _deed(ctx, bench, place, str(st.session_state[key])),
    )  # fmt: skip


def _deed(ctx: Context, bench: Bench, place: Place, deed: str) -> None:
    if deed == DOUBLE:
        benches.rearrange(ctx, bench, lambda plan: editing.duplicate(plan, place), choose=True)
    elif deed == AWAY:
        benches.restructure(ctx, bench, lambda plan: editing.remove(plan, place))
    else:
        benches.rearrange(ctx, bench, lambda plan: editing.move(plan, place, int(deed)))
