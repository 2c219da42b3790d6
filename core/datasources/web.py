"""Questions over HTTP: checked addresses, one retry policy, and errors that say what the other side said."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.base.errors import BadInput, SourceUnreachable
from core.base.outbound import checked_url

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 30.0
TRIES = 3
MOST_BYTES = 16 * 1024 * 1024
"""A longer reply is refused: read as JSON it may take thirty times as much."""

PASSING = (429, 502, 503, 504)
"""Answers that waiting can change."""
UNDONE = (429, 503)
"""Those of them that say that nothing was done."""
LONGEST_WAIT_S = 20.0


class Web:
    """A client of one server. Redirects are followed only to addresses that are allowed as well."""

    def __init__(
        self,
        base: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        auth: Any = None,
        verify: bool = True,
        timeout_s: float = TIMEOUT_S,
        patience_s: float = LONGEST_WAIT_S,
    ) -> None:
        import httpx

        self.patience_s = patience_s
        self.base = base.rstrip("/")
        self._client = httpx.Client(
            headers={"User-Agent": "Sightline", "Accept": "application/json", **(headers or {})},
            auth=auth,
            verify=verify,
            timeout=timeout_s,
            follow_redirects=True,
            max_redirects=5,
            event_hooks={"request": [_allowed]},
        )

    def json(self, path: str, *, method: str = "GET", once: bool = False, **more: Any) -> Any:
        """The reply read as JSON; SourceUnreachable if there is none, or if it is something else."""
        import json

        reply = self.asked(path, method=method, once=once, **more)
        try:
            return json.loads(reply)
        except ValueError as error:
            start = reply[:80].decode("utf-8", "replace").strip()
            raise SourceUnreachable(f"{self._where(path)} did not answer with JSON but with '{start}'.") from error

    def asked(self, path: str, *, method: str = "GET", once: bool = False, **more: Any) -> bytes:
        """The reply's body. What a server refuses for now is asked again, as late as it wishes.

        With `once` only if it is sure that nothing was done: what may have been taken is not sent again.
        """
        import httpx

        url = path if path.startswith(("http://", "https://")) else self.base + path
        for left in reversed(range(TRIES)):
            try:
                status, headers, body = self._once(method, url, more)
            except httpx.TransportError as error:
                if left and not (once and _arrived(error)):
                    time.sleep(_pause(TRIES - left, None, self.patience_s))
                    continue
                raise SourceUnreachable(f"{self._where(path)} did not answer: {_reason(error)}.") from error
            except httpx.InvalidURL as error:
                raise BadInput(f"'{url[:200]}' is no web address: {error}. Write https://host/path.") from error
            except httpx.TooManyRedirects as error:
                raise SourceUnreachable(f"{self._where(path)} redirects in a circle.") from error
            if status in (UNDONE if once else PASSING) and left:
                time.sleep(_pause(TRIES - left, headers.get("retry-after"), self.patience_s))
                continue
            return self._good(path, status, body)
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        self._client.close()

    def _once(self, method: str, url: str, more: Mapping[str, Any]) -> tuple[int, Any, bytes]:
        with self._client.stream(method, url, **more) as reply:
            body = bytearray()
            for piece in reply.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    size = MOST_BYTES // 1024 // 1024
                    raise SourceUnreachable(f"{self._where(url)} sent more than {size} MB. Ask for less.")
            return reply.status_code, reply.headers, bytes(body)

    def _good(self, path: str, status: int, body: bytes) -> bytes:
        if status < 400:
            return body
        said = _said(body)
        if status in (401, 403):
            raise SourceUnreachable(f"{self._where(path)} refused the login ({status}{said}). Check its credentials.")
        if status in (400, 404, 422):
            raise BadInput(f"{self._where(path)} did not understand the question ({status}{said}).")
        raise SourceUnreachable(f"{self._where(path)} answered {status}{said}.")

    def _where(self, path: str) -> str:
        from urllib.parse import urlsplit

        parts = urlsplit(path if path.startswith("http") else self.base)
        return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}"


def address(host: str) -> str:
    """`host` as an address; http is assumed where it names no protocol."""
    return (host if "://" in host else f"http://{host}").rstrip("/")


def _allowed(request: httpx.Request) -> None:
    checked_url(str(request.url))


def _arrived(error: Exception) -> bool:
    """Whether the other side may have read the question before it was silent."""
    import httpx

    return not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))


def _pause(tried: int, wish: str | None, patience_s: float = LONGEST_WAIT_S) -> float:
    if wish and wish.isdigit():
        return min(float(wish), patience_s)
    return min(2.0**tried * 0.25, 4.0) * (0.75 + random.random() / 2)  # noqa: S311 - spreads tries, protects nothing


def _said(body: bytes) -> str:
    """The reason in a reply of the usual shapes."""
    import json

    try:
        told = json.loads(body)
    except ValueError:
        text = " ".join(body[:200].decode("utf-8", "replace").split())
        return f": {text}" if text and not text.startswith("<") else ""
    for name in ("error", "errors", "message", "detail", "title"):
        found = told.get(name) if isinstance(told, dict) else None
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict):
            found = found.get("message") or found.get("detail")
        if isinstance(found, str) and found:
            return f": {found[:300]}"
    return ""


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
