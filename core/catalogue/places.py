"""To which components a row belongs, for each kind of fact: the texts that `core.catalogue.query` narrows with.

What belongs where is settled beforehand (`core.components.placing`): a table of paths
and one of pull requests. Whatever has no row there is unassigned.
"""

from __future__ import annotations

from collections.abc import Callable

from core.catalogue.fact import Fact, Places
from core.catalogue.relations import parts_of
from core.catalogue.scope import UNASSIGNED

NEEDS = ("commit_files",)
"""What must be collected for a question about components, beside what the metric needs."""
UNPLACED = "cannot be told of a component: nothing says which files it is about. Choose repositories instead."
BELONGS: dict[Places, str] = {
    "files": "A commit belongs to a component when it changes a file of it, by the path that the file has after the"
    " commit; lines are those of the component's files alone.",
    "path": "A changed line or file belongs to the components of its path.",
    "owned": "Lines belong to the components of the file that they are in now.",
    "change": "A pull request belongs to a component when one of its commits, or the commit it was merged as, changes"
    " a file of it; it counts whole.",
    "review": "A review, like its pull request, belongs to the components of the files that were changed.",
    "work": "A commit, pull request or review belongs to the components of the files that were changed.",
    "deployment": "A deployment belongs to the components of the pull requests that it shipped: those that it lists,"
    " else those merged since the successful one before; it counts whole.",
    "incident": "An incident belongs to the components of the deployment that it names; it counts whole. One that names"
    " none, or one that shipped nothing, is unassigned.",
}
"""What belonging means, by kind, as Explain and the reference of the metrics tell it."""
TOGETHER = (
    "What belongs to several components counts once in a figure of them together. 'Unassigned' is what changes a file"
    " outside every component, or no file that is known."
)

INSIDE = ("files", "owned")
"""Kinds that are narrowed inside, before they are grouped; the others row by row, at the end."""

_KNOWN = f"if(empty($1), ['{UNASSIGNED}'], $1)"
_SUMMED = {
    "additions": "sumIf(f.additions, f.generated = 0)",
    "deletions": "sumIf(f.deletions, f.generated = 0)",
    "files": "countIf(f.generated = 0)",
    "generated_additions": "sumIf(f.additions, f.generated = 1)",
    "generated_deletions": "sumIf(f.deletions, f.generated = 1)",
    "generated_files": "countIf(f.generated = 1)",
}
_PATHS = (
    "SELECT repo_id, path, cityHash64(repo_id, path) AS key, components FROM path_components FINAL"
    " WHERE workspace_id = {workspace:String}"
)
"""Long tables are joined by a hash of 64 bits: three times as fast as by two texts, and as good as never wrong."""
_CHANGES = (
    "SELECT repo_id, number, sha, components FROM change_components FINAL WHERE workspace_id = {workspace:String}"
)
_JOINED: dict[Places, tuple[str, str]] = {
    "path": ("placed_paths", "w.repo_id = f.repo_id AND w.path = f.path"),
    "change": ("placed_changes", "w.repo_id = f.repo_id AND w.number = f.number AND w.sha = ''"),
    "review": ("placed_changes", "w.repo_id = f.repo_id AND w.number = f.number AND w.sha = f.sha"),
    "work": ("placed_work", "w.key = cityHash64(f.repo_id, toUInt32(f.number), f.sha)"),
    "deployment": ("placed_deployments", "w.repo_id = f.repo_id AND w.deployment_key = f.deployment_key"),
    "incident": ("placed_deployments", "w.repo_id = f.repo_id AND w.deployment_key = f.deployment_key"),
}
"""For facts that are placed row by row: the relation that tells, and what they share with it."""
_WORK = f"""    SELECT cityHash64(repo_id, number, sha) AS key, components FROM placed_changes
    UNION ALL
    SELECT
        cityHash64(f.repo_id, toUInt32(0), f.sha) AS key,
        groupUniqArrayArray({_KNOWN.replace("$1", "p.components")}) AS components
    FROM ($files) AS f
    LEFT ANY JOIN placed_paths AS p ON p.key = cityHash64(f.repo_id, f.path)
    GROUP BY key"""  # noqa: S608 - texts of ours, no values
_OWNED = """    SELECT
        person, max(is_bot) AS is_bot, repo_id, any(at) AS at, sum(weight) AS weight, sum(written) AS written,
        max(last_at) AS last_at$group
    FROM (
        SELECT o.*, $components AS $name
        FROM owned_files AS o
        LEFT ANY JOIN placed_paths AS p ON p.repo_id = o.repo_id AND p.path = o.path
    )
    WHERE $where
    GROUP BY person, repo_id$group"""
_DEPLOYMENTS = f"""    SELECT d.repo_id AS repo_id, d.deployment_key AS deployment_key,
        groupUniqArrayArray({_KNOWN.replace("$1", "w.components")}) AS components
    FROM shipped_changes AS d
    LEFT ANY JOIN placed_changes AS w ON w.repo_id = d.repo_id AND w.number = d.number AND w.sha = ''
    GROUP BY repo_id, deployment_key"""  # noqa: S608

