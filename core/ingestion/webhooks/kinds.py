"""What each kind of webhook says: a message to the records of it, and to the repositories that want a sync."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.base.errors import BadInput
from core.ingestion.records.kinds import KINDS as RECORDS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What came in."""

    payload: Any
    event: str
    """As its header names it."""
    now: datetime
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saying:
    """What a message means."""

    event: str
    record: str = ""
    """The kind of record."""
    rows: tuple[Json, ...] = ()
    sync: tuple[str, ...] = ()
    """Addresses of repositories that changed."""
    ignored: str = ""
    """Why there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of webhook."""

    key: str
    label: str
    about: str
    read: Callable[[Message], Saying]
    key_of: Callable[[Mapping[str, str], Any], str]
    """What makes a message the same one; empty if only its body does."""
    example: Any
    signs: bool = True
    """Whether its sender can sign."""


def generic(record: str) -> Callable[[Message], Saying]:
    """A reader that takes each field of a record from its path in the payload; without paths, by its name."""

    def read(message: Message) -> Saying:
        paths = dict(message.mapping)
        each = paths.pop("each", "")
        items = found(each, message.payload) if each else [message.payload]
        if len(items) == 1 and isinstance(items[0], list):
            items = items[0]
        rows = [_row(record, paths, item) for item in items]
        return Saying("message", record, tuple(rows), ignored="" if rows else "It tells of nothing.")

    return read


def _row(record: str, paths: Mapping[str, str], item: Any) -> Json:
    if not isinstance(item, dict):
        raise BadInput("The message is no JSON object, nor a list of such.")
    if not paths:
        return {name: value for name, value in item.items() if name in RECORDS[record].model.model_fields}
    row = {name: _valued(path, item) for name, path in paths.items()}
    return {name: value for name, value in row.items() if value is not None}


def _valued(path: str, item: Json) -> Any:
    """What stands at a path, or the text after `=`."""
    if path.startswith("="):
        return path[1:]
    values = found(path, item)
    return values[0] if values else None


def found(path: str, item: Any) -> list[Any]:
    """Everything at a JSON path; `a.b` means `$.a.b`."""
    import jsonpath

    try:
        return list(jsonpath.findall(path if path.startswith("$") else f"$.{path}", item))
    except jsonpath.JSONPathError as error:
        raise BadInput(f"'{path}' is no JSON path: {error}.") from error


def pagerduty(message: Message) -> Saying:
    event = message.payload.get("event") or {}
    kind, told = event.get("event_type", ""), event.get("data") or {}
    if not kind.startswith("incident.") or not told.get("id") or not told.get("created_at"):
        return Saying(kind or "message", ignored="Only messages about incidents say anything here.")
    row = {
        "key": f"pagerduty:{told['id']}",
        "title": told.get("title", ""),
        "severity": (told.get("priority") or {}).get("summary") or told.get("urgency") or "",
        "opened_at": told["created_at"],
        "url": told.get("html_url", ""),
    }
    moments = {"incident.acknowledged": "acknowledged_at", "incident.resolved": "resolved_at"}
    if kind in moments:
        row[moments[kind]] = event.get("occurred_at")
    return Saying(kind, "incident", (row,))


def opsgenie(message: Message) -> Saying:
    action, told = message.payload.get("action", ""), message.payload.get("alert") or {}
    if action not in ("Create", "Acknowledge", "Close") or not told.get("alertId"):
        return Saying(action or "message", ignored="Only alerts that are created, acknowledged or closed say anything.")
    row = {
        "key": f"opsgenie:{told['alertId']}",
        "title": told.get("message", ""),
        "severity": told.get("priority", ""),
        "opened_at": _moment(told.get("createdAt"), message.now),
    }
    moments = {"Acknowledge": "acknowledged_at", "Close": "resolved_at"}
    if action in moments:
        row[moments[action]] = _moment(told.get("updatedAt"), message.now)
    return Saying(action, "incident", (row,))


