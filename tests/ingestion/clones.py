"""Small real repositories, made by git itself."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ADA = "Ada Lovelace <ada@example.org>"
BOB = "Bob Martin <bob@example.org>"


@dataclass
class Clone:
    """A repository in a folder of its own. Every commit is an hour after the one before."""

    path: Path
    hour: int = 0

    def git(self, *words: str, given: bytes = b"", **environment: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.path), "-c", "protocol.file.allow=always", *words],
            input=given, capture_output=True, check=True,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
                 "GIT_AUTHOR_NAME": "Ada Lovelace", "GIT_AUTHOR_EMAIL": "ada@example.org",
                 "GIT_COMMITTER_NAME": "Ada Lovelace", "GIT_COMMITTER_EMAIL": "ada@example.org", **environment},
        )  # fmt: skip
        return done.stdout.decode("utf-8", "replace").strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(
        self, message: str | bytes = "Change", files: Mapping[str, str | bytes] | None = None, author: str = ADA,
        at: str = "", committed: str = "", committer: str = "",
    ) -> str:  # fmt: skip
        """Commit these files (or nothing); returns the sha."""
        self.hour += 1
        self.write(files or {})
        self.git("add", "-A")
        moment = at or f"{1_700_000_000 + self.hour * 3600} +0100"
        name, _, email = author.partition(" <")
        environment = {
            "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email.rstrip(">"), "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": committed or moment,
        }  # fmt: skip
        if committer:
            name, _, email = committer.partition(" <")
            environment |= {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email.rstrip(">")}
        text = message.encode() if isinstance(message, str) else message
        self.git(
            "commit",
            "-q",
            "--allow-empty",
            "--allow-empty-message",
            "--cleanup=verbatim",
            "-F",
            "-",
            given=text,
            **environment,
        )
        return self.head()

    def merge(self, message: str, *branches: str) -> str:
        self.hour += 1
        moment = f"{1_700_000_000 + self.hour * 3600} +0100"
        words = ("merge", "-q", "--no-ff", "-m", message, *branches)
        self.git(*words, GIT_AUTHOR_DATE=moment, GIT_COMMITTER_DATE=moment)
        return self.head()

    def raw_commit(self, text: bytes) -> str:
        """Point HEAD at a commit object written byte by byte."""
        sha = self.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=text)
        self.git("update-ref", "HEAD", sha)
        return sha

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def shortlog(self) -> Counter[str]:
        """Non-merge commits by email, as git counts them."""
        counted: Counter[str] = Counter()
        for line in self.git("shortlog", "-sne", "--no-merges", "HEAD").splitlines():
            number, who = line.strip().split("\t")
            counted[who[who.rindex("<") + 1 : -1]] += int(number)
        return counted

    def lines(self) -> tuple[int, int]:
        """Lines added and deleted in non-merge commits, as git counts them."""
        added = deleted = 0
        for line in self.git("log", "--numstat", "--no-merges", "-M", "--format=", "HEAD").splitlines():
            plus, minus, _ = line.split("\t", 2)
            if plus != "-":
                added, deleted = added + int(plus), deleted + int(minus)
        return added, deleted


def new(path: Path, *words: str) -> Clone:
    """An empty repository with a branch named main."""
    path.mkdir(parents=True)
    clone = Clone(path)
    clone.git("init", "-q", "-b", "main", *words)
    return clone
