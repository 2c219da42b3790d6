"""Repositories of one workspace that share commits: two clones of one, or a fork. What they share counts twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import permutations

import sqlalchemy as sa

from core.context import Capability, Context
from core.ingestion.models import Source

_HELD_BY = """SELECT repos, count() AS commits
FROM (
    SELECT arraySort(groupUniqArray(repo_id)) AS repos
    FROM commits FINAL
    WHERE workspace_id = {workspace:String} AND repo_id IN {repos:Array(String)}
    GROUP BY sha
)
GROUP BY repos"""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a source's repository shares with another one."""

    source_id: str
    name: str
    other: str
    shared: int
    """Commits in both."""
    own: int
    """Commits of this one."""
    others: int
    """Commits of the other one."""

    @property
    def sentence(self) -> str:
        """What is counted twice, and what to do."""
        if self.shared == self.own == self.others:
            what = (
                f"'{self.name}' and '{self.other}' are the same history: each of its {self.own:,} commits counts twice."
            )
        elif self.shared == self.own:
            what = f"All {self.own:,} commits of '{self.name}' are in '{self.other}' too, and count twice."
        else:
            part = f"{self.shared:,} of its {self.own:,} commits"
            what = f"'{self.name}' shares {part} with '{self.other}': they count twice."
        return f"{what} Remove one of the two, or choose one under Repositories to see its numbers alone."


def found(ctx: Context) -> list[Overlap]:
    """Every pair of sources that share commits, told from both sides, the largest share first."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        mine = sa.select(Source).where(Source.workspace_id == ctx.workspace.id, Source.kind == "git")
        sources = {source.repo_id: source for source in session.scalars(mine)}
    if len(sources) < 2:
        return []
    asked = {"workspace": ctx.workspace.id, "repos": list(sources)}
    own, shared = Counter[str](), Counter[tuple[str, str]]()
    for row in ctx.metrics.rows(_HELD_BY, asked):
        own.update(dict.fromkeys(row["repos"], int(row["commits"])))
        shared.update(dict.fromkeys(permutations(row["repos"], 2), int(row["commits"])))
    return [
        Overlap(sources[one].id, sources[one].name, sources[other].name, count, own[one], own[other])
        for (one, other), count in sorted(shared.items(), key=lambda pair: (-pair[1], sources[pair[0][0]].name))
    ]


def of_source(ctx: Context, source_id: str) -> list[Overlap]:
    """What one source shares with others."""
    return [overlap for overlap in found(ctx) if overlap.source_id == source_id]
