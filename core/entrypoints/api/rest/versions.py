"""Versions of a report's definition over HTTP: what each was, what changed, the way back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from core.base.errors import NotFound
from core.context import Context
from core.entrypoints.api.rest import telling
from core.entrypoints.api.rest.shapes import Given, Page, Paging, Report, Told
from core.reports import paging, service
from core.reports import versions as kept
from core.stores.app.paging import Place


class WhichDifference(Given):
    to: int = Field(0, ge=0, le=kept.MOST, description="The other version; 0 for how the report stands.")


class Version(Told):
    """A definition as it was saved."""

    number: int
    saved_at: datetime
    saved_by: str
    restored_from: int | None
    name: str
    is_current: bool


class Definition(Told):
    """What a version says: to look at, or to save again."""

    number: int
    name: str
    description: str
    parameters: dict[str, Any]
    report_plan: dict[str, Any] | None
    file: str = Field(description="The report file, where the report is written as one; it has no plan then.")
    text: str = Field(description="The same as `sightline report pull` writes it, in YAML.")


class VersionDifference(Told):
    before: int
    after: int
    text: str = Field(description="Line by line, as diff writes it; empty where nothing differs.")


def list_versions(ctx: Context, report_id: str, query: Paging) -> Page[Version]:
    return telling.page(paging.kept(ctx, report_id, Place(query.limit, 0, query.cursor)), Version.model_validate)


def get_version(ctx: Context, report_id: str, number: str) -> Definition:
    one = kept.definition(ctx, report_id, _number(number))
    text = kept.text(ctx, report_id, one.version)
    return Definition(number=one.version, file=one.file, text=text, **one.content)


def difference(ctx: Context, report_id: str, number: str, query: WhichDifference) -> VersionDifference:
    before, after = _number(number), query.to or kept.definition(ctx, report_id).version
    return VersionDifference(before=before, after=after, text=kept.compared(ctx, report_id, before, after))


def go_back(ctx: Context, report_id: str, number: str) -> Report:
    kept.go_back(ctx, report_id, _number(number))
    return telling.report(service.get(ctx, report_id))


def _number(said: str) -> int:
    """The version's number as the address has it."""
    if not (said.isascii() and said.isdecimal() and len(said) < 10 and int(said)):
        raise NotFound(
            f"There is no version '{said[:40]}': versions are counted from 1. Look at the report's versions."
        )
    return int(said)
