"""The connection that a report names, opened for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.base.errors import BadInput, SightlineError
from core.base.fields import accepted
from core.connections import settings
from core.connections.entries import laid
from core.connections.models import Connection
from core.connections.rows import named, read
from core.connections.sealing import whole
from core.connections.sides import ASKED, READ, SENT
from core.context import Capability, Context
from core.datasources.datasource import Datasource
from core.datasources.window import Window
from core.delivery.outputs.output import Output
from core.ingestion.account import Account


def opened(ctx: Context, name: str, window: Window) -> Datasource:
    """The datasource of the connection `name`, for one report; NotFound if this workspace has none of that name."""
    ctx.require(Capability.RUN_REPORTS)
    return source_of(named(ctx, name, ASKED), window)


def output(ctx: Context, connection: str, name: str, args: Mapping[str, Any]) -> Output:
    """The output `name` of a report by its connection, with what the report says for itself laid over."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    row = named(ctx, connection, SENT)
    kind: type[Output] = SENT.kind(row.plugin)
    there = _admitted(row)
    given = laid(kind, connection, there, args)
    return kind(name, accepted(kind.Args, given, f"The output '{name}' ({connection})", "argument"))


def kind_of(ctx: Context, connection: str) -> type[Output] | None:
    """The kind of output behind a connection; None if there is none, which is told where it is sent."""
    try:
        return kind_and_settings(ctx, connection)[0]
    except SightlineError:
        return None


def kind_and_settings(ctx: Context, connection: str) -> tuple[type[Output], Mapping[str, Any]]:
    """What an output is and what its connection brings, without its secrets; NotFound or BadInput if it is none."""
    row = named(ctx, connection, SENT)
    kind: type[Output] = SENT.kind(row.plugin)
    return kind, dict(row.args)


def account(ctx: Context, connection_id: str) -> Account:
    """What a source is read with, by its connection's id; NotFound if that is gone."""
    ctx.require(Capability.MANAGE_SOURCES)
    row = read(ctx, connection_id)
    if row.side != READ.key:
        raise BadInput(f"No source is read with the connection '{row.name}' ({row.plugin}). Choose one of a provider.")
    kind: type[Account] = READ.kind(row.plugin)
    return kind(settings.admitted(row.plugin, whole(row), READ))


def source_of(row: Connection, window: Window, most_seconds: float | None = None) -> Datasource:
    """The datasource of a row, its time limit lowered to `most_seconds`."""
    args = settings.admitted(row.plugin, whole(row))
    limit = getattr(args, "timeout_s", None)
    if most_seconds and limit and limit > most_seconds:
        args = args.model_copy(update={"timeout_s": most_seconds})
    kind: type[Datasource] = ASKED.kind(row.plugin)
    return kind(args, window)


def _admitted(row: Connection) -> dict[str, Any]:
    """The settings of an output as they may be used now: files where an operator lets them lie."""
    args = settings.admitted(row.plugin, whole(row), SENT)
    return {name: getattr(args, name) for name in args.model_fields_set}
