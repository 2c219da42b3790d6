"""Changes to a plan, one at a time: each gives another plan, and the one before stands for whoever wants it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from core.base.errors import BadInput
from core.base.fields import accepted
from core.reports.plan import Block, PlanSection, ReportPlan

KEPT = 200
"""Steps that can be taken back."""

Model = TypeVar("Model", bound=BaseModel)
Step = TypeVar("Step")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a block stands: the section and the block in it, both counted from 0."""

    section: int
    block: int


def block_at(plan: ReportPlan, place: Place) -> Block:
    """The block that stands there; BadInput if there is none."""
    blocks = section_at(plan, place.section).blocks
    if not 0 <= place.block < len(blocks):
        raise BadInput("That part of the report is no longer there. Choose another.")
    return blocks[place.block]


def section_at(plan: ReportPlan, number: int) -> PlanSection:
    """The section with this number; BadInput if there is none."""
    if not 0 <= number < len(plan.sections):
        raise BadInput("That section of the report is no longer there. Choose another.")
    return plan.sections[number]


def add(plan: ReportPlan, block: Block, section: int, at: int | None = None) -> tuple[ReportPlan, Place]:
    """The plan with a block put before the one at `at`, or at the section's end, and where it stands."""
    blocks = section_at(plan, section).blocks
    index = len(blocks) if at is None else max(0, min(at, len(blocks)))
    return _with_blocks(plan, section, (*blocks[:index], block, *blocks[index:])), Place(section, index)


def duplicate(plan: ReportPlan, place: Place) -> tuple[ReportPlan, Place]:
    """The plan with the same block once more behind it."""
    return add(plan, block_at(plan, place), place.section, place.block + 1)


def remove(plan: ReportPlan, place: Place) -> ReportPlan:
    """The plan without a block. Its section stays, if empty."""
    block_at(plan, place)
    blocks = plan.sections[place.section].blocks
    return _with_blocks(plan, place.section, (*blocks[: place.block], *blocks[place.block + 1 :]))


def move(plan: ReportPlan, place: Place, section: int, at: int | None = None) -> tuple[ReportPlan, Place]:
    """The plan with a block taken from its place and put into a section, at its end unless `at` says where."""
    block = block_at(plan, place)
    section_at(plan, section)
    return add(remove(plan, place), block, section, at)


def put_before(plan: ReportPlan, place: Place, section: int, before: int) -> tuple[ReportPlan, Place]:
    """The plan with a block put before the one that stands at `before` now, as by dragging it there."""
    return move(plan, place, section, before - (section == place.section and place.block < before))


def up(plan: ReportPlan, place: Place) -> tuple[ReportPlan, Place]:
    """One place earlier; the first of a section goes to the end of the section before."""
    if place.block:
        return move(plan, place, place.section, place.block - 1)
    return move(plan, place, place.section - 1) if place.section else (plan, place)


def down(plan: ReportPlan, place: Place) -> tuple[ReportPlan, Place]:
    """One place later; the last of a section goes to the beginning of the next."""
    if place.block < len(section_at(plan, place.section).blocks) - 1:
        return move(plan, place, place.section, place.block + 1)
    return move(plan, place, place.section + 1, 0) if place.section < len(plan.sections) - 1 else (plan, place)


def change(plan: ReportPlan, place: Place, **fields: Any) -> ReportPlan:
    """The plan with other fields of a block; BadInput that names the field and what is wrong with it."""
    changed = _changed(block_at(plan, place), fields, "This part")
    blocks = list(plan.sections[place.section].blocks)
    blocks[place.block] = changed
    return _with_blocks(plan, place.section, blocks)


def set_param(plan: ReportPlan, place: Place, name: str, value: Any) -> ReportPlan:
    """The plan with one setting of a widget; an empty one is left to the widget."""
    params = {**getattr(block_at(plan, place), "params", {}), name: value}
    return change(plan, place, params={name: value for name, value in params.items() if value not in (None, "")})


def add_section(plan: ReportPlan, title: str = "", at: int | None = None) -> ReportPlan:
    """The plan with an empty section, at its end unless `at` says where."""
    index = len(plan.sections) if at is None else max(0, min(at, len(plan.sections)))
    return _with_sections(plan, (*plan.sections[:index], PlanSection(title=title), *plan.sections[index:]))


def duplicate_section(plan: ReportPlan, number: int) -> ReportPlan:
    """The plan with the same section once more behind it."""
    section = section_at(plan, number)
    return _with_sections(plan, (*plan.sections[: number + 1], section, *plan.sections[number + 1 :]))


def remove_section(plan: ReportPlan, number: int) -> ReportPlan:
    """The plan without a section and its blocks; an empty one takes the place of the last."""
    section_at(plan, number)
    return _with_sections(plan, (*plan.sections[:number], *plan.sections[number + 1 :]) or (PlanSection(),))


def move_section(plan: ReportPlan, number: int, to: int) -> ReportPlan:
    """The plan with a section in another place, its blocks with it."""
    sections = list(plan.sections)
    moved = section_at(plan, number)
    del sections[number]
    sections.insert(max(0, min(to, len(sections))), moved)
    return _with_sections(plan, sections)


def change_section(plan: ReportPlan, number: int, **fields: Any) -> ReportPlan:
    """The plan with other words over a section."""
    sections = list(plan.sections)
    sections[number] = _changed(section_at(plan, number), fields, "This section")
    return _with_sections(plan, sections)


def change_report(plan: ReportPlan, **fields: Any) -> ReportPlan:
    """The plan with another title, description, audience, theme and so on; fields of its window and scope as well."""
    inner = {
        name: _changed(getattr(plan, name), fields.pop(name), "The report")
        for name in ("window", "scope")
        if isinstance(fields.get(name), dict)
    }
    return _changed(plan, {**fields, **inner}, "The report")


def _changed(model: Model, fields: dict[str, Any], what: str) -> Model:
    given = {name: getattr(model, name) for name in type(model).model_fields} | fields
    return accepted(type(model), given, what, "field")


def _with_blocks(plan: ReportPlan, section: int, blocks: Sequence[Block]) -> ReportPlan:
    sections = list(plan.sections)
    sections[section] = sections[section].model_copy(update={"blocks": tuple(blocks)})
    return _with_sections(plan, sections)


def _with_sections(plan: ReportPlan, sections: Sequence[PlanSection]) -> ReportPlan:
    return plan.model_copy(update={"sections": tuple(sections)})


@dataclass(frozen=True, slots=True)
class History(Generic[Step]):
    """What something was, is, and was before it was taken back."""

    now: Step
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    def then(self, step: Step) -> History[Step]:
        """The next step; what was taken back before is gone. The same once more is no step."""
        return self if step == self.now else History(step, (*self.past, self.now)[-KEPT:])

    def changed(self, how: Callable[[Step], Step]) -> History[Step]:
        """The next step made of this one."""
        return self.then(how(self.now))

    @property
    def can_undo(self) -> bool:
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        return bool(self.future)

    def undo(self) -> History[Step]:
        """One step back, if there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redo(self) -> History[Step]:
        """What was taken back last, again."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.now), self.future[1:])
