"""What every writer of tables shares: words of its own, moments, names of repositories, and the Arrow table itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from core.demo.cast import REPOS
from core.demo.changes import NEVER
from core.demo.history import History
from core.demo.identities import Known
from core.demo.stage import Indices, Moments

URL = "https://git.aurora.example"
VERSION = 1
Columns = dict[str, Any]


class Pen:
    """Writes columns of one history. Words are drawn from a generator of its own, so they change no fact."""

    def __init__(self, history: History, known: Known, repo_ids: Sequence[str]) -> None:
        self.h = history
        self.known = known
        self.repo_ids = list(repo_ids)
        self.rng = np.random.default_rng(97)

    def _urls(self, repo: Indices, numbers: Indices, what: str) -> list[str]:
        return [f"{URL}/{REPOS[r].name}/{what}/{n}" for r, n in zip(repo, numbers, strict=True)]

    def _repos(self, repo: Indices) -> pa.Array:
        return pa.array(self.repo_ids).take(pa.array(repo))

    def _moments(self, moments: Moments) -> pa.Array:
        seconds = np.where(moments < NEVER, moments + self.h.stage.base, 0)
        return pa.array(seconds, pa.timestamp("s", "UTC"), mask=moments >= NEVER)


def table(workspace_id: str, columns: Columns) -> pa.Table:
    """The columns with what every fact has."""
    length = len(columns["repo_id"])
    lists = {"co_author_ids": pa.uint64(), "assignee_ids": pa.uint64(), "labels": pa.string()}
    arrays = {
        column: pa.array(values, pa.list_(lists[column])) if column in lists else pa.array(values)
        for column, values in columns.items()
    }
    arrays["workspace_id"] = pa.array([workspace_id] * length)
    arrays["version"] = pa.array(np.full(length, VERSION, np.uint64))
    return pa.table(arrays)
