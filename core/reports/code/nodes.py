"""YAML as it was written: every value with its place, its text, and the places of its keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.reports.code.problems import Place

Scalar = None | bool | int | float | str


@dataclass(slots=True, eq=False)
class Node:
    """One value. Never changed once it is whole, since an alias shares it."""

    place: Place
    value: Scalar | list[Node] | dict[str, Node] = None
    text: str | None = None
    """As it stands in the file, after variables; None for lists and mappings."""
    keys: dict[str, Place] = field(default_factory=dict)
    """Where each key of a mapping stands."""
    weight: int = 1
    """Values in it, with what its aliases stand for."""
    plain: bool = False
    """A scalar without quotes or tag."""

    @property
    def children(self) -> dict[str, Node]:
        """Of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    def data(self) -> Any:
        """Plain values, without places."""
        if isinstance(self.value, dict):
            return {key: child.data() for key, child in self.value.items()}
        return [child.data() for child in self.value] if isinstance(self.value, list) else self.value


def merged(one: Node, other: Node) -> Node:
    """`other` over `one`: mappings are merged deep, all else is replaced; the first appearance of a key keeps its place
    in the order."""
    if not (isinstance(one.value, dict) and isinstance(other.value, dict)):
        return other
    mine = one.value
    theirs = {key: merged(mine[key], child) if key in mine else child for key, child in other.value.items()}
    both = mine | theirs
    weight = 1 + sum(child.weight for child in both.values())
    return Node(other.place, both, keys=one.keys | other.keys, weight=weight)


def steps(node: Node, path: Sequence[str | int]) -> Iterator[tuple[str | int, Node]]:
    """The parts of `path` that exist below `node`, each with its value. Parts that name nothing there are passed
    over: validators put the names of alternatives between."""
    for part in path:
        found = _step(node, part)
        if found is not None:
            node = found
            yield part, found


def _step(node: Node, part: str | int) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(str(part))
    if isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None


def found(node: Node, path: Sequence[str | int]) -> Node:
    """The value at `path`, or the nearest above it."""
    return [node, *(child for _, child in steps(node, path))][-1]


def exactly(node: Node, path: Sequence[str | int]) -> Node | None:
    """The value at `path`, None if there is none."""
    last: Node | None = node
    for part in path:
        last = _step(last, part) if last else None
    return last


def place_of(node: Node, path: Sequence[str | int], *, key: bool = False) -> Place:
    """Where the value at `path` stands, or its key; the nearest above it if there is none."""
    walked = list(steps(node, path))
    if not walked:
        return node.place
    part, last = walked[-1]
    above = walked[-2][1] if len(walked) > 1 else node
    return above.keys.get(str(part), last.place) if key else last.place
