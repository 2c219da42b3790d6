"""The real result of what is on the bench, drawn as a finished report is; and what there is to mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from components import draw
from components.builder import offers
from components.builder.bench import Bench
from components.draw.words import plain, sentence
from components.forms import report_result
from core.base.errors import SightlineError
from core.base.period import zone_of
from core.context import Context
from core.reports import editing, preview
from core.reports.assembly import key_of
from core.reports.build import Built
from core.reports.editing import Place
from core.reports.plan import ReportPlan
from core.reports.problems import Problem, problems

PANES = {"words": "parts", "days": "days", "scope": "days", "look": "look", "parts": "parts"}
"""Where in the form each kind of problem is mended."""
FEW = 4
"""So many are shown at once; more wait to be opened, unless one is an error."""


def draw_all(ctx: Context, bench: Bench, wrong: Sequence[Problem]) -> None:
    """What to mend, then the report."""
    _to_mend(bench, wrong)
    with st.container(border=True, key="builder_result"):
        figures(ctx, bench.plan, "result", whole=True)


def figures(ctx: Context, plan: ReportPlan, key: str, *, whole: bool = False) -> None:
    """The plan's figures; with `whole`, what a report says around them."""
    try:
        built = _built(plan.model_dump_json(), *_seen(ctx), ctx, plan)
    except SightlineError as error:
        st.info(sentence(error.message), icon=":material/info:")
        return
    preview.seen(ctx, built)
    if whole:
        _head(built)
    for notice in built.document.notices:
        draw.figure(ctx, notice)
    report_result.sections(ctx, built.document, key)


def found(ctx: Context, plan: ReportPlan) -> list[Problem]:
    """What is wrong with the plan, and what of it could not be made just now."""
    try:
        told = _problems(plan.model_dump_json(), *_seen(ctx), ctx, plan)
    except SightlineError as error:
        return [Problem("parts", error.message, "Try again in a moment.")]
    known, places = {one.key for one in told}, {key: place for place, key in _keys(plan)}
    return [*told, *(_lost(places[key], text) for key, text in _failed(ctx, plan).items() if key not in known)]


def _failed(ctx: Context, plan: ReportPlan) -> Mapping[str, str]:
    """What could not be made just now; nothing where the whole cannot be: that is told in its place."""
    try:
        return _built(plan.model_dump_json(), *_seen(ctx), ctx, plan).lost
    except SightlineError:
        return {}


def _keys(plan: ReportPlan) -> Iterator[tuple[Place, str]]:
    for row, section in enumerate(plan.sections):
        yield from ((Place(row, column), key_of(row, column)) for column, _ in enumerate(section.blocks))


def _lost(place: Place, text: str) -> Problem:
    return Problem("parts", text.partition(": ")[2] or text, "Change its settings, or take it away.", place=place)


def _seen(ctx: Context) -> tuple[str, int, str, str]:
    """What a result depends on besides its plan."""
    today = ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date()
    return ctx.workspace.id, ctx.workspace.data_version, f"{ctx.actor.user_id}:{ctx.seen_as()}", str(today)


@st.cache_resource(max_entries=128, ttl="10m", show_spinner=False)
def _built(
    plan: str, workspace_id: str, data_version: int, seen: str, today: str, _ctx: Context, _plan: ReportPlan
) -> Built:
    return preview.preview(_ctx, _plan, _held())


@st.cache_resource(max_entries=128, ttl="10m", show_spinner=False)
def _problems(
    plan: str, workspace_id: str, data_version: int, seen: str, today: str, _ctx: Context, _plan: ReportPlan
) -> list[Problem]:
    return problems(_ctx, _plan)


@st.cache_resource(show_spinner=False)
def _held() -> preview.Held:
    return preview.Held()


def _head(built: Built) -> None:
    document = built.document
    st.subheader(plain(document.title) or "Without a title", anchor=False)
    if document.subtitle:
        st.markdown(plain(document.subtitle))
    said = [f"**{document.period_label}**"]
    said += [f"compared with {document.comparison_label}"] if document.comparison_label else []
    said += [plain(one) for one in document.filters]
    st.markdown(" · ".join(said))
    if document.audience:
        st.caption(f"Made for: {plain(document.audience)}")


def _to_mend(bench: Bench, wrong: Sequence[Problem]) -> None:
    if not wrong:
        st.caption(":material/check_circle: Nothing to mend. This is what a run would make now.")
        return
    errors = sum(one.level == "error" for one in wrong)
    label = "1 thing to mend" if len(wrong) == 1 else f"{len(wrong)} things to mend"
    is_open = bool(errors) or len(wrong) < FEW
    with st.expander(f"**{label}**", icon=":material/build:", expanded=is_open, key="builder_wrong"):
        for number, one in enumerate(wrong):
            with st.container(horizontal=True, wrap=False, gap="small", key=f"wrong_{number}"):
                mark = ":red[:material/error:]" if one.level == "error" else ":orange[:material/error:]"
                said = sentence(f"{one.text} {one.advice}")
                st.markdown(f"{mark} {_where(bench.plan, one)}{said}", width="stretch")
                st.button("Show", key=f"mend_{number}", type="tertiary", on_click=_show, args=(bench, one))


def _where(plan: ReportPlan, one: Problem) -> str:
    if one.place is None:
        return ""
    section = plan.sections[one.place.section]
    name = plain(offers.title(editing.block_at(plan, one.place)))
    return f"**{plain(section.title)} › {name}:** " if section.title else f"**{name}:** "


def _show(bench: Bench, one: Problem) -> None:
    """Open the place in the form where it can be mended."""
    bench.adding = None
    st.session_state["builder_pane"] = PANES[one.part]
    st.session_state["builder_arrange"] = False
    if one.place is not None:
        bench.chosen = one.place
