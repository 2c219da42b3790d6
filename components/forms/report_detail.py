"""One report's page: a run under way, its newest result, its configuration and its history."""

from __future__ import annotations

import streamlit as st

from components import guard, jobs, navigation
from components.draw.words import plain, sentence
from components.forms import report_actions, report_compare, report_result, report_words
from core.catalogue import METRICS
from core.context import Capability, Context
from core.documents import RENDERERS
from core.reports import folder, reading, service
from core.reports.outgoing import sendable
from core.reports.plan import ReportPlan, WidgetBlock
from core.reports.service import SEEN_BY
from core.reports.views import ReportView, RunView
from core.schedules import service as schedules
from core.schedules.views import ScheduleView

NAMED = 3
"""Recipients of a schedule that are named."""


def under_way(ctx: Context, found: list[RunView]) -> None:
    """The progress of a run that waits or runs, with a way to stop it."""
    for run in found:
        if run.status in ("pending", "running"):
            with st.container(border=True, key=f"under_way_{run.id}"):
                _progress(ctx, run.id)


def _progress(ctx: Context, run_id: str) -> None:
    jobs.progress(ctx, lambda now: service.run(now, run_id), key=run_id)
    if ctx.may(Capability.RUN_REPORTS) and st.button("Stop it", key=f"cancel_{run_id}", icon=":material/stop:"):
        with guard.errors():
            service.cancel(ctx, run_id)
            st.rerun()


def failure(found: list[RunView]) -> None:
    """Why the newest run failed, if it did: the result below is an older one."""
    newest = next((run for run in found if run.status not in ("pending", "running")), None)
    if newest and newest.status == "failed":
        older = " Below is the newest result that there is." if any(run.has_document for run in found) else ""
        text = f"The last run failed. {sentence(newest.error or '')}{older}"
        if newest.fault == "system":
            st.error(text, icon=":material/error:")
        else:
            st.warning(text, icon=":material/info:")
        st.page_link(
            navigation.page("report-failures"), label="What to do when a report fails", icon=":material/healing:"
        )


def result(ctx: Context, report: ReportView, found: list[RunView]) -> None:
    """The run that the address names, else the newest one with a result."""
    wanted = st.query_params.get("run", "")
    run = service.run(ctx, wanted) if wanted else reading.latest(ctx, report.id)
    if run and wanted and run.report_id == report.id:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"You look at the run of {report_words.moment(ctx, run.created_at)}.", width="content")
            if st.button("Show the newest", type="tertiary", key="newest"):
                del st.query_params["run"]
                st.rerun()
            if ctx.may(Capability.RUN_REPORTS) and run.version and report.is_active:
                _again(ctx, run)
    if run and run.report_id == report.id and run.has_document:
        _teams(run, found)
        report_result.show(ctx, run)
    elif run and wanted:
        st.warning(sentence(run.error or "This run has no result."), icon=":material/info:")
    elif not any(one.status in ("pending", "running") for one in found):
        _no_result(ctx, failed=bool(found))


def _no_result(ctx: Context, *, failed: bool) -> None:
    said = "It has no result yet."
    if ctx.may(Capability.RUN_REPORTS) and failed:
        said += " Mend what is said above, then choose **Run now**."
    elif ctx.may(Capability.RUN_REPORTS):
        said += " **Run now** makes the first one; it takes a few seconds."
    st.info(said, icon=":material/play_circle:")


def _teams(run: RunView, found: list[RunView]) -> None:
    """The teams that had a result of their own at the same time, to choose from."""
    if not run.portion:
        return
    alike = {one.portion: one.id for one in found if one.burst == run.burst and one.has_document}
    teams = sorted({*alike, run.portion}, key=str.casefold)
    chosen = st.selectbox(
        "Team", teams, teams.index(run.portion), key=f"team_of_{run.id}", width=320,
        help="Each team had a result of its own this time. Run now makes one of all.",
    )  # fmt: skip
    if chosen != run.portion:
        st.query_params["run"] = alike[chosen]
        st.rerun()


def _again(ctx: Context, run: RunView) -> None:
    """The same days by the same definition, with today's facts."""
    said = f"The days of this run by version {run.version} of the report, with what is known of them now"
    if st.button("Run it again", type="tertiary", key="again", icon=":material/replay:", help=said):
        with guard.errors():
            service.run_again(ctx, run.id)
            del st.query_params["run"]
            st.rerun()


def _naming(ctx: Context, report: ReportView) -> None:
    """Another name or description, without opening the builder."""
    with st.popover("Rename…", icon=":material/edit_note:", key="rename"), st.form("rename_form", border=False):
        name = st.text_input("Name", report.name, max_chars=200, key=f"rename_name_{report.id}")
        description = st.text_area("Description", report.description, key=f"rename_about_{report.id}", height=100)
        if st.form_submit_button("Save", type="primary"):
            with guard.errors():
                service.rename(ctx, report.id, name, description)
                report_actions.say(f"It is called '{name.strip()}' now.")
                st.rerun()


