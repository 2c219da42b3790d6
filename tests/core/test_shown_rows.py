"""Rows on a screen break between words, ids never; a program that reads along gets a row a line."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from itertools import chain

import pytest

ID = "f670631476a54e03a3c97162200ab54f"
SCRIPT = (
    "from core.entrypoints.cli.out import show_rows\n"
    f"rows = [dict(id={ID!r}, name='How Payments reviews its changes', last_run='2026-11-27 12:42', n=3),"
    " dict(id='1', name='Weekly', last_run='–', n=12)]\n"
    "show_rows(rows, as_json=False, title='Reports')"
)


def on_screen(columns: int) -> list[str]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    words = [sys.executable, "-c", SCRIPT]
    process = subprocess.Popen(words, stdout=theirs, env=plain | {"TERM": "xterm"})
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 65536):
            said += part
    except OSError:  # the other side has gone
        pass
    os.close(ours)
    assert process.wait(30) == 0
    return [line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", said.decode()).splitlines()]


@pytest.mark.parametrize("columns", [200, 90, 72])
def test_every_line_fits_and_no_word_is_cut(columns: int) -> None:
    lines = on_screen(columns)
    words = set(chain.from_iterable(line.replace("│", " ").split() for line in lines))

    assert {ID, "Payments", "changes", "2026-11-27", "12:42", "12"} <= words
    assert max(map(len, lines)) <= columns


def test_where_an_id_leaves_no_room_each_row_is_a_block() -> None:
    assert "\n".join(on_screen(50)).endswith(
        f"Reports\n\nid        {ID}\nname      How Payments reviews its changes\nlast run  2026-11-27 12:42\n"
        "n         3\n\nid        1\nname      Weekly\nlast run  –\nn         12"
    )


def test_a_program_gets_a_row_a_line() -> None:
    said = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout

    (row,) = [line for line in said.splitlines() if ID in line]
    assert "How Payments reviews its changes" in row and "2026-11-27 12:42" in row
