"""The sides that a connection can stand on: what reports ask, where they are sent, and what sources are read with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from core.base.errors import BadInput, NotFound, did_you_mean
from core.base.late import LateRegistry
from core.connections.entries import registered
from core.datasources.registry import DATASOURCES
from core.delivery.outputs.registry import OUTPUTS
from core.ingestion.account import ACCOUNTS


@dataclass(frozen=True)
class Side:
    """One of them, with the kinds that stand there."""

    key: str
    registry: LateRegistry[Any]
    use: str
    """What a connection of this side is for, in words."""
    section: str
    """Where a report file names it, or the page that does."""

    def kind(self, plugin: str) -> Any:
        """The kind `plugin`; BadInput if the app has no connections of it."""
        kind = self.registry.get(plugin)
        if getattr(kind, "needs_house", False):
            raise BadInput(f"'{plugin}' needs no connection: reports ask it as it is.")
        if not getattr(kind, "connects", True):
            raise BadInput(f"'{plugin}' needs no connection: in the app, files are kept with each run.")
        return kind

    def model(self, plugin: str) -> type[BaseModel]:
        """The settings that a connection of this kind has."""
        kind = self.kind(plugin)
        model: type[BaseModel] = registered(kind) if self.registry is OUTPUTS else kind.Args
        return model

    def kinds(self) -> dict[str, Any]:
        """What a connection can be made of, by key."""
        found: dict[str, Any] = {}
        for key in self.registry.keys():  # noqa: SIM118 - a registry is no dict
            try:
                kind = self.kind(key)
            except BadInput:  # a broken plugin of a stranger is named where it is asked for
                continue
            if kind not in found.values():
                found[key] = kind
        return found


ASKED = Side("datasource", DATASOURCES, "Reports ask it", "datasources")
SENT = Side("output", OUTPUTS, "Reports are sent to it", "outputs")
READ = Side("source", ACCOUNTS, "Sources are read with it", "Sources")
SIDES = {side.key: side for side in (ASKED, SENT, READ)}


def side_of(plugin: str) -> Side:
    """The side that a kind stands on; NotFound with the nearest name."""
    for side in SIDES.values():
        if plugin in side.registry:
            return side
    known = [key for side in SIDES.values() for key in side.kinds()]
    raise NotFound(f"There is no kind of connection named '{plugin}'.{did_you_mean(plugin, known)}")
