"""What every writer of tables shares: words of its own, the days it writes of, and the Arrow table itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from core.demo.cast import REPOS
from core.demo.changes import NEVER
from core.demo.history import History
from core.demo.identities import Known
from core.demo.stage import DAY, Flags, Indices, Moments

URL = "https://git.aurora.example"
Columns = dict[str, Any]
LISTS = {"co_author_ids": pa.uint64(), "assignee_ids": pa.uint64(), "labels": pa.string()}


@dataclass(frozen=True, slots=True)
class Pages:
    """Where to write, and of which days: what came to be or changed from `since` up to the day before `until`."""

    workspace_id: str
    repo_ids: Sequence[str]
    since: date
    until: date

    @property
    def version(self) -> int:
        """A later end overwrites an earlier one."""
        return self.until.toordinal()


class Pen:
    """Writes the tables of one chapter.

    Words are drawn from a generator of its own, so they change no fact; and for
    all rows, also those that are not written yet, so that they stay the same.
    """

    def __init__(self, history: History, known: Known, pages: Pages) -> None:
        self.h = history
        self.known = known
        self.pages = pages
        self.since, self.until = ((day - history.stage.first_day).days * DAY for day in (pages.since, pages.until))
        self.rng = np.random.default_rng([97, history.stage.chapter])

    def _urls(self, repo: Indices, numbers: Indices, what: str) -> list[str]:
        return [f"{URL}/{REPOS[r].name}/{what}/{n}" for r, n in zip(repo, numbers, strict=True)]

    def _repos(self, repo: Indices) -> pa.Array:
        return pa.array(list(self.pages.repo_ids)).take(pa.array(repo))

    def _happened(self, moments: Moments) -> Flags:
        return moments < min(NEVER, self.until)

    def _moments(self, moments: Moments) -> pa.Array:
        happened = self._happened(moments)
        seconds = np.where(happened, moments + self.h.stage.base, 0)
        return pa.array(seconds, pa.timestamp("s", "UTC"), mask=~happened)

    def _table(self, columns: Columns, born: Moments, *later: Moments) -> pa.Table:
        """The rows born by now that came to be, or to one of their later moments, in these days."""
        newest = np.max([np.where(self._happened(moments), moments, -NEVER) for moments in (born, *later)], axis=0)
        arrays = {
            column: pa.array(values, pa.list_(LISTS[column])) if column in LISTS else pa.array(values)
            for column, values in columns.items()
        }
        rows = pa.table(arrays).filter(pa.array(self._happened(born) & (newest >= self.since)))
        told = {"workspace_id": self.pages.workspace_id, "version": np.uint64(self.pages.version)}
        for column, value in told.items():
            rows = rows.append_column(column, pa.repeat(pa.scalar(value), rows.num_rows))
        return rows
