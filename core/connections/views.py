"""What pages and commands see of connections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.base.errors import SightlineError
from core.connections.models import Connection
from core.connections.sealing import unpacked
from core.connections.sides import READ, SENT, SIDES


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as a person sees it."""

    id: str
    name: str
    side: str
    """datasource: reports ask it; output: they are sent to it; source: sources are read with it."""
    plugin: str
    label: str
    """The kind in words."""
    place: str
    """Where it leads, in a few words."""
    args: Mapping[str, Any]
    secrets: tuple[str, ...]
    """Paths of the secrets that are set."""
    created_at: datetime
    updated_at: datetime
    checked_at: datetime | None
    check_text: str
    last_error: str

    @property
    def is_output(self) -> bool:
        return self.side == SENT.key

    @property
    def is_account(self) -> bool:
        return self.side == READ.key


def connection_view(row: Connection) -> ConnectionView:
    try:
        label, secrets = SIDES[row.side].registry.get(row.plugin).label, tuple(sorted(unpacked(row)))
        error = row.last_error
    except SightlineError as broken:  # a plugin that was removed, or a key that has changed: the rest still shows
        label, secrets, error = row.plugin, (), broken.message
    return ConnectionView(
        id=row.id, name=row.name, side=row.side, plugin=row.plugin, label=label, place=place(row.args),
        args=dict(row.args), secrets=secrets, created_at=row.created_at, updated_at=row.updated_at,
        checked_at=row.checked_at, check_text=row.check_text, last_error=error,
    )  # fmt: skip


def place(args: Mapping[str, Any]) -> str:
    """Where settings lead: 'postgresql · db:5432 · shop · reader'."""
    parts: Sequence[Any] = (
        args.get("driver"), _server(args), args.get("bucket"), args.get("remote_path"), args.get("database"),
        args.get("user") or args.get("smtp_user"), _listed(args.get("channels")), args.get("email_from"),
    )  # fmt: skip
    return " · ".join(str(part).partition("://")[2] or str(part) for part in parts if part)


def _server(args: Mapping[str, Any]) -> Any:
    host, port = args.get("host") or args.get("smtp_host"), args.get("port") or args.get("smtp_port")
    return f"{host}:{port}" if host and port else host or args.get("url") or args.get("endpoint_url")


def _listed(given: Any) -> str:
    return ", ".join(map(str, given)) if isinstance(given, list | tuple) else str(given or "")
