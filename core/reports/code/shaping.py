"""Nodes to a `ReportFile`: what is written kindly taken, what is wrong told with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.base.errors import BadInput, did_you_mean
from core.base.fields import names
from core.base.fields import sentence as worded
from core.documents.choice import ThemeChoice
from core.reports.code.file import DatasourceEntry, OutputEntry, ReportFile, ViewEntry
from core.reports.code.nodes import Node, found, place_of
from core.reports.code.problems import Findings

if TYPE_CHECKING:
    M = TypeVar("M", bound=BaseModel)

MOST_VIEWS = 2_000
PARTS: dict[str, type[BaseModel]] = {"datasources": DatasourceEntry, "views": ViewEntry, "outputs": OutputEntry}
NAMES = {"datasources": "datasource", "views": "view", "outputs": "output"}
OWN = "x-"
"""Keys at the top that begin so are the author's own: a place for anchors."""
Path = tuple[str, ...]


def shaped(root: Node, findings: Findings) -> ReportFile | None:
    """The file, or None with the reasons in `findings`."""
    if len(root.children.get("views", root).children) > MOST_VIEWS:
        place = place_of(root, ("views",), key=True)
        findings.blame(f"The report has more than {MOST_VIEWS:,} views. Split it into several.", place, "views")
        return None
    before = len(findings.errors)
    data = {key: _part(key, node, findings) for key, node in _known(root, ReportFile, (), findings)}
    file = fitted(ReportFile, data, root, (), findings)
    if file is None or len(findings.errors) > before:
        return None
    _check_days(file, root, findings)
    _check_widths(file, root, findings)
    _check_colours(file, root, findings)
    return None if len(findings.errors) > before else file


def fitted(
    model: type[M], data: dict[str, Any], node: Node, path: Path, findings: Findings, noun: str = "key"
) -> M | None:
    """`data`, which stands at `node`, as `model`, or None with the reasons in `findings`. What is no text where text
    is wanted is taken as it was written: `title: 2024`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        texts = [one["loc"] for one in error.errors() if one["type"] == "string_type"]
        if not sum(_as_written(data, node, where) for where in texts):
            _blame(model, error, node, path, findings, noun)
            return None
    return fitted(model, data, node, path, findings, noun)


def _as_written(data: Any, node: Node, where: Sequence[str | int]) -> bool:
    """Put the text of a scalar in the place of its value; whether there was one to put."""
    spot: tuple[Any, str | int] | None = None
    for part in where:
        inside = isinstance(data, dict | list) and isinstance(node.value, dict | list)
        below = found(node, (part,)) if inside else node
        if below is node:
            continue
        spot, data, node = (data, part), data[part], below
    if spot is None or isinstance(data, str) or data is None or node.text is None:
        return False
    spot[0][spot[1]] = node.text
    return True


def _blame(
    model: type[BaseModel], error: ValidationError, node: Node, path: Path, findings: Findings, noun: str
) -> None:
    told = set()
    for one in error.errors():
        where, missing = tuple(one["loc"]), one["type"] == "missing"
        full = ".".join((*path, *map(str, where)))
        about = where[:-1] if missing and isinstance(where[-1], int) else where
        if about not in told:
            told.add(about)
            place = place_of(node, where, key=missing or one["type"] == "extra_forbidden")
            words = worded(model, {**one, "loc": (*path, *where)}, noun)
            findings.blame(words[:1].upper() + words[1:], place, full)


def _known(node: Node, model: type[BaseModel], path: Path, findings: Findings) -> Iterator[tuple[str, Node]]:
    """Keys with something in them that `model` has; the others are told."""
    known = names(model)
    for key, child in node.children.items():
        where = ".".join((*path, key))
        if not path and key.startswith(OWN):
            continue
        if key not in known:
            hint = did_you_mean(key, known) or f" Known are {', '.join(known)}."
            findings.warn(f"There is no key '{where}'; it is passed over.{hint}", node.keys[key], where)
        elif child.value is not None:
            yield key, child
        elif not path and key in PARTS:
            advice = f"Write the {key} below it, indented, or remove the line."
            findings.blame(f"'{key}' is empty. {advice}", node.keys[key], key)


def _part(key: str, node: Node, findings: Findings) -> Any:
    """The data of one key of the file, without what nobody knows."""
    if key == "theme" and node.children:
        return {name: child.data() for name, child in _known(node, ThemeChoice, (key,), findings)}
    if key in PARTS and isinstance(node.value, dict):
        return {name: _entry(key, name, node, findings) for name in node.value}
    return node.data()


def _entry(section: str, name: str, above: Node, findings: Findings) -> Any:
    node, path = above.children[name], (section, name)
    if node.value is None:
        sentence = f"'{section}.{name}' is empty. A {NAMES[section]} needs at least 'plugin'."
        findings.blame(sentence, above.keys[name], ".".join(path))
        return {"plugin": "?"}
    if not isinstance(node.value, dict):
        return node.data()
    return {key: child.data() for key, child in _known(node, PARTS[section], path, findings)}


def _check_days(file: ReportFile, root: Node, findings: Findings) -> None:
    """The time zone and the two dates, before anything is asked."""
    from core.base.period import zone_of
    from core.reports.windows import moment

    read = {}
    for key in ("timezone", "start_date", "end_date"):
        reader: Callable[[str], Any] = zone_of if key == "timezone" else moment
        try:
            read[key] = reader(given) if (given := getattr(file, key)) else None
        except BadInput as error:
            findings.blame(f"'{key}': {error.message}", place_of(root, (key,)), key)
    start, end = read.get("start_date"), read.get("end_date")
    if start and end and start.replace(tzinfo=None) >= end.replace(tzinfo=None):
        sentence = f"'end_date' ({file.end_date}) must come after 'start_date' ({file.start_date})."
        findings.blame(sentence, place_of(root, ("end_date",)), "end_date")


def _check_widths(file: ReportFile, root: Node, findings: Findings) -> None:
    columns = file.theme.num_columns
    for name, view in file.views.items():
        if view.cols and view.cols > columns:
            path = ("views", name, "cols")
            sentence = f"'views.{name}.cols' is {view.cols}, but the grid has {columns} columns; it takes all of them."
            findings.warn(sentence, place_of(root, path), ".".join(path))


def _check_colours(file: ReportFile, root: Node, findings: Findings) -> None:
    """What of the author's colours is hard to read."""
    from core.documents.themes import hard_to_read

    given = root.children["theme"].children if "theme" in root.children else {}
    key = next((one for one in ("ui_colors", "error_colors", "success_colors") if one in given), "")
    for sentence in hard_to_read(file.theme):
        findings.warn(sentence, place_of(root, ("theme", key), key=True), f"theme.{key}")
