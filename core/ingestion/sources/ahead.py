"""Asking ahead: the next questions are under way while an answer is used, and answers come in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(ask: Callable[[T], R], items: Iterable[T], lines: int) -> Iterator[R]:
    """`ask` of each item, at most `lines` at once and twice as many in hand; the first error ends it."""
    waiting = iter(items)
    pool = ThreadPoolExecutor(lines, thread_name_prefix="provider")
    under_way: deque[Future[R]] = deque()
    try:
        under_way.extend(pool.submit(ask, item) for item in islice(waiting, lines * 2))
        while under_way:
            answer = under_way.popleft().result()
            under_way.extend(pool.submit(ask, item) for item in islice(waiting, 1))
            yield answer
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Items by the dozen."""
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk
