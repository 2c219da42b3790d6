"""Deployments beside those that stand: a failure is restored by the next success at the same place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from core.context import Context

PRODUCTION = re.compile(r"^(prod|production|live)([^a-z].*)?$|^.*[^a-z](prod|production|live)$", re.IGNORECASE)
"""Names of environments that people use: `production`, `prod-eu`, `aws/production`; a rule may choose otherwise."""
FAILED = {"failed": 1, "failure_link": "status"}


class Deployed:
    """Deployments of one source as they stand."""

    def __init__(self, ctx: Context, repo_id: str, source: str) -> None:
        found = ctx.metrics.rows(
            "SELECT deployment_key, environment, toString(status) AS status, started_at, finished_at, failed,"
            " toString(failure_link) AS failure_link FROM deployments FINAL WHERE workspace_id = {workspace:String}"
            " AND repo_id = {repo:String} AND source = {source:String}",
            {"workspace": ctx.workspace.id, "repo": repo_id, "source": source},
        )
        self.stands = {row["deployment_key"]: row for row in found}

    def laid(self, read: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What to say of each. One that was a failure and is none any more is taken back; what rules said stays."""
        said = {row["deployment_key"]: row for row in read}
        for key, row in said.items():
            before = self.stands.get(key)
            if row["status"] == "failure":
                row.update(FAILED)
            elif before and before["failure_link"] == "status":
                row.update(failed=0, failure_link="", restored_at=None)
        others = [_aware(row) for key, row in self.stands.items() if key not in said]
        for row, at in restored([*said.values(), *others]):
            key = row["deployment_key"]
            if key in said:
                said[key]["restored_at"] = at
            elif row["failure_link"] == "status":
                said[key] = {"deployment_key": key, "restored_at": at}
        return list(said.values())


def restored(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], datetime | None]]:
    """Each failed deployment with when the next success at the same place ended, if one has."""
    good: dict[str, list[datetime]] = {}
    for row in rows:
        if row["status"] == "success" and row["finished_at"]:
            good.setdefault(row["environment"], []).append(row["finished_at"])
    for row in rows:
        if row["status"] == "failure" and row["finished_at"]:
            later = [at for at in good.get(row["environment"], ()) if at > row["finished_at"]]
            yield row, min(later, default=None)


def _aware(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "finished_at": row["finished_at"].replace(tzinfo=UTC) if row["finished_at"] else None}
