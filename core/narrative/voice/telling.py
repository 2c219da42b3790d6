"""Facts as a model is told them: data in JSON, in a message of their own, with names masked where that is wished."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from core.narration import Part
from core.narrative.facts import Course, Facts, Measure, Ranking
from core.narrative.voice.prompting import template

PROMPT = "narrative-1"
"""Name and version: a prompt that is changed gets the next number, so a kept report says which one wrote it."""
MOST_MEASURES, MOST_COURSES, MOST_RANKINGS, MOST_POINTS = 80, 20, 10, 30
_VERDICTS = {True: "better", False: "worse", None: ""}
Words = Callable[[str], str]


def messages(facts: Facts, parts: Sequence[Part], mask: Words) -> list[dict[str, str]]:
    """The instructions, and after them the data."""
    told = json.dumps(data(facts, mask), ensure_ascii=False, indent=1)
    return [
        {"role": "system", "content": _template("system").render(parts=list(parts))},
        {"role": "user", "content": _template("user").render(parts=list(parts), data=told)},
    ]


def _template(role: str) -> Any:
    return template("core.narrative.voice", f"{PROMPT}.{role}")


def data(facts: Facts, mask: Words) -> dict[str, Any]:
    """What a model gets to know of the facts, as JSON has it."""
    return {
        "period": facts.period,
        "comparison_period": facts.comparison,
        "measures": [_measure(one, mask) for one in facts.measures[:MOST_MEASURES]],
        "courses": [_course(one, mask) for one in sorted(facts.courses, key=_nearness)[:MOST_COURSES]],
        "rankings": [_ranking(one, mask) for one in facts.rankings[:MOST_RANKINGS]],
    }


def _measure(one: Measure, mask: Words) -> dict[str, Any]:
    numbers = {"now": one.now, "before": one.before, "change": one.change if one.enough else None}
    told = {name: number.text for name, number in numbers.items() if number}
    verdict = _VERDICTS[one.good] if one.change and one.enough else ""
    extra = {"subject": mask(one.subject), "change_is": verdict, "state": "" if one.now else one.state.value}
    return {"metric": mask(one.metric), **told, **{name: value for name, value in extra.items() if value}}


def _course(one: Course, mask: Words) -> dict[str, Any]:
    """One that is drawn to show a week of it is told by its points alone."""
    trend = {1: "rising", -1: "falling", 0: "no clear trend", None: "too few points"}[one.trend]
    points = [[point.when, point.text] for point in one.points[-MOST_POINTS:]]
    told = {"metric": mask(one.metric), "by": one.grain, "trend": trend, "points": points}
    return {name: value for name, value in told.items() if one.span != "example" or name != "trend"}


def _nearness(one: Course) -> int:
    return ("period", "past", "example").index(one.span)


def _ranking(one: Ranking, mask: Words) -> dict[str, Any]:
    entries = [[mask(entry.subject), entry.text] for entry in one.entries[:MOST_POINTS]]
    return {"metric": mask(one.metric), "by": one.noun.lower(), "entries": entries}
