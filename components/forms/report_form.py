"""The builder's form: every choice of a report, with what it will contain beside it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from components import choices, guard, navigation
from components.draw.words import plain, sentence
from components.forms import report_actions
from core.base.errors import SightlineError
from core.base.period import RANGES, zone_of
from core.catalogue import METRICS
from core.context import Capability, Context
from core.documents import RENDERERS
from core.reports import service
from core.reports.plan import (
    COMPARISONS,
    SCOPES,
    NarrativeBlock,
    PageBreak,
    Parameters,
    ProseBlock,
    ReportPlan,
    read_parameters,
    read_plan,
)
from core.reports.planner import HEADLINES, default_plan
from core.reports.references import checked_parameters
from core.reports.service import VISIBILITIES
from core.reports.views import ReportView
from core.widgets import WIDGETS

CUSTOM = "custom"
WORKSPACES_ZONE = ""


def draw(ctx: Context, report: ReportView | None) -> None:
    """The form, filled with what the report is now."""
    if report and not report.may_edit:
        st.warning("Only the owner of this report and admins may change it. Clone it to make it your own.")
        return
    if report and report.is_file:
        st.info("This report is written as a file.", icon=":material/code:")
        address = {"report": report.id}
        st.page_link(
            navigation.page("report-file"), label="Edit the file", icon=":material/edit:", query_params=address
        )
        return
    form, preview = st.columns([3, 2], gap="large")
    with form:
        name, description = _words(report)
        chosen = _parameters(ctx, report.parameters if report else Parameters())
        visibility = _visibility(report)
        plan = _own_plan(report)
    with preview:
        _preview(ctx, name, chosen, plan)
    with form, st.container(horizontal=True):
        saved = st.button("Save", key="report_save", type="secondary" if ctx.may(Capability.RUN_REPORTS) else "primary")
        run = ctx.may(Capability.RUN_REPORTS) and st.button("Save and run", key="report_save_run", type="primary")
    if saved or run:
        with form, guard.errors():
            _save(ctx, report, name, description, chosen, visibility, plan, run=bool(run))


def _words(report: ReportView | None) -> tuple[str, str]:
    name = st.text_input("Name", report.name if report else "", max_chars=200, placeholder="Weekly Engineering Health")
    description = st.text_area(
        "Description", report.description if report else "", height=70,
        placeholder="What it covers, and for whom", key="report_description",
    )  # fmt: skip
    return name, description


def _parameters(ctx: Context, now: Parameters) -> dict[str, Any]:
    """What is chosen, unchecked: the service checks it, as it does for every door."""
    chosen: dict[str, Any] = {**_scope(ctx, now), **_components(ctx, now), **_days(ctx, now)}
    labels = {metric.key: metric.label for metric in METRICS}
    chosen["metrics"] = st.multiselect(
        "Numbers", list(labels), [key for key in now.metrics or HEADLINES if key in labels],
        format_func=labels.__getitem__, placeholder="The headline numbers", key="report_metrics",
        help="The first six stand at the top with their trend; all of them are in the tables.",
    )  # fmt: skip
    chosen["formats"] = st.pills(
        "Files kept with each run", RENDERERS.keys(), selection_mode="multi", default=list(now.formats),
        format_func=lambda fmt: RENDERERS.get(fmt).label, key="report_formats", wrap=True,
        help="Every other format can be made later from the same numbers.",
    )  # fmt: skip
    with st.expander("Time zone, bots and people"):
        zones = [WORKSPACES_ZONE, *sorted(available_timezones())]
        chosen["time_zone"] = st.selectbox(
            "Days begin at midnight in", zones, zones.index(now.time_zone), key="report_zone",
            format_func=lambda zone: zone or f"The workspace's zone ({ctx.workspace.time_zone})",
        )  # fmt: skip
        chosen["include_bots"] = st.toggle("Count bots too", now.include_bots, key="report_bots")
        chosen["name_people"] = st.toggle(
            "Break down by person where the report's owner may see individuals", now.name_people, key="report_people",
        )  # fmt: skip
    return {**chosen, "names": dict(now.names)}


def _scope(ctx: Context, now: Parameters) -> dict[str, Any]:
    kinds = [kind for kind in SCOPES if kind != "person" or ctx.sees_individuals() or ctx.own_people]
    kind = st.segmented_control(
        "About", kinds, default=now.scope if now.scope in kinds else "org", format_func=SCOPES.__getitem__,
        required=True, key="report_scope",
    )  # fmt: skip
    match kind:
        case "team":
            return {"scope": kind, "teams": _several("Teams", choices.teams(ctx), now.teams, now.names)}
        case "repo":
            return {"scope": kind, "repos": _several("Repositories", choices.repositories(ctx), now.repos, now.names)}
        case "person":
            return {"scope": kind, "people": _several("People", choices.people(ctx), now.people, now.names)}
    return {"scope": "org"}


def _components(ctx: Context, now: Parameters) -> dict[str, Any]:
    """Where there are components, or a report still names some."""
    known = choices.components(ctx)
    if not (known or now.components):
        return {}
    return {"components": _several("Components", known, now.components, now.names, "All")}


def _several(
    label: str, known: dict[str, str], now: tuple[str, ...], names: dict[str, str], empty: str = "Choose one or more"
) -> list[str]:
    """A choice of some. What was chosen and is gone is named, so that nobody loses it unseen."""
    gone = [names.get(ref, ref) for ref in now if ref not in known]
    if gone:
        st.warning(f"No longer there, and left out when you save: {', '.join(plain(name) for name in gone)}.")
    return list(
        st.multiselect(
            label, list(known), [ref for ref in now if ref in known], format_func=known.__getitem__,
            key=f"report_{label}", placeholder=empty,
        )
    )  # fmt: skip


def _days(ctx: Context, now: Parameters) -> dict[str, Any]:
    left, right = st.columns(2)
    names = [*RANGES, CUSTOM]
    labels = {**RANGES, CUSTOM: "These dates…"}
    known = now.date_range if now.date_range in RANGES else CUSTOM
    if known == CUSTOM and ".." not in now.date_range:
        names, labels = [now.date_range, *names], {**labels, now.date_range: now.date_range}
        known = now.date_range
    chosen = left.selectbox("Days", names, names.index(known), format_func=labels.__getitem__, key="report_range")
    compare = right.selectbox(
        "Compared with", list(COMPARISONS), list(COMPARISONS).index(now.compare), key="report_compare",
        format_func=COMPARISONS.__getitem__,
    )  # fmt: skip
    if chosen != CUSTOM:
        return {"date_range": chosen, "compare": compare}
    today = ctx.clock().astimezone(zone_of(now.time_zone or ctx.workspace.time_zone)).date()
    first, _, last = now.date_range.partition("..")
    dates = st.date_input(
        "First and last day", (first, last) if last else (today - timedelta(days=30), today - timedelta(days=1)),
        key="report_dates",
    )  # fmt: skip
    ends = tuple(dates) if isinstance(dates, tuple | list) else (dates,)
    return {"date_range": f"{ends[0]}..{ends[-1]}" if ends else "", "compare": compare}


def _visibility(report: ReportView | None) -> str:
    return str(
        st.radio(
            "Who sees it", list(VISIBILITIES), list(VISIBILITIES).index(report.visibility) if report else 0,
            format_func=VISIBILITIES.__getitem__, horizontal=True, key="report_visibility",
        )
    )  # fmt: skip


def _own_plan(report: ReportView | None) -> str:
    with st.expander("Advanced: a plan of your own"):
        plan = report.report_plan.model_dump_json(indent=2) if report and report.report_plan else ""
        return str(
            st.text_area(
                "Plan as JSON", plan, height=200, key="report_plan",
                help="Sections of blocks, each a widget with its settings. Empty: the plan is made from the choices"
                " above at each run, so it follows new teams and repositories by itself.",
            )
        )  # fmt: skip


def _preview(ctx: Context, name: str, chosen: dict[str, Any], plan: str) -> None:
    """What the report will contain, or what is wrong with the choices."""
    st.subheader("What it will contain", anchor=False)
    try:
        drawn = _plan_of(plan) or default_plan(
            ctx, checked_parameters(ctx, read_parameters(chosen)), title=name or "Report"
        )
    except SightlineError as error:
        st.info(sentence(error.message), icon=":material/info:")
        return
    for section in drawn.sections:
        lines = [line for line in _contents(section.blocks) if line != section.title]
        st.markdown("  \n".join([f"**{plain(section.title) or 'Without a heading'}**", *lines]))


def _contents(blocks: Any) -> list[str]:
    lines: dict[str, list[str]] = {}
    for block in blocks:
        if isinstance(block, ProseBlock):
            lines.setdefault("Words", []).append(plain(block.title))
        elif isinstance(block, NarrativeBlock):
            lines.setdefault("Narrative", []).append(plain(block.title))
        elif not isinstance(block, PageBreak):
            title = WIDGETS.get(block.widget).title if block.widget in WIDGETS else block.widget
            key = str(block.params.get("metric", ""))
            lines.setdefault(title, []).append(METRICS.get(key).label if key in METRICS else "")
    return [f"{title}: {', '.join(filter(None, of))}" if any(of) else title for title, of in lines.items()]


def _plan_of(text: str) -> ReportPlan | None:
    if not text.strip():
        return None
    try:
        return read_plan(json.loads(text))
    except json.JSONDecodeError as error:
        from core.base.errors import BadInput

        raise BadInput(f"The plan is no JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from error


def _save(
    ctx: Context,
    report: ReportView | None,
    name: str,
    description: str,
    chosen: dict[str, Any],
    visibility: str,
    plan: str,
    *,
    run: bool,
) -> None:
    given: dict[str, Any] = {"description": description, "plan": _plan_of(plan) or {}, "visibility": visibility}
    if report:
        kept = service.update(ctx, report.id, name=name, parameters=chosen, **given)
    else:
        kept = service.create(ctx, name, chosen, **given)
    if run:
        service.run_now(ctx, kept.id)
    report_actions.say(f"'{kept.name}' is saved.")
    st.switch_page(navigation.page("report"), query_params={"report": kept.id})
