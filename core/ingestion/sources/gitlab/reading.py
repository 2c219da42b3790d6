"""Brings the store's rows of one project to what GitLab tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from core.context import Context
from core.ingestion.kind import Order, Progress, Reading
from core.ingestion.sources.deployed import Deployed
from core.ingestion.sources.gitlab import around
from core.ingestion.sources.gitlab.asking import Node, Project
from core.ingestion.sources.gitlab.merges import rows
from core.ingestion.sources.gitlab.people import Names
from core.ingestion.sources.progressing import Row
from core.ingestion.sources.provider import LATE, OVERLAP, PULL_FACTS, PULLS, WARM, ProviderReading, moment
from core.ingestion.sources.web import Missing
from core.ingestion.writing import FactWriter

RowOf = Callable[[Node, Names], dict[str, Any] | None]


def read(ctx: Context, order: Order, progress: Progress) -> Reading:
    """Read what is new, and what may have changed without a word; or everything, the first time."""
    return GitLabReading(ctx, order, progress).run()


class GitLabReading(ProviderReading):
    """One reading of one project."""

    def run(self) -> Reading:
        self.project = Project(self.order.account, self.path)
        self.begin(self._clock())
        self.part(PULLS, 0.7, PULL_FACTS, self._merge_requests)
        self.part("issues", 0.8, ("issues",), lambda: self._paged("issues", "issues", around.issue, scope="all"))
        self.part("milestones", 0.81, ("milestones",), self._milestones)
        self.part("releases", 0.82, ("releases",), self._releases)
        self.part("tags", 0.85, ("tags",), self._tags)
        self.part("deployments", 0.9, ("deployments",), self._deployments)
        self.part("workflow runs", 0.98, ("workflow_runs",), self._pipelines)
        return self.ended()

    def _clock(self) -> datetime | None:
        """GitLab's own clock; SourceUnreachable if the project is gone."""
        try:
            return self.project.account.rest(self.project.root).at
        except Missing as error:
            raise Missing(
                f"'{self.path}' is not at {self.project.account.host} any more, or this account may not see it. Remove"
                " the source, or give the token the right to read it."
            ) from error

    def _merge_requests(self) -> None:
        listed: dict[int, Node] = {}
        wanted = (("all", self._since(OVERLAP)), *((("opened", ""), ("all", self._since(WARM))) if self.since else ()))
        for state, since in wanted:
            pages = self.project.listed("merge_requests", since, scope="all", state=state)
            for told in self.counted("merge requests listed", pages):
                if self.since is None or told["state"] == "opened" or self._is_due(told):
                    listed[told["iid"]] = told
        self.pulls(
            sorted(listed), lambda left: self.project.merge_requests([listed[iid] for iid in left]), "iid", self._rows
        )

    def _is_due(self, told: Node) -> bool:
        updated = moment(told["updated_at"])
        assert updated is not None
        return self.is_due(updated, moment(told["closed_at"] or told["merged_at"]))

    def _rows(self, writer: FactWriter, told: Node) -> Iterator[Row]:
        return rows(told, Names(writer, self.provider))

    def _since(self, before: Any) -> str:
        return (self.since - before).isoformat() if self.since else ""

    def _paged(
        self, table: str, what: str, row_of: Callable[[Node, Names], dict[str, Any] | None], **more: Any
    ) -> None:
        pages = self.project.listed(what, self._since(OVERLAP), **more)
        self._put(table, self.counted(what, pages), row_of)

    def _put(self, table: str, nodes: Iterator[Node], row_of: RowOf) -> None:
        self.put(table, nodes, lambda writer, told: row_of(told, Names(writer, self.provider)))

    def _milestones(self) -> None:
        told = self.counted("milestones", self.project.whole("milestones", include_ancestors="true"))
        self.whole("milestones", [around.milestone(one) for one in told])

    def _releases(self) -> None:
        self._put("releases", self.counted("releases", self.project.whole("releases")), around.release)

    def _tags(self) -> None:
        since = self.since - LATE if self.since else None
        pages = self.project.whole("repository/tags", order_by="updated", sort="desc")
        self._put(
            "tags",
            self.counted("tags", pages, lambda told: bool(since and (at := _tagged(told)) and at < since)),
            around.tag,
        )

    def _deployments(self) -> None:
        told = list(self.counted("deployments", self.project.listed("deployments", self._since(OVERLAP))))
        if not told:
            return
        said: list[Row] = []

        def fill(writer: FactWriter) -> None:
            read = [around.deployment(one, Names(writer, self.provider)) for one in told]
            for row in Deployed(self.ctx, self.order.repo_id, self.source).laid(read):
                said.append(("deployments", row))
                writer.patch("deployments", row)

        self.journey.write(fill, said)

    def _pipelines(self) -> None:
        self._paged("workflow_runs", "pipelines", around.pipeline)


def _tagged(told: Node) -> datetime | None:
    return moment(told.get("created_at") or (told.get("commit") or {}).get("committed_date"))
