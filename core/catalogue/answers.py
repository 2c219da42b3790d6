"""Answers, kept in this process until the workspace's data change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.catalogue import query
from core.catalogue.asking import Asking
from core.catalogue.metric import METRICS
from core.catalogue.scope import Scope
from core.catalogue.values import Measured
from core.context import Context

KEPT_ANSWERS = 512

_answers: OrderedDict[tuple[Any, ...], Measured] = OrderedDict()
_lock = threading.Lock()


def measured(ctx: Context, keys: tuple[str, ...], scope: Scope, by: tuple[str, ...]) -> Measured:
    """The answer, from this process's memory if nothing changed since it was last asked."""
    metrics = tuple(METRICS.get(key) for key in keys)
    narrow = query.narrowing(ctx, scope, by, with_subteams(ctx, scope.team_ids))
    # What the actor may see is settled by now and stands in `narrow`, so equal narrowings share an answer.
    question = (id(ctx.metrics), ctx.workspace.data_version, narrow, metrics, by)
    with _lock:
        if question in _answers:
            _answers.move_to_end(question)
            return _answers[question]
    answer = Asking(ctx, metrics, narrow, by).answer()
    with _lock:
        _answers[question] = answer
        while len(_answers) > KEPT_ANSWERS:
            _answers.popitem(last=False)
    return answer


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
