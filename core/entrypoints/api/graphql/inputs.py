"""What mutations are given. What is left out stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import strawberry
from strawberry import UNSET
from strawberry.scalars import JSON

from core.base.errors import BadInput


@strawberry.input(description="A report to make.")
class CreateSavedReportInput:
    name: str
    description: str | None = ""
    schedule_cron: str | None = strawberry.field(
        default="", description="Runs by it and keeps the result; nobody is mailed. Leave it out for runs by hand."
    )
    parameters: JSON | None = strawberry.field(
        default=None, description='{scope, dateRange, metrics, teams, repos, people, …}; metrics by key or "Lead Time".'
    )
    report_plan: JSON | None = strawberry.field(default=None, description="Instead of the plan made of parameters.")
    visibility: str = strawberry.field(default="workspace", description="workspace or private.")


@strawberry.input(description="What to change of a report.")
class UpdateSavedReportInput:
    name: str | None = UNSET
    description: str | None = UNSET
    schedule_cron: str | None = strawberry.field(default=UNSET, description="An empty one ends the schedule.")
    parameters: JSON | None = UNSET
    report_plan: JSON | None = strawberry.field(default=UNSET, description="An empty one makes the plan of parameters.")
    visibility: str | None = UNSET
    is_active: bool | None = UNSET


@strawberry.input(description="A schedule to make, or what to change of one.")
class ScheduleInput:
    cron: str | None = strawberry.field(default=UNSET, description="Five fields, or daily, weekly or monthly.")
    time_zone: str | None = UNSET
    schedule: str | None = strawberry.field(
        default=UNSET, description="Instead of cron: daily, weekly or monthly, with its day and its time in UTC."
    )
    day_of_week: int | None = strawberry.field(default=UNSET, description="Of a weekly one; 0 is Monday.")
    day_of_month: int | None = strawberry.field(default=UNSET, description="Of a monthly one.")
    time_utc: str | None = strawberry.field(default=UNSET, description="HH:MM, in UTC.")
    recipients: list[str] | None = strawberry.field(
        default=UNSET, description="Addresses, person:NAME, team:NAME, leads:NAME or leads:*, by name or id."
    )
    bursts: bool | None = strawberry.field(
        default=UNSET, description="Each recipient gets the figures of their own team alone."
    )
    export_format: str | None = strawberry.field(default=UNSET, description="One file; formats for several.")
    formats: list[str] | None = UNSET
    delivery_method: str | None = strawberry.field(default=UNSET, description="email, slack or both.")
    slack_connection: str | None = strawberry.field(default=UNSET, description="Name of a Slack connection.")
    slack_channels: list[str] | None = strawberry.field(default=UNSET, description="None for the connection's own.")
    catch_up: str | None = UNSET
    jitter_seconds: int | None = UNSET
    condition: str | None = strawberry.field(
        default=UNSET, description="anomaly, or a metric with a bound: lead_time_hours > 48; empty for always."
    )
    is_active: bool | None = strawberry.field(default=UNSET, description="false pauses it, true resumes it.")


@strawberry.input(
    description="A file to make: of a run, of the figures of a person or a team, of a page, or of every row of a list."
)
class CreateExportInput:
    format: str = strawberry.field(description="pdf, csv, json, xlsx, html or markdown.")
    export_type: str = strawberry.field(
        default="report", description="report, developer_profile, team_analytics, page or rows (csv or xlsx)."
    )
    run_id: str | None = None
    report_id: str | None = strawberry.field(default=None, description="Instead of a run: the newest of this report.")
    person: str | None = strawberry.field(default=None, description="Id, name or address.")
    team: str | None = strawberry.field(default=None, description="Id or name.")
    parameters: JSON | None = strawberry.field(
        default=None,
        description="{dateRange, compare, …} of a profile; {page, dateRange, compare, teams, …} of a page;"
        " {metric, dateRange, teams, people, repos, …} of the rows behind a number;"
        " {list: pulls, deployments, left or milestones, …} of a list's.",
    )


def an_object(value: object, what: str) -> dict[str, Any]:
    """A value of the type JSON as the object that it must be."""
    if value is None or isinstance(value, dict):
        return value or {}
    raise BadInput(f"The {what} must be an object: {{…}}.")


def given(asked: object, names: Iterable[str]) -> dict[str, Any]:
    """What of an input was said, by name."""
    said = {name: getattr(asked, name) for name in names}
    return {name: value for name, value in said.items() if value is not UNSET and value is not None}