def configuration(ctx: Context, report: ReportView) -> None:
    """What was chosen, in words."""
    if report.may_edit:
        _naming(ctx, report)
    chosen = report_words.told(report)
    metrics = list(_metrics(report.report_plan) if report.report_plan else chosen.metrics)
    labels = ", ".join(METRICS.get(key).label for key in metrics if key in METRICS)
    rows = {
        "About": report_words.about(chosen),
        "Days": report_words.period(chosen),
        "Time zone": chosen.time_zone or "The workspace's",
        "Parts": _parts(report.report_plan) or "Planned at each run",
        "Numbers": labels or ("Those of its parts" if report.report_plan else "The headline numbers"),
        "Files kept with each run": ", ".join(RENDERERS.get(fmt).label for fmt in chosen.formats if fmt in RENDERERS)
        or "None",
        "Comes": _rhythm(ctx, report) or "When somebody runs it",
        "Sent to": _sent_to(report)
        or ("Whom its schedules name" if report.schedule_id else "Nobody, unless scheduled"),
        "Bots": "Counted" if chosen.include_bots else "Left out",
        "Runs with the rights of": plain(report.owner_name),
        "Seen by": SEEN_BY[report.visibility].capitalize(),
        "Plan": "Its own" if report.report_plan else "Made from these choices at each run",
    }
    lines = "\n".join(f"| **{name}** | {value} |" for name, value in rows.items())
    st.markdown(f"| What | Choice |\n| --- | --- |\n{lines}")
    st.page_link(
        navigation.page("schedules"), label="Schedules of this report", icon=":material/schedule:",
        query_params={"report": report.id},
    )  # fmt: skip
    text = folder.text_of(ctx, report.id)
    with st.expander("As text, to keep in git"):
        st.caption("`sightline report pull` writes every report so, and `push` takes them in again.")
        st.code(text, language="yaml", height=420)
        st.download_button("Download", text, f"{report.id}.yaml", "application/yaml", icon=":material/download:")


def _parts(plan: ReportPlan | None) -> str:
    if plan is None:
        return ""
    parts, headings = sum(len(section.blocks) for section in plan.sections), len(plan.sections)
    return f"{parts} part{'s' * (parts != 1)} under {headings} heading{'s' * (headings != 1)}"


def _sent_to(report: ReportView) -> str:
    outputs = sendable(report.report_plan).items()
    return ", ".join(f"{plain(name)} by {plain(one.connection)}" for name, one in outputs)


def _rhythm(ctx: Context, report: ReportView) -> str:
    """When its schedules let it come: "Every Monday at 09:00 UTC, to Platform (team)"."""
    return "; ".join(
        f"{one.sentence[:1].upper()}{one.sentence[1:]}{_whom(one)}{'' if one.is_active else ' (paused)'}"
        for one in schedules.schedules(ctx, report.id)
    )


def _whom(one: ScheduleView) -> str:
    more = len(one.names) - NAMED
    told = ", ".join(plain(name) for name in one.names[:NAMED])
    return f", to {told}{f' and {more} more' if more > 0 else ''}" if told else ""


def _metrics(plan: ReportPlan) -> dict[str, None]:
    """Metrics that its parts name, each once."""
    found: dict[str, None] = {}
    for section in plan.sections:
        for block in section.blocks:
            if isinstance(block, WidgetBlock):
                several = block.params.get("metrics")
                named = [block.params.get("metric"), *(several if isinstance(several, list) else ())]
                found |= dict.fromkeys(str(key) for key in named if key)
    return found


def history(ctx: Context, found: list[RunView]) -> None:
    """Every run, the newest first; choosing one shows its result."""
    if not found:
        st.caption("It has not run yet.")
        return
    chosen = st.dataframe(
        [
            {
                "Asked for": report_words.moment(ctx, run.created_at),
                "Status": jobs.WORDS.get(run.status, run.status),
                "Days": report_words.days(run, ctx.workspace.time_zone),
                "Took": report_words.took(run),
                "Version": run.version,
                **({"Team": run.portion} if any(one.portion for one in found) else {}),
                "Trigger": report_words.TRIGGERS.get(run.triggered_by, run.triggered_by),
                "Attempts": run.attempt,
                "Remark": run.error or "",
            }
            for run in found
        ],
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key="history",
    )
    rows = chosen["selection"]["rows"]
    if len(rows) == 2:
        with guard.errors():
            report_compare.draw(ctx, *(found[row] for row in rows))
        return
    st.caption("Choose a line to see what that run made, or two to compare them.")
    if len(rows) == 1 and st.button("Show its result", key="history_show", type="primary"):
        st.query_params["run"] = found[rows[0]].id
        st.query_params["tab"] = "Result"
        del st.session_state["history"]
        st.rerun()
