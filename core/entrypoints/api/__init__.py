"""What the web app serves beside its pages: sessions, downloads, who-am-I, health. No Streamlit here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.entrypoints.api import analytics, downloads, hooks, insights, letters, me, observe, records, web_session


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
        *records.routes(),
        *hooks.routes(),
        *insights.routes(),
        *analytics.routes(),
    ]


def first_page(request: Request) -> Response:
    """The first page has no name of its own in the address; whoever writes one comes there all the same."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")
