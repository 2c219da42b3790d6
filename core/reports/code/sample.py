"""A small SQLite database of invented sign-ups, for a first report that has something to show."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from core.base.errors import BadInput, Conflict

DAYS = 60
COUNTRIES = {"Germany": 5, "France": 3, "Spain": 2}
PLANS = {"free": 8, "team": 3, "business": 1}
TABLE = """CREATE TABLE signups (
    id INTEGER PRIMARY KEY,
    created_at TEXT NOT NULL,
    country TEXT NOT NULL,
    plan TEXT NOT NULL
)"""


def make(path: Path, today: datetime) -> int:
    """Write the database, with sign-ups of the 60 days before `today`; how many there are. Never overwrites a file."""
    if path.exists():
        raise Conflict(f"There is a file '{path}' already. Remove it, or leave --demo out to use it.")
    try:
        connection = sqlite3.connect(path)
    except sqlite3.Error as error:
        raise BadInput(f"The database '{path}' cannot be made: {error}.") from error
    with connection:
        connection.execute(TABLE)
        connection.executemany("INSERT INTO signups (created_at, country, plan) VALUES (?, ?, ?)", _rows(today))
        (number,) = connection.execute("SELECT count(*) FROM signups").fetchone()
    connection.close()
    return int(number)


def _rows(today: datetime) -> Iterator[tuple[str, str, str]]:
    """The same days give the same people."""
    dice = random.Random(7)  # noqa: S311 - invented people, no secret
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for back in range(DAYS, 0, -1):
        day = midnight - timedelta(days=back)
        busy = 6 if day.weekday() >= 5 else 14
        for second in sorted(dice.randrange(6 * 3600, 22 * 3600) for _ in range(busy + dice.randrange(8))):
            moment = day + timedelta(seconds=second)
            yield f"{moment:%Y-%m-%d %H:%M:%S}", _one(dice, COUNTRIES), _one(dice, PLANS)


def _one(dice: random.Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]
