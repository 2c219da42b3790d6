"""A server that gives prepared replies over real HTTP and writes down what it was asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Reply:
    """What to answer: JSON unless it is bytes or text."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> tuple[bytes, str]:
        if isinstance(self.body, bytes):
            return self.body, "application/octet-stream"
        if isinstance(self.body, str):
            return self.body.encode(), "text/plain; charset=utf-8"
        return json.dumps(self.body).encode(), "application/json"


def streamed(*pieces: Any) -> Reply:
    """A reply as server-sent events, one a piece, as OpenAI-compatible servers end it."""
    lines = "".join(f"data: {json.dumps(one)}\n\n" for one in pieces) + "data: [DONE]\n\n"
    return Reply(lines, headers={"Content-Type": "text/event-stream"})


Answer = Callable[[Asked], Reply]


@dataclass
class Replies:
    """Answers by path; a list is used up one reply at a time, its last one stays."""

    url: str = ""
    routes: dict[str, Reply | list[Reply] | Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    date: str = ""
    """What the server's clock says, as HTTP writes it; empty for the true time."""

    def to(self, path: str) -> list[Asked]:
        """Every request for a path."""
        return [one for one in self.asked if one.path == path]

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        found = self.routes.get(asked.path)
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, Reply):
            return found
        return found(asked) if found else Reply({"message": f"Nothing at {asked.path}"}, 404)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is what some tests are about; all else is told as ever."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


R = TypeVar("R", bound=Replies)


@contextmanager
def replying() -> Iterator[Replies]:
    """A running server; fill `routes` before or while it runs."""
    with serving(Replies()) as replies:
        yield replies


@contextmanager
def serving(replies: R) -> Iterator[R]:
    """The same for one that thinks for itself."""
    server = _Server(("127.0.0.1", 0), _handler(replies))
    server.daemon_threads = True
    replies.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield replies
    finally:
        server.shutdown()
        server.server_close()


def _handler(replies: Replies) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
            reply = replies.answer(asked)
            content, kind = reply.content()
            self.send_response(reply.status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def date_time_string(self, timestamp: float | None = None) -> str:
            return replies.date or super().date_time_string(timestamp)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler
