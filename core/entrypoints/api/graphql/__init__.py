"""`POST /api/graphql`: the Report Center for programs. The library behind it is loaded at the first request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.base.errors import BadInput, SightlineError
from core.bootstrap import house
from core.context import Rooms
from core.entrypoints.api import bearer
from core.entrypoints.api.reading import json_of

PATH = "/api/graphql"
MOST_BYTES = 100_000
MEDIA = "application/graphql-response+json"
"""Who accepts this gets statuses as GraphQL over HTTP has them; everybody else 200 for whatever GraphQL answers."""


def routes(house: Callable[[], Rooms] = house) -> list[Route]:
    """Every route of this module."""

    async def door(request: Request) -> Response:
        try:
            ctx = await run_in_threadpool(bearer.context_of, house(), request)
            asked = _asked(await bearer.body_of(request, MOST_BYTES))
        except SightlineError as error:
            return _refused(error)
        answer = await run_in_threadpool(_answer, ctx, asked)
        return _sent(request, answer)

    return [Route(PATH, door, methods=["POST"])]


def _answer(ctx: Any, asked: dict[str, Any]) -> dict[str, Any]:
    from core.entrypoints.api.graphql.answering import answer

    return answer(ctx, asked["query"], asked.get("variables") or {}, asked.get("operationName"))


def _asked(body: bytes) -> dict[str, Any]:
    asked = json_of(body)
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        raise BadInput('The body has no query. Send {"query": "…", "variables": {…}}.')
    if not isinstance(asked.get("variables") or {}, dict):
        raise BadInput('The variables are no object. Send them as {"name": value}.')
    if not isinstance(asked.get("operationName") or "", str):
        raise BadInput("The operationName is no text.")
    return asked


def _sent(request: Request, answer: dict[str, Any]) -> Response:
    if MEDIA not in request.headers.get("accept", ""):
        return JSONResponse(answer)
    return JSONResponse(answer, 200 if "data" in answer else 400, media_type=MEDIA)


def _refused(error: SightlineError) -> Response:
    """What keeps a request from being read at all, in GraphQL's form and with HTTP's status."""
    told = bearer.refused(error)
    code = bearer.CODES.get(error.status, "ERROR")
    headers = {name: value for name, value in told.headers.items() if name in ("www-authenticate", "retry-after")}
    return JSONResponse({"errors": [{"message": error.message, "extensions": {"code": code}}]}, error.status, headers)
