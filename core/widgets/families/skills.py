"""Skills as a map of heat: people or teams down, languages or path areas across."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from core.analysis import expertise, knowledge
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Axis, Line, Series, State, Unit
from core.widgets.asking import Question
from core.widgets.focus import focused
from core.widgets.widget import Params, Widget


class SkillParams(Params):
    kind: knowledge.Kind = Field(
        "language", description="Languages, frameworks and tools by their files, or repositories' top folders."
    )
    by: Literal["person", "team"] = Field("person", description="Whose skills.")
    limit: int = Field(20, ge=1, le=60, description="People or teams, those with most work first.")
    skills: int = Field(12, ge=1, le=30, description="Skills, the most used first.")


def questions(ctx: Context, scope: Scope, params: SkillParams) -> Iterable[Question]:
    """Who was active in which team: by it a report knows whether a team is one person under another name."""
    if params.by == "team":
        yield Question(("active_people",), focused(ctx, scope, params), ("team",))


def build(ctx: Context, scope: Scope, params: SkillParams) -> Series:
    """Proficiency from 0 to 100; where somebody never used a skill there is nothing, not zero."""
    scope = focused(ctx, scope, params)
    found = (expertise.of_teams if params.by == "team" else expertise.of_people)(ctx, scope, params.kind)
    at = {(one.subject, one.key): round(one.proficiency, 1) for one in found.skills}
    subjects, keys = list(found.subjects)[: params.limit], list(found.labels)[: params.skills]
    across = [found.labels[key] for key in keys]
    what = knowledge.KINDS[params.kind][1]
    whose = "teams" if params.by == "team" else "people"
    return Series(
        title=params.title or f"Skills of {whose} in {what}",
        description=f"{knowledge.FORMULA} {knowledge.TEAM_FORMULA if params.by == 'team' else knowledge.DEPTHS}",
        note=_note(found, len(subjects), len(keys), whose, what),
        mark="heatmap",
        x=Axis(kind="ordinal", label=what.capitalize()),
        y=Axis(label="Proficiency", unit=Unit.NUMBER),
        lines=[Line(name=found.subjects[one], x=[*across], y=[at.get((one, key)) for key in keys]) for one in subjects],
        state=State.MEASURED if found.skills else State.NO_DATA,
        state_text=""
        if found.skills
        else f"{_FILE.get(params.kind, 'No file')} was changed in the three years up to this period's end.",
        alt=f"Proficiency of {len(subjects)} {whose} in {len(keys)} {what}.",
        provenance=list(found.provenance),
    )


_FILE: dict[knowledge.Kind, str] = {"framework": "No file whose name tells of a framework or tool"}


def _note(found: knowledge.Expertise, subjects: int, keys: int, whose: str, what: str) -> str:
    parts = ["What is older fades: the three years up to the period's end count."]
    if subjects < len(found.subjects) or keys < len(found.labels):
        parts.append(f"The first {subjects} of {len(found.subjects)} {whose}, {keys} of {len(found.labels)} {what}.")
    if found.left_out:
        parts.append(f"{found.left_out} smaller teams are not shown to you.")
    return " ".join(parts)


WIDGET = Widget(
    key="skills.heatmap",
    title="Skill heatmap",
    about="What people or teams know, told from the files that they changed: how much and how lately.",
    shape="series",
    params=SkillParams,
    build=build,
    questions=questions,
)