def _moment(value: Any, now: datetime) -> str:
    """Times come in milliseconds, and some in nanoseconds."""
    if not isinstance(value, int | float) or value <= 0:
        return now.isoformat()
    seconds = float(value)
    while seconds > 10_000_000_000:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def alertmanager(message: Message) -> Saying:
    rows = []
    for alert in message.payload.get("alerts") or ():
        labels, notes = alert.get("labels") or {}, alert.get("annotations") or {}
        row = {
            "key": f"alert:{alert.get('fingerprint') or labels.get('alertname', '')}:{alert['startsAt']}",
            "title": notes.get("summary") or labels.get("alertname", ""),
            "severity": labels.get("severity", ""),
            "opened_at": alert["startsAt"],
            "url": alert.get("generatorURL", ""),
        }
        if alert.get("status") == "resolved":
            row["resolved_at"] = alert.get("endsAt")
        rows.append(row)
    status = message.payload.get("status", "message")
    return Saying(status, "incident", tuple(rows), ignored="" if rows else "It tells of no alert.")


SYNCS = frozenset({
    "pull_request", "pull_request_review", "pull_request_review_comment", "push", "workflow_run", "issues",
    "issue_comment", "release", "create", "delete",
})  # fmt: skip
ENDED = {"success": "success", "inactive": "success", "failure": "failure", "error": "failure"}


def github(message: Message) -> Saying:
    told, event = message.payload, message.event
    url = (told.get("repository") or {}).get("html_url", "") if isinstance(told, dict) else ""
    if event == "ping":
        return Saying(event, ignored="GitHub can reach this address.")
    if event == "deployment_status":
        return Saying(event, "deployment", (_deployed(told),), (url,))
    if event in SYNCS and url:
        return Saying(event, sync=(url,))
    return Saying(event or "message", ignored="Nothing here is about this event.")


def _deployed(told: Json) -> Json:
    status, deployment = told["deployment_status"], told["deployment"]
    ended = ENDED.get(status["state"])
    row = {
        "key": str(deployment["id"]),
        "environment": deployment.get("environment") or "production",
        "status": ended or ("pending" if status["state"] in ("queued", "pending", "waiting") else "in_progress"),
        "started_at": deployment["created_at"],
        "sha": deployment.get("sha", ""),
        "creator": (deployment.get("creator") or {}).get("login", ""),
        "url": status.get("target_url") or status.get("log_url") or "",
    }
    if ended:
        row["finished_at"] = status["created_at"]
    return row


def _no_key(headers: Mapping[str, str], payload: Any) -> str:
    return ""


def _pagerduty_key(headers: Mapping[str, str], payload: Any) -> str:
    return str((payload.get("event") or {}).get("id", "")) if isinstance(payload, dict) else ""


def _github_key(headers: Mapping[str, str], payload: Any) -> str:
    return headers.get("x-github-delivery", "")


_AT = "2026-01-31T09:30:00Z"
KINDS = {
    kind.key: kind
    for kind in (
        Kind("deployments", "Deployments, any tool", "Each field of a deployment from its place in your message.",
             generic("deployment"), _no_key, {"key": "1042", "environment": "production", "started_at": _AT}),
        Kind("incidents", "Incidents, any tool", "Each field of an incident from its place in your message.",
             generic("incident"), _no_key, {"key": "INC-7", "title": "Checkout is slow", "opened_at": _AT}),
        Kind("pagerduty", "PagerDuty", "Incidents of a webhook subscription, version 3.", pagerduty, _pagerduty_key,
             {"event": {"id": "01TEST", "event_type": "incident.triggered", "occurred_at": _AT, "data": {
                 "id": "PTEST1", "title": "Checkout is slow", "urgency": "high", "created_at": _AT}}}),
        Kind("opsgenie", "Opsgenie", "Alerts of a webhook integration.", opsgenie, _no_key,
             {"action": "Create", "alert": {"alertId": "t-1", "message": "Checkout is slow", "priority": "P1",
                                            "createdAt": 1769851800000}}, signs=False),
        Kind("alertmanager", "Prometheus Alertmanager", "Alerts of a webhook receiver, each an incident.", alertmanager,
             _no_key, {"version": "4", "status": "firing", "alerts": [
                 {"status": "firing", "labels": {"alertname": "Slow", "severity": "page"}, "fingerprint": "f1",
                  "startsAt": _AT, "endsAt": "0001-01-01T00:00:00Z"}]}, signs=False),
        Kind("github", "GitHub", "Signed webhooks: deployments at once, all else by a prompt sync of the repository.",
             github, _github_key, {"zen": "Keep it logically awesome."}),
    )
}  # fmt: skip
