"""One question for several widgets.

A board knows before it draws what its widgets are going to ask. Questions that
differ only in their metrics become one, and every widget finds its answer in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Question
from core.context import Context

__all__ = ["Question", "ask", "gathered"]

log = structlog.get_logger(__name__)


_Answers = dict[tuple[Scope, tuple[str, ...]], tuple[frozenset[str], Measured]]
_gathered: ContextVar[_Answers | None] = ContextVar("gathered", default=None)


def ask(ctx: Context, keys: Sequence[str], scope: Scope, by: Sequence[str] = ()) -> Measured:
    """Measure `keys`, from what was gathered if it holds them all."""
    keys, by = tuple(dict.fromkeys(keys)), tuple(by)
    held = (_gathered.get() or {}).get((scope, by))
    if held and held[0].issuperset(keys):
        return held[1].only(keys)
    return catalogue.measure(ctx, keys, scope, by)


@contextmanager
def gathered(ctx: Context, questions: Iterable[Question]) -> Iterator[None]:
    """Ask the questions that several widgets share at once; `ask` finds the answers inside the block.

    A question that fails is left for its widgets to fail at, each in its own place.
    """
    merged: dict[tuple[Scope, tuple[str, ...]], list[str]] = {}
    for question in questions:
        merged.setdefault((question.scope, question.by), []).extend(question.keys)
    wanted = [Question(tuple(sorted(set(keys))), scope, by) for (scope, by), keys in merged.items()]
    answers: _Answers = {}
    for question, answer in zip(wanted, catalogue.measure_together(ctx, wanted), strict=True):
        if isinstance(answer, Exception):
            log.info("shared_question_failed", by=question.by, reason=str(answer))
        else:
            answers[question.scope, question.by] = frozenset(question.keys), answer
    token = _gathered.set(answers)
    try:
        yield
    finally:
        _gathered.reset(token)
