"""The schema: made of the queries and mutations at its first use."""

from __future__ import annotations

from functools import cache
from typing import Any

import strawberry

from core.entrypoints.api.graphql.mutations import Mutation
from core.entrypoints.api.graphql.queries import Query


class Quiet(strawberry.Schema):
    """The library's own log would show tracebacks of every refusal; `answering` logs what is a fault."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        return None


@cache
def schema() -> strawberry.Schema:
    """The one of this process."""
    return Quiet(query=Query, mutation=Mutation)
