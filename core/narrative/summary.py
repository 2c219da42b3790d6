"""What a report comes to: its headline numbers, what got better and worse, who stands where, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.figures import State
from core.narration import Ground, Part, Sentence
from core.narrative.facts import Facts, Measure, Number, Ranking
from core.narrative.phrases import listed, several

HEADLINES = 4
SLIGHT = 0.05
"""A relative change below this is not called better or worse."""
_MISSING = {
    State.NO_DATA: "There is no data for {names} in this period.",
    State.NOT_COLLECTED: "Not collected: {names}.",
    State.UNSUPPORTED: "Not known for this choice of people and days: {names}.",
}
_STALE = "Still incomplete, as the source was read before the period ended: {names}."


def summary(facts: Facts) -> Iterator[Sentence]:
    """The whole in a few sentences."""
    whole = _once(one for one in facts.measures if not one.subject)
    yield from _headlines(facts, whole)
    yield from _verdicts(facts, whole)
    for ranking in facts.rankings[:1]:
        yield from extremes(ranking)


def missing(facts: Facts) -> Iterator[Sentence]:
    """What there is no number of, or only a part. It is said, and never told as zero."""
    whole = _once(one for one in facts.measures if not one.subject)
    for state, words in {**_MISSING, State.STALE: _STALE}.items():
        lacking = [one for one in whole if one.state is state]
        if lacking:
            names = listed([one.metric for one in lacking])
            yield _sentence("concerns", words.format(names=names), [one.missing for one in lacking])


def _once(measures: Iterable[Measure]) -> list[Measure]:
    """Each metric by the first figure that shows it."""
    found: dict[str, Measure] = {}
    for one in measures:
        found.setdefault(one.metric, one)
    return list(found.values())


def _headlines(facts: Facts, whole: Sequence[Measure]) -> Iterator[Sentence]:
    shown = [(one.metric, one.now) for one in whole if one.now and one.state.is_known][:HEADLINES]
    if not shown:
        return
    said = [f"{metric} stood at {now.text}" if not place else f"{metric} at {now.text}"
            for place, (metric, now) in enumerate(shown)]  # fmt: skip
    when = f"{'In the period' if '–' in facts.period else 'On'} {facts.period}, " if facts.period else ""
    yield _of("summary", f"{when}{listed(said)}.", [now for _, now in shown])


def _verdicts(facts: Facts, whole: Sequence[Measure]) -> Iterator[Sentence]:
    compared = [one for one in whole if one.change and one.enough and not _slight(one)]
    better = [one for one in compared if one.good is True]
    worse = [one for one in compared if one.good is False]
    against = f"Compared with {facts.comparison}" if facts.comparison else "Compared with before"
    groups = ((better, "better"), (worse, "worse"))
    said = [f"{several([one.metric for one in group])} got {word}" for group, word in groups if group]
    if said:
        yield _of("summary", f"{against}, {', and '.join(said)}.", [one.change for one in (*better, *worse)])


def _slight(one: Measure) -> bool:
    return bool(one.change and one.change.text.endswith("%") and abs(one.change.value) < SLIGHT)


def extremes(ranking: Ranking) -> Iterator[Sentence]:
    known = sorted(ranking.entries, key=lambda one: one.value)
    if len(known) < 2 or known[0].text == known[-1].text:
        return
    low, high = known[0], known[-1]
    apart = known[1].text != low.text and known[-2].text != high.text
    if apart or len(known) == 2:
        text = f"{high.subject} is highest with {high.text}, and {low.subject} lowest with {low.text}"
        yield _of("summary", f"In {ranking.metric}, {text}.", [high, low])


def _of(part: Part, text: str, numbers: Iterable[Number | None]) -> Sentence:
    return _sentence(part, text, [one.ground for one in numbers if one])


def _sentence(part: Part, text: str, grounds: list[Ground]) -> Sentence:
    return Sentence(part=part, text=text, grounds=grounds)
