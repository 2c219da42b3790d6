"""Every door of `/api/v1/reports`: method, address, what it does, what it takes and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from core.entrypoints.api.rest import comparing, deliveries, questions, sentences, shapes, sharing, verbs, versions

ROOT = "/api/v1/reports"


@dataclass(frozen=True, slots=True)
class Operation:
    """One door."""

    method: str
    path: str
    summary: str
    verb: Callable[..., Any]
    answer: type[BaseModel] | str | None
    """A model, a media type, or nothing."""
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    scope: str = "reports:read"
    """What a token needs."""


OPERATIONS = (
    Operation("GET", ROOT, "Reports, the latest changed first.", verbs.list_reports, shapes.Page[shapes.Report],
              query=shapes.WhichReports),
    Operation("POST", ROOT, "Make a report.", verbs.create_report, shapes.Report, shapes.ReportBody, status=201,
              scope="reports:write"),
    Operation("GET", f"{ROOT}/{{report_id}}", "One report.", verbs.get_report, shapes.Report),
    Operation("PUT", f"{ROOT}/{{report_id}}", "Change what is given of a report.", verbs.update_report, shapes.Report,
              shapes.ReportChange, scope="reports:write"),
    Operation("DELETE", f"{ROOT}/{{report_id}}", "Take a report away; it can be restored for 30 days.",
              verbs.delete_report, None, status=204, scope="reports:write"),
    Operation("POST", f"{ROOT}/{{report_id}}/restore", "Bring a deleted report back.", verbs.restore_report,
              shapes.Report, scope="reports:write"),
    Operation("POST", f"{ROOT}/{{report_id}}/clone", "A copy of one's own, without schedule and runs.",
              verbs.clone_report, shapes.Report, shapes.CloneBody, status=201, scope="reports:write"),
    Operation("POST", f"{ROOT}/{{report_id}}/archive", "Put a report out of the way with its results; it does not run.",
              verbs.archive_report, shapes.Report, scope="reports:write"),
    Operation("POST", f"{ROOT}/{{report_id}}/unarchive", "Take a report back from the archive.",
              verbs.unarchive_report, shapes.Report, scope="reports:write"),
    Operation("GET", f"{ROOT}/{{report_id}}/members", "Whom a report is shared with, by name.", sharing.list_members,
              shapes.Page[sharing.Member]),
    Operation("PUT", f"{ROOT}/{{report_id}}/members/{{username}}", "Share a report, or change somebody's part in it.",
              sharing.share, sharing.Member, sharing.MemberBody, scope="reports:write"),
    Operation("DELETE", f"{ROOT}/{{report_id}}/members/{{username}}", "Take somebody's part in a report away.",
              sharing.unshare, None, status=204, scope="reports:write"),
    Operation("POST", f"{ROOT}/{{report_id}}/transfer", "Give a report away: it runs with their rights.",
              sharing.transfer, shapes.Report, sharing.TransferBody, scope="reports:write"),
    Operation("GET", f"{ROOT}/{{report_id}}/versions", "Versions of a definition, the newest first.",
              versions.list_versions, shapes.Page[versions.Version], query=shapes.Paging),
    Operation("GET", f"{ROOT}/{{report_id}}/versions/{{number}}", "A definition as it was in one version.",
              versions.get_version, versions.Definition),
    Operation("GET", f"{ROOT}/{{report_id}}/versions/{{number}}/difference", "What changed since it, line by line.",
              versions.difference, versions.VersionDifference, query=versions.WhichDifference),
    Operation("POST", f"{ROOT}/{{report_id}}/versions/{{number}}/restore", "Make an earlier version the newest one.",
              versions.go_back, shapes.Report, scope="reports:write"),
    Operation("POST", f"{ROOT}/{{report_id}}/data", "Its figures as they are now; nothing is kept.",
              verbs.report_data, shapes.Data, shapes.DataBody, scope="reports:run"),
    Operation("POST", f"{ROOT}/plan", "From a sentence to a plan: what was understood; nothing is saved.",
              sentences.plan, sentences.Planned, sentences.SentenceBody, scope="reports:write"),
    Operation("GET", f"{ROOT}/quota", "How many reports may run this month, and how many did.", verbs.quota,
              shapes.Quota),
    Operation("GET", f"{ROOT}/templates/list", "What reports are made from.", verbs.list_templates,
              shapes.Page[shapes.Template]),
    Operation("POST", f"{ROOT}/templates/{{template_id}}/create", "Make a report from a template.",
              verbs.create_from_template, shapes.Report, shapes.TemplateBody, status=201, scope="reports:write"),
    Operation("POST", f"{ROOT}/{{report_id}}/template", "Keep a report's definition as a template.",
              verbs.save_as_template, shapes.Report, shapes.SaveTemplateBody, status=201, scope="reports:write"),
    Operation("GET", f"{ROOT}/{{report_id}}/runs", "Runs, the newest first.", verbs.list_runs, shapes.Page[shapes.Run],
              query=shapes.Paging),
    Operation("POST", f"{ROOT}/{{report_id}}/runs", "Run it now; a run that waits or runs is answered instead.",
              verbs.start_run, shapes.Run, status=202, scope="reports:run"),
    Operation("GET", f"{ROOT}/runs/{{run_id}}", "One run.", verbs.get_run, shapes.Run),
    Operation("POST", f"{ROOT}/runs/{{run_id}}/cancel", "Stop a run that waits or runs.", verbs.cancel_run, shapes.Run,
              scope="reports:run"),
    Operation("POST", f"{ROOT}/runs/{{run_id}}/again", "Run the same definition for the same days once more.",
              verbs.run_again, shapes.Run, status=202, scope="reports:run"),
    Operation("GET", f"{ROOT}/runs/{{run_id}}/compare/{{other_id}}", "Two runs beside each other: what differs.",
              comparing.compare, comparing.Comparison),
    Operation("GET", f"{ROOT}/runs/{{run_id}}/markdown", "The result as Markdown.", verbs.run_markdown,
              "text/markdown"),
    Operation("GET", f"{ROOT}/runs/{{run_id}}/document", "The frozen document, as its JSON format has it.",
              verbs.run_document, "application/json"),
    Operation("GET", f"{ROOT}/runs/{{run_id}}/questions", "What was asked about a result, the oldest first.",
              questions.list_questions, shapes.Page[questions.Question]),
    Operation("POST", f"{ROOT}/runs/{{run_id}}/questions", "Ask about a result; question and answer are kept.",
              questions.ask, questions.Question, questions.QuestionBody, status=201),
    Operation("DELETE", f"{ROOT}/questions/{{question_id}}", "Delete a question of one's own.", questions.forget, None,
              status=204),
    Operation("GET", f"{ROOT}/schedules/list", "Schedules, the next to come first.", verbs.list_schedules,
              shapes.Page[shapes.Schedule], query=shapes.WhichSchedules),
    Operation("GET", f"{ROOT}/schedules/calendar", "Every send of a month or of some days, past and coming.",
              verbs.list_sends, shapes.Sends, query=shapes.WhichSends),
    Operation("POST", f"{ROOT}/{{report_id}}/schedules", "Send a report by a clock.", verbs.create_schedule,
              shapes.Schedule, shapes.ScheduleBody, status=201, scope="schedules"),
    Operation("PUT", f"{ROOT}/schedules/{{schedule_id}}", "Change, pause (is_active: false) or resume a schedule.",
              verbs.update_schedule, shapes.Schedule, shapes.ScheduleBody, scope="schedules"),
    Operation("POST", f"{ROOT}/schedules/{{schedule_id}}/send", "Send it to all now; when it comes next stays.",
              verbs.send_schedule, shapes.Runs, status=201, scope="schedules"),
    Operation("DELETE", f"{ROOT}/schedules/{{schedule_id}}", "End a schedule; the log of what was sent stays.",
              verbs.delete_schedule, None, status=204, scope="schedules"),
    Operation("GET", f"{ROOT}/deliveries", "What was sent to whom and what was answered, the newest first.",
              deliveries.list_deliveries, shapes.Page[deliveries.Delivery], query=deliveries.WhichDeliveries,
              scope="schedules"),
    Operation("GET", f"{ROOT}/deliveries/{{delivery_id}}", "One delivery with its receipts.", deliveries.get_delivery,
              deliveries.Delivery, scope="schedules"),
    Operation("POST", f"{ROOT}/deliveries/{{delivery_id}}/again", "Send once more what failed for good.",
              deliveries.send_again, deliveries.Delivery, status=202, scope="schedules"),
    Operation("GET", f"{ROOT}/exports", "Files that were asked for, the newest first.", verbs.list_exports,
              shapes.Page[shapes.Export], query=shapes.WhichExports),
    Operation("POST", f"{ROOT}/exports", "Ask for a file.", verbs.create_export, shapes.Export, shapes.ExportBody,
              status=202, scope="export"),
    Operation("GET", f"{ROOT}/exports/{{export_id}}", "How far a file is.", verbs.get_export, shapes.Export),
    Operation("POST", f"{ROOT}/exports/{{export_id}}/cancel", "Stop a file that waits or is being made.",
              verbs.cancel_export, shapes.Export, scope="export"),
    Operation("GET", f"{ROOT}/exports/{{export_id}}/download", "The file.", verbs.download_export,
              "application/octet-stream", scope="export"),
)  # fmt: skip
