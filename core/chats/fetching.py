"""A metric that is fetched for an answer: by the catalogue, within the report's scope, as a finished figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.base.errors import NotAllowed
from core.base.period import Period, named
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.chats.around import KINDS, Around
from core.chats.views import Source
from core.context import Capability
from core.figures import Figure, Stat, State
from core.narrative.facts import Facts, Measure, Number, Ranking
from core.narrative.phrases import listed
from core.narrative.reading import read
from core.widgets import WIDGETS

Shape = Literal["value", "ranking", "changes", "course"]
BY = {"team": "team", "repo": "repository", "component": "component"}
About = tuple[str, str, str]
"""Kind, id and name."""
WIDGET_OF: dict[Shape, str] = {
    "value": "metric.stat", "ranking": "metric.breakdown", "changes": "changes.top", "course": "metric.trend",
}  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What is to be fetched."""

    metric: str
    shape: Shape = "value"
    by: str = ""
    """team, repo or component; for rankings, and for changes of each."""
    about: tuple[About, ...] = ()
    days: str = ""
    """A range; "before" for the report's comparison period; empty for the report's own days."""
    against: str = ""
    """previous, year, none, or a range; empty for the report's comparison."""


@dataclass(frozen=True)
class Fetched:
    """A figure that was made for an answer, and what it says."""

    figure: Figure
    facts: Facts
    source: Source

    @property
    def why_missing(self) -> str:
        """Why it has no number, if it is one that has none, and more can be said than that nothing happened."""
        lacks = isinstance(self.figure, Stat) and self.figure.value is None and self.figure.state is not State.NO_DATA
        return self.figure.state_text if lacks and isinstance(self.figure, Stat) else ""


def fetch(around: Around, wish: Wish, key: str) -> Fetched:
    """The figure; NotAllowed with a sentence for what is out of the report's scope, or not the reader's to see."""
    around.ctx.require(Capability.VIEW_REPORTS)
    metric, scope = METRICS.get(wish.metric), _scope(around, wish)
    widget = WIDGETS.get(WIDGET_OF[wish.shape])
    figure = widget.build(around.ctx, scope, widget.accept(_params(wish))).model_copy(update={"key": key})
    zone, (period, before) = scope.time_zone, (scope.period, scope.compare)
    assert period
    days, compared = period.label(zone), before.label(zone) if before else ""
    subject, label = _called(wish)
    title = f"{metric.label}{f' of {listed([name for _, _, name in wish.about])}' if wish.about else ''}"
    by = f" by {BY[wish.by]}" if wish.by else ""
    source = Source(
        key=key, title=f"{title}{by}", metric=metric.key, people=list(scope.person_ids), teams=list(scope.team_ids),
        days=days + (f", compared with {compared}" if compared and wish.shape in ("value", "changes") else ""),
        private=any(_private(around, wish, one) for one in (scope, scope.compared()) if one),
    )  # fmt: skip
    facts = _renamed(read([figure.model_copy(update={"title": _title(figure, title, by)})], days, compared),
                     metric.label + label, subject, f"{title}{by}, {days}")  # fmt: skip
    return Fetched(figure, facts, source)


def _title(figure: Figure, title: str, by: str) -> str:
    return figure.title if isinstance(figure, Stat) else f"{title}{by}"


def _called(wish: Wish) -> tuple[str, str]:
    """Whose one number is, and what the metric of several is called so that nobody takes it for the whole's."""
    names = [name for _, _, name in wish.about]
    if wish.shape == "value":
        return (names[0] if names else ""), (f" in {listed(names[1:])}" if names[1:] else "")
    return "", (f" ({listed(names)})" if names else "")


def _params(wish: Wish) -> dict[str, Any]:
    match wish.shape:
        case "value":
            return {"metric": wish.metric, "spark": False}
        case "ranking":
            return {"metric": wish.metric, "by": wish.by or "team", "limit": 50}
        case "changes":
            return {"metrics": (wish.metric,), "by": wish.by, "limit": 100}
    return {"metric": wish.metric, "compare": False}


def _scope(around: Around, wish: Wish) -> Scope:
    """The report's scope, narrowed: never wider than what the report is about."""
    chosen: dict[str, tuple[str, ...]] = {}
    for kind, ref, name in wish.about:
        if not around.inside(kind, ref):
            raise NotAllowed(
                f"'{name}' is outside of what this report is about ({', '.join(around.document.filters)}). Ask about"
                " what lies inside, or open a report of it."
            )
        if kind == "team" and around.scope.person_ids:
            raise NotAllowed("This report is about people and not about teams. Ask about them, or open another report.")
        chosen[KINDS[kind]] = (*chosen.get(KINDS[kind], ()), ref)
    period = _period(around, wish.days)
    changes: dict[str, Any] = {**chosen, "period": period, "compare": _compared(around, wish, period)}
    return replace(around.scope, **changes)


def _period(around: Around, days: str) -> Period:
    whole = around.scope
    assert whole.period
    if not days:
        return whole.period
    if days == "before":
        return whole.compare or whole.period.previous(whole.time_zone)
    return named(days, around.ctx.clock(), whole.time_zone)


def _compared(around: Around, wish: Wish, period: Period) -> Period | None:
    zone = around.scope.time_zone
    match wish.against:
        case "none":
            return None
        case "year":
            return period.year_before(zone)
        case "previous":
            return period.previous(zone)
        case "":
            return period.previous(zone) if wish.days else around.scope.compare
    return named(wish.against, around.ctx.clock(), zone)


def _private(around: Around, wish: Wish, scope: Scope) -> bool:
    return catalogue.shows_people(around.ctx, (wish.metric,), scope, (wish.by,) if wish.by else ())


def _renamed(facts: Facts, label: str, subject: str, title: str) -> Facts:
    """The same facts under the names by which an answer tells them."""
    named_facts = Facts(facts.period, facts.comparison)
    named_facts.measures.extend(_measure(one, label, subject, title) for one in facts.measures)
    named_facts.courses.extend(
        replace(one, title=title, metric=label, points=tuple(_number(point, label, "", title) for point in one.points))
        for one in facts.courses
    )  # fmt: skip
    named_facts.rankings.extend(
        Ranking(one.block, title, label, one.noun, tuple(_number(entry, label, "", title) for entry in one.entries))
        for one in facts.rankings
    )
    named_facts.names.update(facts.names | dict.fromkeys(_subjects(named_facts.measures), "subject"))
    return named_facts


def _subjects(measures: Sequence[Measure]) -> Iterator[str]:
    return (one.subject for one in measures if one.subject)


def _measure(one: Measure, label: str, subject: str, title: str) -> Measure:
    whose = one.subject or subject
    numbers = {
        role: _number(number, label, whose, title)
        for role, number in (("now", one.now), ("before", one.before), ("change", one.change))
        if number
    }
    return replace(one, title=title, metric=label, subject=whose, **_numbers(numbers))


def _numbers(found: Mapping[str, Number]) -> dict[str, Any]:
    return dict(found)


def _number(one: Number, label: str, subject: str, title: str) -> Number:
    return replace(one, metric=label, subject=one.subject or subject, title=title)
