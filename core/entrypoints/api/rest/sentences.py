"""From a sentence to a plan over HTTP: what was understood, and the report that it would be. Nothing is saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field

from core.context import Context
from core.entrypoints.api.rest.shapes import Given
from core.reports import sentences, spoken
from core.reports.suggesting import Suggestion


class SentenceBody(Given):
    sentence: str = Field(
        min_length=1,
        max_length=spoken.LONGEST,
        description="weekly DORA for the platform team, compared with last year",
    )
    name: str = Field("", max_length=200, description="Name of the report; empty for one made of the sentence.")
    take: bool = Field(False, description="Take what the workspace's language model suggests for unknown words.")


class Understood(BaseModel):
    what: str
    choice: str


class Unknown(BaseModel):
    word: str
    nearest: str = Field(description="What it may have meant, as a question; empty if nothing is near.")


class Suggested(BaseModel):
    """What the workspace's language model makes of the unknown words."""

    model: str
    adds: list[Understood]
    remarks: list[str]


class Wanted(BaseModel):
    """What to send to `POST /api/v1/reports` to save it."""

    name: str
    description: str
    parameters: dict[str, Any]
    report_plan: dict[str, Any] | None


class Planned(BaseModel):
    """A sentence, and the report that it would be."""

    understood: list[Understood]
    unknown: list[Unknown]
    remarks: list[str] = Field(description="What could not be taken as it was said, a sentence each.")
    rhythm: str = Field(description="daily, weekly or monthly, where it is to come by itself: make a schedule of it.")
    suggestion: Suggested | None = Field(description="Null where no word is unknown, or no model may be asked.")
    report: Wanted | None = Field(description="Null until somebody is named whom its template needs.")
    plan: dict[str, Any] | None = Field(description="What it would run now.")


def plan(ctx: Context, body: SentenceBody) -> Planned:
    found = sentences.planned(ctx, body.sentence, body.name, take=body.take)
    return Planned(
        understood=_pairs(found.told),
        unknown=[Unknown(word=word, nearest=nearest) for word, nearest in found.unknown],
        remarks=list(found.asked.remarks),
        rhythm=found.asked.rhythm,
        suggestion=_suggested(found.suggestion) if found.suggestion else None,
        report=Wanted(**found.report.content) if found.report else None,
        plan=found.plan.model_dump(mode="json") if found.plan else None,
    )


def _suggested(found: Suggestion) -> Suggested:
    return Suggested(model=found.model, adds=_pairs(found.added), remarks=list(found.remarks))


def _pairs(told: Iterable[tuple[str, str]]) -> list[Understood]:
    return [Understood(what=what, choice=choice) for what, choice in told]
