"""What links in mails lead to: unsubscribing without a sign-in, and files that were too large to attach."""

from __future__ import annotations

import html
from collections.abc import Callable
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from core.base.errors import SightlineError
from core.bootstrap import house
from core.context import Rooms
from core.delivery import downloads, optout

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sightline</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<style>:root{{color-scheme:light dark}}
body{{max-width:36rem;margin:12vh auto;padding:0 1rem;font:17px/1.5 sans-serif}}
button{{font:inherit;padding:.5rem 1rem;border:0;border-radius:6px;background:#0072B2;color:#fff}}</style>
</head><body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>"""


def routes(rooms: Callable[[], Rooms] = house) -> list[Route]:
    """The routes of this module."""

    def file(request: Request) -> Response:
        return _file(rooms(), request)

    def ask(request: Request) -> Response:
        return _ask(rooms(), request)

    async def leave(request: Request) -> Response:
        from anyio.to_thread import run_sync

        body = parse_qs((await request.body()).decode("utf-8", "replace"))
        return await run_sync(_leave, rooms(), request.query_params.get("token", ""), "back" in body)

    return [
        Route(optout.PATH, ask, methods=["GET"]),
        Route(optout.PATH, leave, methods=["POST"]),
        Route(downloads.PATH, file, methods=["GET"]),
    ]


def _ask(rooms: Rooms, request: Request) -> Response:
    """A question with a button: programs that follow every link of a mail must not unsubscribe its reader."""
    token = request.query_params.get("token", "")
    try:
        chosen = optout.read(rooms.settings, token)
    except SightlineError as error:
        return _page("This link does not work", error.message, status=error.status)
    text = f"{chosen.recipient} will get no more mails with '{chosen.name}'."
    return _page(f"Unsubscribe from '{chosen.name}'?", text, token, "Unsubscribe")


def _leave(rooms: Rooms, token: str, back: bool) -> Response:
    """What the button does, and what mail programs do on their own "unsubscribe" button."""
    try:
        chosen = (optout.come_back if back else optout.leave)(rooms, token)
    except SightlineError as error:
        return _page("This link does not work", error.message, status=error.status)
    if back:
        return _page("Subscribed again", f"{chosen.recipient} gets '{chosen.name}' again.", token, "Unsubscribe")
    text = f"{chosen.recipient} gets no more mails with '{chosen.name}'. Was that a mistake?"
    return _page("Unsubscribed", text, token, "Subscribe again", back=True)


def _file(rooms: Rooms, request: Request) -> Response:
    try:
        enclosure, pieces = downloads.opened(rooms, request.query_params.get("token", ""))
    except SightlineError as error:
        return _page("This file is not here", error.message, status=error.status)
    named = f"attachment; filename*=UTF-8''{quote(enclosure.file_name)}"
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    return StreamingResponse(pieces, media_type=enclosure.media_type, headers=headers)


def _page(
    title: str, text: str, token: str = "", button: str = "", *, back: bool = False, status: int = 200
) -> Response:
    form = ""
    if button:
        hidden = '<input type="hidden" name="back" value="1">' if back else ""
        form = (
            f'<form method="post" action="{optout.PATH}?token={quote(token)}">{hidden}'
            f"<button>{html.escape(button)}</button></form>"
        )
    page = PAGE.format(title=html.escape(title), text=html.escape(text), form=form)
    return HTMLResponse(page, status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
