"""A query to its answer: read, measured, executed; whatever goes wrong is a sentence with a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from graphql import GraphQLError, parse
from graphql.utilities import print_schema

from core.base.errors import SightlineError
from core.context import Context
from core.entrypoints.api.bearer import CODES, FAULT
from core.entrypoints.api.graphql import limits
from core.entrypoints.api.graphql.asking import Asking
from core.entrypoints.api.graphql.schema import schema

log = structlog.get_logger(__name__)
INVALID = "GRAPHQL_INVALID"


def answer(ctx: Context, query: str, variables: Mapping[str, Any], operation: str | None) -> dict[str, Any]:
    """`data`, `errors` or both, as GraphQL has them."""
    try:
        limits.check(parse(query, max_tokens=limits.MOST_TOKENS, no_location=True), variables)
    except (GraphQLError, SightlineError) as error:
        return {"errors": [_told(error)]}
    except RecursionError:
        return {"errors": [{"message": "The query is nested too deep.", "extensions": {"code": INVALID}}]}
    try:
        result = schema().execute_sync(query, dict(variables), Asking(ctx), operation_name=operation)
    except Exception as error:
        return {"errors": [_told(error)]}
    errors = [_told(one) for one in result.errors or ()]
    if result.data is None and errors:
        return {"errors": errors}
    return {"data": result.data, **({"errors": errors} if errors else {})}


def sdl() -> str:
    """The schema as text."""
    return print_schema(schema()._schema) + "\n"


def _told(error: Exception) -> dict[str, Any]:
    """An error as programs read it; a fault of ours is logged and says no more than that."""
    at: dict[str, Any] = {}
    if isinstance(error, GraphQLError):
        formatted = error.formatted
        at = {name: formatted[name] for name in ("locations", "path") if name in formatted}
    cause = getattr(error, "original_error", None) or error
    if isinstance(cause, SightlineError):
        code = CODES.get(cause.status, "ERROR")
        return {"message": cause.message, **at, "extensions": {"code": code}}
    if isinstance(cause, GraphQLError):
        return {"message": cause.message, **at, "extensions": {"code": INVALID}}
    log.error("graphql_fault", exc_info=cause)
    return {"message": FAULT, **at, "extensions": {"code": "INTERNAL"}}
