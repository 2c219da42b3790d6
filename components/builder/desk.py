"""The builder as a whole: what is on the bench, the form, and the result beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from components import guard, navigation
from components.builder import bench as benches
from components.builder import days, look, outline, picker, result
from components.builder.bench import Bench
from components.draw.words import plain, sentence
from components.forms import report_actions, report_words
from core.base.errors import Conflict, SightlineError
from core.base.period import zone_of
from core.context import Capability, Context
from core.reports import drafts, editing, service
from core.reports.editing import History
from core.reports.plan import PlanSection
from core.reports.problems import Problem
from core.reports.views import ReportView

STYLE = """<style>
[data-testid="stMainBlockContainer"]:has(.st-key-builder_desk) { padding-left: 2.5rem; padding-right: 2.5rem }
.st-key-builder_form [class*="_open_"] button, .st-key-builder_form [class*="_open_"] button > div {
  justify-content: flex-start; text-align: left }
[class*="_menu_"] [data-testid="stMenuButtonButton"] > div > div[aria-hidden] { display: none }
@media (min-width: 1100px) {
  [data-testid="stColumn"]:has(.st-key-builder_form) { position: sticky; top: 4rem; align-self: flex-start }
  .st-key-builder_form { max-height: calc(100vh - 5rem); overflow-y: auto; padding: 2px 6px 2px 2px }
}
@media (max-width: 1099px) {
  .st-key-builder_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] { flex-wrap: wrap }
  .st-key-builder_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
    > [data-testid="stColumn"] { min-width: 100% }
}
</style>"""
"""The form stays in sight and scrolls by itself beside a long result; on a narrow screen it stands above."""

PANES = {"parts": "Parts", "days": "Days and scope", "look": "Readers and looks"}


def draw(ctx: Context, report_id: str) -> None:
    """The page below its title."""
    report = service.get(ctx, report_id) if report_id else None
    if report and not _may_build(report):
        return
    bench = benches.of(ctx, report_id)
    if bench.kept:
        _ask_about_kept(ctx, bench)
        return
    _bar(ctx, bench)
    _messages(ctx, bench)
    wrong = result.found(ctx, bench.plan)
    st.html(STYLE)
    with st.container(key="builder_desk"):
        left, right = st.columns([5, 7], gap="medium")
    with left, st.container(key="builder_form"):
        _form(ctx, bench, wrong)
    with right:
        result.draw_all(ctx, bench, wrong)


def _may_build(report: ReportView) -> bool:
    if not report.may_edit:
        st.warning(report_words.NOT_YOURS)
        return False
    if report.is_file:
        st.info("This report is written as a file.", icon=":material/code:")
        address = {"report": report.id}
        st.page_link(
            navigation.page("report-file"), label="Edit the file", icon=":material/edit:", query_params=address
        )
        return False
    return True


def _ask_about_kept(ctx: Context, bench: Bench) -> None:
    assert bench.kept
    zone = zone_of(ctx.workspace.time_zone)
    is_today = bench.kept.changed_at.astimezone(zone).date() == ctx.clock().astimezone(zone).date()
    when = _clock(ctx, bench.kept.changed_at) if is_today else report_words.moment(ctx, bench.kept.changed_at)
    with st.container(border=True, key="builder_kept"):
        name = plain(bench.kept.draft.name.strip())
        of = f"**{name}**" if name else "a report without a name"
        st.markdown(f":material/edit_note: You have an unsaved draft of {of} from {when}.")
        with st.container(horizontal=True):
            st.button("Go on", type="primary", key="kept_go_on", on_click=benches.go_on, args=(ctx, bench))
            st.button("Throw away", key="kept_throw_away", on_click=benches.throw_away, args=(ctx, bench))


def _bar(ctx: Context, bench: Bench) -> None:
    """What can be done with the whole."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="builder_bar"):
        key = bench.key("report_title")
        st.text_input(
            "Title", bench.plan.title, key=key, max_chars=200, placeholder="Weekly engineering health", width="stretch",
            on_change=lambda: benches.change(
                ctx, bench, lambda plan: editing.change_report(plan, title=str(st.session_state[key]).strip())
            ),
        )  # fmt: skip
        st.button(
            "Undo", icon=":material/undo:", key="builder_undo", shortcut="Ctrl+Z", disabled=not bench.history.can_undo,
            on_click=benches.undo, args=(ctx, bench),
        )  # fmt: skip
        st.button(
            "Redo", icon=":material/redo:", key="builder_redo", shortcut="Ctrl+Shift+Z",
            disabled=not bench.history.can_redo, on_click=benches.redo, args=(ctx, bench),
        )  # fmt: skip
        runs = ctx.may(Capability.RUN_REPORTS)
        saved = st.button("Save", key="report_save", type="secondary" if runs else "primary", icon=":material/save:")
        run = runs and st.button("Save and run", key="report_save_run", type="primary", icon=":material/play_arrow:")
    _state(ctx, bench)
    if saved or run:
        _save(ctx, bench, run=bool(run))


