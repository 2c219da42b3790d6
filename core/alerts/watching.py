"""What a rule looks at: each subject's metric in finished periods, asked of the catalogue in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.alerts.judging import Point
from core.alerts.wish import Wish
from core.base.errors import SightlineError
from core.base.period import PeriodType, between, period_end, period_start, zone_of
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.asking import WELLBEING
from core.catalogue.facts import fact
from core.catalogue.periods import LENGTHS
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Question, Value
from core.components import service as components
from core.context import Context
from core.figures import State
from core.people import service as people

AXES = {kind: axis for axis, kind in LENGTHS.items()}
PAST = {PeriodType.DAILY: 120, PeriodType.WEEKLY: 52, PeriodType.BIWEEKLY: 39, PeriodType.MONTHLY: 36}
"""Periods before one that tell what is usual for it: days need many, since only those of its weekday count."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a number is about."""

    kind: str
    id: str = ""
    name: str = ""

    def narrowed(self, scope: Scope) -> Scope:
        """The scope of this subject alone."""
        match self.kind:
            case "team":
                return replace(scope, team_ids=(self.id,))
            case "repo":
                return replace(scope, repo_ids=(self.id,))
            case "component":
                return replace(scope, component_ids=(self.id,))
            case "person":
                return replace(scope, person_ids=(self.id,))
        return scope


@dataclass(frozen=True, slots=True)
class Course:
    """One subject's metric, period by period, oldest first; or why it cannot be looked at."""

    subject: Subject
    points: tuple[Point, ...] = ()
    refused: str = ""


def subjects(ctx: Context, wish: Wish) -> list[Subject]:
    """Those that the rule watches now, under the names that they have now."""
    known = names(ctx, wish.subject_kind)
    if wish.subject_kind == "workspace":
        return [Subject("workspace", "", ctx.workspace.name)]
    ids = list(wish.subject_ids) or list(known)
    if wish.subject_kind == "person":
        now = people.current_ids(ctx, ids)
        ids = list(dict.fromkeys(now.get(one, one) for one in ids))
    return [Subject(wish.subject_kind, one, known[one]) for one in ids if one in known]


def names(ctx: Context, kind: str) -> Mapping[str, str]:
    """Those of a kind that a rule can name, by id."""
    match kind:
        case "team":
            return {team.id: team.name for team in people.teams(ctx)}
        case "repo":
            return {repo.id: repo.name for repo in catalogue.repositories(ctx)}
        case "component":
            return components.names(ctx)
        case "person":
            return people.names(ctx)
    return {"": ctx.workspace.name}


def courses(ctx: Context, wish: Wish, first: date, until: date) -> list[Course]:
    """What every subject's metric did from the period that holds `first`, and in as many before as tell what is usual.

    Only periods that ended by `until`.
    """
    kind = PeriodType(wish.period_type)
    starts = _starts(kind, first, until)
    watched = subjects(ctx, wish)
    if not starts or not watched:
        return [Course(one) for one in watched]
    zone = ctx.workspace.time_zone
    if fact(METRICS.get(wish.metric).fact).as_of_end:
        return _standing(ctx, wish, kind, starts, watched)
    scope = Scope(between(starts[0], period_end(kind, starts[-1]) - timedelta(days=1), zone), time_zone=zone)
    questions = [Question((wish.metric,), one.narrowed(scope), (AXES[kind],)) for one in watched]
    answers = catalogue.measure_together(ctx, questions)
    return [_course(one, answer, wish.metric, kind, starts) for one, answer in zip(watched, answers, strict=True)]


def _standing(
    ctx: Context, wish: Wish, kind: PeriodType, starts: Sequence[date], watched: Sequence[Subject]
) -> list[Course]:
    """The same of how things stood when each period ended: a question a period, about everybody at once."""
    zone, by = ctx.workspace.time_zone, () if wish.subject_kind == "workspace" else (wish.subject_kind,)
    scopes = [Scope(between(one, period_end(kind, one) - timedelta(days=1), zone), time_zone=zone) for one in starts]
    answers = catalogue.measure_together(ctx, [Question((wish.metric,), scope, by) for scope in scopes])
    for answer in answers:
        if isinstance(answer, SightlineError) and not answer.retry:
            return [Course(one, refused=answer.message) for one in watched]
        if isinstance(answer, Exception):
            raise answer
    told = [(start, answer) for start, answer in zip(starts, answers, strict=True) if isinstance(answer, Measured)]
    return [
        Course(
            one,
            tuple(
                _point(start, period_end(kind, start), answer.get(wish.metric, *((one.id,) if by else ())))
                for start, answer in told
            ),
        )
        for one in watched
    ]


def newest_end(ctx: Context, kind: PeriodType) -> date:
    """The end of the newest period that is over: the first day of the one that runs."""
    return period_start(kind, ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date())


def _course(
    subject: Subject, answer: Measured | Exception, metric: str, kind: PeriodType, starts: Sequence[date]
) -> Course:
    if isinstance(answer, SightlineError) and not answer.retry:
        return Course(subject, refused=answer.message)
    if isinstance(answer, Exception):
        raise answer
    found = [(start, answer.get(metric, start.isoformat())) for start in starts]
    return Course(subject, tuple(_point(start, period_end(kind, start), value) for start, value in found))


def _point(start: date, end: date, value: Value) -> Point:
    text = value.state_text or ("" if value.state is State.MEASURED else "Nothing happened in this period.")
    return Point(start, end, value.value, value.n, value.state, text)


def _starts(kind: PeriodType, first: date, until: date) -> list[date]:
    """First days, oldest first, with the past before `first`."""
    start = period_start(kind, first)
    for _ in range(PAST[kind]):
        start = period_start(kind, start - timedelta(days=1))
    found = []
    while (end := period_end(kind, start)) <= until:
        found.append(start)
        start = end
    return found


def is_private(ctx: Context, subject: Subject, metric: str) -> bool:
    """Whether its number is for those alone who may see each of its people.

    A person's, that of a team of one, and the wellbeing of a team smaller than the smallest group.
    """
    if subject.kind != "team":
        return subject.kind == "person"
    few = len(people.team(ctx, subject.id).member_ids) < ctx.workspace.least_group
    wellbeing = few and METRICS.get(metric).category == WELLBEING
    return wellbeing or catalogue.shows_one(ctx, Scope(None, team_ids=(subject.id,)))
