# ruff: noqa: S608 - the only names put into a statement are those of TABLES below; every value is a parameter
"""What the store keeps of a repository's lines, in statements over all of its rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.context import Context
from core.ingestion.lines.tree import File

TABLES = {
    "line_changes": ("sha", "path", "previous_sha", "authored_at"),
    "tree_files": ("path",),
}
"""Each with the rest of its key: workspace and repository come first."""
SOURCE = "clone"
"""Whose word these facts are: beside the commits' own source, so that neither takes the other's place."""
MINE = "workspace_id = {workspace:String} AND repo_id = {repo:String}"
_UNSEEN = f"""FROM commits FINAL
WHERE {MINE} AND is_merge = 0 AND source = 'git' AND authored_at >= {{since:DateTime('UTC')}}
    AND sha NOT IN (SELECT sha FROM line_changes FINAL WHERE {MINE} AND authored_at >= {{since:DateTime('UTC')}})"""


@dataclass(frozen=True, slots=True)
class Commit:
    """One whose lines have not been looked at."""

    sha: str
    author_id: int
    authored_at: int
    committed_at: int


@dataclass(frozen=True, slots=True)
class Touched:
    """A file of which a commit changed or removed lines."""

    path: str
    before: str
    """What it was called in the parent."""
    lines: int


class Kept:
    """The rows of one repository, written under a version above all that are there."""

    def __init__(self, ctx: Context, repo_id: str) -> None:
        self.ctx = ctx
        self.params: dict[str, Any] = {"workspace": ctx.workspace.id, "repo": repo_id}
        held = (self._scalar(f"SELECT max(version) FROM {table} WHERE {MINE}") for table in TABLES)
        self.version = self.params["version"] = max(int(one or 0) for one in held) + 1

    def follow(self) -> int:
        """Drop what was told of commits that are gone, and let authors be those of the commits; rows that changed."""
        gone = f"sha NOT IN (SELECT sha FROM commits FINAL WHERE {MINE})"
        dropped = int(self._scalar(f"SELECT count() FROM line_changes FINAL WHERE {MINE} AND {gone}") or 0)
        if dropped:
            self._bury("line_changes", gone)
        stale = f"""FROM line_changes AS l FINAL
            INNER JOIN (SELECT sha, author_id FROM commits FINAL WHERE {MINE}) AS c ON c.sha = l.sha
            LEFT ANY JOIN (SELECT sha, author_id FROM commits FINAL WHERE {MINE}) AS o ON o.sha = l.previous_sha
            WHERE l.workspace_id = {{workspace:String}} AND l.repo_id = {{repo:String}}
                AND (l.author_id != c.author_id OR (o.sha != '' AND l.previous_id != o.author_id))"""
        moved = int(self._scalar(f"SELECT count() {stale}") or 0)
        if moved:
            columns = "workspace_id, repo_id, sha, path, previous_sha, previous_at, authored_at, lines, unknown, source"
            self._command(
                f"INSERT INTO line_changes ({columns}, author_id, previous_id, version)"
                f" SELECT {', '.join(f'l.{name}' for name in columns.split(', '))}, c.author_id,"
                f" if(o.sha != '', o.author_id, l.previous_id), {{version:UInt64}} {stale}"
            )
        return dropped + moved

    def forget(self) -> None:
        """Drop everything."""
        for table in TABLES:
            self._bury(table, "1")

    def unseen(self, since: datetime) -> tuple[int, datetime | None]:
        """How many commits since then have not been looked at, and when the oldest of them was authored."""
        found = self._rows(f"SELECT count() AS n, min(authored_at) AS first {_UNSEEN}", since=since)[0]
        return int(found["n"]), found["first"].replace(tzinfo=UTC) if found["n"] else None

    def older(self, since: datetime) -> bool:
        """Whether the history goes further back than that."""
        asked = f"SELECT count() FROM commits FINAL WHERE {MINE} AND authored_at < {{since:DateTime('UTC')}}"
        return bool(self._scalar(asked, since=since))

    def next(self, since: datetime, most: int) -> list[Commit]:
        """The oldest of them."""
        moments = "toUnixTimestamp(authored_at) AS authored, toUnixTimestamp(committed_at) AS committed"
        rows = self._rows(
            f"SELECT sha, author_id, {moments} {_UNSEEN} ORDER BY authored_at, sha LIMIT {{most:UInt32}}",
            since=since, most=most,
        )  # fmt: skip
        return [Commit(row["sha"], row["author_id"], row["authored"], row["committed"]) for row in rows]

    def touched(self, commits: Sequence[Commit]) -> dict[str, list[Touched]]:
        """By commit, the files of which it changed or removed lines that people write."""
        rows = self._rows(
            f"""SELECT sha, path, if(old_path = '', path, old_path) AS before, deletions
            FROM commit_files FINAL
            WHERE {MINE} AND deletions > 0 AND generated = 0 AND is_binary = 0
                AND authored_at >= {{first:DateTime('UTC')}} AND authored_at <= {{last:DateTime('UTC')}}
                AND sha IN {{shas:Array(String)}}""",
            first=_moment(min(one.authored_at for one in commits)),
            last=_moment(max(one.authored_at for one in commits)),
            shas=[one.sha for one in commits],
        )
        found: dict[str, list[Touched]] = {}
        for row in rows:
            found.setdefault(row["sha"], []).append(Touched(row["path"], row["before"], row["deletions"]))
        return found

    def moments(self, first: int, last: int) -> dict[str, list[int]]:
        """By path, when commits of these days that touched it were authored, in order."""
        rows = self._rows(
            f"""SELECT path, arraySort(groupArray(toUnixTimestamp(authored_at))) AS moments
            FROM commit_files FINAL
            WHERE {MINE} AND authored_at >= {{first:DateTime('UTC')}} AND authored_at <= {{last:DateTime('UTC')}}
            GROUP BY path""",
            first=_moment(first),
            last=_moment(last),
        )
        return {row["path"]: list(row["moments"]) for row in rows}

    def files(self) -> dict[str, File]:
        """The files that were there, as they were measured."""
        rows = self._rows(
            "SELECT path, blob, former, language, lines, complexity, known, generated"
            f" FROM tree_files FINAL WHERE {MINE}"
        )
        return {
            row["path"]: File(
                row["path"], row["blob"], tuple(row["former"]), row["language"], row["lines"], row["complexity"],
                bool(row["known"]), bool(row["generated"]),
            )
            for row in rows
        }  # fmt: skip

    def renames(self) -> list[tuple[str, str]]:
        """Old and new names, in the order in which files got them."""
        rows = self._rows(
            f"SELECT old_path, path FROM commit_files FINAL WHERE {MINE} AND old_path != '' ORDER BY authored_at, sha"
        )
        return [(row["old_path"], row["path"]) for row in rows]

    def put(self, table: str, rows: Iterable[dict[str, Any]]) -> int:
        """Insert one block."""
        import pyarrow as pa

        base = {
            "workspace_id": self.ctx.workspace.id, "repo_id": self.params["repo"], "source": SOURCE,
            "version": self.version, "deleted": 0,
        }  # fmt: skip
        listed = [base | row for row in rows]
        if listed:
            names = {name: _KINDS[name](pa) for name in listed[0] if name in _KINDS}
            columns = {name: pa.array([row[name] for row in listed], names.get(name)) for name in listed[0]}
            self.ctx.metrics.insert_arrow(table, pa.table(columns))
        return len(listed)

    def _bury(self, table: str, which: str) -> None:
        key = ", ".join(TABLES[table])
        self._command(
            f"INSERT INTO {table} (workspace_id, repo_id, {key}, source, version, deleted)"
            f" SELECT workspace_id, repo_id, {key}, source, {{version:UInt64}}, 1"
            f" FROM {table} FINAL WHERE {MINE} AND {which}"
        )

    def _rows(self, sql: str, **named: Any) -> list[dict[str, Any]]:
        return self.ctx.metrics.rows(sql, self.params | named)

    def _scalar(self, sql: str, **named: Any) -> Any:
        return self.ctx.metrics.scalar(sql, self.params | named)

    def _command(self, sql: str) -> None:
        self.ctx.metrics.command(sql, self.params)


_KINDS: dict[str, Any] = {
    "authored_at": lambda pa: pa.timestamp("s", "UTC"),
    "previous_at": lambda pa: pa.timestamp("s", "UTC"),
    "author_id": lambda pa: pa.uint64(),
    "previous_id": lambda pa: pa.uint64(),
    "version": lambda pa: pa.uint64(),
    "former": lambda pa: pa.list_(pa.string()),
}
"""Arrow types that cannot be told from the values."""


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(max(seconds, 0), UTC)