Base = Callable[[str], str]
"""The SELECT of a table of `TABLES`, narrowed to everything but components."""


def replaced(fact: Fact, chosen: tuple[str, ...], each: bool, base: Base) -> dict[str, str]:
    """Relations by name that stand before, or in the place of, those of the fact: with `each` a row a component."""
    if fact.places == "files":
        return {
            "placed_paths": f"    {_PATHS}",
            "file_rows": _files(chosen, each, base),
            "touched": _touched(each),
            "commit_rows": _commits(chosen, each, base),
        }
    return {"placed_paths": f"    {_PATHS}"} if fact.places == "owned" else {}


def instead(fact: Fact, chosen: tuple[str, ...], each: bool) -> dict[str, str]:
    """Relations by name that stand where the fact's own would, and read what stands before them."""
    if fact.places != "owned":
        return {}
    components = _of(chosen, "p.components")
    parts = {
        "$components": f"arrayJoin({components})" if each else components,
        "$name": "component" if each else "components",
        "$where": "1" if each else "notEmpty(components)",
        "$group": ", component" if each else "",
    }
    sql = _OWNED
    for mark, text in parts.items():
        sql = sql.replace(mark, text)
    return {fact.key: sql}


def told(fact: Fact, base: Base) -> dict[str, str]:
    """Relations by name that tell of what was placed row by row; they may read what `needed` names."""
    return {
        "placed_paths": f"    {_PATHS}",
        "placed_changes": f"    {_CHANGES}",
        "placed_work": _WORK.replace("$files", base("file_rows").strip()),
        "placed_deployments": _DEPLOYMENTS,
    } if fact.places in _JOINED else {}  # fmt: skip


def needed(fact: Fact) -> tuple[str, ...]:
    """Relations of `sql/` that are read besides the fact's own."""
    shipped = parts_of("shipped_changes")
    return {"deployment": shipped, "incident": shipped, "owned": parts_of("owned_files")}.get(fact.places, ())


def column(fact: Fact, chosen: tuple[str, ...]) -> tuple[str, str]:
    """The column `components` of a row, and the join that it needs."""
    if fact.places in INSIDE:
        return "[f.component] AS components", ""
    relation, on = _JOINED[fact.places]
    return f"{_of(chosen, 'w.components')} AS components", f"\n    LEFT ANY JOIN {relation} AS w ON {on}"


def _of(chosen: tuple[str, ...], components: str) -> str:
    known = _KNOWN.replace("$1", components)
    return f"arrayFilter(one -> has({{components:Array(String)}}, one), {known})" if chosen else known


def _files(chosen: tuple[str, ...], each: bool, base: Base) -> str:
    rows = base("file_rows")
    if not each:
        return f"{rows} AND {_is_of(chosen)}"
    return (
        f"    SELECT f.*, arrayJoin({_of(chosen, 'p.components')}) AS component\n    FROM ({rows.strip()}) AS f\n"  # noqa: S608
        "    LEFT ANY JOIN placed_paths AS p ON p.key = cityHash64(f.repo_id, f.path)"
    )


def _is_of(chosen: tuple[str, ...]) -> str:
    """Whether a changed file belongs to one of them: a semi-join with the paths, whatever the period."""
    paths = f"SELECT key FROM ({_PATHS}) WHERE"  # noqa: S608 - texts of ours, no values
    if UNASSIGNED in chosen:  # what has no row is unassigned, so only what belongs to others alone goes
        return f"cityHash64(repo_id, path) NOT IN ({paths} NOT hasAny(components, {{components:Array(String)}}))"
    return f"cityHash64(repo_id, path) IN ({paths} hasAny(components, {{components:Array(String)}}))"


def _touched(each: bool) -> str:
    group, component = ("key, component", ", f.component AS component") if each else ("key", "")
    listed = f"cityHash64(f.repo_id, f.sha) AS key{component}"
    sums = ",\n        ".join(f"{sql} AS {name}" for name, sql in _SUMMED.items())
    return f"    SELECT {listed},\n        {sums}\n    FROM file_rows AS f\n    GROUP BY {group}"  # noqa: S608


def _commits(chosen: tuple[str, ...], each: bool, base: Base) -> str:
    """Commits with the lines of their component's files alone; one of no known file keeps what it says of itself."""
    is_open = not chosen or UNASSIGNED in chosen
    lines = ", ".join(f"if(t.key = 0, c.{name}, t.{name}) AS {name}" for name in _SUMMED)
    component = f",\n        if(t.key = 0, '{UNASSIGNED}', t.component) AS component" if each else ""
    join = ("LEFT" if is_open else "INNER") + ("" if each else " ANY")
    sql = (
        f"    SELECT c.* REPLACE ({lines}){component}\n    FROM ({base('commit_rows').strip()}) AS c\n"  # noqa: S608
        f"    {join} JOIN touched AS t ON t.key = cityHash64(c.repo_id, c.sha)"
    )
    if chosen and is_open:
        files = base("file_rows").strip().replace("SELECT *", "SELECT cityHash64(repo_id, sha)", 1)
        sql += f"\n    WHERE t.key != 0 OR cityHash64(c.repo_id, c.sha) NOT IN ({files})"
    return sql
