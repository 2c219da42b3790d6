"""What the web app serves beside its pages: sessions, downloads, who-am-I, health. No Streamlit here."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from core.entrypoints.api import me, web_session


def routes() -> list[BaseRoute]:
    """Every route; `app.py` mounts them."""
    return [
        Route("/session", web_session.begin, methods=["POST"]),
        Route("/session/end", web_session.end, methods=["POST"]),
        Route("/api/me", me.me, methods=["GET"]),
    ]
