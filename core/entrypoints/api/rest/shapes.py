"""What `/api/v1/reports` takes and gives, as models: the same that the OpenAPI document shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from core.reports.tiles import Filters, Layout, Tile

Item = TypeVar("Item")
SendState = Literal[
    "coming",
    "paused",
    "due",
    "running",
    "sending",
    "sent",
    "kept",
    "partly",
    "unsure",
    "failed",
    "skipped",
    "cancelled",
]


class Given(BaseModel):
    """What is sent: an unknown field is an error, never ignored."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(from_attributes=True)


class Paging(Given):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str = Field("", description="`next_cursor` of the page before.")


class WhichReports(Paging):
    filter: Literal["", "public", "mine", "template", "archived", "deleted"] = Field(
        "",
        description="`public` leaves private ones out, `mine` those of others; `template`, `archived` and `deleted`"
        " give these instead of those in use.",
    )
    search: str = Field("", max_length=200, description="Words that name or description have.")


class WhichSchedules(Given):
    report_id: str = ""


class WhichSends(Given):
    month: str = Field("", description="2026-12; this month if no days are said either.")
    first: date | None = Field(None, alias="from", description="First day, instead of a month.")
    last: date | None = Field(None, alias="to", description="The day after the last.")
    time_zone: str = Field(
        "", description="IANA name of the zone that days are counted in; the workspace's if left out."
    )
    report_id: str = ""


class WhichExports(Paging):
    run_id: str = ""


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    total: int
    next_cursor: str | None = Field(description="Ask with `cursor` for those that follow; null at the end.")


class ReportBody(Given):
    """A report: by parameters, by widgets with filters, or by a whole plan."""

    name: str = Field(min_length=1, max_length=200)
    description: str = ""
    parameters: dict[str, Any] | None = Field(None, description="{scope, date_range, metrics, teams, …}")
    widgets: list[Tile] | None = Field(None, max_length=200)
    filters: Filters = Filters()
    layout: Layout | None = Field(None, description="The grid of the widgets; six columns if left out.")
    report_plan: dict[str, Any] | None = None
    is_template: bool = Field(False, description="Keep it as a template, to make reports from; it does not run.")
    visibility: Literal["workspace", "private"] = "workspace"
    is_public: bool | None = Field(None, description="The same as visibility: true for the workspace.")


class ReportChange(Given):
    """What to change; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=200)
    description: str | None = None
    parameters: dict[str, Any] | None = None
    widgets: list[Tile] | None = Field(None, max_length=200)
    filters: Filters | None = None
    layout: Layout | None = None
    report_plan: dict[str, Any] | None = Field(None, description="An empty object takes the report's own away.")
    visibility: Literal["workspace", "private"] | None = None
    is_public: bool | None = Field(None, description="The same as visibility: true for the workspace.")
    is_active: bool | None = None
    is_template: bool | None = Field(
        None,
        description="true makes the report itself a template, false makes a report of a template; its owner's to say.",
    )


class CloneBody(Given):
    name: str = Field("", max_length=200, description="Empty for a copy of the name.")


class TemplateBody(Given):
    """About whom the new report is; what is left out stays as the template has it."""

    name: str = Field("", max_length=200, description="Empty for the template's own.")
    teams: list[str] = Field([], max_length=200, description="Ids or names.")
    repos: list[str] = Field([], max_length=200)
    people: list[str] = Field([], max_length=200)
    visibility: Literal["workspace", "private"] = "workspace"


class SaveTemplateBody(Given):
    name: str = Field("", max_length=200, description="Empty for the report's own.")


class Template(Told):
    """Something to make a report from: one of Sightline's own, or one that the workspace keeps."""

    key: str
    name: str
    about: str
    audience: str
    contents: list[str] = Field(description="Headings of its sections.")
    range: str
    asks: str = Field(description="`person` where one has to be chosen.")
    owner_name: str


class DataBody(Given):
    date_range: str = Field("", description="Other days than the report's: last_7_days, 2026-01-01..2026-01-31.")


class Report(Told):
    id: str
    organization_id: str
    creator_id: str | None
    creator_name: str
    name: str
    description: str
    parameters: dict[str, Any]
    widgets: list[Tile]
    filters: Filters
    layout: Layout
    report_plan: dict[str, Any] | None
    visibility: str
    is_public: bool
    is_template: bool
    is_active: bool
    paused_reason: str
    archived_at: datetime | None
    deleted_at: datetime | None
    schedule_id: str | None
    created_at: datetime
    updated_at: datetime
    last_run_at: datetime | None
    last_run_status: str | None
    may_edit: bool


class Data(BaseModel):
    """Figures as they are now, finished: texts, units and rounding are settled."""

    report_id: str
    title: str
    period: str
    figures: list[dict[str, Any]]
    notices: list[str]


class Quota(Told):
    """What the workspace may run this month, and what it ran."""

    plan: str = Field(description="explore, operate, scale or custom.")
    limit: int | None = Field(description="Reports a month; null for as many as one likes.")
    used: int
    left: int | None
    renews_at: datetime = Field(description="The first moment of the next month, UTC.")
    sentence: str = Field(description="The same in words; empty without a limit.")


