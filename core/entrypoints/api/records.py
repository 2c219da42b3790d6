"""`POST /api/v1/records/{kind}`: records of facts from programs, in JSON, NDJSON or CSV."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.base.errors import BadInput, SightlineError
from core.bootstrap import house
from core.context import Capability, Rooms
from core.entrypoints.api import bearer
from core.ingestion.records import service
from core.ingestion.records.kinds import kind_of
from core.ingestion.records.reading import format_of
from core.ingestion.records.service import Push, Pushed
from core.ingestion.records.templates import MEDIA, template

MOST_BYTES = 20_000_000
"""Of one request; a larger file goes in several, or by command."""
TOLD = 100
"""Refusals that an answer names one by one."""
OPTIONS = frozenset({"repo", "source", "time_zone", "logins_of", "dry_run", "create_repo", "ignore_unknown", "format"})


def routes(house: Callable[[], Rooms] = house) -> list[Route]:
    door = Door(house)
    return [
        Route("/api/v1/records/{kind}", door.push, methods=["POST"]),
        Route("/api/v1/records/{kind}/template", door.template, methods=["GET"]),
    ]


class Door:
    """The routes over one house."""

    def __init__(self, house: Callable[[], Rooms]) -> None:
        self.house = house

    async def push(self, request: Request) -> Response:
        """Take what was sent: 200 with the counts, 422 if no row could be taken."""
        try:
            how, fmt = _asked(request)
            # Who asks is settled before a byte of theirs is kept.
            context = await run_in_threadpool(bearer.context_of, self.house(), request)
            context.require(Capability.MANAGE_SOURCES)
            body = await bearer.body_of(request, MOST_BYTES)
        except SightlineError as error:
            return bearer.refused(error)
        return await bearer.answered(lambda: _answer(service.push(context, io.BytesIO(body), fmt, how)))

    async def template(self, request: Request) -> Response:
        fmt = request.query_params.get("format", "csv")
        if fmt not in MEDIA:
            return bearer.problem(400, f"'{fmt}' is no format. Use one of {', '.join(MEDIA)}.")
        kind = request.path_params["kind"]
        return await bearer.answered(lambda: Response(template(kind, fmt), media_type=MEDIA[fmt]))


def _asked(request: Request) -> tuple[Push, str]:
    told = request.query_params
    if unknown := next((name for name in told if name not in OPTIONS), ""):
        raise BadInput(f"There is no option '{unknown}'. Options: {', '.join(sorted(OPTIONS))}.")
    how = Push(
        kind=kind_of(request.path_params["kind"]).key,
        repo=told.get("repo", ""),
        source=told.get("source", "http"),
        time_zone=told.get("time_zone", "UTC"),
        logins_of=told.get("logins_of", "github"),
        dry_run=_flag(told.get("dry_run", "")),
        create_repo=_flag(told.get("create_repo", "")),
        ignore_unknown=_flag(told.get("ignore_unknown", "")),
        joins=True,
    )
    fmt = told.get("format", "") or format_of("", request.headers.get("content-type", "application/json"))
    return how, fmt


def _flag(text: str) -> bool:
    if text.lower() not in ("", "0", "1", "true", "false", "yes", "no"):
        raise BadInput(f"'{text}' is neither true nor false.")
    return text.lower() in ("1", "true", "yes")


def _answer(pushed: Pushed) -> Response:
    said: dict[str, Any] = {
        "kind": pushed.kind,
        "source": pushed.source,
        "upload": pushed.upload_id or None,
        "dry_run": pushed.dry_run,
        "rows": pushed.rows,
        "accepted": pushed.accepted,
        "added": pushed.added,
        "changed": pushed.changed,
        "unchanged": pushed.unchanged,
        "refused": pushed.refused,
        "refusals": [asdict(one) for one in pushed.refusals[:TOLD]],
        "new_repositories": list(pushed.new_repositories),
    }
    return JSONResponse(said, 422 if pushed.refused and not pushed.accepted else 200)
