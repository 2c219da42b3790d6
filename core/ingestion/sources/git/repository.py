"""A repository on this machine: finding it, its tip, and what its rows depend on besides the commits."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from core.base.errors import BadInput, SourceUnreachable, did_you_mean
from core.ingestion.sources.git import attributes
from core.ingestion.sources.git.command import asked, failed, run, start

CODEOWNERS = ("CODEOWNERS", "docs/CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS")
READER = 3
"""Grows when this reader would write other rows for the same commits, so that they are read anew."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A readable repository; `path` is its top folder."""

    path: Path
    git_dir: Path
    is_bare: bool

    @property
    def shallow_file(self) -> Path:
        return self.git_dir / "shallow"

    def tip(self, branch: str = "") -> str:
        """The commit to read from: the branch's, or what is checked out. Empty if there is none yet."""
        wanted = f"refs/heads/{branch}" if branch else "HEAD"
        found = asked(self.path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}")
        if not found and branch:
            remote = f"refs/remotes/{branch if '/' in branch else f'origin/{branch}'}"
            found = asked(self.path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{remote}^{{commit}}")
        if found or not self._has_commits(branch):
            return found or ""
        if branch:
            near = did_you_mean(branch, self.branches())
            raise BadInput(f"The repository '{self.path}' has no branch named '{branch}'.{near}")
        raise self._unreadable_tip()

    def branches(self) -> list[str]:
        """Names of local branches, then of those that the clone knows of its remote."""
        listed = run(self.path, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", "refs/remotes")
        return listed.decode("utf-8", "replace").split()

    def head_branch(self) -> str:
        """The branch that is checked out, or an empty string if none is."""
        return asked(self.path, "symbolic-ref", "--quiet", "--short", "HEAD") or ""

    def origin(self) -> str:
        """Where it was cloned from, without any password; empty if it is no clone."""
        return without_password(asked(self.path, "config", "--get", "remote.origin.url") or "")

    def boundary(self) -> list[str]:
        """Commits at which a shallow clone was cut off."""
        try:
            return self.shallow_file.read_text().split()
        except FileNotFoundError:
            return []

    def rules(self, tip: str) -> list[tuple[str, bool]]:
        """What the tip's `.gitattributes` files say of generated and vendored paths."""
        listed = run(self.path, "ls-tree", "-r", "-z", tip).split(b"\0")
        found = [entry.partition(b"\t") for entry in listed if entry.endswith(b".gitattributes")]
        files = []
        for meta, _, path in found:
            if path.rpartition(b"/")[2] == b".gitattributes" and b" blob " in meta:
                content = run(self.path, "cat-file", "blob", meta.split()[2].decode())
                files.append((os.fsdecode(path), content.decode("utf-8", "replace")))
        return attributes.rules(files)

    def codeowners(self, tip: str) -> dict[str, str]:
        """What the tip's CODEOWNERS says, by its path, at each place where a host looks for one."""
        found = {}
        for entry in run(self.path, "ls-tree", "-z", tip, "--", *CODEOWNERS).split(b"\0"):
            meta, _, path = entry.partition(b"\t")
            if b" blob " in meta:
                content = run(self.path, "cat-file", "blob", meta.split()[2].decode())
                found[os.fsdecode(path)] = content.decode("utf-8", "replace")
        return found

    def mark(self, rules: list[tuple[str, bool]], since: str, branch: str) -> str:
        """A digest of everything but the commits that decides what their rows look like."""
        digest = hashlib.blake2b(digest_size=12)
        for part in (READER, self._mailmap(), rules, sorted(self.boundary()), since, branch):
            digest.update(repr(part).encode() + b"\0")
        return digest.hexdigest()

    def learned_until(self, tip: str, now: datetime) -> datetime | None:
        """The last moment at which this clone learned something: evidence, and never later than `now`."""
        committed = asked(self.path, "log", "-1", "--format=%ct", tip, "--") if tip else None
        moments = [int(committed)] if committed and committed.isdigit() else []
        for name in ("FETCH_HEAD", "logs/HEAD", "packed-refs", "refs/heads", "refs/remotes/origin", "ORIG_HEAD"):
            try:
                moments.append(int((self.git_dir / name).stat().st_mtime))
            except OSError:
                continue
        latest = int(now.timestamp())
        known = [moment for moment in moments if 0 < moment <= latest]
        return datetime.fromtimestamp(max(known), UTC) if known else None

    def _mailmap(self) -> str:
        # Git itself reads the working tree's file, and HEAD's where there is no working tree.
        if self.is_bare:
            return asked(self.path, "rev-parse", "--verify", "--quiet", "HEAD:.mailmap") or ""
        try:
            return hashlib.blake2b((self.path / ".mailmap").read_bytes(), digest_size=12).hexdigest()
        except OSError:
            return ""

    def _has_commits(self, branch: str) -> bool:
        # A branch that was never born is an empty repository; one that names a lost object is a damaged one.
        if asked(self.path, "for-each-ref", "--count=1", "--format=%(refname)"):
            return True
        return not branch and (asked(self.path, "rev-parse", "--verify", "--quiet", "HEAD") or "") != ""

    def _unreadable_tip(self) -> SourceUnreachable | BadInput:
        unborn = self.head_branch()
        if unborn and not asked(self.path, "show-ref", "--verify", f"refs/heads/{unborn}"):
            near = ", ".join(self.branches()[:5])
            return BadInput(f"'{self.path}' has '{unborn}' checked out, which has no commit. Choose a branch: {near}.")
        process = start(self.path, "cat-file", "-p", "HEAD^{commit}")
        _, complaint = process.communicate()
        return failed(self.path, complaint.decode("utf-8", "replace"))


def opened(given: str | Path) -> Repository:
    """The repository at, or around, a path; BadInput or SourceUnreachable with the reason if there is none."""
    words = str(given).strip()
    if not words:
        raise BadInput("Give the path of a git repository, such as ~/code/app.")
    if words.startswith("-"):
        raise BadInput(f"'{words}' is no path: it begins with a dash. Write ./{words} if it is one.")
    if re.match(r"^[a-z+]+://|^[^/]+@[^/]+:", words):
        raise BadInput(
            f"'{without_password(words)}' is an address, and Sightline reads clones on this machine."
            " Run `git clone` first, then give its folder."
        )
    path = Path(words).expanduser().resolve()
    _readable(path)
    git_dir = asked(path, "rev-parse", "--absolute-git-dir")
    if git_dir is None:
        raise _no_repository(path)
    common = asked(path, "rev-parse", "--path-format=absolute", "--git-common-dir") or git_dir
    if not os.access(common, os.R_OK | os.X_OK) or not os.access(Path(common) / "objects", os.R_OK | os.X_OK):
        raise _unreadable(Path(common))
    top = asked(path, "rev-parse", "--show-toplevel")
    if top:
        return Repository(Path(top), Path(common), is_bare=False)
    home = Path(git_dir)
    if home.name == ".git" and asked(home.parent, "rev-parse", "--show-toplevel") == str(home.parent):
        return Repository(home.parent, Path(common), is_bare=False)
    return Repository(home, Path(common), is_bare=True)


def name_for(repository: Repository, taken: set[str]) -> str:
    """What to call it: its origin's name or its folder's, with more of the path where that is taken."""
    where = repository.origin() or str(repository.path)
    parts = [part for part in re.split(r"[/:\\]+", where.removesuffix("/").removesuffix(".git")) if part]
    for length in range(1, len(parts) + 1):
        if (name := "/".join(parts[-length:])) not in taken:
            return name[-200:]
    return next(name for number in range(2, 10_000) if (name := f"{parts[-1]} ({number})") not in taken)


def without_password(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url) if "://" in url else None
    if parts is None or "@" not in parts.netloc:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _readable(path: Path) -> None:
    try:
        if not path.exists():
            raise BadInput(f"There is no folder '{path}'. Give the path of a clone on the machine that runs Sightline.")
    except PermissionError as error:
        raise _unreadable(path) from error
    if not path.is_dir():
        raise BadInput(f"'{path}' is a file. Give the folder of a git repository.")
    if not os.access(path, os.R_OK | os.X_OK):
        raise _unreadable(path)


def _unreadable(path: Path) -> SourceUnreachable:
    return SourceUnreachable(
        f"The folder '{path}' cannot be read. Give the user that runs Sightline read access to it."
    )


def _no_repository(path: Path) -> BadInput | SourceUnreachable:
    process = start(path, "rev-parse", "--absolute-git-dir")
    _, complaint = process.communicate()
    said = complaint.decode("utf-8", "replace")
    if "not a git repository" in said and not (path / ".git").exists():
        return BadInput(f"'{path}' is no git repository. Give a folder that has a .git inside, or a bare repository.")
    if (path / ".git").exists() and not os.access(path / ".git", os.R_OK | os.X_OK):
        return _unreadable(path / ".git")
    return failed(path, said)
