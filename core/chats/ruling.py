"""Answers by rules: sentences of the report's figures, or of a metric that is fetched for the question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.base.errors import SightlineError
from core.catalogue import METRICS
from core.chats import hearing
from core.chats.around import NOUNS, Around
from core.chats.fetching import BY, About, Fetched, Wish, fetch
from core.chats.hearing import Heard
from core.chats.views import Said, Source, Topic
from core.narration import Part, Sentence
from core.narrative.facts import Facts, Measure, Ranking
from core.narrative.moves import curious, strange, trends
from core.narrative.phrases import listed, moved, named, weight
from core.narrative.summary import extremes, missing
from core.narrative.telling import told

NO_CAUSE = "Figures tell of no cause. They tell where it moved:"
NOBODY_RANKED = "Individuals are not ranked here. Ask about teams, repositories or components."
MOST_MOVED, MOST_LISTED, MOST_ASKED = 3, 8, 4
_VERDICT = {True: ", which is better.", False: ", which is worse.", None: "."}


@dataclass
class Answering:
    """One answer while it is being made: what is yielded is said, a sentence or a remark of the house."""

    around: Around
    sources: list[Source] = field(default_factory=list)

    def fetched(self, wish: Wish) -> Fetched:
        found = fetch(self.around, wish, f"fetched-{len(self.sources) + 1}")
        self.sources.append(found.source)
        return found


def ruled(answering: Answering, asked: Heard) -> Iterator[Said | str]:
    """What rules say to a question that was understood, as far as it was."""
    around = answering.around
    for word in asked.unknown:
        yield f"'{word}' was not understood. {hearing.suggestion(around, word)}".strip()
    if asked.of_people and not any(kind == "person" for kind, _, _ in asked.about):
        yield NOBODY_RANKED
        return
    if asked.is_empty:
        yield examples(around)
        return
    said = False
    for one in _said(answering, asked):
        said = True
        yield one
    if not said:
        yield f"The figures say nothing of that. {examples(around)}"


def topic(asked: Heard) -> Topic:
    """What the next question's "it" stands for."""
    return Topic(metric=asked.metrics[0] if asked.metrics else "", about=list(asked.about), days=asked.days)


def examples(around: Around) -> str:
    """Questions that this report can answer, in its own words."""
    facts = around.facts
    metric = (facts.metrics or ["Commits"])[0]
    team = next(iter(around.within("team").values()), "")
    said = [f"What was {metric}{f' of {team}' if team else ''} last month?", f"Why did {metric} change?"]
    said += [f"Which team moved most in {metric}?"] if team else []
    return f"Ask, for example: {' '.join(said)} What got worse?"


def _said(answering: Answering, asked: Heard) -> Iterator[Said | str]:
    for key in asked.blocks:
        yield from _block(answering.around, key)
    if asked.want in ("summary", "trends", "concerns", "changes") and not asked.metrics:
        yield from _part(answering.around, asked.want)
        return
    if not asked.metrics and not asked.blocks:
        yield from _without_metric(answering, asked)
    for metric in asked.metrics[:MOST_ASKED]:
        yield from _guarded(_of_metric(answering, asked, metric))


def _guarded(said: Iterator[Said | str]) -> Iterator[Said | str]:
    """What cannot be fetched is said in its place."""
    try:
        yield from said
    except SightlineError as error:
        yield error.message


def _of_metric(answering: Answering, asked: Heard, metric: str) -> Iterator[Said | str]:
    match asked.want:
        case "why":
            yield from _why(answering, asked, metric)
        case "moved" if asked.by:
            yield from _moved(answering, asked, (metric,))
        case "highest" | "lowest" if asked.by or not asked.about:
            yield from _ranked(answering, asked, metric)
        case "course":
            yield from _course(answering, asked, metric)
        case _ if asked.by:
            yield from _ranked(answering, asked, metric)
        case _:
            yield from _values(answering, asked, metric)


def _without_metric(answering: Answering, asked: Heard) -> Iterator[Said | str]:
    """Names or days alone: the report's first metrics of them."""
    metrics = tuple(answering.around.metrics[:MOST_ASKED])
    if asked.want == "moved" and asked.by:
        yield from _guarded(_moved(answering, asked, metrics))
    elif asked.want in ("moved", "why"):
        yield from _part(answering.around, "concerns" if asked.want == "why" else "changes")
    else:
        for metric in metrics:
            yield from _guarded(_of_metric(answering, asked, metric))


def _values(answering: Answering, asked: Heard, metric: str) -> Iterator[Said | str]:
    """The number of each name that was asked of, or of the whole."""
    each: list[tuple[About, ...]] = [(one,) for one in asked.about] or [()]
    for about in each[:MOST_ASKED]:
        yield from _guarded(_value(answering, asked, metric, about))


def _value(answering: Answering, asked: Heard, metric: str, about: tuple[About, ...]) -> Iterator[Said | str]:
    facts, label = answering.around.facts, METRICS.get(metric).label
    subject = about[0][2] if about else ""
    shown = [one for one in facts.measures if one.metric == label and one.subject == subject and one.now]
    if shown and not asked.days and not asked.against:
        yield from worth(facts, max(shown, key=lambda one: bool(one.change)))
        return
    found = answering.fetched(Wish(metric, about=about, days=asked.days, against=asked.against))
    for one in found.facts.measures:
        yield from worth(found.facts, one)
    if found.why_missing:
        yield found.why_missing


