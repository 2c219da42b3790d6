"""Who is signed in, for scripts and for the curious."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.access import sessions
from core.access.loopback import is_local
from core.access.sessions import SignedIn
from core.bootstrap import house
from core.entrypoints.api.bearer import problem


def who(request: Request) -> SignedIn | None:
    """Whoever the cookie belongs to; None if nobody, or if the demo's user comes from elsewhere."""
    cookie = request.cookies.get(sessions.COOKIE)
    if not cookie:
        return None
    rooms = house()
    now = rooms.clock()
    session_id = sessions.of_cookie(rooms.app, cookie, now)
    here = sessions.look(rooms.app, session_id, now) if session_id else None
    peer = request.client.host if request.client else ""
    return here if here and (not here.is_demo or is_local(peer, request.headers)) else None


def me(request: Request) -> Response:
    """The user behind the cookie, or 401."""
    here = who(request)
    if here is None:
        return problem(401, "Nobody is signed in.")
    return JSONResponse(
        {
            "user": here.username,
            "name": here.name,
            "email": here.email,
            "role": here.actor.role if here.actor else None,
            "workspace": here.workspace.slug if here.workspace else None,
            "workspaces": [{"id": id_, "name": name} for id_, name in here.workspaces],
        }
    )
