"""A plan to a report file, so that it can live beside the code it reports on. What the format cannot say is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.reports.plan import (
    COMPARISONS,
    Block,
    NarrativeBlock,
    PageBreak,
    ProseBlock,
    ReportPlan,
    ViewBlock,
    WidgetBlock,
    Window,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A report file, and what of the plan is not in it."""

    text: str
    lost: tuple[str, ...]
    """A sentence each."""


def written(plan: ReportPlan) -> Written:
    """The plan as YAML, as its author wrote it where it came from a file. Reading it back gives what is not lost."""
    import yaml

    if plan.file:
        return Written(plan.file, ())
    lost = tuple(_lost(plan))
    head = "".join(f"# Not said in this file: {sentence}\n" for sentence in lost)
    body = yaml.safe_dump(_file(plan), sort_keys=False, allow_unicode=True, width=110)
    return Written(head + body, lost)


def _file(plan: ReportPlan) -> dict[str, Any]:
    told = {
        "title": plan.title,
        "description": plan.description,
        **_dates(plan.window),
        "timezone": plan.window.time_zone,
        "theme": plan.theme.model_dump(mode="json", exclude_defaults=True) if plan.theme else {},
        "datasources": {name: one.model_dump(exclude_defaults=True) for name, one in plan.datasources.items()},
        "views": dict(_views(plan)),
        "outputs": {name: one.model_dump(exclude_defaults=True) for name, one in plan.outputs.items()},
    }
    return {name: value for name, value in told.items() if value or name in ("views", "outputs")}


def _dates(window: Window) -> dict[str, Any]:
    if window.start or window.end or window.interval_days:
        return {"start_date": window.start, "end_date": window.end, "interval_days": window.interval_days}
    if days := _last_days(window.range):
        return {"interval_days": days}
    first, found, last = window.range.partition("..")
    if found:
        return {"start_date": first, "end_date": str(date.fromisoformat(last) + timedelta(days=1))}
    return {}


def _last_days(name: str) -> int:
    found = re.fullmatch(r"last_(\d+)_days", name)
    return int(found[1]) if found else 0


def _views(plan: ReportPlan) -> Iterator[tuple[str, dict[str, Any]]]:
    whole = plan.theme.num_columns if plan.theme else 6
    taken: set[str] = set()
    for section in plan.sections:
        if section.title or section.intro or section is not plan.sections[0]:
            words = {"args": {"markdown": section.intro}} if section.intro else {}
            yield _named("section", taken), {"plugin": "section", **_titled(section.title), **words}
        for block in section.blocks:
            wish, told = _view(block, whole)
            yield _named(wish, taken), told


def _view(block: Block, whole: int) -> tuple[str, dict[str, Any]]:
    if isinstance(block, PageBreak):
        return "page_break", {"plugin": "page_break"}
    width = {} if block.columns == whole else {"cols": block.columns}
    if isinstance(block, ProseBlock):
        return "text", {"plugin": "text", **_titled(block.title), **width, "args": {"markdown": block.markdown}}
    if isinstance(block, NarrativeBlock):
        return "narrative", {"plugin": "narrative", **_titled(block.title), **width, **_narrative(block)}
    if isinstance(block, WidgetBlock):
        told = dict(block.params) | _titled(block.title)
        args = {"args": told} if told else {}
        return block.widget.replace(".", "_"), {"plugin": block.widget, **width, **args}
    return block.id, _of_view(block, width)


def _narrative(block: NarrativeBlock) -> dict[str, Any]:
    args = block.model_dump(mode="json", include={"about", "parts", "voice"}, exclude_defaults=True)
    return {"args": args} if args else {}


def _of_view(block: ViewBlock, width: dict[str, Any]) -> dict[str, Any]:
    words = {"description": block.description} if block.description else {}
    args = {"args": dict(block.args)} if block.args else {}
    return {"plugin": block.view, **_titled(block.title), **words, **width, **args}


def _titled(title: str) -> dict[str, str]:
    return {"title": title} if title else {}


def _named(wish: str, taken: set[str]) -> str:
    name, number = wish, 2
    while name in taken:
        name, number = f"{wish}_{number}", number + 1
    taken.add(name)
    return name


def _lost(plan: ReportPlan) -> Iterator[str]:
    window, scope = plan.window, plan.scope
    if not _dates(window):
        yield f"the range '{window.range}': a file has dates or a number of days; without them it is the last 7 days."
    if window.compare != "none":
        yield f"the comparison with '{COMPARISONS[window.compare].lower()}'."
    if refs := (*scope.teams, *scope.repos, *scope.people, *scope.components):
        named = ", ".join(scope.names.get(ref, ref) for ref in refs)
        yield f"that it is narrowed to {named}."
    if scope.include_bots:
        yield "that bots are counted."
    for block in plan.widgets():
        if block.scope or block.range or block.compare or block.description:
            yield f"the filters, days, comparison or description of '{block.title or block.widget}' alone."
    if plan.audience:
        yield f"the audience '{plan.audience}'."
