"""An author's words: Markdown in which variables stand for what the report is about, worked out in a sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from core.base.errors import BadInput, did_you_mean
from core.base.period import zone_of
from core.figures import Figure, Notice, Prose
from core.reports.assembly import placed
from core.reports.plan import ProseBlock, ReportPlan

VARIABLES = {
    "title": "The report's title",
    "description": "Its description",
    "period": "Its first and last day",
    "comparison": "The days that it is compared with",
    "scope": "The teams, repositories, people and components that it is about",
    "audience": "Whom it is written for",
    "workspace": "The workspace's name",
    "time_zone": "Where its days begin at midnight",
    "made": "The day on which it is made",
}
"""What may stand between two braces, and what it says."""
EVERYTHING = "everything"
"""The scope of a report that is narrowed to nothing."""
LONGEST = 20_000


def values(
    plan: ReportPlan, made: datetime, zone: str, period: str, *, comparison: str = "", workspace: str = "",
    filters: Sequence[str] = (),
) -> dict[str, str]:  # fmt: skip
    """What each variable says in a report."""
    day = made.astimezone(zone_of(zone)).date()
    return {
        "title": plan.title,
        "description": plan.description,
        "period": period,
        "comparison": comparison,
        "scope": ", ".join(filters) or EVERYTHING,
        "audience": plan.audience,
        "workspace": workspace,
        "time_zone": zone,
        "made": f"{day.day} {day:%b %Y}",
    }


def texts(plan: ReportPlan, said: Mapping[str, str]) -> dict[str, tuple[Figure, ...]]:
    """The figure of each block of words, by its key; a notice in place of what cannot be worked out."""
    return {key: (_figure(key, block, said),) for key, block in placed(plan) if isinstance(block, ProseBlock)}


def failures(found: Mapping[str, Sequence[Figure]]) -> Iterator[str]:
    """A sentence for each block of words that became a notice."""
    for figures in found.values():
        yield from (f"{one.title or 'Words'}: {one.text}" for one in figures if isinstance(one, Notice))


def _figure(key: str, block: ProseBlock, said: Mapping[str, str]) -> Figure:
    try:
        text = worded(block.markdown, said)
    except BadInput as error:
        return Notice(key=key, title=block.title, level="warning", text=error.message, columns=block.columns)
    return Prose(key=key, title=block.title, markdown=text, columns=block.columns)


def worded(markdown: str, said: Mapping[str, str]) -> str:
    """The words with each variable replaced; BadInput for a variable that is not there, or what is no template."""
    if "{{" not in markdown and "{%" not in markdown:
        return markdown
    from jinja2 import TemplateError

    from core.documents import pace
    from core.documents.renderers.markdown import escaped

    try:
        with pace.timed():
            made = str(_sandbox().from_string(markdown).render({name: escaped(said[name]) for name in said}))
    except pace.TooSlow as error:
        raise BadInput(f"The words take too long to work out: {error}.") from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise BadInput(_sentence(markdown, error)) from error
    if len(made) > LONGEST + len(markdown):
        raise BadInput("The words become too long when their variables are replaced. Shorten them.")
    return made


def _sentence(markdown: str, error: Exception) -> str:
    if unknown := unknown_variables(markdown):
        near = did_you_mean(unknown[0], VARIABLES)
        return f"There is no variable named '{unknown[0]}'.{near} Those there are: {', '.join(VARIABLES)}."
    return f"The words between braces cannot be worked out: {error}. Write a variable as in {{{{ period }}}}."


def unknown_variables(markdown: str) -> list[str]:
    """Variables that nobody knows, in the order of the alphabet; none if the words cannot be read at all."""
    from jinja2 import TemplateSyntaxError, meta

    try:
        return sorted(meta.find_undeclared_variables(_sandbox().parse(markdown)) - VARIABLES.keys())
    except TemplateSyntaxError:
        return []


@cache
def _sandbox() -> Any:
    """No function is handed in: words need none."""
    from jinja2 import StrictUndefined

    from core.documents.sandbox import Sandbox

    made = Sandbox(autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True)
    made.globals.clear()
    return made
