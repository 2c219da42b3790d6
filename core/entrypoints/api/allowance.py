"""How often a token may ask: so many requests in any minute, counted in Redis where the queue is there too.

Without Redis each web process counts for itself.
"""

from __future__ import annotations

import math
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.base.counted import counted
from core.base.errors import SightlineError
from core.base.settings import Settings

if TYPE_CHECKING:
    from limits.strategies import SlidingWindowCounterRateLimiter

log = structlog.get_logger(__name__)

HELD = "sightline.allowance"
"""Where a request keeps what is left."""


class TooOften(SightlineError):
    """The token has asked more often than it may."""

    status = 429

    def __init__(self, most: int, wait_s: int) -> None:
        super().__init__(
            f"This token asks more than {counted(most, 'time')} a minute. Wait {counted(wait_s, 'second')},"
            " and ask for more at once."
        )
        self.wait_s = wait_s


def spend(config: Settings, request: Request, token_id: str) -> None:
    """Count one request of a token; TooOften if it had its share."""
    most = config.api_requests_per_minute
    if not most:
        return
    from limits import RateLimitItemPerMinute

    rate, counter = RateLimitItemPerMinute(most), _counter(_storage(config))
    try:
        good = counter.hit(rate, token_id)
        left = counter.get_window_stats(rate, token_id)
    except Exception as error:  # a counter that is away must not close the door
        log.warning("allowance_not_counted", reason=type(error).__name__)
        return
    wait = max(1, math.ceil(left.reset_time - time.time()))
    told = {"RateLimit-Limit": most, "RateLimit-Remaining": max(0, left.remaining), "RateLimit-Reset": wait}
    request.scope[HELD] = told
    if not good:
        raise TooOften(most, wait)


class Told:
    """Adds to each answer of a route what its token has left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in scope.get(HELD, {}).items():
                    headers[name] = str(value)
            await send(message)

        await self.app(scope, receive, with_headers)


def told(route: Route) -> Route:
    """The route, whose answers say what the token has left."""
    route.app = Told(route.app)
    return route


def _storage(config: Settings) -> str:
    """Where requests are counted, as the library writes it."""
    if config.queue_url.startswith("unix:"):
        return f"redis+{config.queue_url}"
    return config.queue_url or "memory://"


@lru_cache(maxsize=4)
def _counter(storage: str) -> SlidingWindowCounterRateLimiter:
    from limits.storage import storage_from_string
    from limits.strategies import SlidingWindowCounterRateLimiter

    kept: Any = storage_from_string(storage)
    return SlidingWindowCounterRateLimiter(kept)
