"""What changed: first what got worse, then what else moved far. Changes over too few rows are left out."""

from __future__ import annotations

from collections.abc import Iterator

from core.narration import Part, Sentence
from core.narrative.facts import Course, Facts, Measure, Unusual
from core.narrative.phrases import VERDICTS, moved, several, weight, whose

NOTABLE = 0.1
"""A relative change from which it is told by itself."""
MOST = 4
TIMES = {"day": "days", "week": "weeks", "month": "months"}


def concerns(facts: Facts) -> Iterator[Sentence]:
    """What got worse, the largest first."""
    for one in _notable(facts, worse=True):
        yield _told("concerns", one)


def changes(facts: Facts) -> Iterator[Sentence]:
    """What else moved far, the largest first."""
    for one in _notable(facts, worse=False):
        yield _told("changes", one)


def strange(facts: Facts) -> Iterator[Sentence]:
    """Weeks that were unusual for the worse."""
    yield from (_strange("concerns", one) for one in facts.unusual if one.good is False)


def curious(facts: Facts) -> Iterator[Sentence]:
    """Weeks that were unusual otherwise."""
    yield from (_strange("changes", one) for one in facts.unusual if one.good is not False)


def trends(facts: Facts) -> Iterator[Sentence]:
    """Courses that rise or fall as a whole; then those of which that cannot be said, and why."""
    told = list(_once(facts))
    for course in told:
        if course.trend:
            yield _course(course)
    yield from _unclear([one for one in told if one.trend == 0], "No clear trend shows in {}.")
    yield from _unclear([one for one in told if one.trend is None], "There are too few points for a trend in {}.")


def _once(facts: Facts) -> Iterator[Course]:
    """One course a metric: of the period, or else of the past up to its end, whichever goes somewhere."""
    of_metric: dict[str, list[Course]] = {}
    for span in ("period", "past"):
        for course in facts.courses:
            if course.span == span:
                of_metric.setdefault(course.metric, []).append(course)
    for courses in of_metric.values():
        yield next((one for one in courses if one.trend), None) or next(
            (one for one in courses if one.trend is not None), courses[0]
        )


def _notable(facts: Facts, *, worse: bool) -> list[Measure]:
    found: dict[tuple[str, str], Measure] = {}
    for one in facts.measures:
        told = one.change and one.now and one.enough and (one.good is False) is worse
        if told and (not _relative(one) or weight(one) >= NOTABLE):
            found.setdefault((one.metric, one.subject), one)
    return sorted(found.values(), key=weight, reverse=True)[:MOST]


def _relative(measure: Measure) -> bool:
    return bool(measure.change and measure.change.text.endswith("%"))


def _told(part: Part, one: Measure) -> Sentence:
    grounds = [number.ground for number in (one.now, one.before, one.change) if number]
    return Sentence(part=part, text=f"{moved(one)}{VERDICTS[one.good]}.", grounds=grounds)


def _strange(part: Part, one: Unusual) -> Sentence:
    value, far = one.value, one.difference.lstrip("+−")
    moved = f"{far} {'more' if one.difference.startswith('+') else 'less'} than" if far else "against"
    most = f" Moved most: {one.most}." if one.most else ""
    start = f"In the week of {value.when}, {value.metric} stood at {value.text}"
    text = f"{start}, {moved} the usual {one.usual.text}{VERDICTS[one.good]}.{most}"
    return Sentence(part=part, text=text, grounds=[value.ground, one.usual.ground])


def _course(course: Course) -> Sentence:
    """Of days without the first and the last: a Monday and a Sunday are not alike."""
    first, last = course.points[0], course.points[-1]
    name, up = whose(course.metric, course.subject), course.trend == 1
    grows = (last.value - first.value) * (course.trend or 0) > 0 and first.text != last.text
    ends = f"from {first.text} ({_when(course, first.when)}) to {last.text} ({_when(course, last.when)})"
    if course.grain == "day":
        text = f"{name} {'rose' if up else 'fell'} over the days shown, weekday against weekday"
    elif course.span == "past" and grows:
        text = f"The trend in {name} is {'up' if up else 'down'}: {ends}"
    else:
        text = f"{name} {'rose' if up else 'fell'} over the {TIMES.get(course.grain, 'points')} shown"
        text += f", {ends}" if grows else ""
    return Sentence(part="trends", text=f"{text}{VERDICTS[course.good]}.", grounds=[first.ground, last.ground])


def _when(course: Course, day: str) -> str:
    return f"week of {day}" if course.grain == "week" else day.partition(" ")[2] if course.grain == "month" else day


def _unclear(courses: list[Course], words: str) -> Iterator[Sentence]:
    if courses:
        names = several([one.metric for one in courses])
        yield Sentence(part="trends", text=words.format(names), grounds=[one.points[-1].ground for one in courses])
