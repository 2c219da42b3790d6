"""Whom a repository's `.mailmap` makes of the names in trailers, which git prints as they were written."""

from __future__ import annotations

import subprocess
from functools import cached_property
from pathlib import Path

from core.ingestion.sources.git.command import Broken, start
from core.ingestion.sources.git.rows import text


class Mailmap:
    """Asks one `git check-mailmap`, started when the first trailer comes. Remembers its answers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers: dict[tuple[str, str], tuple[str, str]] = {}

    def __call__(self, email: str, name: str) -> tuple[str, str]:
        """(email, name) as `git shortlog` would group them."""
        if not email:
            return email, name
        answer = self._answers.get((email, name))
        if answer is None:
            answer = self._answers[email, name] = self._asked(email, name)
        return answer

    @cached_property
    def _process(self) -> subprocess.Popen[bytes]:
        return start(self._path, "check-mailmap", "--stdin", stdin=subprocess.PIPE)

    def _asked(self, email: str, name: str) -> tuple[str, str]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin and stdout
        # Only brackets and line ends could be taken for something else; the rest comes back as it was.
        plain = name.translate(dict.fromkeys(map(ord, "<>\0\r"), " "))
        stdin.write(f"{plain} <{email}>\n".encode("utf-8", "replace"))
        stdin.flush()
        found, bracket, rest = text(stdout.readline()).rpartition("<")
        if not bracket:
            raise Broken("fatal: git check-mailmap ended early")
        mapped = rest.rstrip(">\n"), found.strip()
        return (email, name) if mapped == (email, plain.strip()) else mapped
