"""Outputs of a report file in the app: by connections, each argument checked at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.base.errors import SightlineError
from core.connections.entries import entry, foreign, laid
from core.connections.opening import kind_and_settings
from core.context import Capability, Context
from core.reports.code.file import OutputEntry, ReportFile
from core.reports.code.nodes import Node, exactly, place_of
from core.reports.code.problems import Findings
from core.reports.code.shaping import fitted
from core.reports.plan import PlanOutput
from core.reports.references import unconnected


def connected(ctx: Context, file: ReportFile, root: Node, findings: Findings) -> ReportFile:
    """`file` with the arguments of its outputs as their kinds want them; `findings` gets what the app cannot send."""
    if file.outputs is None:
        return file
    look = _Look(ctx, root, findings)
    outputs = {name: one.model_copy(update={"args": look.args(name, one)}) for name, one in file.outputs.items()}
    return file.model_copy(update={"outputs": outputs})


class _Look:
    def __init__(self, ctx: Context, root: Node, findings: Findings) -> None:
        self.ctx, self.root, self.findings = ctx, root, findings

    def args(self, name: str, one: OutputEntry) -> dict[str, Any]:
        """The entry's arguments; what is wrong with them is told where it stands."""
        if sentence := unconnected(name, PlanOutput(**one.model_dump())):
            if one.plugin:  # an entry that names nothing at all is told of already
                self._blame(sentence, name)
        elif not one.connection:
            self._warn(f"The output '{name}' (static) writes no folder here: its files are kept with each run.", name)
        else:
            return self._by_connection(name, one)
        return one.args

    def _by_connection(self, name: str, one: OutputEntry) -> dict[str, Any]:
        try:
            kind, there = kind_and_settings(self.ctx, one.connection)
        except SightlineError as error:
            self._blame(error.message, name, "connection")
            return one.args
        if not self.ctx.may(Capability.SCHEDULE_REPORTS):
            self._warn(
                f"The output '{name}' has the report sent, which the role '{self.ctx.actor.role}' may not: saving it is"
                " refused. Have a manager save it, or take the output out.",
                name,
            )
        theirs = foreign(kind, one.connection, one.args)
        for arg, sentence in theirs.items():
            self._blame(sentence, name, "args", arg)
        own = self._fitted(entry(kind, there), name, {k: v for k, v in one.args.items() if k not in theirs})
        try:
            laid(kind, one.connection, there, own)
        except SightlineError as error:
            self._blame(error.message, name, "args")
        return own

    def _fitted(self, model: Any, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
        where = ("outputs", name, "args")
        node = exactly(self.root, where) or Node(place_of(self.root, where[:2], key=True), {})
        given = dict(args)
        fitted(model, given, node, where, self.findings, "argument")
        return given

    def _blame(self, sentence: str, name: str, *below: str) -> None:
        where = ("outputs", name, *below)
        self.findings.blame(sentence, place_of(self.root, where, key=bool(below)), ".".join(where))

    def _warn(self, sentence: str, name: str) -> None:
        where = ("outputs", name)
        self.findings.warn(sentence, place_of(self.root, where), ".".join(where))
