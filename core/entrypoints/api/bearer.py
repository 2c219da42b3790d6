"""Doors for programs: who asks is told by a token, and what went wrong by a sentence in JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from core.access import tokens
from core.access.loopback import is_local
from core.base.errors import SightlineError
from core.context import Context, Rooms
from core.entrypoints.api import allowance

log = structlog.get_logger(__name__)

NO_TOKEN = "Show a token of the workspace: `Authorization: Bearer sl_…`. Make one under API tokens."  # noqa: S105
TOO_LARGE = "The request is larger than {most:,} bytes. Send it in several."
FAULT = "Something broke on our side, and nothing more of this request was done. The server's log has the details."
CODES = {
    400: "BAD_INPUT",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "TOO_LARGE",
    429: "RATE_LIMITED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
"""What programs tell errors apart by."""


class TooLarge(SightlineError):
    """More was sent than the door takes."""

    status = 413


class NoToken(SightlineError):
    """Nobody is behind the request."""

    status = 401


class Problem(JSONResponse):
    """An error as RFC 9457 has it; `error` is the same sentence, as answers had it before."""

    media_type = "application/problem+json"


def context_of(rooms: Rooms, request: Request) -> Context:
    """The context of whoever's token this is; NoToken without one that is good, TooOften if it asks too often."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    known = tokens.bearer(rooms.app, token.strip(), rooms.clock()) if scheme.lower() == "bearer" and token else None
    peer = request.client.host if request.client else ""
    if known is None or (known.is_demo and not is_local(peer, request.headers)):
        raise NoToken(NO_TOKEN)
    allowance.spend(rooms.settings, request, known.token_id)
    return rooms.context(known.workspace, known.actor)


async def body_of(request: Request, most: int) -> bytes:
    """The whole body, read no further than `most` bytes; TooLarge beyond."""
    told = request.headers.get("content-length") or "0"
    if not told.isdecimal() or int(told) > most:
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
    except Exception:  # whatever it is, a program gets an answer that it can read
        log.exception("api_fault")
        return problem(500, FAULT)
    return done if isinstance(done, Response) else JSONResponse(done)


def refused(error: SightlineError) -> Response:
    """The error as its answer."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if isinstance(error, allowance.TooOften):
        headers["Retry-After"] = str(error.wait_s)
    return problem(error.status, error.message, headers)


def problem(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """A sentence as a problem."""
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "code": CODES.get(status, "ERROR"),
        "error": sentence,
    }
    return Problem(told, status, headers)


class Elsewhere:
    """Answers whatever none of these routes does: not there, or not by that method."""

    def __init__(self, known: Sequence[Route]) -> None:
        self.known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        here = [route for route in self.known if route.path_regex.match(scope["path"])]
        if here:
            allowed = ", ".join(sorted({method for route in here for method in route.methods or ()}))
            told = problem(405, f"{scope['method']} is not for this address: use {allowed}.", {"Allow": allowed})
        else:
            told = problem(404, f"There is no door '{scope['path']}'. /api/v1/openapi.json tells which there are.")
        await told(scope, receive, send)
