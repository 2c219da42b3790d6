"""Suggestions: scored, with reasons, and nothing more."""

from __future__ import annotations

import time

import pytest

from core.context import Context
from core.people import service
from core.people.service import Seen


def suggested(ctx: Context) -> list[tuple[str, str, float]]:
    return [(s.into_email, s.from_email, s.score) for s in service.suggestions(ctx)]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("jane@a.org", "Jane Doe"), ("jd@b.org", "Jane Doe"), "Both are called 'Jane Doe'."),
        (("jm@a.org", "Jörg Müller"), ("x@b.org", "MULLER, Jorg"), "Both are called"),
        (("jw@a.org", "Jonas Weber"), ("x@b.org", "Jonas Webber"), "nearly the same"),
        (("jane.doe@a.org", "Jane"), ("jane.doe@b.org", "jd"), "begins with 'jane.doe@'"),
        (("janedoe@a.org", "jd"), ("x@b.org", "Jane Doe"), "'janedoe' spells the other's name"),
    ],
)
def test_what_is_alike_is_suggested_with_its_reason(
    ctx: Context, one: tuple[str, str], other: tuple[str, str], reason: str
) -> None:
    service.register(ctx, [Seen(*one, count=9), Seen(*other)])

    (found,) = service.suggestions(ctx)

    assert reason in " ".join(found.reasons)
    assert 0.6 <= found.score < 1
    assert (found.into_email, found.from_email) == (one[0], other[0])
    assert len(service.people(ctx)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("jane@a.org", "Jane Doe"), ("john@a.org", "John Doe")),
        (("info@a.org", "Ann Bell"), ("info@b.org", "Cy Dunn")),
        (("a@a.org", "root"), ("b@b.org", "root")),
        (("x@a.org", "Maria Silva"), ("y@b.org", "Marta Silveira")),
    ],
)
def test_what_is_only_a_little_alike_is_not(ctx: Context, one: tuple[str, str], other: tuple[str, str]) -> None:
    service.register(ctx, [Seen(*one), Seen(*other)])

    assert service.suggestions(ctx) == []


def test_more_reasons_score_higher_and_come_first(ctx: Context) -> None:
    service.register(
        ctx,
        [Seen("ada.king@a.org", "Ada King"), Seen("ada.king@b.org", "Ada King"), Seen("jo@a.org", "Jo Fox"),
         Seen("fox@b.org", "Jo Fox")],
    )  # fmt: skip

    scores = [score for *_, score in suggested(ctx)]

    assert len(scores) == 2
    assert scores[0] > scores[1]


def test_two_said_to_be_two_are_not_suggested_again(ctx: Context) -> None:
    service.register(ctx, [Seen("jane@a.org", "Jane Doe"), Seen("jane@b.org", "Jane Doe")])
    (found,) = service.suggestions(ctx)

    service.say_apart(ctx, found.into_id, found.from_id)

    assert service.suggestions(ctx) == []


def test_five_thousand_people_are_compared_in_seconds(ctx: Context) -> None:
    first = ["Ann", "Bea", "Cy", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon"]
    service.register(
        ctx, [Seen(f"u{i}@a.org", f"{first[i % 10]} {chr(97 + i % 23)}on{i // 3:05d}") for i in range(5000)]
    )

    started = time.process_time()
    service.suggestions(ctx)

    assert time.process_time() - started < 5
