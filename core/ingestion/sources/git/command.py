"""Running git on a repository that nobody vouches for: no hooks, no pager, no configured programs, no network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import IO

from core.base.errors import SourceUnreachable

NEUTRAL = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("core.attributesFile", os.devnull),
    ("core.quotePath", "false"),
    ("core.pager", "cat"),
    ("core.deltaBaseCacheLimit", "144m"),
    ("core.packedGitWindowSize", "4m"),
    ("core.packedGitLimit", "144m"),
    ("gc.auto", "0"),
    ("log.showRoot", "true"),
    ("log.showSignature", "false"),
    ("maintenance.auto", "false"),
    ("protocol.allow", "never"),
    ("safe.directory", "*"),
)
"""Whatever the repository's own configuration could run is off, so its owner need not be trusted.

The limits keep git's memory small; a larger cache of delta bases than git's own saves a tenth of the time.
"""

_OBJECT = re.compile(r"\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b")


class Broken(Exception):
    """Git ended early, or left something out; the message is what it complained of."""


def command(git_dir: Path, *words: str) -> list[str]:
    """The words that run git there, for subprocess."""
    settings = [word for name, value in NEUTRAL for word in ("-c", f"{name}={value}")]
    return ["git", "--no-pager", "--no-optional-locks", *settings, "-C", str(git_dir), *words]


def environment() -> dict[str, str]:
    """This process's environment without what would turn git elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_ATTR_NOSYSTEM": "1",
        "LC_ALL": "C",
    }


def start(git_dir: Path, *words: str, stdin: int = subprocess.DEVNULL, stderr: int | IO[bytes] = subprocess.PIPE,
          stdout: int | IO[bytes] = subprocess.PIPE) -> subprocess.Popen[bytes]:  # fmt: skip
    """A running git process; SourceUnreachable if git is not installed."""
    try:
        return subprocess.Popen(
            command(git_dir, *words), stdin=stdin, stdout=stdout, stderr=stderr, env=environment(), bufsize=1 << 20
        )
    except FileNotFoundError as error:
        if shutil.which("git") is None:
            raise SourceUnreachable("git is not installed, or not on PATH. Install git, then sync again.") from error
        raise


def run(git_dir: Path, *words: str, given: bytes = b"") -> bytes:
    """What git printed; SourceUnreachable with its reason if it failed."""
    process = start(git_dir, *words, stdin=subprocess.PIPE if given else subprocess.DEVNULL)
    out, complaint = process.communicate(given or None)
    if process.returncode:
        raise failed(git_dir, complaint.decode("utf-8", "replace"))
    return out


def asked(git_dir: Path, *words: str) -> str | None:
    """What git printed without the line's end, or None if it said no."""
    process = start(git_dir, *words)
    out, _ = process.communicate()
    return out.decode("utf-8", "surrogateescape").rstrip("\n") if process.returncode == 0 else None


def failed(path: Path, complaint: str) -> SourceUnreachable:
    """The sentence for what git complained of."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith(("error:", "fatal:"))), lines[-1] if lines else "")
    said = re.sub(r"^(error|fatal): ", "", said)
    if "ermission denied" in complaint:
        return SourceUnreachable(
            f"The repository '{path}' cannot be read: {said}. Give the user that runs Sightline read access to it."
        )
    if "promisor remote" in complaint:
        return SourceUnreachable(
            f"The repository '{path}' is a partial clone: what it left out is not on this machine, and Sightline uses"
            " no network. Run `git fetch --refetch --no-filter` in it, or clone it anew without --filter."
        )
    if (broken := _OBJECT.search(complaint)) or "corrupt" in complaint or "inflate" in complaint:
        named = f" at object {broken.group()}" if broken else ""
        return SourceUnreachable(
            f"The repository '{path}' is damaged{named}: {said}. Run `git fsck` in it, and clone it anew if that"
            " finds losses. Nothing was changed here."
        )
    return SourceUnreachable(f"git could not read '{path}': {said or 'it ended without a word'}.")