def worth(facts: Facts, one: Measure) -> Iterator[Said]:
    """What a metric stood at, and how it moved."""
    if one.now is None:
        yield from _lacking(facts, one)
        return
    when = f"In the period {facts.period}, " if facts.period else ""
    yield Said(text=f"{when}{named(one)} stood at {one.now.text}.", grounds=[one.now.ground])
    if one.change and one.enough and not one.same:
        grounds = [number.ground for number in (one.now, one.before, one.change) if number]
        yield Said(text=f"{_against(facts)}{moved(one)}{_VERDICT[one.good]}", grounds=grounds)
    elif one.before and facts.comparison:
        text = f"In the period {facts.comparison}, {named(one)} stood at {one.before.text}."
        yield Said(text=text, grounds=[one.before.ground])


def _lacking(facts: Facts, one: Measure) -> Iterator[Said]:
    said = missing(replace(facts, measures=[replace(one, subject="", metric=named(one))]))
    when = f"in the period {facts.period}" if facts.period else "in this period"
    yield from (Said(text=one.text.replace("in this period", when), grounds=one.grounds) for one in said)


def _against(facts: Facts) -> str:
    return f"Compared with {facts.comparison}, " if facts.comparison else ""


def _ranked(answering: Answering, asked: Heard, metric: str) -> Iterator[Said | str]:
    """Who is highest and lowest, or where they stand if that is asked or several are."""
    by, facts = asked.by or "team", answering.around.facts
    label = METRICS.get(metric).label
    rankings = [one for one in facts.rankings if (one.metric, one.noun) == (label, NOUNS[by])][:1]
    if not rankings or asked.about or asked.days:
        facts = answering.fetched(Wish(metric, "ranking", by, asked.about, asked.days)).facts
        rankings = facts.rankings
    for ranking in rankings:
        ends = list(extremes(ranking)) if asked.want in ("highest", "lowest") else []
        yield from [_of_days(facts, one) for one in ends] or [_standing(facts, ranking)]
    if not rankings:
        yield f"There is no {label} by {BY[by]} for these days."


def _of_days(facts: Facts, one: Sentence) -> Said:
    when = f"In the period {facts.period}: " if facts.period else ""
    return Said(text=f"{when}{one.text}", grounds=one.grounds)


def _standing(facts: Facts, ranking: Ranking) -> Said:
    entries = ranking.entries[:MOST_LISTED]
    standing = listed([f"at {one.text} in {one.subject}" for one in entries])
    when = f"In the period {facts.period}, " if facts.period else ""
    return Said(text=f"{when}{ranking.metric} stood {standing}.", grounds=[one.ground for one in entries])


def _moved(answering: Answering, asked: Heard, metrics: Sequence[str]) -> Iterator[Said | str]:
    """Which of them moved most, the furthest first."""
    by = asked.by or "team"
    found: list[tuple[Facts, Measure]] = []
    for metric in metrics:
        one = answering.fetched(Wish(metric, "changes", by, asked.about, asked.days, asked.against))
        found += [(one.facts, measure) for measure in one.facts.measures if measure.change]
    found.sort(key=lambda one: weight(one[1]), reverse=True)
    for facts, measure in found[:MOST_MOVED]:
        yield _change(facts, measure)
    if not found:
        yield f"No {BY[by]} moved by enough rows on both sides to be told."


def _change(facts: Facts, one: Measure) -> Said:
    grounds = [number.ground for number in (one.now, one.before, one.change) if number]
    return Said(text=f"{_against(facts)}{moved(one)}{_VERDICT[one.good]}", grounds=grounds)


def _why(answering: Answering, asked: Heard, metric: str) -> Iterator[Said | str]:
    """Where it moved: which parts of the whole, and in which week."""
    yield NO_CAUSE
    yield from _values(answering, asked, metric)
    kinds = {kind for kind, _, _ in asked.about}
    parts: list[Callable[[], Iterator[Said | str]]] = [
        lambda by=by: _moved(answering, replace(asked, by=by), (metric,))  # type: ignore[misc]
        for by in ("team", "repo")
        if by not in kinds
    ]
    for part in parts:
        yield from _guarded(part())
    facts, label = answering.around.facts, METRICS.get(metric).label
    weeks = [one for one in facts.unusual if one.value.metric == label]
    for told_of in (strange, curious):
        yield from map(_plain, told_of(replace(facts, unusual=weeks)))


def _course(answering: Answering, asked: Heard, metric: str) -> Iterator[Said | str]:
    facts, label = answering.around.facts, METRICS.get(metric).label
    mine = [one for one in facts.courses if one.metric == label]
    if not mine or asked.about or asked.days:
        found = answering.fetched(Wish(metric, "course", about=asked.about, days=asked.days))
        facts, mine = found.facts, found.facts.courses
    yield from map(_plain, trends(replace(facts, courses=mine)))


def _part(around: Around, part: Part) -> Iterator[Said]:
    yield from map(_plain, told(around.facts, (part,)))


def _block(around: Around, key: str) -> Iterator[Said | str]:
    """All that one part of the report says."""
    figures = [one for one in around.document.figures() if one.key == key]
    if figures and figures[0] not in around.figures:
        yield f"'{figures[0].title}' is about days or people of its own: see there whose."
    facts = replace(around.read(figures), period="" if figures and figures[0] not in around.figures else
                    around.document.period_label)  # fmt: skip
    yield from map(_plain, _distinct(told(facts)))


def _distinct(sentences: Iterable[Sentence]) -> list[Sentence]:
    return list({one.text: one for one in sentences}.values())


def _plain(one: Sentence) -> Said:
    return Said(text=one.text, grounds=one.grounds)
