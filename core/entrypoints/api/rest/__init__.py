"""`/api/v1/reports/…`: reports, their runs, schedules and files for programs; and what describes every door.

What each door does and takes is a row of `operations.OPERATIONS`, from which its route and its description are made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.base.errors import SightlineError
from core.bootstrap import house
from core.context import Context, Rooms
from core.entrypoints.api import bearer
from core.entrypoints.api.reading import json_of, model_of, whole
from core.entrypoints.api.rest.operations import OPERATIONS, Operation

MOST_BYTES = 1_000_000


def routes(house: Callable[[], Rooms] = house) -> list[Route]:
    """Every route of this module, those with fixed words before those with names in them."""
    ordered = sorted(OPERATIONS, key=lambda one: [part.startswith("{") for part in one.path.split("/")])
    doors = [Route(one.path, partial(_door, house, one), methods=[one.method]) for one in ordered]
    return [*doors, Route("/api/v1/openapi.json", _described, methods=["GET"])]


async def _door(house: Callable[[], Rooms], operation: Operation, request: Request) -> Response:
    try:
        ctx = await run_in_threadpool(bearer.context_of, house(), request)
        body = await bearer.body_of(request, MOST_BYTES)
    except SightlineError as error:
        return bearer.refused(error)
    return await bearer.answered(lambda: _answer(ctx, operation, request, body))


def _answer(ctx: Context, operation: Operation, request: Request, body: bytes) -> Response:
    named = {name: whole(value) for name, value in request.path_params.items()}
    asked: dict[str, Any] = dict(named)
    if operation.query:
        told = {name: whole(value) for name, value in request.query_params.items()}
        asked["query"] = model_of(operation.query, told, "The address")
    if operation.body:
        asked["body"] = model_of(operation.body, json_of(body))
    return _sent(operation, operation.verb(ctx, **asked))


def _sent(operation: Operation, answer: BaseModel | Response | None) -> Response:
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status_code=204)
    return JSONResponse(answer.model_dump(mode="json"), operation.status)


def _described(request: Request) -> Response:
    """The document of OpenAPI 3.1; nobody needs a token to read how the doors are called."""
    from core.entrypoints.api.rest.openapi import document

    return JSONResponse(document())
