"""The server of prepared replies is silent about clients that hang up, and about nothing else."""

from __future__ import annotations

import socket
import struct
from threading import Event
from threading import enumerate as threads

import httpx
import pytest

from tests.servers import wait_until
from tests.servers.replies import Asked, Replies, Reply, replying


def quiet() -> bool:
    """Whether no request is being answered any more."""
    return not any("process_request_thread" in thread.name for thread in threads())


def test_a_client_that_hangs_up_early_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    asked, gone = Event(), Event()

    def slowly(_: Asked) -> Reply:
        asked.set()
        gone.wait(10)
        return Reply(b"x" * 50_000_000)

    with replying() as server:
        server.routes["/"] = slowly
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            asked.wait(10)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.set()
        wait_until(quiet, "the answer")

    assert capsys.readouterr().err == ""


def test_a_fault_of_the_tests_own_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: Asked) -> Reply:
        raise ZeroDivisionError("of the test's own")

    with replying() as server:
        server.routes["/"] = broken
        with pytest.raises(httpx.HTTPError):
            _get(server)
        wait_until(quiet, "the answer")

    assert "of the test's own" in capsys.readouterr().err


def _get(server: Replies) -> None:
    httpx.get(server.url, timeout=10)
