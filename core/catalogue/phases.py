"""The phases of one pull request: from which event to which each runs, how long it took, and why one is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.catalogue.shipping import MISSED

Moments = Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a pull request's way."""

    name: str
    hours: float | None
    """None where it is unknown."""
    about: str
    """Its definition."""
    begins: str
    ends: str
    """The events that it lies between."""
    begins_at: datetime | None
    ends_at: datetime | None
    unknown: str
    """Why its hours are not known; empty where they are."""


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    about: str
    begins: str
    ends: str


PHASES = (
    _Kind("coding", "From its first commit to its being opened.", "first_commit_at", "opened_at"),
    _Kind("draft", "From opened to ready for review; 0 if it was never a draft.", "opened_at", "start_at"),
    _Kind("pickup", "From ready for review to the first response by another person.", "start_at", "first_response_at"),
    _Kind("review", "From that first response to the first approval.", "first_response_at", "first_approval_at"),
    _Kind("merge wait", "From the first approval to the merge.", "first_approval_at", "merged_at"),
)
DEPLOY = _Kind("deploy", "From the merge to the production deployment that took it.", "merged_at", "deployed_at")
EVENTS = {
    "first_commit_at": "first commit",
    "opened_at": "opened",
    "start_at": "ready for review",
    "first_response_at": "first response of another person",
    "first_approval_at": "first approval by another person",
    "merged_at": "merged",
    "deployed_at": "deployed",
}
_MISSING = {
    "first_commit_at": "No source tells its commits.",
    "opened_at": "No source tells when it was opened.",
    "start_at": "No source tells when it was opened.",
    "first_response_at": "Nobody else responded before the merge; bots do not count.",
    "first_approval_at": "Nobody else approved it before the merge; bots do not count.",
    "merged_at": "It is not merged.",
}


def explained(hours: Mapping[str, float | None], moments: Moments, missed_by: str) -> tuple[Phase, ...]:
    """Every phase up to the deployment. `hours` are those that the catalogue counts, by name."""
    found = [_phase(kind, hours.get(kind.name), moments, "") for kind in PHASES]
    return (*found, _phase(DEPLOY, hours.get(DEPLOY.name), moments, MISSED.get(missed_by, "")))


def _phase(kind: _Kind, hours: float | None, moments: Moments, missed: str) -> Phase:
    return Phase(
        name=kind.name,
        hours=hours,
        about=kind.about,
        begins=EVENTS[kind.begins],
        ends=EVENTS[kind.ends],
        begins_at=moments.get(kind.begins),
        ends_at=moments.get(kind.ends),
        unknown="" if hours is not None else _why(kind, moments, missed),
    )


def _why(kind: _Kind, moments: Moments, missed: str) -> str:
    if moments.get("merged_at") is None:
        return _MISSING["merged_at"]
    for event in (kind.begins, kind.ends):
        if moments.get(event) is None:
            return f"{missed}." if event == "deployed_at" and missed else _MISSING.get(event, "It is not deployed.")
    return "Its moments run backwards, as after a rebase."


def moments_of(row: Mapping[str, Any]) -> dict[str, datetime | None]:
    """The events of a row, in UTC."""
    told = {name: row.get(name) for name in EVENTS}
    return {name: value.replace(tzinfo=UTC) if value else None for name, value in told.items()}
