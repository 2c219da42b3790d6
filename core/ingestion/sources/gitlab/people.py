"""Whom GitLab names: users, bots of its own, accounts that are gone, and authors of commits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.ingestion.writing import FactWriter

GHOST = ("ghost", "Deleted account")
BOT = re.compile(r"^(?:project|group)_\d+_bot(?:_[0-9a-f]+)?$|^service_account_")
"""Logins that GitLab gives to tokens of projects and groups, and to service accounts."""


@dataclass(frozen=True, slots=True)
class Names:
    """Numbers for whoever a batch names."""

    writer: FactWriter
    provider: str

    def of(self, user: Mapping[str, Any] | None, at: datetime | None) -> int:
        """The number of an account; of one that is gone too, so that its events keep an author."""
        login = str((user or {}).get("username") or "")
        if not login or login in ("ghost", "ghost1"):
            return self.writer.identity(login=GHOST[0], name=GHOST[1], provider=self.provider, at=at)
        is_bot = True if (user or {}).get("bot") or BOT.match(login) else None
        name = str((user or {}).get("name") or "")
        return self.writer.identity(login=login, name=name, provider=self.provider, is_bot=is_bot, at=at)

    def of_commit(self, commit: Mapping[str, Any], at: datetime | None) -> int:
        """The number of a commit's author: GitLab tells an address, and no account."""
        return self.writer.identity(
            email=str(commit.get("author_email") or ""), name=str(commit.get("author_name") or ""), at=at
        )
