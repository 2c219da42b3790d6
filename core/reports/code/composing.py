"""YAML text to nodes with their places, within bounds. Nothing in a file is ever run: tags make plain values only.

The events come from libyaml; the nodes are made here, without recursion, so that depth
and the size that aliases stand for are known before anything grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.reports.code.nodes import Node
from core.reports.code.problems import BadFile, Findings, Place, Problem
from core.reports.code.scalars import COLLECTIONS, PREFIX, SCALARS, expanded, made, resolved
from core.reports.code.spelling import explained

MOST_DEEP = 100
MOST_NODES = 100_000
TOO_MANY = f"The file holds more than {MOST_NODES:,} values, with what its aliases stand for. Make it smaller."


def composed(text: str, file: str, findings: Findings, variables: Mapping[str, str] | None = None) -> Node | None:
    """The one document of `text`, None if there is nothing in it; BadFile where it is no YAML or out of bounds.

    With `variables`, `${NAME}` is replaced in plain scalars of one line.
    """
    import yaml

    composer = _Composer(file, findings, variables)
    try:
        for event in _events(text):
            composer.take(event)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        sentence, line, column = explained(error, text)
        raise BadFile([Problem("error", sentence, Place(file, line, column))]) from error
    return composer.root


def _events(text: str) -> Iterator[Any]:
    import yaml

    try:
        from yaml._yaml import CParser
    except ImportError:  # a PyYAML built without libyaml
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
        return
    parser = CParser(text)
    while parser.check_event():
        yield parser.get_event()


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read."""

    node: Node
    anchor: str | None
    path: tuple[str, ...]
    key: str | None = None
    place: Place | None = None
    merge: bool = False
    """The key is `<<`."""
    below: list[Node] = field(default_factory=list)
    """Mappings that this one is laid over."""


class _Composer:
    """Takes events one by one; `root` is the finished document."""

    def __init__(self, file: str, findings: Findings, variables: Mapping[str, str] | None) -> None:
        self.root: Node | None = None
        self._file = file
        self._findings = findings
        self._variables = variables
        self._open: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}
        self._documents = 0
        self._weight = 0

    def take(self, event: Any) -> None:
        match type(event).__name__:
            case "ScalarEvent":
                self._ended(self._scalar(event), event.anchor)
            case "AliasEvent":
                self._alias(event)
            case "MappingStartEvent":
                self._begun(event, {}, "map")
            case "SequenceStartEvent":
                self._begun(event, [], "seq")
            case "MappingEndEvent" | "SequenceEndEvent":
                self._closed()
            case "DocumentStartEvent":
                self._document(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._refused(
                "The file holds several documents. Keep one, and remove the others with their '---'.", event
            )

    def _begun(self, event: Any, empty: Any, kind: str) -> None:
        if len(self._open) >= MOST_DEEP:
            raise self._refused(f"The file is nested deeper than {MOST_DEEP} levels.", event)
        if event.tag not in (None, "!", PREFIX + kind):
            raise self._tag(event)
        path = (*self._open[-1].path, self._step()) if self._open else ()
        self._open.append(_Open(Node(self._at(event), empty, plain=event.tag is None), event.anchor, path))
        if event.anchor:
            self._anchors[event.anchor] = None

    def _step(self) -> str:
        top = self._open[-1]
        return str(len(top.node.value)) if isinstance(top.node.value, list) else top.key or ""

    def _closed(self) -> None:
        top = self._open.pop()
        node = top.node
        for below in top.below:
            _laid_under(node, below)
        children = node.value if isinstance(node.value, list) else node.children.values()
        node.weight = 1 + sum(child.weight for child in children)
        self._ended(node, top.anchor)

    def _alias(self, event: Any) -> None:
        node = self._anchors.get(event.anchor)
        if node is None:
            known = event.anchor in self._anchors
            why = "stands inside what it names" if known else f"names nothing: there is no '&{event.anchor}' above it"
            raise self._refused(f"The alias '*{event.anchor}' {why}.", event)
        self._placed(node, node.weight, event)

    def _ended(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        self._placed(node, 1, None)

    def _placed(self, node: Node, weight: int, event: Any) -> None:
        """Put a whole value where it belongs: into what is open, or as the document itself."""
        self._weight += weight
        if self._weight > MOST_NODES:
            place = self._at(event) if event else node.place
            sentence = (
                f"The file holds more than {MOST_NODES:,} values, with what its aliases stand for. Make it smaller."
            )
            raise BadFile([Problem("error", sentence, place)])
        if not self._open:
            self.root = node
        elif isinstance(self._open[-1].node.value, list):
            self._open[-1].node.value.append(node)
        elif self._open[-1].key is None:
            self._keyed(self._open[-1], node)
        else:
            self._valued(self._open[-1], node)

    def _keyed(self, top: _Open, node: Node) -> None:
        if node.text is None:
            raise BadFile([Problem("error", "A list or mapping cannot be a key. Put the key in quotes.", node.place)])
        top.key, top.place = node.text, node.place
        top.merge = node.plain and node.text == "<<"
        if not top.merge and (first := top.node.keys.get(node.text)):
            path = ".".join((*top.path, node.text))
            self._findings.warn(
                f"'{path}' is written twice; this one counts, the one in line {first.line} does not.", node.place, path
            )

    def _valued(self, top: _Open, node: Node) -> None:
        assert top.key is not None
        assert top.place
        if top.merge:
            top.below += _mappings(node, top.place)
        else:
            top.node.children[top.key] = node
            top.node.keys[top.key] = top.place
        top.key = None

    def _scalar(self, event: Any) -> Node:
        place, text = self._at(event), event.value
        if event.tag not in (None, "!"):
            kind = event.tag.removeprefix(PREFIX)
            if kind not in SCALARS:
                raise self._tag(event)
            return Node(place, made(kind, text), text)
        if not event.implicit[0]:
            return Node(place, text, text)
        fresh = self._expanded(event, place) if self._variables is not None and "${" in text else text
        return Node(place, resolved(text) if fresh == text else fresh, fresh, plain=True)

    def _expanded(self, event: Any, place: Place) -> str:
        if event.start_mark.line != event.end_mark.line:
            return str(event.value)
        fresh, missing = expanded(event.value, self._variables or {})
        path = ".".join((*self._open[-1].path, self._step())) if self._open else ""
        for name in missing:
            self._findings.warn(f"The variable '{name}' is not set; '${{{name}}}' stays as it is.", place, path)
        return fresh

    def _tag(self, event: Any) -> BadFile:
        name = event.tag.replace(PREFIX, "!!")
        known = ", ".join(f"!!{kind}" for kind in (*SCALARS, *COLLECTIONS))
        return self._refused(
            f"The tag '{name}' is not allowed: a report file holds plain values only ({known}).", event
        )

    def _refused(self, sentence: str, event: Any) -> BadFile:
        return BadFile([Problem("error", sentence, self._at(event))])

    def _at(self, event: Any) -> Place:
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)


def _mappings(node: Node, place: Place) -> list[Node]:
    """What stands behind `<<`, the strongest first."""
    given = node.value if isinstance(node.value, list) else [node]
    if not all(isinstance(one.value, dict) for one in given):
        raise BadFile([Problem("error", "'<<' takes a mapping or a list of mappings, by their aliases: *name.", place)])
    return given


def _laid_under(node: Node, below: Node) -> None:
    """The keys of `below` come first, and count where `node` does not say otherwise."""
    node.value = below.children | node.children
    node.keys = below.keys | node.keys
