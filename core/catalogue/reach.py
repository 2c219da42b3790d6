"""How much of the tables a question reads: the pull requests that its period touches, and what belongs to those.

A table of pull requests cannot be read by time alone: what counts may be when one
was merged, opened or reviewed. So each fact says which moments count for it, and
its tables are cut down to those before anything is joined. This may read too much,
never too little: the fact itself decides what lies in the period.
"""

from __future__ import annotations

from dataclasses import dataclass

MINE = "workspace_id = {workspace:String}"
_AS_OF = "least({end:DateTime('UTC')}, toTimeZone(toDateTime({today:Date} + 1, {tz:String}), 'UTC')) - 1"
OPEN = f"((isNull(merged_at) OR merged_at > {_AS_OF}) AND (isNull(closed_at) OR closed_at > {_AS_OF}))"
"""Still open when the period ended, or now where it has not."""
MOMENTS = {"reviews": "submitted_at", "review_comments": "created_at"}
OF_PULLS = frozenset({*MOMENTS, "review_requests", "pr_commits"})
"""Tables whose rows belong to a pull request, by its number."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows a period needs."""

    pulls: tuple[str, ...] = ()
    """Pull requests with one of these moments in the period; `open` are those that were open at its end."""
    told: tuple[str, ...] = ()
    """Tables of `MOMENTS` whose rows in the period count by themselves: those, and their pull requests."""
    whole: bool = True
    """All that belongs to `pulls`, whenever it was."""


CHANGED = ("opened_at", "merged_at", "closed_at")
"""Whatever became of a pull request."""


def condition(reach: Reach | None, name: str, table: str) -> str:
    """What the rows of a table must fulfil to be read, empty if all are: `name` is its relation's."""
    if reach is None:
        return ""
    if table == "pull_requests":
        return _any([*_moments(reach), *(_of(one, "number") for one in reach.told)])
    if table in reach.told:
        return _any([_within(MOMENTS[table]), *_of_pulls(reach)])
    if table in OF_PULLS:
        return _any([*_of_pulls(reach), *(_of(one, "pr_number") for one in reach.told)])
    if name == "every_commit_row" and "reviews" not in reach.told:  # those that a trailer alone says were reviewed
        return "0"
    return ""


def _moments(reach: Reach) -> list[str]:
    return [OPEN if one == "open" else _within(one) for one in reach.pulls]


def _of_pulls(reach: Reach) -> list[str]:
    if not reach.pulls or not reach.whole:
        return []
    return [_named_by("pr_number", f"SELECT $ FROM pull_requests WHERE {MINE} AND {_any(_moments(reach))}", "number")]  # noqa: S608


def _of(table: str, column: str) -> str:
    """Pull requests to which rows of the table belong that the period holds."""
    return _named_by(column, f"SELECT $ FROM {table} WHERE {MINE} AND {_within(MOMENTS[table])}", "pr_number")  # noqa: S608


def _named_by(column: str, asked: str, number: str) -> str:
    """Pull requests that another table names. Numbers alone sift most rows out, at a tenth of the pairs' price.

    The other table is read without FINAL: that finds older rows too, which is too much, and sooner.
    """
    pairs = asked.replace("$", f"repo_id, {number}")
    return f"({column} IN ({asked.replace('$', number)}) AND (repo_id, {column}) IN ({pairs}))"


def _within(column: str) -> str:
    return f"({column} >= {{from:DateTime('UTC')}} AND {column} < {{until:DateTime('UTC')}})"


def _any(conditions: list[str]) -> str:
    return f"({' OR '.join(conditions)})"
