"""What a part of a report is called, looks like and begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.catalogue import METRICS
from core.context import Context
from core.reports.plan import Block, NarrativeBlock, PageBreak, ProseBlock, ViewBlock, WidgetBlock
from core.reports.planner import HEADLINES
from core.widgets import WIDGETS, Widget

FAMILIES = {
    "Numbers and trends": ("metric", "changes", "productivity", "anomalies"),
    "Comparisons": ("compare",),
    "Pull requests and reviews": ("pulls", "reviews"),
    "People and teams": ("person", "people", "workload", "workspace", "collaboration"),
    "Code and skills": ("code", "skills"),
    "Time": ("activity", "zones"),
    "About the data": ("data",),
}
"""By the first word of a widget's key."""
SENTENCES = "Summary in sentences"
WORDS, OTHERS = "Words and pages", "From plugins"
ICONS = {
    "stat": "123", "series": "show_chart", "table": "table_chart", "network": "hub", "prose": "notes",
    "narrative": "auto_stories",
    "page_break": "insert_page_break", "view": "database", "notice": "info",
}  # fmt: skip
WIDTHS = {"stat": 2, "series": 3}
"""Columns that a shape begins with; others take the whole width."""
BEGINNING = "**{{ workspace }}**, {{ period }}\n\n- What went well:\n- What to look at next:\n"


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the picker."""

    key: str
    title: str
    about: str
    icon: str
    family: str


def offers() -> list[Offer]:
    """Everything that a report may be made of."""
    return [
        Offer("narrative", SENTENCES, "What the figures say, in sentences made of them.", _icon("narrative"), WORDS),
        Offer("prose", "Words", "Text of your own, with variables such as the period.", _icon("prose"), WORDS),
        *(Offer(one.key, one.title, one.about, _icon(one.shape), family(one.key)) for one in WIDGETS),
        Offer("page_break", "Page break", "What follows begins on a new page, in PDF.", _icon("page_break"), WORDS),
    ]


def family(key: str) -> str:
    first = key.partition(".")[0]
    return next((name for name, words in FAMILIES.items() if first in words), OTHERS)


def matching(words: str, chosen: str) -> list[Offer]:
    """Offers of a family in which every word occurs."""
    wanted = words.casefold().split()
    return [
        one
        for one in offers()
        if (not chosen or one.family == chosen)
        and all(word in f"{one.title} {one.about} {one.family}".casefold() for word in wanted)
    ]


def made(ctx: Context, key: str, metric: str) -> Block:
    """A block to begin with: it shows something at once wherever that is possible."""
    if key == "prose":
        return ProseBlock(markdown=BEGINNING)
    if key == "narrative":
        return NarrativeBlock()
    if key == "page_break":
        return PageBreak()
    widget = WIDGETS.get(key)
    return WidgetBlock(widget=key, params=_beginning(ctx, widget, metric), columns=WIDTHS.get(widget.shape, 6))


def _beginning(ctx: Context, widget: Widget[Any], metric: str) -> dict[str, Any]:
    params: dict[str, Any] = {}
    fields = widget.params.model_fields
    if "metric" in fields:
        params["metric"] = metric
    if "metrics" in fields and fields["metrics"].is_required():
        params["metrics"] = list(dict.fromkeys([metric, *(key for key in HEADLINES if key in METRICS)]))
    if widget.key.startswith("person."):
        params["person"] = next(iter(_people(ctx)), "")
    if widget.key == "compare.single":
        params |= {"of": "period", "subject": "now"}
    return params


def _people(ctx: Context) -> list[str]:
    from components import choices

    return [one for one in choices.people(ctx) if ctx.sees_person(one)]


def icon(block: Block) -> str:
    if isinstance(block, WidgetBlock):
        return _icon(WIDGETS.get(block.widget).shape if block.widget in WIDGETS else "notice")
    return _icon(block.kind)


def _icon(shape: str) -> str:
    return f":material/{ICONS.get(shape, 'widgets')}:"


def kind(block: Block) -> str:
    """What a block is, in a word or two."""
    if isinstance(block, WidgetBlock):
        return WIDGETS.get(block.widget).title if block.widget in WIDGETS else block.widget
    if isinstance(block, ViewBlock):
        return "View of a datasource"
    if isinstance(block, NarrativeBlock):
        return SENTENCES
    return "Page break" if isinstance(block, PageBreak) else "Words"


def title(block: Block) -> str:
    """What tells a block from its neighbours."""
    if isinstance(block, PageBreak):
        return "Page break"
    if isinstance(block, NarrativeBlock):
        return block.title or SENTENCES
    if isinstance(block, ProseBlock):
        first = next((line.strip("#*- ") for line in block.markdown.splitlines() if line.strip("#*- ")), "")
        return block.title or first[:60] or "Words"
    if isinstance(block, ViewBlock):
        return block.title or block.id
    return block.title or str(block.params.get("title") or "") or _of_metric(block)


def _of_metric(block: WidgetBlock) -> str:
    key = str(block.params.get("metric", ""))
    return f"{METRICS.get(key).label}" if key in METRICS else kind(block)
