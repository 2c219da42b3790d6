"""Brings the store's rows of one repository to what GitHub tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from core.context import Context
from core.ingestion.kind import Order, Progress, Reading
from core.ingestion.sources.deployed import Deployed
from core.ingestion.sources.github import around, queries
from core.ingestion.sources.github.asking import Node, Repository
from core.ingestion.sources.github.people import Names
from core.ingestion.sources.github.pulls import rows
from core.ingestion.sources.progressing import Row
from core.ingestion.sources.provider import LATE, OVERLAP, PULL_FACTS, PULLS, WARM, ProviderReading, moment
from core.ingestion.writing import FactWriter


def read(ctx: Context, order: Order, progress: Progress) -> Reading:
    """Read what is new, and what may have changed without a word; or everything, the first time."""
    return GitHubReading(ctx, order, progress).run()


class GitHubReading(ProviderReading):
    """One reading of one repository."""

    def run(self) -> Reading:
        self.repository = Repository(self.order.account, self.path)
        numbers = self._numbers()
        self.begin(self.repository.began)
        self.part(PULLS, 0.7, PULL_FACTS, lambda: self.pulls(numbers, self.repository.pulls, "number", self._rows))
        self.part("issues", 0.8, ("issues",), self._issues)
        self.part("milestones", 0.81, ("milestones",), self._milestones)
        self.part("releases", 0.82, ("releases",), self._releases)
        self.part("tags", 0.85, ("tags",), self._tags)
        self.part("deployments", 0.9, ("deployments",), self._deployments)
        self.part("workflow runs", 0.98, ("workflow_runs",), self._runs)
        return self.ended()

    def _numbers(self) -> list[int]:
        """Which pull requests to read: all at first; then what changed, what is open, and what was closed lately."""
        if self.since is None:
            return sorted(node["number"] for node in self._listed(None, "CREATED_AT", "ASC"))
        wanted = {node["number"] for node in self._listed(["OPEN"], "CREATED_AT", "ASC")}
        for node in self._listed(None, "UPDATED_AT", "DESC"):
            changed = moment(node["updatedAt"])
            assert changed is not None
            if changed < self.since - WARM:
                break
            if self.is_due(changed, moment(node["closedAt"])):
                wanted.add(node["number"])
        return sorted(wanted)

    def _listed(self, states: list[str] | None, by: str, direction: str) -> Iterator[Node]:
        pages = self.repository.pages(queries.LISTED, "pullRequests", states=states, order=_by(by, direction))
        return self.counted("pull requests listed", pages)

    def _rows(self, writer: FactWriter, node: Node) -> Iterator[Row]:
        return rows(node, Names(writer, self.provider))

    def _issues(self) -> None:
        if self.since is None:
            pages = self.repository.pages(queries.ISSUES, "issues", order=_by("CREATED_AT", "ASC"))
            self._put("issues", self.counted("issues", pages), around.issue)
            return
        since = self.since - OVERLAP
        pages = self.repository.pages(queries.ISSUES, "issues", order=_by("UPDATED_AT", "DESC"))
        new = self.counted("issues", pages, lambda node: (moment(node["updatedAt"]) or since) < since)
        self._put("issues", new, around.issue)

    def _milestones(self) -> None:
        pages = self.repository.pages(queries.MILESTONES, "milestones")
        found = list(self.counted("milestones", pages))
        self.whole("milestones", [around.milestone(node) for node in found])

    def _releases(self) -> None:
        pages = self.repository.pages(queries.RELEASES, "releases")
        self._put("releases", self.counted("releases", pages), around.release)

    def _tags(self) -> None:
        since = self.since - LATE if self.since else None
        pages = self.repository.pages(queries.TAGS, "refs")
        new = self.counted("tags", pages, lambda node: bool(since and (at := _tagged(node)) and at < since))
        self._put("tags", new, around.tag)

    def _put(self, table: str, nodes: Iterator[Node], row_of: Callable[[Node, Names], dict[str, Any] | None]) -> None:
        self.put(table, nodes, lambda writer, node: row_of(node, Names(writer, self.provider)))

    def _deployments(self) -> None:
        since = self.since - LATE if self.since else None
        pages = self.repository.pages(queries.DEPLOYMENTS, "deployments")
        nodes = list(
            self.counted(
                "deployments", pages, lambda node: bool(since and (moment(node["createdAt"]) or since) < since)
            )
        )
        if not nodes:
            return
        told: list[Row] = []

        def fill(writer: FactWriter) -> None:
            read = [around.deployment(node, Names(writer, self.provider)) for node in nodes]
            for row in Deployed(self.ctx, self.order.repo_id, self.source).laid(read):
                told.append(("deployments", row))
                writer.patch("deployments", row)

        self.journey.write(fill, told)

    def _runs(self) -> None:
        """Runs of workflows: new ones, and back to the oldest that had not ended when they were last looked at."""
        known = self.order.cursor
        running = moment(known.get("runs_open"))
        since = min(self.since - OVERLAP, running or self.since) if self.since else None
        if since and self.since:
            since = max(since, self.since - LATE)
        tag, still = known.get("runs_tag", "") if not running else "", list[str]()

        def stop(page: list[Node]) -> bool:
            return bool(since and page and (moment(page[-1]["created_at"]) or since) < since)

        def pages() -> Iterator[list[Node]]:
            nonlocal tag
            for page, newest in self.repository.runs(stop, tag):
                tag = newest
                still.extend(one["created_at"] for one in page if one["status"] != "completed")
                yield page

        self._put("workflow_runs", self.counted("workflow runs", pages()), around.workflow_run)
        self.journey.place["next"] = {"runs_tag": tag, "runs_open": min(still, default=None)}


def _by(what: str, direction: str) -> dict[str, str]:
    return {"field": what, "direction": direction}


def _tagged(node: Node) -> datetime | None:
    target = node["target"] or {}
    return moment(target.get("committedDate") or ((target.get("target") or {}).get("committedDate")))
