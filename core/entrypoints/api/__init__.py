"""What the web app serves beside its pages: sessions, downloads, who-am-I, health. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.bootstrap import house
from core.context import Rooms
from core.entrypoints.api import (
    allowance,
    analytics,
    bearer,
    downloads,
    graphql,
    hooks,
    insights,
    letters,
    me,
    observe,
    records,
    rest,
    web_session,
)


def routes() -> list[BaseRoute]:
    """Every route; `app.py` mounts them."""
    return [
        Route("/session", web_session.begin, methods=["POST"]),
        Route("/session/end", web_session.end, methods=["POST"]),
        Route("/api/me", me.me, methods=["GET"]),
        Route("/download/{token}", downloads.download, methods=["GET"]),
        Route("/overview", first_page, methods=["GET"]),
        *observe.routes(),
        *letters.routes(),
        *hooks.routes(),
        *programs(),
    ]


def programs(house: Callable[[], Rooms] = house) -> list[Route]:
    """The routes that a token opens."""
    doors = (
        records.routes(house), insights.routes(house), analytics.routes(house), rest.routes(house),
        graphql.routes(house),
    )  # fmt: skip
    known = [allowance.told(route) for routes in doors for route in routes]
    return [*known, Route("/api/{rest:path}", bearer.Elsewhere(known))]


def first_page(request: Request) -> Response:
    """The first page has no name of its own in the address; whoever writes one comes there all the same."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")
