"""Doors for programs: who asks is told by a token, and what went wrong by a sentence in JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.access import tokens
from core.base.errors import SightlineError
from core.context import Context, Rooms

NO_TOKEN = "Show a token of the workspace: `Authorization: Bearer sl_…`. An admin makes one under API tokens."  # noqa: S105
TOO_LARGE = "The request is larger than {most:,} bytes. Send it in several."


class TooLarge(SightlineError):
    """More was sent than the door takes."""

    status = 413


class NoToken(SightlineError):
    """Nobody is behind the request."""

    status = 401


def context_of(rooms: Rooms, request: Request) -> Context:
    """The context of whoever's token this is; NoToken without one that is good."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    known = tokens.bearer(rooms.app, token.strip(), rooms.clock()) if scheme.lower() == "bearer" and token else None
    if known is None:
        raise NoToken(NO_TOKEN)
    return rooms.context(known.workspace, known.actor)


async def body_of(request: Request, most: int) -> bytes:
    """The whole body, read no further than `most` bytes; TooLarge beyond."""
    if int(request.headers.get("content-length") or 0) > most:
        raise TooLarge(TOO_LARGE.format(most=most))
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > most:
            raise TooLarge(TOO_LARGE.format(most=most))
    return bytes(held)


async def answered(work: Callable[[], Any]) -> Response:
    """What `work` returns as JSON, done beside the loop that serves others; its error as a sentence."""
    try:
        done = await run_in_threadpool(work)
    except SightlineError as error:
        return refused(error)
    return done if isinstance(done, Response) else JSONResponse(done)


def refused(error: SightlineError) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return JSONResponse({"error": error.message}, error.status, headers)
