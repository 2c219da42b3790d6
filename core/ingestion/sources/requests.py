"""Requests for reviews as rows, each with when it was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

Moment = tuple[int, datetime]
"""Whose identity, and when."""


def rows(number: int, asked: Iterable[Moment], withdrawn: Iterable[Moment]) -> Iterator[dict[str, Any]]:
    """Each request of a pull request, with the first time after it that this person was taken off again."""
    ends = sorted(withdrawn, key=lambda one: one[1])
    for who, at in asked:
        end = next((when for other, when in ends if other == who and when >= at), None)
        yield {"pr_number": number, "reviewer_id": who, "requested_at": at, "withdrawn_at": end}
