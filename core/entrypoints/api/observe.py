"""Whether this process lives, whether the whole house is ready for work, and its numbers for Prometheus."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.base.errors import SightlineError
from core.bootstrap import house
from core.context import Rooms

ANSWER_S = 5.0
"""A part that has not answered by then counts as not ready."""

_LOCAL = ("localhost", "127.0.0.1", "::1")
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Check:
    """One part's state."""

    part: str
    ready: bool
    what: str
    """What is wrong and what to do; for a part that is ready, how it is."""


def routes(rooms: Callable[[], Rooms] = house) -> list[Route]:
    """The routes of this module."""

    def ready(request: Request) -> Response:
        return _ready(rooms(), request)

    def numbers(request: Request) -> Response:
        return _numbers(rooms(), request)

    return [
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/metrics", numbers, methods=["GET"]),
    ]


def alive(request: Request) -> Response:
    """This process answers; nothing else is asked."""
    return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


def _ready(rooms: Rooms, request: Request) -> Response:
    """200 if reports can be made and sent, 503 if not. What is wrong is told to operators only."""
    found = checks(rooms)
    ready = all(check.ready for check in found)
    told = _is_operator(rooms, request)
    parts = [{"part": check.part, "ready": check.ready, **({"what": check.what} if told else {})} for check in found]
    return JSONResponse({"ready": ready, "parts": parts}, 200 if ready else 503, {"Cache-Control": "no-store"})


def _numbers(rooms: Rooms, request: Request) -> Response:
    """The text format of Prometheus."""
    if not _is_operator(rooms, request):
        return PlainTextResponse(
            "Ask from this machine itself, or send 'Authorization: Bearer …' with SIGHTLINE_METRICS_TOKEN.\n", 403
        )
    from prometheus_client import CONTENT_TYPE_LATEST

    from core.entrypoints.api.numbers import exposition

    return Response(exposition(rooms), headers={"Content-Type": CONTENT_TYPE_LATEST})


def checks(rooms: Rooms) -> list[Check]:
    """Every part, asked at once, so that one that hangs costs no more than its own time."""
    asked = {"app store": _app_store, "metrics store": _metrics_store, "queue": _queue, "worker": _worker}
    pool = ThreadPoolExecutor(len(asked), thread_name_prefix="ready")
    try:
        waiting = {part: pool.submit(look, rooms) for part, look in asked.items()}
        return list(_answers(waiting))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _answers(waiting: dict[str, Future[str]]) -> Iterator[Check]:
    for part, future in waiting.items():
        try:
            yield Check(part, True, future.result(ANSWER_S))
        except TimeoutError:
            yield Check(part, False, f"No answer within {ANSWER_S:.0f} seconds. See `sightline doctor`.")
        except SightlineError as error:
            yield Check(part, False, error.message)
        except Exception as error:  # a check must survive whatever it finds
            yield Check(part, False, f"{type(error).__name__}: {error}")


def _app_store(rooms: Rooms) -> str:
    import sqlalchemy as sa

    from core.access.models import WorkspaceRow

    with rooms.app.reading() as session:
        known = session.scalar(sa.select(sa.func.count()).select_from(WorkspaceRow))
    return f"{known} workspaces"


def _metrics_store(rooms: Rooms) -> str:
    return f"ClickHouse {rooms.metrics.scalar('SELECT version()')}"


def _queue(rooms: Rooms) -> str:
    return f"{rooms.queue.depth()} tasks wait"


def _worker(rooms: Rooms) -> str:
    from core.base.errors import StoreUnreachable
    from core.stores.app import heartbeats

    alive_now = heartbeats.alive(rooms.app, rooms.clock())
    if not alive_now:
        raise StoreUnreachable("No worker is alive. Start one with `sightline up`, or `sightline worker` beside it.")
    return f"{len(alive_now)} alive"


def _is_operator(rooms: Rooms, request: Request) -> bool:
    """Whoever has the token; without a token set, whoever asks on this machine by a local name, past no proxy."""
    wanted = rooms.settings.metrics_token.get_secret_value()
    if wanted:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), wanted.encode())
    if any(request.headers.get(name) for name in _FORWARDED):
        return False
    here = urlsplit(f"//{request.headers.get('host', '')}").hostname in _LOCAL
    return here and request.client is not None and request.client.host in _LOCAL
