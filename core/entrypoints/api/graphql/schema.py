"""The schema: made of the queries and mutations at its first use."""

from __future__ import annotations

from functools import cache
from typing import Any

import strawberry
from strawberry.tools import merge_types

from core.entrypoints.api.graphql.deliveries import DeliveriesMutation, DeliveriesQuery
from core.entrypoints.api.graphql.making import MakingMutation, MakingQuery
from core.entrypoints.api.graphql.mutations import Mutation
from core.entrypoints.api.graphql.queries import Query
from core.entrypoints.api.graphql.results import ResultsMutation, ResultsQuery
from core.entrypoints.api.graphql.sharing import SharingMutation, SharingQuery
from core.entrypoints.api.graphql.versions import VersionsMutation, VersionsQuery

QUERIES = (Query, MakingQuery, SharingQuery, VersionsQuery, ResultsQuery, DeliveriesQuery)
MUTATIONS = (Mutation, MakingMutation, SharingMutation, VersionsMutation, ResultsMutation, DeliveriesMutation)


class Quiet(strawberry.Schema):
    """The library's own log would show tracebacks of every refusal; `answering` logs what is a fault."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        return None


@cache
def schema() -> strawberry.Schema:
    """The one of this process."""
    return Quiet(query=merge_types("Query", QUERIES), mutation=merge_types("Mutation", MUTATIONS))
