"""Asking GitHub for the whole of things: lists over pages, pull requests by the dozen, their lists to the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.base.errors import SourceUnreachable
from core.ingestion.sources.ahead import ahead, chunks
from core.ingestion.sources.github import queries
from core.ingestion.sources.github.account import GitHub
from core.ingestion.sources.github.graphql import TooMuch
from core.ingestion.sources.web import Answer, Missing, Silent

Node = dict[str, Any]
DOZEN = 25
"""Pull requests in one question."""
PER_PAGE = 100
FEW_TRIES = 2


class Repository:
    """One repository at GitHub, asked."""

    def __init__(self, account: GitHub, path: str) -> None:
        self.account, self.path = account, path
        owner, _, name = path.partition("/")
        self.named = {"owner": owner, "name": name}
        self.began: datetime | None = None
        """GitHub's own clock at its first answer."""

    def pages(self, query: str, part: str, after: str | None = None, **more: Any) -> Iterator[list[Node]]:
        """Each page of a list."""
        while True:
            told = self.account.graphql.ask(query, {**self.named, "after": after, **more}).get("repository")
            if self.began is None and self.account.graphql.last:
                self.began = self.account.graphql.last.at
            if told is None:
                raise Missing(
                    f"'{self.path}' is not at {self.account.host} any more, or this account may not see it. Remove the"
                    " source, or give the token the right to read it."
                )
            page = told[part]
            after = page["pageInfo"]["endCursor"]
            yield [node for node in page["nodes"] if node]
            if not page["pageInfo"]["hasNextPage"]:
                return

    def pulls(self, numbers: Sequence[int]) -> Iterator[list[Node]]:
        """Pull requests with all that happened to them, a dozen at a time and in their order."""
        return ahead(self._pulls, chunks(numbers, DOZEN), self.account.web.lines)

    def runs(self, stop: Callable[[list[Node]], bool], etag: str = "") -> Iterator[tuple[list[Node], str]]:
        """Pages of runs of workflows, newest first, with the tag of the first; none if nothing changed since `etag`."""
        first = self._runs(1, etag)
        if first.status == 304:
            return
        tag = first.headers.get("etag", "")
        page: list[Node] = first.data["workflow_runs"]
        yield page, tag
        last = -(-int(first.data["total_count"]) // max(len(page), 1))
        if last < 2 or stop(page):
            return
        for answer in ahead(self._runs, range(2, last + 1), self.account.web.lines):
            page = answer.data["workflow_runs"]
            yield page, tag
            if not page or stop(page):
                return

    def _runs(self, number: int, etag: str = "") -> Answer:
        headers = {"If-None-Match": etag} if etag else {}
        answer: Answer = self.account.rest(
            f"/repos/{self.path}/actions/runs", params={"per_page": PER_PAGE, "page": number}, headers=headers
        )
        if answer.status != 304 and not isinstance(answer.data, dict):
            raise SourceUnreachable(f"{self.account.host} sent no list of workflow runs.")
        return answer

    def _pulls(self, numbers: Sequence[int]) -> list[Node]:
        try:
            # A server that is silent about many may answer about few.
            tries = FEW_TRIES if len(numbers) > 1 else 0
            told = self.account.graphql.ask(queries.pulls(numbers), self.named, tries).get("repository") or {}
        except (TooMuch, Silent):
            if len(numbers) == 1:
                raise
            half = len(numbers) // 2
            return [*self._pulls(numbers[:half]), *self._pulls(numbers[half:])]
        nodes = [told[f"p{number}"] for number in numbers if told.get(f"p{number}")]
        for node in nodes:
            self._complete(node)
        return nodes

    def _complete(self, node: Node) -> None:
        """Read the lists within to their ends."""
        for part in queries.NESTED:
            self._to_end(
                node[part],
                lambda after, part=part: self.account.graphql.ask(  # type: ignore[misc]
                    queries.rest_of(part), {**self.named, "number": node["number"], "after": after}
                )["repository"]["pullRequest"][part],
            )
        for review in node["reviews"]["nodes"]:
            if review:
                self._to_end(
                    review["comments"],
                    lambda after, review=review: self.account.graphql.ask(  # type: ignore[misc]
                        queries.REVIEW_COMMENTS, {"id": review["id"], "after": after}
                    )["node"]["comments"],
                )

    def _to_end(self, listed: Node, more: Callable[[str], Node]) -> None:
        page: Mapping[str, Any] = listed
        while page["pageInfo"]["hasNextPage"]:
            page = more(page["pageInfo"]["endCursor"])
            listed["nodes"] = [*listed["nodes"], *page["nodes"]]
