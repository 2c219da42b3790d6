"""Questions in GraphQL: its limits and faults come in answers that look well."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.base.errors import SourceUnreachable
from core.ingestion.sources.web import TRIES, Answer, ProviderWeb, Refused

DETAIL = 2
"""Steps of a path, such as repository.deployments, below which what may not be seen is a detail of something else."""


class TooMuch(SourceUnreachable):
    """The server gave up on a question: a smaller one may do."""


@dataclass
class GraphQL:
    """The GraphQL door of one GitHub."""

    web: ProviderWeb
    url: str
    last: Answer | None = None
    """The newest answer: its clock is the server's."""

    def ask(self, query: str, variables: Mapping[str, Any], tries: int = 0) -> dict[str, Any]:
        """The data. What is not found, and details that may not be seen, are null.

        Refused where all of it may not be seen, TooMuch or SourceUnreachable for all other errors.
        """
        for tried in range(TRIES):
            answer = self.web.ask(
                self.url,
                method="POST",
                kind="graphql",
                limited=_is_limited,
                tries=tries,
                json={"query": query, "variables": dict(variables)},
            )
            self.last = answer
            told = answer.data if isinstance(answer.data, dict) else {}
            errors = [error for error in told.get("errors") or () if not _is_blank(error)]
            if not errors and isinstance(told.get("data"), dict):
                return dict(told["data"])
            if told.get("errors") and not errors:
                return {}  # nothing was found
            if any(_is_forbidden(error) for error in errors):
                raise Refused(f"GitHub does not let this token see that: {_first(errors)}")
            if any(_is_too_much(error) for error in errors):
                raise TooMuch(f"GitHub gave up on a question: {_first(errors)}")
            time.sleep(min(0.25 * 2**tried, 4.0))
        raise SourceUnreachable(f"GitHub did not answer a question: {_first(errors) or 'nothing came back.'}")


def _is_limited(answer: Answer) -> bool:
    errors = (answer.data or {}).get("errors") or () if isinstance(answer.data, dict) else ()
    return any(error.get("type") in ("RATE_LIMITED", "RATE_LIMIT") for error in errors)


def _is_blank(error: Mapping[str, Any]) -> bool:
    """Whether it only says that something is left empty: a thing that is not there, a team that may not be seen."""
    is_detail = len(error.get("path") or ()) > DETAIL
    return error.get("type") == "NOT_FOUND" or (_is_forbidden(error) and is_detail)


def _is_forbidden(error: Mapping[str, Any]) -> bool:
    return error.get("type") in ("FORBIDDEN", "INSUFFICIENT_SCOPES")


def _is_too_much(error: Mapping[str, Any]) -> bool:
    said = str(error.get("message", "")).casefold()
    known = error.get("type") in ("MAX_NODE_LIMIT_EXCEEDED", "RESOURCE_LIMITS_EXCEEDED")
    return known or "timeout" in said or "timed out" in said


def _first(errors: Any) -> str:
    return str(errors[0].get("message", ""))[:300] if errors else ""
