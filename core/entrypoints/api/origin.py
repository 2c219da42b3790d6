"""Only our own pages may ask a route to change something."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Endpoint = Callable[[Request], Response]


def same_origin(endpoint: Endpoint) -> Endpoint:
    """Refuse a request that another site's page has sent.

    Browsers put Origin on every POST, and no page of another site can set
    X-Requested-With without a preflight, which we never answer.
    """

    @wraps(endpoint)
    def checked(request: Request) -> Response:
        if not _ours(request):
            return JSONResponse({"error": "This request came from another site."}, 403)
        return endpoint(request)

    return checked


def _ours(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return False
    return "x-requested-with" in request.headers
