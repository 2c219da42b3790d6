"""Which files were not written by hand: `.gitattributes` first, else well-known names of locks, builds and vendors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

ASKED = ("linguist-generated", "linguist-vendored")

_LOCKS = (
    r"(package-lock|npm-shrinkwrap|composer\.lock|pnpm-lock|packages\.lock)\.(json|yaml)",
    r"(yarn|poetry|Pipfile|uv|pdm|pixi|Cargo|composer|Gemfile|mix|pubspec|flake|Podfile|bun|deno|conan|Gopkg|buf)\.lock",
    r"(go\.sum|go\.work\.sum|bun\.lockb|gradle\.lockfile|Cartfile\.resolved|Package\.resolved|\.terraform\.lock\.hcl)",
)
_MADE = (
    r"[^/]+[.-]min\.(js|mjs|cjs|css|map)",
    r"[^/]+\.(js|mjs|cjs|css|ts)\.map",
    r"[^/]+(_pb2(_grpc)?\.pyi?|\.pb\.(go|cc|h|gw\.go)|_pb\.(js|d\.ts|rb)|\.g\.(cs|dart)|\.freezed\.dart|\.[Dd]esigner\.cs)",
    r"(zz_generated\.[^/]+|[^/]+[._]generated\.[^/]+)",
)
_VENDORS = (
    r"(vendor|vendors|vendored|_vendor|_vendored|third[_-]?party|3rdparty|node_modules|bower_components|jspm_packages)",
    r"(Godeps/_workspace|Pods|Carthage/(Build|Checkouts)|\.yarn/(releases|plugins|cache|unplugged))",
)
_KNOWN = re.compile(
    rf"(?:^|/)(?:{'|'.join(_LOCKS + _MADE)})$|(?:^|/)(?:{'|'.join(_VENDORS)})/",
)


class Attributes:
    """Answers, for any path, whether its lines count as written by hand. Remembers its answers."""

    def __init__(self, rules: Iterable[tuple[str, bool]] = ()) -> None:
        # The last rule that matches decides, so they are tried from the end.
        self._rules = [(re.compile(pattern), verdict) for pattern, verdict in rules][::-1]
        self._answers: dict[str, bool] = {}

    def generated(self, path: str) -> bool:
        """Whether this path holds generated or vendored text."""
        answer = self._answers.get(path)
        if answer is None:
            if len(self._answers) > 200_000:
                self._answers.clear()
            answer = self._answers[path] = self._decided(path)
        return answer

    def _decided(self, path: str) -> bool:
        for pattern, verdict in self._rules:
            if pattern.match(path):
                return verdict
        return bool(_KNOWN.search(path))


def rules(files: Iterable[tuple[str, str]]) -> list[tuple[str, bool]]:
    """(expression, verdict) of every linguist line in these `.gitattributes` files, the strongest last.

    `files` are (path, content). A file in a folder beats those above it, as git has it.
    """
    found: list[tuple[str, bool]] = []
    for path, content in sorted(files, key=lambda file: file[0].count("/")):
        folder = str(PurePosixPath(path).parent)
        for line in content.splitlines():
            pattern, _, attributes = line.strip().partition(" ")
            verdict = _verdict(attributes.split())
            if verdict is not None and pattern and not pattern.startswith(("#", "!", "[attr]")):
                found.append((expression(pattern.strip('"'), "" if folder == "." else folder), verdict))
    return found


def _verdict(words: list[str]) -> bool | None:
    says: bool | None = None
    for word in words:
        name, _, value = word.partition("=")
        if name in ASKED:
            says = says or value.lower() not in ("false", "0", "no")
        elif name.startswith("-") and name[1:] in ASKED:
            says = says or False
    return says


def expression(pattern: str, folder: str = "") -> str:
    """The regular expression for a gitattributes pattern of a file in `folder`."""
    prefix = f"{re.escape(folder)}/" if folder else ""
    if pattern.endswith("/"):
        return r"(?!)"  # git gives attributes to files only: such a line matches nothing
    anchored = "/" in pattern
    body = _translated(pattern.lstrip("/"))
    return rf"{prefix}{'' if anchored else '(?:.*/)?'}{body}\Z"


def _translated(pattern: str) -> str:
    out, at = "", 0
    while at < len(pattern):
        rest = pattern[at:]
        if rest.startswith("**/"):
            out, at = out + "(?:.*/)?", at + 3
        elif rest.startswith("**"):
            out, at = out + ".*", at + 2
        elif rest[0] == "*":
            out, at = out + "[^/]*", at + 1
        elif rest[0] == "?":
            out, at = out + "[^/]", at + 1
        elif rest[0] == "[" and (end := pattern.find("]", at + 2)) > 0:
            inner = pattern[at + 1 : end].replace("\\", r"\\")
            out, at = out + f"[{'^' + inner[1:] if inner[0] == '!' else inner}]", end + 1
        elif rest[0] == "\\" and len(rest) > 1:
            out, at = out + re.escape(rest[1]), at + 2
        else:
            out, at = out + re.escape(rest[0]), at + 1
    return out
