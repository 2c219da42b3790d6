"""The cookie: given for a one-time ticket, dropped at sign-out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.access import sessions
from core.bootstrap import house
from core.entrypoints.api.origin import same_origin


@same_origin
def begin(request: Request) -> Response:
    """Exchange the ticket in X-Ticket for the session's cookie."""
    rooms = house()
    cookie = sessions.redeem(rooms.app, request.headers.get("x-ticket", ""), rooms.clock())
    if cookie is None:
        return JSONResponse({"error": "This sign-in has been used or is too old. Sign in again."}, 403)
    answer = JSONResponse({"ok": True})
    answer.set_cookie(
        sessions.COOKIE,
        cookie,
        max_age=int(sessions.AT_MOST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_over_tls(request),
    )
    return answer


@same_origin
def end(request: Request) -> Response:
    """Sign this browser out."""
    if cookie := request.cookies.get(sessions.COOKIE):
        sessions.revoke_cookie(house().app, cookie)
    answer = JSONResponse({"ok": True})
    answer.delete_cookie(sessions.COOKIE, httponly=True, samesite="lax", secure=_over_tls(request))
    return answer


def _over_tls(request: Request) -> bool:
    return request.url.scheme == "https" or house().settings.url.startswith("https:")
