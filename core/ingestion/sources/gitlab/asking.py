"""Asking GitLab for the whole of things: long lists, and merge requests with all that was said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from core.base.errors import SourceUnreachable
from core.ingestion.sources.ahead import ahead, chunks
from core.ingestion.sources.gitlab.account import GitLab
from core.ingestion.sources.web import Missing, Refused

Node = dict[str, Any]
WINDOW = 100
"""Pages after which a list is begun anew at a date, since GitLab's pages end after 50,000 rows."""
MEASURED = 50
"""Merge requests whose size is asked for in one question."""

SIZES = """query Sizes($path: ID!, $iids: [String!]) {
  project(fullPath: $path) {
    mergeRequests(iids: $iids, first: 100) {
      nodes { iid diffStatsSummary { additions deletions fileCount } }
    }
  }
}"""


class Project:
    """One project at GitLab, asked."""

    def __init__(self, account: GitLab, path: str) -> None:
        self.account, self.path = account, path
        self.root = f"/projects/{quote(path, safe='')}"

    def listed(self, what: str, since: str = "", **params: Any) -> Iterator[list[Node]]:
        """A list, newest change first, back to `since`. What changes meanwhile comes twice, and nothing is missed."""
        asked = {"order_by": "updated_at", "sort": "desc", **params}
        if since:
            asked["updated_after"] = since
        while True:
            last = ""
            for number, page in enumerate(self.account.pages(f"{self.root}/{what}", **asked), 1):
                yield page
                if number == WINDOW and page and page[-1]["updated_at"] != asked.get("updated_before"):
                    last = page[-1]["updated_at"]
                    break
            if not last:
                return
            asked["updated_before"] = last

    def whole(self, what: str, **params: Any) -> Iterator[list[Node]]:
        """A list that has no date of change."""
        return self.account.pages(f"{self.root}/{what}", **params)

    def merge_requests(self, told: Sequence[Node]) -> Iterator[list[Node]]:
        """Merge requests with notes, approvals, commits and size, a few at a time and in their order."""
        return ahead(self._completed, chunks(told, MEASURED // 5), self.account.web.lines)

    def _completed(self, told: Sequence[Node]) -> list[Node]:
        sizes = self._sizes([one["iid"] for one in told])
        return [{**one, **self._parts(one["iid"]), "size": sizes.get(str(one["iid"]), {})} for one in told]

    def _parts(self, iid: int) -> Node:
        path = f"merge_requests/{iid}"
        return {
            "notes": _all(self.whole(f"{path}/notes", sort="asc", order_by="created_at")),
            "commits": _all(self.whole(f"{path}/commits")),
            "approved_by": self._approvals(path),
        }

    def _approvals(self, path: str) -> list[Node]:
        try:
            told = self.account.rest(f"{self.root}/{path}/approvals").data
        except (Missing, Refused):  # approvals are not part of every edition
            return []
        return list(told.get("approved_by") or ()) if isinstance(told, dict) else []

    def _sizes(self, iids: Sequence[int]) -> dict[str, Node]:
        """Lines and files of merge requests, which only GraphQL tells without the text of every change."""
        asked = {"query": SIZES, "variables": {"path": self.path, "iids": [str(iid) for iid in iids]}}
        told = self.account.web.ask(f"{self.account.args.url}/api/graphql", method="POST", json=asked).data
        if not isinstance(told, dict) or told.get("errors"):
            said = (told or {}).get("errors", [{}])[0].get("message", "nothing came back")
            raise SourceUnreachable(f"{self.account.host} did not tell the size of merge requests: {said}.")
        project = (told.get("data") or {}).get("project") or {"mergeRequests": {"nodes": []}}
        return {one["iid"]: one["diffStatsSummary"] or {} for one in project["mergeRequests"]["nodes"]}


def _all(pages: Iterable[list[Node]]) -> list[Node]:
    return [one for page in pages for one in page]
