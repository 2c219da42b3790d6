"""Which repositories of the archive are wanted, and the id that each has here: the same in every worker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from core.base.errors import BadInput


class Repositories:
    """Answers for a name. Unknown ones get an id that follows from the workspace and the name."""

    def __init__(self, patterns: Iterable[str], known: Mapping[str, str], workspace_id: str) -> None:
        given = [pattern.strip() for pattern in patterns if pattern.strip()]
        self._match = re.compile(expression(given), re.IGNORECASE)
        self.takes_all = "*" in given or "*/*" in given
        self._known, self._workspace = {name.casefold(): id_ for name, id_ in known.items()}, workspace_id
        self._answers: dict[str, str | None] = {}
        self._new: dict[str, str] = {}

    def id_of(self, name: str) -> str | None:
        """The repository's id, or None if it is not wanted."""
        try:
            return self._answers[name]
        except KeyError:
            if len(self._answers) > 500_000:
                self._answers.clear()
            answer = self._answers[name] = self._decided(name)
            return answer

    def taken(self) -> dict[str, str]:
        """Names and ids that were met since this was asked last."""
        new, self._new = self._new, {}
        return new

    def _decided(self, name: str) -> str | None:
        if not name or not self._match.fullmatch(name):
            return None
        made = blake2b(f"{self._workspace}:github.com/{name.casefold()}".encode(), digest_size=16).hexdigest()
        id_ = self._known.get(name.casefold(), made)
        self._new[name] = id_
        return id_


def expression(patterns: Iterable[str]) -> str:
    """`owner/name` with `*` for any letters; an owner alone means all of its repositories. "-…" leaves out."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("-")]
    unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("-")]
    if not wanted:
        raise BadInput("Say which repositories: owner/name, owner/*, or * for all that the files tell of.")
    ahead = f"(?!(?:{'|'.join(map(_translated, unwanted))})$)" if unwanted else ""
    return f"{ahead}(?:{'|'.join(map(_translated, wanted))})"


def _translated(pattern: str) -> str:
    whole = pattern if "/" in pattern or pattern == "*" else f"{pattern}/*"
    return ".*".join(re.escape(part) for part in whole.split("*"))
