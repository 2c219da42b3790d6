"""A report file in the browser: the editor, what is wrong with it, what it would show, and saving it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import streamlit as st

from components import draw as drawing
from components import guard, navigation, yaml_editor
from components.draw.words import plain
from components.forms import report_actions, report_words
from core.context import Capability, Context
from core.documents import Document
from core.reports import service
from core.reports.code import drafts
from core.reports.code.drafts import Draft
from core.reports.service import VISIBILITIES

STARTER = """\
title: Weekly numbers
interval_days: 7

datasources:
  us:
    plugin: metrics        # or a database: connection: NAME, as it is called under Connections

views:
  commits:
    plugin: single_stat
    title: Commits
    cols: 2
    args:
      datasource: us
      query: commits_count
  by_day:
    plugin: plot
    title: Commits a day
    cols: 4
    args:
      datasource: us
      query: commits_count by day
      kind: bar
  teams:
    plugin: table
    title: By team
    args:
      datasource: us
      query: commits_count, prs_merged by team

# outputs:                 # after each run, by what is registered under Connections
#   chat:
#     connection: team-slack
#     args: {channels: ["#ops"]}
"""
ICONS = {"error": ":material/error:", "warning": ":material/info:"}
MOST = 30


@dataclass
class _Desk:
    """What the page keeps between runs."""

    of: str
    """Id of the report that is edited; empty for a new one."""
    text: str
    version: str
    shown: str = ""
    """The text that the preview was made of."""
    document: Document | None = None
    failures: tuple[str, ...] = ()


def draw(ctx: Context, report_id: str) -> None:
    """The editor beside its problems and its result."""
    report = service.get(ctx, report_id) if report_id else None
    if report and not report.may_edit:
        st.warning(report_words.NOT_YOURS)
        return
    desk = _desk(ctx, report_id)
    _upload(desk)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        place = st.container()
        # The marks come from the text as it was sent last: that is what the browser shows now.
        draft = drafts.drafted(ctx, _written(desk))
        with place:
            desk.text = yaml_editor.draw(desk.text, desk.version, _marks(draft), key=f"yaml_{desk.version}")
        _buttons(ctx, desk, draft, report_id)
    with right:
        _problems(draft)
        _result(ctx, desk)


def _desk(ctx: Context, report_id: str) -> _Desk:
    desk: _Desk | None = st.session_state.get("_report_code")
    if desk is None or desk.of != report_id:
        text = STARTER
        if report_id:
            made = drafts.source(ctx, report_id)
            text = made.text
        desk = st.session_state["_report_code"] = _Desk(report_id, text, uuid4().hex[:8])
    return desk


def _written(desk: _Desk) -> str:
    """What the editor holds in this run."""
    state = st.session_state.get(f"yaml_{desk.version}")
    text = getattr(state, "text", None) if state is not None else None
    return str(text) if text is not None else desk.text


def _upload(desk: _Desk) -> None:
    with st.expander("Open a file", icon=":material/upload_file:"):
        given = st.file_uploader("A report file in YAML", type=["yaml", "yml"], key=f"yaml_file_{desk.version}")
        if given is not None:
            try:
                desk.text = given.getvalue().decode("utf-8-sig")
            except UnicodeDecodeError:
                st.warning("This file is not text in UTF-8. Save it as UTF-8 and open it again.")
                return
            desk.version, desk.document = uuid4().hex[:8], None
            st.rerun()


def _marks(draft: Draft) -> list[yaml_editor.Mark]:
    """The first problem of each line; errors go before warnings."""
    marks: dict[int, yaml_editor.Mark] = {}
    for problem in sorted(draft.problems, key=lambda one: one.level):
        line = problem.place.line
        marks.setdefault(line, {"line": line, "level": problem.level, "text": problem.sentence})
    return list(marks.values())


def _buttons(ctx: Context, desk: _Desk, draft: Draft, report_id: str) -> None:
    visibility = "workspace"
    if not report_id:
        visibility = st.radio(
            "Who sees it", list(VISIBILITIES), format_func=VISIBILITIES.__getitem__, key="code_visibility"
        )
    with st.container(horizontal=True):
        if st.button("Preview", icon=":material/visibility:", type="primary", key="code_preview", shortcut="Alt+P"):
            _preview(ctx, desk, draft)
        saved = st.button("Save", icon=":material/save:", key="code_save")
        run = ctx.may(Capability.RUN_REPORTS) and st.button("Save and run", key="code_save_run")
        st.download_button(
            "Download", desk.text, "report.yaml", "application/yaml", icon=":material/download:", on_click="ignore",
            key="code_download",
        )  # fmt: skip
    if saved or run:
        with guard.errors():
            kept = drafts.save(ctx, draft.text, report_id=report_id, visibility=visibility)
            if run:
                service.run_now(ctx, kept.id)
            del st.session_state["_report_code"]
            report_actions.say(f"'{kept.name}' is saved.")
            st.switch_page(navigation.page("report"), query_params={"report": kept.id})


def _preview(ctx: Context, desk: _Desk, draft: Draft) -> None:
    with guard.errors(), st.spinner("Asking the datasources …"):
        made = drafts.preview(ctx, draft)
        desk.shown, desk.document, desk.failures = draft.text, made.document, made.failures


def _problems(draft: Draft) -> None:
    errors = sum(problem.level == "error" for problem in draft.problems)
    if not draft.problems:
        st.success("Nothing is wrong with this file.", icon=":material/check_circle:")
        return
    said = f"{errors} to mend" if errors else "It can run"
    rest = len(draft.problems) - errors
    with st.container(border=True, key="code_problems"):
        st.markdown(f"**{said}**" + (f" · {rest} to note" if rest else ""))
        for problem in draft.problems[:MOST]:
            where = f"line {problem.place.line}, column {problem.place.column}"
            st.markdown(f"{ICONS[problem.level]} **{where}** {plain(problem.sentence)}")
        if len(draft.problems) > MOST:
            st.caption(f"… and {len(draft.problems) - MOST} more.")


def _result(ctx: Context, desk: _Desk) -> None:
    document = desk.document
    if document is None:
        st.info(
            "**Preview** shows here what the file makes of today's data. Nothing is sent.", icon=":material/visibility:"
        )
        return
    if desk.shown != desk.text:
        st.caption("The file has changed since this preview was made.")
    st.subheader(plain(document.title), anchor=False)
    st.caption(f"{document.period_label} · {document.time_zone}")
    for number, section in enumerate(document.sections):
        if section.title:
            st.markdown(f"#### {plain(section.title)}")
        if section.intro:
            st.markdown(plain(section.intro))
        drawing.figures(ctx, section.blocks, key=f"preview-{number}", whole=document.columns)
