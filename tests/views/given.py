"""A datasource that answers with a table of the test's own, and the views drawn from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.base.period import Period
from core.datasources import Answer, Datasource, DatasourceArgs, Desk, Query, Window
from core.figures import Figure, Series, Stat, Table
from core.views.making import Made, Wanted, make
from core.views.view import Face

VIENNA = ZoneInfo("Europe/Vienna")
WEEK = Window(Period(datetime(2026, 3, 2, tzinfo=VIENNA), datetime(2026, 3, 9, tzinfo=VIENNA)), "Europe/Vienna")
"""Monday 2 March to Sunday 8 March 2026."""


class Given(Datasource):
    """Answers each question with what was laid down for it, and remembers what it was asked."""

    key = "given"
    label = "Given"

    def __init__(self, answers: dict[str, Any], window: Window) -> None:
        super().__init__(DatasourceArgs(), window)
        self.answers = answers
        self.asked: list[Query] = []

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Any:
        self.asked.append(Query("db", text, options, rows))
        return self.answers[text]


def made(plugin: str, answers: Any, window: Window = WEEK, **args: Any) -> tuple[Made, Given]:
    """The view over `answers`: one table, or a dict of them by question; and the datasource that was asked."""
    laid = answers if isinstance(answers, dict) and "q" in answers else {"q": answers}
    source = Given(laid, window)
    desk = Desk(window, {"db": lambda window: source})
    told = {"datasource": "db", "query": "q", **args}
    kept = {name: value for name, value in told.items() if value is not ...}
    return make([Wanted(Face("v", "Sign-ups"), plugin, kept)], desk)[0], source


def figure(plugin: str, answers: Any, window: Window = WEEK, **args: Any) -> Figure:
    """The one figure of a view that is well."""
    one, _ = made(plugin, answers, window, **args)
    assert one.failure == ""
    return one.figures[0]


def plot(answers: Any, window: Window = WEEK, **args: Any) -> Series:
    shown = figure("plot", answers, window, **args)
    assert isinstance(shown, Series)
    return shown


def stat(answers: Any, **args: Any) -> Stat:
    shown = figure("single_stat", answers, **args)
    assert isinstance(shown, Stat)
    return shown


def table(answers: Any, **args: Any) -> Table:
    shown = figure("table", answers, **args)
    assert isinstance(shown, Table)
    return shown


def failure(plugin: str, answers: Any, **args: Any) -> str:
    """The sentence in the place of a view that failed."""
    return made(plugin, answers, **args)[0].failure


def capped(rows: Any, total: int, note: str = "") -> Answer:
    """Some rows of more."""
    from core.datasources.tables import table_of

    return Answer(table_of(rows), total=total, note=note)
