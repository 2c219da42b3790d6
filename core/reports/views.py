"""What this room's services answer with: frozen values, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.reports.models import ReportRun, SavedReport
from core.reports.plan import Parameters, ReportPlan


@dataclass(frozen=True, slots=True)
class ReportView:
    """A saved report."""

    id: str
    workspace_id: str
    name: str
    description: str
    report_plan: ReportPlan | None
    parameters: Parameters
    schedule_id: str | None
    is_active: bool
    paused_reason: str
    owner_id: str | None
    owner_name: str
    visibility: str
    created_at: datetime
    updated_at: datetime
    last_run_at: datetime | None
    last_run_status: str | None
    is_template: bool
    archived_at: datetime | None
    deleted_at: datetime | None
    may_edit: bool
    """Whether the actor who asked may change it."""
    is_mine: bool
    """Whether the actor who asked may also share it, give it away, archive and delete it."""

    @property
    def is_file(self) -> bool:
        """Whether it is written as a report file."""
        return bool(self.report_plan and self.report_plan.file)


@dataclass(frozen=True, slots=True)
class RunView:
    """One execution, without its document."""

    id: str
    report_id: str
    status: str
    triggered_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_seconds: float | None
    attempt: int
    error: str | None
    fault: str | None
    failures: tuple[str, ...]
    progress: float
    progress_text: str
    as_of: datetime
    period_start: datetime | None
    period_end: datetime | None
    occurrence_id: str | None
    actor_id: str | None
    has_document: bool
    version: int | None
    """Number of the definition that it ran."""
    portion: str
    """Name of the team that it is about alone; empty for the whole report."""
    burst: str | None
    """What the runs have in common that one time made, a team's each."""
    is_individual: bool
    """Shows individuals' numbers: some readers see it with parts hidden."""


def report_view(row: SavedReport, owner_name: str, *, may_edit: bool, is_mine: bool) -> ReportView:
    return ReportView(
        id=row.id,
        workspace_id=row.workspace_id,
        name=row.name,
        description=row.description,
        report_plan=ReportPlan.model_validate(row.report_plan) if row.report_plan else None,
        parameters=Parameters.model_validate(row.parameters),
        schedule_id=row.schedule_id,
        is_active=row.is_active,
        paused_reason=row.paused_reason,
        owner_id=row.owner_id,
        owner_name=owner_name,
        visibility=row.visibility,
        created_at=row.created_at,
        updated_at=row.updated_at,
        last_run_at=row.last_run_at,
        last_run_status=row.last_run_status,
        is_template=row.is_template,
        archived_at=row.archived_at,
        deleted_at=row.deleted_at,
        may_edit=may_edit,
        is_mine=is_mine,
    )


def run_view(row: ReportRun) -> RunView:
    return RunView(
        id=row.id,
        report_id=row.report_id,
        status=row.status,
        triggered_by=row.triggered_by,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        duration_seconds=row.duration_seconds,
        attempt=row.attempt,
        error=row.error,
        fault=row.fault,
        failures=tuple(row.failures),
        progress=row.progress,
        progress_text=row.progress_text,
        as_of=row.as_of,
        period_start=row.period_start,
        period_end=row.period_end,
        occurrence_id=row.occurrence_id,
        actor_id=row.actor_id,
        has_document=row.status in ("success", "partial"),
        version=row.version,
        portion=row.portion,
        burst=row.burst,
        is_individual=bool(row.individual),
    )
