"""Two runs of a report beside each other, over HTTP."""

from __future__ import annotations

from pydantic import Field

from core.context import Context
from core.entrypoints.api.rest.shapes import Run, Told
from core.reports import comparing


class Difference(Told):
    """A number that the two runs tell differently."""

    part: str
    what: str
    before: str
    after: str
    change: str = Field(description='"+12 %"; empty where one of them is missing or zero.')


class Comparison(Told):
    """What differs between two runs, in the order of the later one."""

    before: Run
    after: Run
    differences: list[Difference]
    same: int = Field(description="Numbers that are the same in both.")
    gone: list[str] = Field(description="Parts with numbers that only the earlier one has.")
    new: list[str] = Field(description="Parts with numbers that only the later one has.")


def compare(ctx: Context, run_id: str, other_id: str) -> Comparison:
    return Comparison.model_validate(comparing.compared(ctx, run_id, other_id))
