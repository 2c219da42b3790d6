"""Answers, kept in this process until the workspace's data change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.catalogue import query
from core.catalogue.asking import Asking
from core.catalogue.metric import METRICS
from core.catalogue.scope import Scope
from core.catalogue.states import feeds
from core.catalogue.together import Answer, Part, asked
from core.catalogue.values import Measured
from core.context import Context

KEPT_ANSWERS = 512

_answers: OrderedDict[tuple[Any, ...], Measured] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Question:
    """Metrics of a scope, grouped."""

    keys: tuple[str, ...]
    scope: Scope
    by: tuple[str, ...] = ()


def measured(ctx: Context, keys: tuple[str, ...], scope: Scope, by: tuple[str, ...]) -> Measured:
    """The answer, from this process's memory if nothing changed since it was last asked."""
    (answer,) = measured_together(ctx, [Question(keys, scope, by)])
    if isinstance(answer, Exception):
        raise answer
    return answer


def measured_together(ctx: Context, questions: Sequence[Question]) -> list[Measured | Exception]:
    """The answers in the order of the questions, asked of the store in as few statements as can be.

    What fails at one question is its answer, and costs the others nothing.
    """
    told: list[Measured | Exception | None] = [None] * len(questions)
    open_ones: dict[int, tuple[tuple[Any, ...], Asking]] = {}
    for place, question in enumerate(questions):
        try:
            key, asking = _opened(ctx, question)
        except Exception as error:  # raised again for whoever asked
            told[place] = error
            continue
        if held := _kept(key):
            told[place] = held
        else:
            open_ones[place] = key, asking
    for place, answer in _answered(ctx, {place: asking for place, (_, asking) in open_ones.items()}).items():
        told[place] = answer
        if isinstance(answer, Measured):
            _keep(open_ones[place][0], answer)
    return [answer for answer in told if answer is not None]


def _opened(ctx: Context, question: Question) -> tuple[tuple[Any, ...], Asking]:
    metrics = tuple(METRICS.get(key) for key in question.keys)
    narrow = query.narrowing(ctx, question.scope, question.by, with_subteams(ctx, question.scope.team_ids))
    # What the actor may see is settled by now and stands in `narrow`, so equal narrowings share an answer.
    key = (id(ctx.metrics), ctx.workspace.data_version, narrow, metrics, question.by)
    return key, Asking(ctx, metrics, narrow, question.by)


def _answered(ctx: Context, askings: dict[int, Asking]) -> dict[int, Measured | Exception]:
    """What is wanted, with what would be lacking where that is known before; and then what is still lacking."""
    if not askings:
        return {}
    known = feeds(ctx)
    first = {place: asking.wanted(known) for place, asking in askings.items()}
    besides = {place: asking.lacking() for place, asking in askings.items() if asking.by}
    told: dict[int, Measured | Exception] = {}
    activity: dict[int, list[Answer]] = {}
    for place, answers in _round(
        ctx, {place: [*parts, *besides.get(place, ())] for place, parts in first.items()}
    ).items():
        if isinstance(answers, Exception):
            told[place] = answers
            continue
        asked = len(first[place])
        for answer in answers[:asked]:
            askings[place].read(answer)
        activity[place] = answers[asked:]
    lacking = {place: askings[place].lacking() for place in activity if place not in besides}
    for place, answers in _round(ctx, lacking).items():
        told[place] = answers if isinstance(answers, Exception) else askings[place].answer(answers)
    return told | {place: askings[place].answer(activity[place]) for place in activity if place in besides}


def _round(ctx: Context, wanted: dict[int, list[Part]]) -> dict[int, list[Answer] | Exception]:
    """The answers to every question's parts; the first error among them in their place."""
    flat = [(place, part) for place, parts in wanted.items() for part in parts]
    told: dict[int, list[Answer] | Exception] = {place: [] for place in wanted}
    for (place, _), answer in zip(flat, asked(ctx, [part for _, part in flat]), strict=True):
        held = told[place]
        if isinstance(answer, Exception):
            told[place] = answer
        elif not isinstance(held, Exception):
            held.append(answer)
    return told


def _kept(key: tuple[Any, ...]) -> Measured | None:
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
        return _answers.get(key)


def _keep(key: tuple[Any, ...], answer: Measured) -> None:
    with _lock:
        _answers[key] = answer
        while len(_answers) > KEPT_ANSWERS:
            _answers.popitem(last=False)


def with_subteams(ctx: Context, team_ids: Sequence[str]) -> tuple[str, ...]:
    """These teams and all below them."""
    if not team_ids:
        return ()
    from core.people.models import Team

    with ctx.app.reading() as session:
        parents = session.execute(sa.select(Team.id, Team.parent_id).where(Team.workspace_id == ctx.workspace.id)).all()
    found = set(team_ids)
    while fresh := {child for child, parent in parents if parent in found and child not in found}:
        found |= fresh
    return tuple(sorted(found))
