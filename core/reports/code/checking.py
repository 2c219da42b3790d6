"""What can be known of a report's datasources, views and outputs before any is asked. Imports the kinds it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.base.errors import NotFound, SightlineError, did_you_mean
from core.base.late import LateRegistry
from core.datasources.registry import DATASOURCES
from core.delivery.outputs.registry import OUTPUTS
from core.reports.code.file import DatasourceEntry, OutputEntry, ReportFile, ViewEntry
from core.reports.code.nodes import Node, exactly, place_of
from core.reports.code.pieces import PIECES
from core.reports.code.problems import Findings
from core.reports.code.shaping import fitted
from core.views.registry import VIEWS

if TYPE_CHECKING:
    from pydantic import BaseModel

Args = dict[str, Any]


def checked(file: ReportFile, root: Node, findings: Findings) -> ReportFile:
    """`file` with its arguments as their kinds want them: text as it was written, where text is wanted.

    `findings` gets unknown plugins, arguments that a kind does not take, and datasources
    that are not declared. None of them keeps the rest of a report from being made.
    """
    check = _Check(file, root, findings)
    sources = {name: _with(one, check.source(name, one)) for name, one in file.datasources.items()}
    views = {name: _with(one, check.view(name, one)) for name, one in file.views.items()}
    outputs = {name: _with(one, check.output(name, one)) for name, one in (file.outputs or {}).items()}
    update = {"datasources": sources, "views": views, "outputs": None if file.outputs is None else outputs}
    return file.model_copy(update=update)


def _with(entry: Any, args: Args) -> Any:
    return entry.model_copy(update={"args": args})


@dataclass(frozen=True, slots=True)
class _Check:
    """Each verb gives an entry's arguments back."""

    file: ReportFile
    root: Node
    findings: Findings

    def source(self, name: str, entry: DatasourceEntry) -> Args:
        return self._either(DATASOURCES, "datasource", name, entry)

    def view(self, name: str, entry: ViewEntry) -> Args:
        path = ("views", name)
        if entry.plugin in PIECES:
            return self._args(PIECES[entry.plugin], path, entry.args)
        if entry.plugin not in VIEWS:
            return self._widget(path, entry)
        self._declared(path, entry.args)
        return self._kind(VIEWS, path, entry.plugin, entry.args)

    def output(self, name: str, entry: OutputEntry) -> Args:
        return self._either(OUTPUTS, "output", name, entry)

    def _either(self, registry: LateRegistry[Any], noun: str, name: str, entry: DatasourceEntry | OutputEntry) -> Args:
        """By a plugin, whose arguments are checked, or by a connection, which only the app can look into."""
        path = (f"{noun}s", name)
        if entry.plugin and not entry.connection:
            return self._kind(registry, path, entry.plugin, entry.args)
        if entry.plugin:
            self._blame(f"The {noun} '{name}' names both a plugin and a connection. Keep one.", path, "connection")
        elif not entry.connection:
            self._blame(f"The {noun} '{name}' names neither a plugin nor a connection.", path)
        return entry.args

    def _declared(self, path: tuple[str, ...], args: Mapping[str, Any]) -> None:
        """The datasource that a view asks is one of the report's."""
        asked = str(args.get("datasource") or "")
        if asked and asked not in self.file.datasources:
            hint = did_you_mean(asked, self.file.datasources) or " Declare it under 'datasources'."
            self._blame(f"There is no datasource named '{asked}' in this report.{hint}", path, "args", "datasource")

    def _kind(self, registry: LateRegistry[Any], path: tuple[str, ...], plugin: str, args: Args) -> Args:
        """The plugin exists, can be loaded, and takes these arguments."""
        try:
            kind = registry.get(plugin)
        except SightlineError as error:
            self._blame(error.message, path, "plugin")
            return args
        return self._args(kind.Args, path, args)

    def _widget(self, path: tuple[str, ...], entry: ViewEntry) -> Args:
        """No view has the name, so it is a widget of ours or nothing. Widgets bring the whole catalogue."""
        from core.widgets import WIDGETS

        if entry.plugin in WIDGETS:
            return self._args(WIDGETS.get(entry.plugin).params, path, entry.args)
        try:
            VIEWS.get(entry.plugin)
        except NotFound:
            hint = did_you_mean(entry.plugin, [*VIEWS.keys(), *WIDGETS.keys(), *PIECES])
            self._blame(f"There is no view plugin named '{entry.plugin}'.{hint}", path, "plugin")
        return entry.args

    def _args(self, model: type[BaseModel], path: tuple[str, ...], args: Args) -> Args:
        where = (*path, "args")
        node = exactly(self.root, where) or Node(place_of(self.root, path, key=True), {})
        given: Args = node.data() or dict(args)
        fitted(model, given, node, where, self.findings, "argument")
        return given

    def _blame(self, sentence: str, path: tuple[str, ...], *below: str) -> None:
        where = (*path, *below)
        self.findings.blame(sentence, place_of(self.root, where, key=not below), ".".join(where))
