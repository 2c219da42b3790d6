"""Two runs of a report beside each other: every number that differs, and the parts that only one of them has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.base.errors import BadInput
from core.context import Capability, Context
from core.documents import Document
from core.documents.wording import cell_text
from core.figures import Figure, Quantity, Stat, Table
from core.reports import reading, runs
from core.reports.views import RunView

Number = tuple[float | None, str]
"""As it was measured, and as it was shown."""
Key = tuple[str, str]
"""Part and what in it: ("By team", "Platform: Commits")."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that the two runs tell differently."""

    part: str
    what: str
    before: str
    after: str
    change: str
    """ "+12 %"; empty where one of them is missing or zero."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs, in the order of the later one."""

    before: RunView
    after: RunView
    differences: tuple[Difference, ...]
    same: int
    """Numbers that are the same in both."""
    gone: tuple[str, ...]
    """Parts with numbers that only the earlier one has."""
    new: tuple[str, ...]
    """Parts with numbers that only the later one has."""


def compared(ctx: Context, run_id: str, other_id: str) -> Comparison:
    """The earlier beside the later of two runs, each as the actor may see it. BadInput for runs of two reports."""
    ctx.require(Capability.VIEW_REPORTS)
    before, after = sorted((runs.run(ctx, run_id), runs.run(ctx, other_id)), key=lambda one: one.created_at)
    if before.report_id != after.report_id:
        raise BadInput("These are runs of two reports. Choose two runs of one.")
    was, now = (_numbers(reading.document(ctx, one.id)) for one in (before, after))
    both = [key for key in now if key in was]
    differences = tuple(_difference(key, was[key], now[key]) for key in both if was[key][1] != now[key][1])
    parts_was, parts_now = ({part: None for part, _ in found} for found in (was, now))
    return Comparison(
        before, after, differences, len(both) - len(differences),
        tuple(part for part in parts_was if part not in parts_now),
        tuple(part for part in parts_now if part not in parts_was),
    )  # fmt: skip


def _numbers(document: Document) -> Mapping[Key, Number]:
    """Every number of a document by its part; where two parts share a name, the first of them."""
    found: dict[Key, Number] = {}
    for figure in document.figures():
        for what, number in _of(figure):
            found.setdefault((figure.title, what), number)
    return found


def _of(figure: Figure) -> Iterator[tuple[str, Number]]:
    if isinstance(figure, Stat):
        yield figure.title, (figure.value, figure.text)
    if isinstance(figure, Table):
        for row in figure.rows:
            name = next((str(cell) for cell in row if isinstance(cell, str)), "")
            for column, cell in zip(figure.cols, row, strict=True):
                if isinstance(cell, Quantity):
                    yield f"{name}: {column.label}", (cell.value, cell.text)
                elif isinstance(cell, int | float) and column.kind != "number":
                    yield f"{name}: {column.label}", (cell, cell_text(column, cell))


def _difference(key: Key, before: Number, after: Number) -> Difference:
    return Difference(*key, before[1], after[1], _change(before[0], after[0]))


def _change(before: float | None, after: float | None) -> str:
    if not before or after is None:
        return ""
    share = (after - before) / abs(before) * 100
    return f"{'+' if share > 0 else '−'}{abs(share):,.0f} %" if round(abs(share)) else ""
