"""A run's frozen document on the page, with its downloads and where its numbers come from."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import draw, explain
from components.draw.words import plain
from components.forms import report_ask, report_sent, report_words
from core.base.counted import counted
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.documents import RENDERERS, Document, wording
from core.exports import service as exports
from core.figures import STORE, Figure
from core.reports import exporting, reading, runs
from core.reports.views import RunView

Counted = list[tuple[Figure, Scope]]


def show(ctx: Context, run: RunView) -> None:
    """The document as its readers may see it."""
    document = _document(run.id, ctx.seen_as(), ctx)
    reading.read(ctx, run.id)
    _about(ctx, run, document)
    _since(ctx, run)
    _downloads(ctx, run)
    report_sent.show(ctx, run)
    explain.chooser(ctx, *_counted(run.id, ctx.seen_as(), ctx.workspace.data_version, ctx))
    report_ask.way()
    _missing(run)
    for notice in document.notices:
        draw.figure(ctx, notice)
    sections(ctx, document, run.id, lambda key: report_ask.place(run.id, key))
    _origins(run, document)
    report_ask.show(ctx, run, document)


def _since(ctx: Context, run: RunView) -> None:
    """That a run made anew could tell other numbers."""
    if at := runs.changed_since(ctx, run):
        st.caption(
            f":material/history: Data of these days changed on {report_words.moment(ctx, at)}. This result keeps its"
            " numbers; run the report again to see what they are now."
        )


def sections(ctx: Context, document: Document, key: str, place: draw.Place | None = None) -> None:
    """Every section with its figures, as on a report's page."""
    for number, section in enumerate(document.sections):
        if section.title:
            st.subheader(plain(section.title), anchor=False)
        if section.intro:
            st.markdown(plain(section.intro))
        draw.figures(ctx, section.drawn, key=f"{key}-{number}", whole=document.columns, place=place)


def _about(ctx: Context, run: RunView, document: Document) -> None:
    parts = [f"**{document.period_label}**"]
    if document.comparison_label:
        parts.append(f"compared with {document.comparison_label}")
    parts += [plain(one) for one in document.filters]
    st.markdown(" · ".join(parts))
    said = [f"Made {report_words.moment(ctx, run.finished_at)}", f"in {report_words.took(run)}"]
    said += [report_words.TRIGGERS.get(run.triggered_by, run.triggered_by).lower()]
    said += [f"with the rights of {plain(document.author)}"] if document.author else []
    if document.watermark:
        said.append(f"data complete up to {report_words.moment(ctx, document.watermark)}")
    st.caption(" · ".join(said))


def _downloads(ctx: Context, run: RunView) -> None:
    """A button for every format; a file that is not kept yet is made from the same frozen numbers."""
    if not ctx.may(Capability.EXPORT):
        return
    kept = {one.format for one in exports.exports(ctx, run_id=run.id) if one.status == "success"}
    with st.container(horizontal=True, key=f"downloads_{run.id}"):
        for renderer in sorted(RENDERERS, key=lambda one: one.key not in kept):
            st.download_button(
                renderer.label, data=_content(ctx, run.id, renderer.key), key=f"download_{run.id}_{renderer.key}",
                file_name=_file_name(run.id, renderer.key, ctx.seen_as(), ctx), on_click="ignore",
                icon=":material/download:", type="secondary" if renderer.key in kept else "tertiary",
                help="Kept with this run" if renderer.key in kept else "Made when you ask, from the same numbers",
            )  # fmt: skip


def _content(ctx: Context, run_id: str, fmt: str) -> Callable[[], bytes]:
    return lambda: exporting.download(ctx, run_id, fmt).content


def _missing(run: RunView) -> None:
    if run.status != "partial":
        return
    lines = "\n".join(f"- {plain(one)}" for one in run.failures)
    st.warning(f"Some parts are missing from this result:\n{lines}", icon=":material/report:")


def _origins(run: RunView, document: Document) -> None:
    with st.expander("Where these numbers come from", key=f"origins_{run.id}", on_change="rerun") as shown:
        if not shown.open:
            return
        st.caption(
            "One line for each question that was asked: with the query and its parameters it can be asked again."
        )
        st.dataframe(
            [
                {
                    "Part": one.block,
                    "Source": one.datasource,
                    "Metrics": ", ".join(one.metrics),
                    "Facts": ", ".join(one.facts),
                    "Rows": one.rows,
                    "Left out": wording.left_out_text(one.excluded),
                    "Complete up to": one.watermark,
                    "Milliseconds": round(one.duration_ms, 1),
                    "Query": wording.query_text(one) or one.query_hash[:12],
                }
                for one in document.origins()
            ],
            hide_index=True,
            placeholder=wording.DASH,
        )
        _queries(document)


def _queries(document: Document) -> None:
    """What a report file asked, in its own words."""
    for one in document.sources():
        if one.datasource == STORE or not one.query:
            continue
        took = wording.duration_text(one.duration_ms)
        st.caption(f"**{plain(one.block)}** asked {plain(one.datasource)}: {counted(one.rows, 'row')} in {took}")
        st.code(one.query, language=_language(one.query), wrap_lines=True)


def _language(query: str) -> str | None:
    return "sql" if query.lstrip("( \n").lower().startswith(("select", "with", "--", "/*")) else None


@st.cache_resource(max_entries=64, show_spinner=False)
def _document(run_id: str, seen_as: str, _ctx: Context) -> Document:
    """Frozen, so it is read once; whether this reader may see the run at all was asked before."""
    return reading.document(_ctx, run_id)


@st.cache_resource(max_entries=64, ttl="10m", show_spinner=False)
def _counted(run_id: str, seen_as: str, data_version: int, _ctx: Context) -> tuple[Scope, Counted]:
    """What the run is about, and each of its figures; asked again when people or teams changed."""
    document = _document(run_id, seen_as, _ctx)
    return reading.scope(_ctx, run_id), reading.counted(_ctx, run_id, document.figures())


@st.cache_data(max_entries=512, show_spinner=False)
def _file_name(run_id: str, fmt: str, seen_as: str, _ctx: Context) -> str:
    return exporting.file_name(_document(run_id, seen_as, _ctx), fmt)
