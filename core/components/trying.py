"""What a component would be: matched against every path that there is, without writing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from core.components import owners
from core.components.matching import Paths, meant, patterns
from core.components.placing import Plan, paths_of
from core.components.views import Lines, Preview, RuleHits, Wish
from core.context import Context

LATELY = timedelta(days=90)
EXAMPLES = 8


def tried(ctx: Context, wish: Wish, own: str, plans: Sequence[Plan], repos: Mapping[str, str]) -> Preview:
    """The preview of `wish`; `plans` are those of its repositories as they stand, `own` the component it changes."""
    standing = {plan.repo_id: plan for plan in plans}
    mine: dict[str, set[str]] = {}
    rules: list[RuleHits] = []
    total = shared = unassigned = 0
    for line in wish.lines:
        paths, plan = paths_of(ctx, line.repo_id), standing[line.repo_id]
        found, hits = _of(line, plan, paths)
        others = _others(plan, own, paths)
        mine[line.repo_id] = found
        rules += [RuleHits(repos[line.repo_id], text, count) for text, count in hits]
        total += len(paths)
        shared += len(found & others)
        unassigned += len(paths) - len(found | others)
    listed = sorted(path for found in mine.values() for path in found)
    return Preview(len(listed), total, _commits(ctx, mine), shared, unassigned, tuple(rules), tuple(listed[:EXAMPLES]))


def _of(line: Lines, plan: Plan, paths: Paths) -> tuple[set[str], list[tuple[str, int]]]:
    """The paths that these lines mean, and how many each matches."""
    found, hits = meant(patterns(line.patterns), paths)
    told = list(zip(line.patterns, hits, strict=True))
    if line.owners:
        owned = owners.read(plan.codeowners, plan.dialect).owned(paths)
        for owner in line.owners:
            its = {path for path, who in owned.items() if owner in who}
            told.append((owner, len(its)))
            found |= its
    return found, told


def _others(plan: Plan, own: str, paths: Paths) -> set[str]:
    """Paths that components but this one have."""
    without = replace(
        plan,
        patterns=tuple(one for one in plan.patterns if one[0] != own),
        owners=tuple(one for one in plan.owners if one[0] != own),
    )
    return {path for path, ids in without.of(paths).items() if without.is_assigned(ids)}


def _commits(ctx: Context, mine: Mapping[str, set[str]]) -> int:
    """Commits of the last 90 days that changed one of the paths."""
    if not any(mine.values()):
        return 0
    rows = ctx.metrics.arrow(
        "SELECT toString(repo_id) AS repo, path, groupUniqArray(sha) AS shas FROM commit_files FINAL"
        " WHERE workspace_id = {workspace:String} AND authored_at >= {from:DateTime('UTC')}"
        " AND repo_id IN {repos:Array(String)} GROUP BY repo, path",
        {"workspace": ctx.workspace.id, "from": ctx.clock() - LATELY, "repos": list(mine)},
        output_format_arrow_string_as_string=1,
    )
    columns = (rows.column(name).to_pylist() for name in ("repo", "path", "shas"))
    return len({(repo, sha) for repo, path, shas in zip(*columns, strict=True) if path in mine[repo] for sha in shas})