class Run(Told):
    id: str
    report_id: str
    status: Literal["pending", "running", "success", "partial", "failed", "cancelled"]
    triggered_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_seconds: float | None
    error: str | None
    failures: list[str]
    progress: float
    progress_text: str
    version: int | None = Field(description="Number of the definition that it ran.")
    period_start: datetime | None
    period_end: datetime | None


class Runs(Told):
    items: list[Run] = Field(description="One run, or one for each team that gets its own figures.")


class ScheduleBody(Given):
    """When and to whom: a preset with its day and time, or any cron expression."""

    schedule: Literal["daily", "weekly", "monthly"] | None = None
    day_of_week: int | None = Field(None, ge=0, le=6, description="Of a weekly one; 0 is Monday.")
    day_of_month: int | None = Field(None, ge=1, le=31, description="Of a monthly one.")
    time_utc: str | None = Field(None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM, in UTC.")
    cron: str | None = Field(None, max_length=120, description="Instead of the four above.")
    time_zone: str | None = Field(None, description="IANA name, for cron; the workspace's if left out.")
    recipients: list[str] | None = Field(
        None, max_length=200, description="Addresses, person:NAME, team:NAME, leads:NAME or leads:*, by name or id."
    )
    bursts: bool | None = Field(None, description="Each recipient gets the figures of their own team alone.")
    delivery_method: str | None = Field(None, description="email, slack or both.")
    slack_connection: str | None = Field(None, max_length=80, description="Name of a Slack connection.")
    slack_channels: list[str] | None = Field(None, max_length=50, description="None for the connection's own.")
    export_format: str | None = Field(None, description="One file; `formats` for several.")
    formats: list[str] | None = None
    is_active: bool | None = None
    catch_up: str | None = None
    jitter_seconds: int | None = Field(None, ge=0, le=3600)
    condition: str | None = Field(
        None, max_length=160, description="anomaly, or a metric with a bound: lead_time_hours > 48; empty for always."
    )


class Schedule(BaseModel):
    id: str
    report_id: str
    report_name: str
    schedule: str = Field(description="daily, weekly, monthly or custom.")
    day_of_week: int | None
    day_of_month: int | None
    time: str | None = Field(description="HH:MM in its time zone.")
    time_utc: str | None = Field(description="The same where that is UTC, else null.")
    cron: str
    time_zone: str
    sentence: str
    recipients: list[str]
    recipient_names: list[str]
    bursts: bool
    delivery_method: str
    slack_connection: str
    slack_channels: list[str]
    export_format: str | None = Field(description="Its one file; null for none, or several.")
    formats: list[str]
    is_active: bool
    paused_reason: str
    catch_up: str
    jitter_seconds: int
    condition: str
    last_sent_at: datetime | None
    last_error: str
    next_run_at: datetime | None


class Send(Told):
    """One time of a schedule, past or coming, with all portions of it."""

    due_at: datetime = Field(description="The time by its rhythm.")
    schedule_id: str
    report_id: str
    report_name: str
    state: SendState = Field(
        description="`unsure` waits for a person: it may have arrived. `kept` is run, and mailed to nobody."
    )
    detail: str = Field(description="What did not arrive, or why nothing was sent.")
    teams: int | None = Field(description="Teams' portions; 0 for the whole report, null while that is not known.")
    run_id: str | None


class Sends(Told):
    """The sends of some days, the earliest first."""

    starts_at: datetime
    ends_at: datetime = Field(description="The first moment that is not among them.")
    time_zone: str
    items: list[Send]
    total: int
    cut_at: datetime | None = Field(description="Too many: from here on they are missing. Null where all are there.")


class ExportBody(Given):
    """A file of a run (or of a report's newest), of a person's figures, a team's, a page, or of every row of a list."""

    export_type: Literal["report", "developer_profile", "team_analytics", "page", "rows"] = "report"
    format: str = "pdf"
    run_id: str = ""
    report_id: str = ""
    person: str = Field("", description="Id, name or address.")
    team: str = Field("", description="Id or name.")
    parameters: dict[str, Any] = Field(
        {},
        description="{date_range, compare, …} of a profile; {page, date_range, compare, teams, …} of a page;"
        " {metric, date_range, teams, people, repos, …} of the rows behind a number,"
        " {list: pulls, deployments, left or milestones, …} of a list's. Rows are csv or xlsx.",
    )


class Export(Told):
    id: str
    export_type: str
    format: str
    config: dict[str, Any]
    status: Literal["pending", "running", "success", "partial", "failed", "cancelled"]
    requested_by: str | None = Field(description="Id of a user; null for Sightline itself.")
    run_id: str | None
    file_name: str
    media_type: str
    file_size_bytes: int | None
    error_message: str | None
    progress: float
    progress_text: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    download_url: str | None = Field(description="Fetch it with the same token; null until it is finished.")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str = Field(description="What happened, and what to do.")
    code: str
    error: str
