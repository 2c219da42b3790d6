"""The way to the organisation's sign-in and back: to the page that was asked for, with a word where it failed.

Streamlit's own routes bring everybody back to the first page, say nothing of a failure,
and leave what the provider told in the browser for a month.
"""

from __future__ import annotations

from http.cookies import SimpleCookie
from urllib.parse import quote, unquote, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.base.settings import settings

_LEAVE, _RETURN = "/auth/login", "/oauth2callback"
_TOLD = "_streamlit_user"
"""The cookie in which Streamlit keeps what the provider told; others begin with its name."""
_BACK = "sightline_back"
_BACK_LASTS_S = 15 * 60
WHY = "sightline_sign_in"
"""The cookie that tells the sign-in screen why somebody came back without a session."""
_WHY_LASTS_S = 30
_LONGEST = 2000

REASONS = {
    "refused": "Your organisation's sign-in did not let you in. Ask whoever keeps it whether you may use Sightline.",
    "failed": "The sign-in with your organisation failed. Try again; if it stays, tell your admin:"
    " the web app's log has the reason.",
    "away": "Your organisation's sign-in does not answer. Try again in a minute, or sign in with a password.",
}


class WayBack:
    """Stands before Streamlit's sign-in routes, and before ours that begin and end a session."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if path == _LEAVE:
            answer = await self._leave(Request(scope), receive)
            await answer(scope, receive, send)
        elif path == _RETURN:
            answer = await self._return(Request(scope), receive)
            await answer(scope, receive, send)
        elif path in ("/session", "/session/end"):
            await self.app(scope, receive, _forgetting(Request(scope), send))
        else:
            await self.app(scope, receive, send)

    async def _leave(self, request: Request, receive: Receive) -> Response:
        """Go to the provider, and remember the page; the state of a sign-in is kept for one name of the server only."""
        given = request.query_params.get("back")
        back = inside(given or _page(request))
        if given is None and request.headers.get("host") != urlsplit(settings().url).netloc:
            query = urlencode({**request.query_params, "back": back})
            return RedirectResponse(f"{settings().url}{_LEAVE}?{query}", 302)
        headers = await self._asked(request, receive)
        to = headers.get("location", "")
        if not to.startswith(("http://", "https://")):
            return _told(RedirectResponse(back, 302), "failed" if to else "away")
        answer = RedirectResponse(to, 302)
        _copy_cookies(headers, answer.headers)
        _keep(answer, _BACK, quote(back, safe=""), _BACK_LASTS_S, _RETURN)
        return answer

    async def _return(self, request: Request, receive: Receive) -> Response:
        """Come back to the page, with what the provider told or with the reason why it told nothing."""
        back = inside(unquote(request.cookies.get(_BACK, "")))
        headers = await self._asked(request, receive)
        answer = RedirectResponse(back, 302)
        _copy_cookies(headers, answer.headers)
        answer.delete_cookie(_BACK, path=_RETURN)
        if _tells(headers):
            answer.delete_cookie(WHY)
            return answer
        return _told(answer, "refused" if request.query_params.get("error") == "access_denied" else "failed")

    async def _asked(self, request: Request, receive: Receive) -> MutableHeaders:
        """The headers of Streamlit's own answer: its redirect, and the cookies that it gives or takes."""
        begun: list[Message] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)

        await self.app(request.scope, receive, keep)
        return MutableHeaders(scope=begun[0])


def inside(address: str) -> str:
    """The path and the query of an address, so that nobody is led to another site; the first page if it has none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    path = "/" + parts.path.lstrip("/\\")
    whole = f"{path}?{parts.query}" if parts.query else path
    return whole if len(whole) <= _LONGEST and path not in (_LEAVE, _RETURN) else "/"


def _page(request: Request) -> str:
    """The page of ours on which the button was pressed: our policy tells it to nobody but ourselves."""
    referer = request.headers.get("referer", "")
    ours = (request.headers.get("host"), urlsplit(settings().url).netloc)
    return referer if any(referer.partition("://")[2].startswith(f"{name}/") for name in ours) else ""


def _told(answer: Response, reason: str) -> Response:
    _keep(answer, WHY, reason, _WHY_LASTS_S, "/")
    return answer


def _keep(answer: Response, name: str, value: str, lasts_s: int, path: str) -> None:
    secure = settings().url.startswith("https:")
    answer.set_cookie(name, value, max_age=lasts_s, path=path, httponly=True, samesite="lax", secure=secure)


def _tells(headers: MutableHeaders) -> bool:
    """Whether Streamlit gives the browser what the provider told, rather than taking it away."""
    given = [SimpleCookie(line).get(_TOLD) for line in headers.getlist("set-cookie")]
    return any(cookie.value for cookie in given if cookie)


def _copy_cookies(one: MutableHeaders, other: MutableHeaders) -> None:
    for line in one.getlist("set-cookie"):
        other.append("set-cookie", line)


def _forgetting(request: Request, send: Send) -> Send:
    """Has the browser forget what the provider told: a session stands in its place, or nobody's."""
    gone = Response()
    for name in request.cookies:
        if name.startswith(_TOLD):
            gone.delete_cookie(name, httponly=True, samesite="lax")

    async def with_cookies(message: Message) -> None:
        if message["type"] == "http.response.start":
            _copy_cookies(gone.headers, MutableHeaders(scope=message))
        await send(message)

    return with_cookies
