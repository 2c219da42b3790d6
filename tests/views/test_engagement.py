"""Posts and how people answered them, drawn."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.base.period import Period
from core.datasources import Datasource, Desk, Window
from core.figures import Series, State
from core.views.making import Made, Wanted, make
from core.views.view import Face

WINDOW = Window(Period(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)))


def post(day: int, likes: int | None, text: str = "hello", **more: int) -> dict[str, Any]:
    at = datetime(2026, 3, day, 10, tzinfo=UTC)
    return {"time": at, "text": text, "id": str(day), "like_count": likes, "reply_count": 1, "retweet_count": 2,
            "quote_count": 50, **more}  # fmt: skip


class Posts(Datasource):
    """Posts that the test gives."""

    key = "posts"
    rows: list[dict[str, Any]] = []  # noqa: RUF012

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> list[dict[str, Any]]:
        return self.rows


def drawn(*posts: dict[str, Any], **args: Any) -> Made:
    source = Posts(Posts.Args(), WINDOW)
    source.rows = list(posts)
    (made,) = make([Wanted(Face("e", "E"), "twitter.engagement", args)], Desk(WINDOW, {"twitter": lambda _: source}))
    return made


def series(made: Made) -> Series:
    (figure,) = made.figures
    assert isinstance(figure, Series), made.failure
    return figure


def test_each_count_is_a_series_of_points() -> None:
    figure = series(drawn(post(3, 5), post(4, 9)))

    assert figure.mark == "point"
    assert {line.name: line.y for line in figure.lines} == {"likes": [5, 9], "replies": [1, 1], "retweets": [2, 2]}


def test_the_most_liked_post_is_called_out() -> None:
    figure = series(drawn(post(3, 5, "first"), post(4, 9, "second\nline " + "x" * 80)))

    assert figure.style is not None
    (mark,) = figure.style.marks
    assert (mark.x, mark.y) == (datetime(2026, 3, 4, 10, tzinfo=UTC), 9.0)
    assert mark.text == "second line " + "x" * 47 + "…"
    assert figure.note.startswith("Most liked, 9 times: second line")


@pytest.mark.parametrize("posts", [(post(3, 0),), (post(3, None),)])
def test_without_likes_nothing_is_called_out(posts: tuple[dict[str, Any], ...]) -> None:
    figure = series(drawn(*posts))

    assert figure.style is not None
    assert figure.style.marks == []


def test_no_posts_are_no_data() -> None:
    assert series(drawn()).state is State.NO_DATA


def test_arguments_of_plot_are_its_own_too() -> None:
    assert series(drawn(post(3, 5), kind="line", label_map={"like_count": "hearts"})).lines[0].name == "hearts"
    assert "there is no argument named 'sort'" in drawn(post(3, 5), sort=1).failure
