"""`POST /hooks/{token}`: what other tools tell by themselves."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.base.errors import SightlineError
from core.bootstrap import house
from core.context import Rooms
from core.entrypoints.api import bearer
from core.ingestion.webhooks import service

MOST_BYTES = 5_000_000


def routes(house: Callable[[], Rooms] = house) -> list[BaseRoute]:
    return [Route("/hooks/{token}", Door(house).receive, methods=["POST"])]


class Door:
    """The route over one house."""

    def __init__(self, house: Callable[[], Rooms]) -> None:
        self.house = house

    async def receive(self, request: Request) -> Response:
        """200 with what became of the message; 422 if it could not be understood, so that its sender shows it."""
        try:
            body = await bearer.body_of(request, MOST_BYTES)
        except SightlineError as error:
            return bearer.refused(error)
        token, headers = request.path_params["token"], dict(request.headers)
        return await bearer.answered(lambda: _answer(service.receive(self.house(), token, headers, body)))


def _answer(received: service.Received) -> Response:
    said = {"outcome": received.outcome, "said": received.said}
    return JSONResponse(said, 422 if received.outcome == "refused" else 200)
