"""What a provider's source signs in with: a connection's settings, a test, and the repositories it can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from core.base.late import LateRegistry


class AccountArgs(BaseModel):
    """Settings of an account. Secrets are SecretStr."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


@dataclass(frozen=True, slots=True)
class Found:
    """A repository that a provider has."""

    path: str
    """owner/name, as the provider writes it."""
    url: str
    """Where people open it."""
    default_branch: str = ""
    is_archived: bool = False
    is_fork: bool = False


@dataclass(frozen=True, slots=True)
class Crew:
    """A team as a provider has it."""

    name: str
    parent: str
    """Name of the team that it is inside; empty if of none."""
    logins: tuple[str, ...]
    """Direct members."""


class Account:
    """A kind of account; an instance is one of them, opened."""

    key: ClassVar[str]
    """The same as that of the kind of source which is read with it."""
    label: ClassVar[str]
    Args: ClassVar[type[AccountArgs]] = AccountArgs
    login: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Groups of settings of which one each must be given: a connection brings its own login."""

    def __init__(self, args: Any) -> None:
        self.args = args

    @property
    def provider(self) -> str:
        """Whose logins these are: an account of the same name elsewhere is somebody else."""
        return self.key if self.host == f"{self.key}.com" else self.host[:40]

    @property
    def host(self) -> str:
        """The host that its repositories' addresses name."""
        raise NotImplementedError

    def check(self) -> str:
        """Say as whom it is signed in and what is left of its rate limit; SourceUnreachable if it is not."""
        raise NotImplementedError

    def repository(self, path: str) -> Found:
        """One repository; NotFound if this account cannot see it."""
        raise NotImplementedError

    def repositories(self, owner: str) -> Sequence[Found]:
        """Every repository of an owner that this account can see; NotFound if there is no such owner."""
        raise NotImplementedError

    def crews(self, owner: str) -> Sequence[Crew]:
        """Every team of an organisation that this account may see; NotFound if there is no such organisation."""
        raise NotImplementedError

    def close(self) -> None:
        """Give back what it holds."""


ACCOUNTS: LateRegistry[type[Account]] = LateRegistry(
    "kind of account",
    "sightline.accounts",
    {
        "github": "core.ingestion.sources.github.account:GitHub",
        "gitlab": "core.ingestion.sources.gitlab.account:GitLab",
    },
    Account,
)