def _state(ctx: Context, bench: Bench) -> None:
    """Whether something is unsaved, and where it is kept."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="builder_state"):
        if not bench.report_id and not bench.history.can_undo:
            st.caption("Not saved yet. It begins with the headline numbers of the whole workspace.", width="content")
            st.button("Begin with an empty page", key="builder_empty", on_click=_empty, args=(ctx, bench), **_LINK)
            st.page_link(navigation.page("report-templates"), label="Begin with a template", icon=":material/apps:")
        elif not bench.is_changed:
            st.caption(":material/check: All changes are saved." if bench.report_id else "Not saved yet.")
        else:
            kept = f" Kept as a draft at {_clock(ctx, bench.kept_at)}." if bench.kept_at else ""
            st.caption(f":orange[:material/edit:] Unsaved changes.{kept}", width="content")
            st.button("Throw them away", key="builder_throw", on_click=benches.throw_away, args=(ctx, bench), **_LINK)


def _clock(ctx: Context, moment: datetime) -> str:
    return f"{moment.astimezone(zone_of(ctx.workspace.time_zone)):%H:%M}"


_LINK: Any = {"type": "tertiary"}


def _messages(ctx: Context, bench: Bench) -> None:
    if bench.wrong:
        st.warning(sentence(bench.wrong), icon=":material/info:")
    if bench.conflict:
        _conflict(ctx, bench)
    if bench.begun.is_made and not bench.is_changed:
        st.info(
            "Until now the parts of this report were made of its choices at each run. They are laid out here; once you"
            " save, they stay as you leave them.",
            icon=":material/info:",
        )  # fmt: skip


def _empty(ctx: Context, bench: Bench) -> None:
    benches.restructure(ctx, bench, lambda plan: plan.model_copy(update={"sections": (PlanSection(),)}))


def _conflict(ctx: Context, bench: Bench) -> None:
    with st.container(border=True, key="builder_conflict"):
        st.markdown(f":orange[:material/group:] {sentence(bench.conflict)} What shall become of yours?")
        with st.container(horizontal=True):
            if st.button("Save over it", key="conflict_over"):
                _save(ctx, bench, run=False, over=True)
            if st.button("Save mine as a new report", key="conflict_new"):
                _save_as_new(ctx, bench)
            st.button("Throw mine away", key="conflict_theirs", on_click=benches.throw_away, args=(ctx, bench))


def _form(ctx: Context, bench: Bench, wrong: list[Problem]) -> None:
    if bench.adding is not None and bench.adding < len(bench.plan.sections):
        picker.draw(ctx, bench, bench.adding)
        return
    pane = st.segmented_control(
        "Form", list(PANES), default="parts", format_func=PANES.__getitem__, required=True, key="builder_pane",
        label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    match pane:
        case "days":
            days.draw(ctx, bench)
        case "look":
            look.draw(ctx, bench)
        case _:
            outline.draw(ctx, bench, {one.key for one in wrong if one.place})


def _save(ctx: Context, bench: Bench, *, run: bool, over: bool = False) -> None:
    with guard.errors():
        try:
            report = drafts.save(ctx, bench.report_id, bench.draft, "" if over else bench.begun.based_on)
        except Conflict as error:
            bench.conflict = drafts.meanwhile(ctx, bench.report_id, bench.begun.based_on) or error.message
            st.rerun()
        _go_on_with(ctx, bench, report, run=run)


def _save_as_new(ctx: Context, bench: Bench) -> None:
    with guard.errors():
        name = f"{bench.draft.name} (2)"
        draft = bench.draft.model_copy(update={"name": name, "plan": editing.change_report(bench.plan, title=name)})
        report = drafts.save(ctx, "", draft, "")
        drafts.throw_away(ctx, bench.report_id)
        _go_on_with(ctx, bench, report, run=False)


def _go_on_with(ctx: Context, bench: Bench, report: ReportView, *, run: bool) -> None:
    """The same bench for what is saved now, the way back with it; or the report's page, where it runs."""
    benches.clear(ctx, bench.report_id)
    report_actions.say(f"'{report.name}' is saved.")
    fresh = benches.of(ctx, report.id)
    if run:
        _run(ctx, fresh)
    fresh.history = History(fresh.draft, bench.history.past) if bench.report_id == report.id else fresh.history
    fresh.edition = bench.edition + 1
    st.query_params["report"] = report.id
    st.rerun()


def _run(ctx: Context, fresh: Bench) -> None:
    """On to the report's page, where it runs; what is saved is saved, whatever forbids the run."""
    try:
        service.run_now(ctx, fresh.report_id)
    except SightlineError as error:
        fresh.wrong = error.message
        return
    report_actions.open_report(fresh.report_id)
