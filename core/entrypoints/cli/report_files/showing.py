"""A page on a free port of this machine alone, which shows a report and follows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread
from urllib.parse import parse_qs, urlsplit

SHELL = Path(__file__).with_name("watch.html")
HOST = "127.0.0.1"
WAIT_S = 20.0
"""A question for news is answered after so long even if there is none."""
EMPTY = b"<!doctype html><title>Report</title>"


class Screen:
    """What is shown now. Safe to use from several threads."""

    def __init__(self) -> None:
        self._news = Condition()
        self._version = 0
        self._page = EMPTY
        self._problems: list[str] = []
        self._summary = "Making the report …"

    def show(self, page: bytes | None, problems: list[str], summary: str) -> None:
        """Show a report, or with None keep the one before, and what is wrong."""
        with self._news:
            self._page = page or self._page
            self._problems, self._summary = problems, summary
            self._version += 1
            self._news.notify_all()

    @property
    def page(self) -> bytes:
        return self._page

    def news(self, after: int) -> bytes:
        """The state as JSON, as soon as it is another one than `after`."""
        with self._news:
            self._news.wait_for(lambda: self._version != after, WAIT_S)
            state = {"version": self._version, "problems": self._problems, "summary": self._summary}
        return json.dumps(state).encode()


@contextmanager
def serving(screen: Screen) -> Iterator[str]:
    """Serve the screen while the block runs, which gets its address."""
    server = ThreadingHTTPServer((HOST, 0), _handler(screen))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True, name="watch").start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _handler(screen: Screen) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            # A page of another site must not read the report by a name that it made point here.
            if (self.headers.get("Host") or "").partition(":")[0] not in (HOST, "localhost"):
                self.send_error(403)
            elif address.path == "/":
                self._answer(SHELL.read_bytes(), "text/html; charset=utf-8")
            elif address.path == "/report":
                self._answer(screen.page, "text/html; charset=utf-8")
            elif address.path == "/news":
                after = parse_qs(address.query).get("after", [""])[0]
                self._answer(screen.news(int(after) if after.isdigit() else -1), "application/json")
            else:
                self.send_error(404)

        def _answer(self, content: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the command's own lines are what its person reads."""

    return Handler
