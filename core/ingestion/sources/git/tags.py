"""Tags of a repository: what many teams call a release, and a rule may call a deployment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from core.context import Context
from core.ingestion.kind import Order
from core.ingestion.sources.git.command import run
from core.ingestion.sources.git.repository import Repository
from core.ingestion.sources.git.rows import EARLIEST_LIKELY, LATEST, text
from core.ingestion.writing import FactWriter, Written

_FORMAT = "%00".join(
    f"%({name})"
    for name in ("refname:strip=2", "objecttype", "objectname", "*objecttype", "*objectname", "creatordate:unix",
                 "taggername", "taggeremail")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the tags are, as far as a later reading needs it."""

    digest: str
    count: int
    written: Written


def keep(ctx: Context, order: Order, repository: Repository) -> Tagged:
    """Bring the store's tags to what the repository has; nothing is asked of the store while they are the same."""
    listed = run(repository.path, "for-each-ref", "refs/tags", f"--format={_FORMAT}")
    digest, lines = hashlib.sha256(listed).hexdigest(), listed.splitlines()
    if order.cursor.get("tags", "") == digest or not (lines or "tags" in order.cursor):
        return Tagged(digest, len(lines), Written())
    with FactWriter(ctx, order.repo_id, "git", order.version) as writer:
        writer.only("tags")
        for row in _rows(lines, writer):
            writer.add("tags", row)
        return Tagged(digest, len(lines), writer.close())


def _rows(lines: list[bytes], writer: FactWriter) -> Iterator[dict[str, object]]:
    """Tags of commits; those of other things are no release."""
    for line in lines:
        name, kind, sha, kind_of_target, target, at, tagger, email = line.split(b"\0")
        if b"commit" not in (kind, kind_of_target) or not at.isdigit():
            continue
        moment = datetime.fromtimestamp(min(max(int(at), EARLIEST_LIKELY), LATEST), UTC)
        who = writer.identity(email=text(email).strip("<>"), name=text(tagger), at=moment)
        yield {"name": text(name), "sha": (target or sha).decode(), "tagged_at": moment, "tagger_id": who}
