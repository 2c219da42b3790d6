"""What can be taken away from a running system: its metrics store, the room on its disk, its right to read."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CAPABILITY_BOUNDING_SET_DROP = 24
READS_EVERYTHING = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what makes root blind to rights of files."""


def as_others_read() -> None:
    """Let rights of files hold for the programs that this one starts, also where root starts them."""
    for capability in READS_EVERYTHING:
        ctypes.CDLL(None).prctl(CAPABILITY_BOUNDING_SET_DROP, capability, 0, 0, 0)


AS_OTHERS_READ = "from tests.browser.frailty import as_others_read; as_others_read()"


class Line:
    """A wire to a server on this machine that can be cut and mended."""

    def __init__(self, port: int) -> None:
        self._far = port
        self._guard = threading.Lock()
        self._open: set[socket.socket] = set()
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Take connections again, at the same port."""
        ear = socket.create_server(("127.0.0.1", self.port))
        self.port = ear.getsockname()[1]
        self._ear: socket.socket | None = ear
        threading.Thread(target=self._listen, args=(ear,), daemon=True).start()

    def cut(self) -> None:
        """Refuse who comes, and hang up on who is there."""
        # Only shut down here: a number closed under a thread that reads by it may be another connection's by then.
        with self._guard:
            for one in (self._ear, *self._open):
                if one is not None:
                    _shut(one)
            self._ear = None

    def _listen(self, ear: socket.socket) -> None:
        with ear:
            while True:
                try:
                    near, _ = ear.accept()
                except OSError:
                    return
                threading.Thread(target=self._joined, args=(ear, near), daemon=True).start()

    def _joined(self, ear: socket.socket, near: socket.socket) -> None:
        """Carry both ways until either end hangs up."""
        with near, socket.create_connection(("127.0.0.1", self._far)) as far:
            with self._guard:
                if ear is not self._ear:
                    return
                self._open |= {near, far}
            back = threading.Thread(target=_carry, args=(far, near), daemon=True)
            back.start()
            _carry(near, far)
            back.join()
            with self._guard:
                self._open -= {near, far}


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    _shut(source)
    _shut(target)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


@contextmanager
def no_room(folder: Path) -> Iterator[None]:
    """A disk of one page in place of this folder, or, where nobody may mount one, a file that takes no files."""
    folder.mkdir(exist_ok=True)
    mounted = not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4k,mode=0700", "tmpfs", folder], check=False, capture_output=True
    ).returncode
    aside = folder.with_name("aside")
    if not mounted:
        folder.rename(aside)
        folder.touch()
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)
        else:
            folder.unlink()
            aside.rename(folder)


@contextmanager
def unreadable(folder: Path) -> Iterator[None]:
    """Nobody may enter this folder."""
    rights = folder.stat().st_mode
    folder.chmod(0)
    try:
        yield
    finally:
        folder.chmod(rights)


def kept(folder: Path) -> list[Path]:
    """Every file below it, also those half-written."""
    return [Path(where, name) for where, _, names in os.walk(folder) for name in names]
