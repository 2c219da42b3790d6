"""Finished figures put where the plan has their blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.documents.document import Section
from core.figures import Figure
from core.reports.plan import Block, PageBreak, PlanSection, ReportPlan


def key_of(section: int, block: int) -> str:
    """Key of the figure of a block, by place."""
    return f"s{section + 1}b{block + 1}"


def placed(plan: ReportPlan) -> Iterator[tuple[str, Block]]:
    """Every block with the key of its figure, in reading order."""
    for row, section in enumerate(plan.sections):
        yield from ((key_of(row, column), block) for column, block in enumerate(section.blocks))


def sections(plan: ReportPlan, figures: Mapping[str, Sequence[Figure]]) -> list[Section]:
    """The plan's sections with the figures of each block, given by `key_of`."""
    return [part for row, section in enumerate(plan.sections) for part in _parts(row, section, figures)]


def _parts(row: int, section: PlanSection, figures: Mapping[str, Sequence[Figure]]) -> Iterator[Section]:
    """One section of the plan; a page break inside it begins another."""
    parts: list[list[Figure]] = [[]]
    for column, block in enumerate(section.blocks):
        if isinstance(block, PageBreak):
            parts.append([])
        else:
            parts[-1].extend(figures[key_of(row, column)])
    for index, blocks in enumerate(parts):
        heading = {"title": section.title, "intro": section.intro} if index == 0 else {}
        if blocks or index == 0:
            yield Section(**heading, blocks=blocks, page_break=index > 0)
