"""Whom GitHub names: users, bots, accounts that are gone, and authors of commits who may have none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.ingestion.writing import FactWriter

GHOST = ("ghost", "Deleted account")
"""What GitHub itself calls whoever deleted their account: what they did stays."""


@dataclass(frozen=True, slots=True)
class Names:
    """Numbers for whoever a batch names."""

    writer: FactWriter
    provider: str

    def of(self, actor: Mapping[str, Any] | None, at: datetime | None) -> int:
        """The number of an account; of one that is gone too, so that its events keep an author."""
        if actor is None or not actor.get("login"):
            return self.writer.identity(login=GHOST[0], name=GHOST[1], provider=self.provider, at=at)
        is_bot = (actor.get("__typename") or actor.get("type")) == "Bot"
        login = str(actor["login"])
        if is_bot and not login.endswith("[bot]"):
            login = f"{login}[bot]"  # as REST and commits write the same account
        name = str(actor.get("name") or "")
        return self.writer.identity(login=login, name=name, provider=self.provider, is_bot=is_bot, at=at)

    def of_commit(self, author: Mapping[str, Any] | None, at: datetime | None) -> int:
        """The number of a commit's author: an address, and the account behind it if GitHub knows one."""
        if not author:
            return 0
        user = author.get("user") or {}
        return self.writer.identity(
            email=str(author.get("email") or ""), name=str(author.get("name") or ""),
            login=str(user.get("login") or ""), provider=self.provider if user else "", at=at,
        )  # fmt: skip
