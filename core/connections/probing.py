"""A test message by an output's connection: sent as a report is, to whom a person says, and told afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.access import workspaces
from core.base.errors import BadInput, SightlineError
from core.connections import opening
from core.connections.models import Connection
from core.connections.rows import read
from core.connections.sides import SENT
from core.connections.trying import plainly, remember
from core.connections.views import place
from core.context import Capability, Context
from core.delivery.outputs.output import Output, Parcel
from core.documents import Document, Section
from core.figures import Notice

OWN = {"formats": [], "image_strategy": "embed"}
"""What a test says for itself as a report does: no files, and nothing that would be shown from elsewhere."""


def target(ctx: Context, connection_id: str, to: str = "") -> str:
    """To whom or where a test would go, in a few words; BadInput if nobody has said."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    row = _sent_to(ctx, connection_id)
    kind = SENT.kind(row.plugin)
    return ", ".join(_whom(ctx, row, kind, to)) if kind.to else place(row.args) or row.name


def foretold(ctx: Context, connection_id: str, to: str = "") -> str:
    """The sentence of what a test will do, for whoever is to agree."""
    goes, row = target(ctx, connection_id, to), _sent_to(ctx, connection_id)
    if SENT.kind(row.plugin).probe is Output.probe:
        return f"A message of one sentence goes to {goes}."
    return f"A small file is put to {goes}, as a report would be, and removed again."


def probe(ctx: Context, connection_id: str, to: str = "") -> str:
    """Send the test, and say where it is now. A place for files is written to, and left as it was."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    row = _sent_to(ctx, connection_id)
    goes = target(ctx, connection_id, to)
    output = opening.output(ctx, row.name, row.name, _own(ctx, row, SENT.kind(row.plugin), to))
    try:
        said = str(plainly(output, lambda: output.probe(_parcel(ctx, row.name)))).rstrip(".") + "."
    except SightlineError as error:
        _note(ctx, row.name, goes, failed=error.message)
        raise
    _note(ctx, row.name, goes, said=said)
    remember(ctx, connection_id, reached=said)
    return said


def _sent_to(ctx: Context, connection_id: str) -> Connection:
    row = read(ctx, connection_id)
    if row.side != SENT.key:
        raise BadInput(f"Nothing is sent to the connection '{row.name}' ({row.plugin}). Test whether it answers.")
    return row


def _own(ctx: Context, row: Connection, kind: type[Output], to: str) -> Mapping[str, Any]:
    own = {name: value for name, value in OWN.items() if name in kind.of_report and name in kind.Args.model_fields}
    return {**own, **({kind.to: _whom(ctx, row, kind, to)} if kind.to else {})}


def _whom(ctx: Context, row: Connection, kind: type[Output], to: str) -> list[str]:
    """Who was named now, else who always gets it, else whoever asks, where that is a mail."""
    said = [one.strip() for one in re.split(r"[,;\n]", to) if one.strip()]
    always = row.args.get(kind.to) or []
    found = said or ([always] if isinstance(always, str) else list(always))
    if not found and kind.to == "email_to" and ctx.actor.email:
        found = [ctx.actor.email]
    if not found:
        raise BadInput(f"The connection '{row.name}' leaves to each report who gets it. Say to whom the test goes.")
    return found


def _parcel(ctx: Context, name: str) -> Parcel:
    """A report of one sentence."""
    who, here = ctx.actor.name or "Sightline", ctx.workspace
    text = f"{who} sent this by the connection '{name}' of {here.name} to see whether it arrives."
    document = Document(
        title="Test from Sightline",
        generated_at=ctx.clock(),
        time_zone=here.time_zone,
        workspace=here.name,
        sections=[Section(blocks=[Notice(title="Test", text=text)])],
    )
    today = ctx.clock().date()
    return Parcel(document, today, today + timedelta(days=1))


def _note(ctx: Context, name: str, to: str, **more: str) -> None:
    with ctx.app.session() as session:
        workspaces.note(session, ctx, "connection test sent", name, to=to, **more)
