"""What can be done to a report: buttons with their confirmations, and what they say afterwards."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import guard, navigation
from components.draw.words import plain
from components.forms import report_words
from core.context import Capability, Context
from core.reports import service, templates
from core.reports.views import ReportView

_SAID = "_report_said"
_DELETED = "_report_deleted"


def note(ctx: Context) -> None:
    """What the last action did, once; after a deletion, the way back."""
    if said := st.session_state.pop(_SAID, ""):
        st.toast(said, icon=":material/check:")
    deleted = st.session_state.get(_DELETED)
    if not deleted or deleted[0] != ctx.workspace.id:
        return
    _, report_id, name = deleted
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="report_undo"):
        st.markdown(f":material/delete: **{plain(name)}** was deleted, with its schedule.", width="stretch")
        if st.button("Undo", icon=":material/undo:", key="report_undo_button"):
            with guard.errors():
                service.restore(ctx, report_id)
                del st.session_state[_DELETED]
                say(f"'{name}' is back.")
                st.rerun()
        if st.button("Close", type="tertiary", key="report_undo_close"):
            del st.session_state[_DELETED]
            st.rerun()


def say(text: str) -> None:
    """Have `note` say this after the next rerun."""
    st.session_state[_SAID] = text


def open_report(report_id: str) -> None:
    st.switch_page(navigation.page("report"), query_params={"report": report_id})


def new(ctx: Context) -> None:
    """The button for a new report."""
    if not ctx.may(Capability.EDIT_REPORTS):
        st.caption(f"Your role '{ctx.actor.role}' may read reports. Members, managers and admins make and run them.")
        return
    with st.container(horizontal=True):
        if st.button("New report", type="primary", icon=":material/add:", key="report_new"):
            st.switch_page(navigation.page("report-builder"))
        if st.button("From a template", icon=":material/dashboard_customize:", key="report_new_template"):
            st.switch_page(navigation.page("report-templates"))
        if st.button(
            "Write it as a file", icon=":material/code:", key="report_new_file", help="In YAML, or upload one"
        ):
            st.switch_page(navigation.page("report-file"))


def row(ctx: Context, report: ReportView, *, opens: bool) -> None:
    """The buttons of one report; `opens` adds the one that leads to its page."""
    key = report.id
    with st.container(horizontal=True, key=f"report_actions_{key}"):
        if opens and st.button("Open", key=f"open_{key}", icon=":material/description:"):
            open_report(report.id)
        if ctx.may(Capability.RUN_REPORTS) and st.button(
            "Run now", key=f"run_{key}", icon=":material/play_arrow:", type="secondary" if opens else "primary",
            disabled=not report.is_active, help=plain(report.paused_reason) or None,
        ):  # fmt: skip
            _run(ctx, report)
        if report.may_edit and st.button("Edit", key=f"edit_{key}", icon=":material/edit:"):
            place = "report-file" if report.is_file else "report-builder"
            st.switch_page(navigation.page(place), query_params={"report": report.id})
        made_by_form = report.may_edit and not report.is_file
        if not opens and made_by_form and st.button("As a file", key=f"code_{key}", icon=":material/code:"):
            st.switch_page(navigation.page("report-file"), query_params={"report": report.id})
        if ctx.may(Capability.EDIT_REPORTS):
            _clone(ctx, report)
        if not opens and ctx.may(Capability.SCHEDULE_REPORTS):
            _schedule(report)
        if not opens and ctx.may(Capability.EDIT_REPORTS):
            _more(ctx, report)
        if report.is_mine:
            delete(ctx, report)


def paused(ctx: Context, report: ReportView) -> None:
    """Why a report does not run, and what can be done about it."""
    if report.is_active:
        return
    with st.container(border=True, key="report_paused"):
        st.markdown(f":material/pause_circle: {plain(report.paused_reason or 'This report is paused.')}")
        if (
            ctx.may(Capability.MANAGE_WORKSPACE)
            and not report.archived_at
            and st.button("Take it over", key="report_take_over")
        ):
            _do(lambda: service.take_over(ctx, report.id), f"'{report.name}' is yours, and runs again.")
        elif report.archived_at and report.is_mine and st.button("Take it back", key="report_unarchive"):
            _do(lambda: service.unarchive(ctx, report.id), f"'{report.name}' is back, and runs again.")
        elif report.may_edit and not report.archived_at and st.button("Make it active", key="report_activate"):
            _do(lambda: service.update(ctx, report.id, is_active=True), f"'{report.name}' runs again.")


def bring_back(ctx: Context, report: ReportView) -> None:
    """The way back for a report that was deleted."""
    st.caption(f"Deleted {report_words.moment(ctx, report.deleted_at)}. It goes for good after 30 days.")
    if report.is_mine and st.button("Bring it back", key=f"restore_{report.id}", icon=":material/undo:"):
        _do(lambda: service.restore(ctx, report.id), f"'{report.name}' is back.")


def _schedule(report: ReportView) -> None:
    if st.button("Schedule", key=f"schedule_{report.id}", icon=":material/schedule:"):
        st.switch_page(navigation.page("schedules"), query_params={"report": report.id})


def _run(ctx: Context, report: ReportView) -> None:
    with guard.errors():
        service.run_now(ctx, report.id)
        open_report(report.id)


def _clone(ctx: Context, report: ReportView) -> None:
    with st.popover("Clone…", icon=":material/content_copy:", key=f"clone_{report.id}"):
        name = st.text_input("Name of the copy", f"Copy of {report.name}", key=f"clone_name_{report.id}")
        if st.button("Clone", type="primary", key=f"clone_do_{report.id}"):
            with guard.errors():
                made = service.clone(ctx, report.id, name)
                say(f"'{made.name}' is yours to change.")
                open_report(made.id)


def _more(ctx: Context, report: ReportView) -> None:
    with st.popover("More…", key=f"more_{report.id}"):
        name = st.text_input("Name of the template", report.name, key=f"template_name_{report.id}", max_chars=200)
        if st.button("Save as template", key=f"template_do_{report.id}", icon=":material/dashboard_customize:"):
            with guard.errors():
                templates.save_as(ctx, report.id, name)
                say(f"'{name}' is among the templates.")
                st.switch_page(navigation.page("report-templates"))
        if report.is_mine and report.archived_at is None:
            st.divider()
            st.caption("An archived report keeps its results. It neither runs nor goes out until you take it back.")
            if st.button("Archive it", key=f"archive_{report.id}", icon=":material/archive:"):
                _do(lambda: service.archive(ctx, report.id), f"'{report.name}' is archived.")


def delete(ctx: Context, report: ReportView) -> None:
    """The button that takes a report away, after a question."""
    with st.popover("Delete…", icon=":material/delete:", key=f"delete_{report.id}"):
        st.markdown(
            f"**{plain(report.name)}** goes away with its schedule and its results. You can undo this for 30 days."
        )
        if st.button("Delete the report", type="primary", key=f"delete_do_{report.id}"):
            with guard.errors():
                service.delete(ctx, report.id)
                st.session_state[_DELETED] = (ctx.workspace.id, report.id, report.name)
                st.switch_page(navigation.page("reports"))


def _do(verb: Callable[[], object], said: str) -> None:
    with guard.errors():
        verb()
        say(said)
        st.rerun()
