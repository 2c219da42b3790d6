"""HTTP to a language model: only to addresses that are allowed, no redirect, and never longer or more than agreed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx2

from core.base.outbound import checked_url

MOST_BYTES = 1024 * 1024
"""A longer reply is no narrative."""


class Watched(httpx2.SyncByteStream):
    """A reply piece by piece, up to a size and a moment."""

    def __init__(self, reply: httpx2.Response, request: httpx2.Request, until: float) -> None:
        self.reply, self.request, self.until = reply, request, until

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self.reply.iter_raw():
            size += len(piece)
            if time.monotonic() > self.until:
                raise httpx2.ReadTimeout("The reply took too long.", request=self.request)
            if size > MOST_BYTES:
                raise httpx2.ReadError("The reply is too long.", request=self.request)
            yield piece

    def close(self) -> None:
        self.reply.close()


class Bounded(httpx2.HTTPTransport):
    """Reads a reply up to a size and for so many seconds in all: whole, or as it comes."""

    def __init__(self, most_s: float, *, streams: bool = False) -> None:
        super().__init__()
        self.most_s, self.streams = most_s, streams

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        checked_url(str(request.url))
        until = time.monotonic() + self.most_s
        reply = super().handle_request(request)
        watched = Watched(reply, request, until)
        if self.streams:
            return httpx2.Response(reply.status_code, headers=reply.headers, stream=watched, request=request)
        try:
            body = b"".join(watched)
            return httpx2.Response(reply.status_code, headers=reply.headers, content=body, request=request)
        finally:
            reply.close()


def client(most_s: float, *, streams: bool = False) -> httpx2.Client:
    """A client for one question."""
    transport = Bounded(most_s, streams=streams)
    return httpx2.Client(transport=transport, timeout=most_s, follow_redirects=False, trust_env=False)
