"""HTTP to a language model: only to addresses that are allowed, no redirect, and never longer or more than agreed."""

from __future__ import annotations

import time

import httpx2

from core.base.outbound import checked_url

MOST_BYTES = 1024 * 1024
"""A longer reply is no narrative."""


class Bounded(httpx2.HTTPTransport):
    """Reads a reply whole, up to a size and for so many seconds in all."""

    def __init__(self, most_s: float) -> None:
        super().__init__()
        self.most_s = most_s

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        checked_url(str(request.url))
        until = time.monotonic() + self.most_s
        reply = super().handle_request(request)
        body = bytearray()
        try:
            for piece in reply.iter_raw():
                body += piece
                if time.monotonic() > until:
                    raise httpx2.ReadTimeout("The reply took too long.", request=request)
                if len(body) > MOST_BYTES:
                    raise httpx2.ReadError("The reply is too long.", request=request)
        finally:
            reply.close()
        return httpx2.Response(reply.status_code, headers=reply.headers, content=bytes(body), request=request)


def client(most_s: float) -> httpx2.Client:
    """A client for one question."""
    return httpx2.Client(transport=Bounded(most_s), timeout=most_s, follow_redirects=False, trust_env=False)
