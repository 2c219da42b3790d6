"""One question for several widgets.

A board knows before it draws what its widgets are going to ask. Questions that
differ only in their metrics become one, and every widget finds its answer in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog

from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Context

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Questions that the store is asked side by side."""


@dataclass(frozen=True, slots=True)
class Question:
    """Metrics of a scope, grouped."""

    keys: tuple[str, ...]
    scope: Scope
    by: tuple[str, ...] = ()


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
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ask") as pool:
        told = list(pool.map(lambda question: _answer(ctx, question), wanted))
    answers = {
        (question.scope, question.by): (frozenset(question.keys), answer)
        for question, answer in zip(wanted, told, strict=True)
        if answer is not None
    }
    token = _gathered.set(answers)
    try:
        yield
    finally:
        _gathered.reset(token)


def _answer(ctx: Context, question: Question) -> Measured | None:
    try:
        return catalogue.measure(ctx, question.keys, question.scope, question.by)
    except Exception as error:  # whatever it is, it must not cost the widgets that ask something else
        log.info("shared_question_failed", by=question.by, reason=str(error))
        return None
