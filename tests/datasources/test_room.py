"""The answers of a report share one room in memory, and ask for it while they come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from core.base.errors import BadInput
from core.datasources.room import LARGE, TURNS, Room, growing

FULL = "The answers of this report fill more than 10 MiB. Let its queries sum up."
MEBIBYTE = 1024 * 1024


def test_answers_on_their_way_count_before_they_are_here() -> None:
    room, both = Room(10 * MEBIBYTE), Barrier(2)

    def fetched(size: int) -> str:
        try:
            with room.share():
                growing(size // 2)
                both.wait(10)
                growing(size // 2)
                both.wait(10)
        except BadInput as error:
            both.wait(10)
            return error.message
        return ""

    with ThreadPoolExecutor() as pool:
        said = sorted(pool.map(fetched, [6 * MEBIBYTE, 6 * MEBIBYTE]))

    assert said == ["", FULL], "the one that finds no room gives back what it had, and the other comes through"


def test_room_is_given_back_when_a_fetch_fails_for_another_reason() -> None:
    room = Room(10 * MEBIBYTE)

    for _ in range(5):
        with pytest.raises(ValueError, match="broken"), room.share():
            growing(8 * MEBIBYTE)
            raise ValueError("broken")

    with room.share() as share:
        growing(8 * MEBIBYTE)
        share.settle(9 * MEBIBYTE)


def test_once_there_is_no_room_nothing_more_is_asked() -> None:
    room = Room(10 * MEBIBYTE)
    with pytest.raises(BadInput, match="fill more than 10 MiB"), room.share() as share:
        share.settle(11 * MEBIBYTE)

    with pytest.raises(BadInput, match="fill more than 10 MiB"), room.share():
        pytest.fail("it was asked")


def test_few_large_answers_are_fetched_at_once_and_small_ones_do_not_wait() -> None:
    room, going, done = Room(), [Event() for _ in range(TURNS + 1)], Event()

    def large(started: Event) -> None:
        with room.share():
            growing(LARGE + 1)
            started.set()
            done.wait(30)

    with ThreadPoolExecutor() as pool:
        jobs = [pool.submit(large, started) for started in going[:TURNS]]
        assert all(started.wait(10) for started in going[:TURNS])
        jobs.append(pool.submit(large, going[TURNS]))
        with room.share():
            growing(LARGE)
        assert not going[TURNS].is_set()
        done.set()
        for job in jobs:
            job.result(30)

    assert going[TURNS].is_set()


def test_outside_of_a_report_nothing_is_counted() -> None:
    growing(10**12)
