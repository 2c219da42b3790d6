"""A report file to the one plan that every report is run from."""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.choice import ThemeChoice
from core.reports.code.file import ReportFile, ViewEntry
from core.reports.plan import (
    Block,
    NarrativeBlock,
    PageBreak,
    PlanDatasource,
    PlanOutput,
    PlanSection,
    ProseBlock,
    ReportPlan,
    ViewBlock,
    WidgetBlock,
    Window,
)
from core.views.registry import VIEWS

UNTITLED = "Report"
STATIC = {"static": PlanOutput(plugin="static")}
"""Where a report goes whose file names no output."""


def compiled(file: ReportFile, *, start: str = "", end: str = "") -> ReportPlan:
    """The plan of `file`; `start` and `end` take the place of its own dates."""
    return ReportPlan(
        title=file.title or UNTITLED,
        description=file.description,
        window=Window(
            compare="none",
            time_zone=file.timezone,
            start=start or file.start_date,
            end=end or file.end_date,
            interval_days=file.interval_days or (None if start or file.start_date else 7),
        ),
        theme=None if file.theme == ThemeChoice() else file.theme,
        datasources={name: PlanDatasource(**entry.model_dump()) for name, entry in file.datasources.items()},
        outputs=STATIC if file.outputs is None else {k: PlanOutput(**v.model_dump()) for k, v in file.outputs.items()},
        sections=tuple(_sections(file)),
    )


def _sections(file: ReportFile) -> Iterator[PlanSection]:
    """The views in sections; each view of the plugin "section" begins one."""
    open_now, blocks = PlanSection(), list[Block]()
    begun = False
    for name, view in file.views.items():
        if view.plugin == "section":
            if begun:
                yield open_now.model_copy(update={"blocks": tuple(blocks)})
            open_now, blocks = PlanSection(title=view.title, intro=_words(view)), []
        else:
            blocks.append(_block(name, view, file.theme.num_columns))
        begun = True
    yield open_now.model_copy(update={"blocks": tuple(blocks)})


def _words(view: ViewEntry) -> str:
    return str(view.args.get("markdown") or view.description)


def _block(name: str, view: ViewEntry, columns: int) -> Block:
    width = min(view.cols or columns, columns)
    if view.plugin == "page_break":
        return PageBreak()
    if view.plugin == "text":
        return ProseBlock(title=view.title, markdown=_words(view), columns=width)
    if view.plugin == "narrative":
        return NarrativeBlock(title=view.title, columns=width, **view.args)
    if view.plugin in VIEWS:
        return ViewBlock(
            id=name, view=view.plugin, title=view.title, description=view.description, args=view.args, columns=width
        )
    if _is_widget(view.plugin):
        return WidgetBlock(widget=view.plugin, params=_titled(view), columns=width)
    return ViewBlock(id=name, view=view.plugin, title=view.title, args=view.args, columns=width)


def _titled(view: ViewEntry) -> dict[str, object]:
    return {**({"title": view.title} if view.title else {}), **view.args}


def _is_widget(plugin: str) -> bool:
    """Whether it is a widget of ours. Only asked when no view has the name, since widgets bring the whole catalogue."""
    from core.widgets import WIDGETS

    return plugin in WIDGETS
