"""The relations of `sql/`: each file is a SELECT from other relations and the narrowed tables of `TABLES` alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from core.catalogue.fact import TABLES

SQL = Path(__file__).parent / "sql"

EXCLUDES = """(e.3 = '' OR e.3 = r.repo_id) AND ifNull(multiIf(
        e.1 = 'label', arrayExists(one -> one ILIKE e.2, r.labels),
        e.1 = 'title', r.title ILIKE e.2,
        e.1 = 'branch', r.head_branch ILIKE e.2 OR r.base_branch ILIKE e.2,
        e.1 = 'age', dateDiff(
            'day', r.opened_at, coalesce(r.merged_at, r.closed_at, toDateTime({today:Date} + 1, {tz:String}))
        ) > toInt64OrZero(e.2),
        e.1 = 'number', toString(r.number) = e.2,
        0
    ), 0)"""
"""Whether a rule e (field, pattern, repository) means a pull request r."""

IN_FOLDER = "({folder:String} = '' OR path = {folder:String} OR startsWith(path, concat({folder:String}, '/')))"
"""Whether a path lies in the folder that is asked for."""

IS_THERE = f"""(
    cityHash64(repo_id, path) IN (SELECT cityHash64(repo_id, known_as) FROM files_known WHERE {IN_FOLDER})
    OR (repo_id NOT IN (SELECT repo_id FROM tree_rows) AND {IN_FOLDER})
)"""  # noqa: S608
"""Whether a file is there now and lies in the folder; any file of a repository of which nobody says what is there."""


@cache
def relation(name: str) -> str:
    """The SELECT of a relation, as its file has it, without comments."""
    text = (SQL / f"{name}.sql").read_text()
    return (
        re.sub(r"^\s*--.*\n", "", text, flags=re.MULTILINE)
        .strip()
        .replace("/*excludes*/", EXCLUDES)
        .replace("/*there*/", IS_THERE)
        .replace("/*folder*/", IN_FOLDER)
    )


@cache
def parts_of(name: str) -> tuple[str, ...]:
    """Relations and tables that `name` reads, each before the first that reads it, ending with `name` itself."""
    known = {path.stem for path in SQL.glob("*.sql")} | set(TABLES)
    ordered: dict[str, None] = {}

    def visit(one: str) -> None:
        if one in ordered:
            return
        if one not in TABLES:
            for word in re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", relation(one)):
                if word in known:
                    visit(word)
        ordered[one] = None

    visit(name)
    return tuple(ordered)
