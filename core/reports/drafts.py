"""Drafts: what somebody is making of a report, kept at each change, saved as the report by one verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, ValidationError

from core.access.models import AuditEntry
from core.base.errors import SightlineError
from core.context import Capability, Context
from core.reports import service
from core.reports.models import ReportDraft
from core.reports.plan import FORMATS, Parameters, ReportPlan, WidgetBlock, Window
from core.reports.planner import default_plan
from core.reports.rows import print_of, readable
from core.reports.views import ReportView
from core.widgets import WIDGETS

MOST_METRICS = 12
"""Metrics of a plan that its report's configuration names."""


class Draft(BaseModel):
    """All that the builder changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    """In the library; the plan's title is what readers see."""
    plan: ReportPlan
    visibility: str = "workspace"
    formats: tuple[str, ...] = FORMATS


@dataclass(frozen=True, slots=True)
class Begun:
    """A report as it is saved, ready to be changed."""

    draft: Draft
    based_on: str
    """Print of what is saved; empty for a new report."""
    report: ReportView | None = None
    is_made: bool = False
    """Whether its parts were made of its choices at each run until now."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that was not saved."""

    draft: Draft
    based_on: str
    changed_at: datetime


def begin(ctx: Context, report_id: str = "") -> Begun:
    """A report as it is saved, its default plan in blocks if it has none of its own; or a new one."""
    ctx.require(Capability.EDIT_REPORTS)
    if not report_id:
        plan = default_plan(ctx, Parameters(), title="New report")
        return Begun(Draft(name="New report", plan=plan), "")
    with ctx.app.reading() as session:
        based_on = print_of(readable(session, ctx, report_id))
    report = service.get(ctx, report_id)
    return Begun(_draft_of(ctx, report), based_on, report, report.report_plan is None)


def _draft_of(ctx: Context, report: ReportView) -> Draft:
    plan = report.report_plan
    if plan is None:
        plan = default_plan(ctx, report.parameters, title=report.name, description=report.description)
    return Draft(name=report.name, plan=plan, visibility=report.visibility, formats=report.parameters.formats)


def kept(ctx: Context, report_id: str = "") -> Kept | None:
    """The actor's draft of this report, if there is one that can still be read."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.reading() as session:
        row = session.get(ReportDraft, _key(ctx, report_id))
        if row is None:
            return None
        try:
            return Kept(Draft.model_validate(row.content), row.based_on, row.changed_at)
        except ValidationError:
            return None


def keep(ctx: Context, report_id: str, draft: Draft, based_on: str) -> datetime:
    """Keep what the actor made until now; when."""
    ctx.require(Capability.EDIT_REPORTS)
    now = ctx.clock()
    if not ctx.actor.user_id:
        return now
    with ctx.app.session() as session:
        session.merge(
            ReportDraft(
                key=_key(ctx, report_id), workspace_id=ctx.workspace.id, user_id=ctx.actor.user_id,
                report_id=report_id or None, content=draft.model_dump(mode="json"), based_on=based_on, changed_at=now,
            )
        )  # fmt: skip
    return now


def throw_away(ctx: Context, report_id: str = "") -> None:
    """Forget the actor's draft; the report stays as it is saved."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        session.execute(sa.delete(ReportDraft).where(ReportDraft.key == _key(ctx, report_id)))


def save(ctx: Context, report_id: str, draft: Draft, based_on: str) -> ReportView:
    """Save the draft as the report, or as a new one, and forget it.

    Conflict if somebody saved the report since it was `based_on`; an empty one writes over what they saved.
    """
    ctx.require(Capability.EDIT_REPORTS)
    given: dict[str, Any] = {
        "description": draft.plan.description, "plan": draft.plan, "visibility": draft.visibility,
    }  # fmt: skip
    if report_id:
        parameters = _parameters(draft, service.get(ctx, report_id).parameters)
        saved = service.update(
            ctx, report_id, name=draft.name, parameters=parameters, expecting=based_on, **given
        )  # fmt: skip
    else:
        saved = service.create(ctx, draft.name, _parameters(draft, Parameters()), **given)
    throw_away(ctx, report_id)
    return saved


def meanwhile(ctx: Context, report_id: str, based_on: str) -> str:
    """Who saved the report since, and when, as a sentence; empty if nobody did."""
    ctx.require(Capability.EDIT_REPORTS)
    if not report_id or not based_on:
        return ""
    with ctx.app.reading() as session:
        row = readable(session, ctx, report_id)
        if print_of(row) == based_on:
            return ""
        changes = (AuditEntry.workspace_id == ctx.workspace.id, AuditEntry.action == "report.update")
        entries = session.scalars(sa.select(AuditEntry).where(*changes).order_by(AuditEntry.at.desc()).limit(50))
        last = next((entry for entry in entries if entry.detail.get("report") == report_id), None)
    who = last.actor_name if last and last.user_id != ctx.actor.user_id else "You, in another window,"
    return f"{who if last else 'Somebody'} saved '{row.name}' while you were changing it."


def _parameters(draft: Draft, now: Parameters) -> Parameters:
    """What is told of a report in the library and its configuration, as its plan says."""
    scope, window = draft.plan.scope, draft.plan.window
    kind = "person" if scope.people else "repo" if scope.repos else "team" if scope.teams else "org"
    return now.model_copy(
        update={
            "scope": kind, "teams": scope.teams, "repos": scope.repos, "people": scope.people,
            "components": scope.components, "include_bots": scope.include_bots, "names": dict(scope.names),
            "date_range": window.range if not (window.start or window.end) else Window().range,
            "compare": window.compare, "time_zone": window.time_zone, "formats": draft.formats,
            "metrics": tuple(dict.fromkeys(_metrics(draft.plan)))[:MOST_METRICS],
        }
    )  # fmt: skip


def _metrics(plan: ReportPlan) -> Iterator[str]:
    for block in plan.widgets():
        yield from _of_block(block)


def _of_block(block: WidgetBlock) -> tuple[str, ...]:
    try:
        widget = WIDGETS.get(block.widget)
        return tuple(widget.metrics(widget.accept(block.params)))
    except SightlineError:
        return ()


def _key(ctx: Context, report_id: str) -> str:
    return sha256(f"{ctx.workspace.id}:{ctx.actor.user_id}:{report_id}".encode()).hexdigest()
