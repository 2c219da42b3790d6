"""The doors beside reports, as the OpenAPI document tells of them: a test holds them against the routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.access.insights import InsightSettings
from core.alerts.wish import Wish
from core.entrypoints.api.insights import Generation, WorkingHours
from core.narrative.voice.settings import VoiceSettings

INSIGHTS, ANALYTICS = "/api/v1/insights", "/api/v1/analytics"
QUERY = {
    "period": "last_30_days, this_month, 2026-01-01..2026-01-31.",
    "component": "Parts of repositories, by commas.",
    "team": "A team, by id or name.",
    "people": "People, by commas.",
    "teams": "Teams, by commas.",
    "components": "Components, by commas.",
    "person": "A person, by id, name or address.",
    "repo": "A repository, by id or name.",
    "path": "A folder in it.",
    "q": "Words to look for.",
    "period_type": "daily, weekly, biweekly or monthly.",
    "metric": "Key of a metric.",
    "days": "How many days back.",
    "beyond": "1 with ties to people outside the team.",
    "least": "The weakest tie that is shown.",
    "by": "What to tell apart by.",
    "of": "What to look at.",
    "grain": "day, week or month.",
    "source": "Name of the program that pushes.",
    "time_zone": "Zone of times without one.",
    "logins_of": "Provider whose logins the records name.",
    "dry_run": "true to change nothing.",
    "create_repo": "true to make a repository that is new.",
    "ignore_unknown": "true to leave out fields that are not known.",
    "format": "json, ndjson or csv.",
}
"""Names in addresses, and what they mean."""


@dataclass(frozen=True, slots=True)
class Other:
    """One door."""

    method: str
    path: str
    summary: str
    query: str = ""
    body: Any = None
    scope: str = "read"


_NOW = "period component"
OTHERS = (
    Other("GET", f"{INSIGHTS}/developers/compare", "Metrics beside each other.", f"people teams components {_NOW}"),
    Other("GET", f"{INSIGHTS}/developers/{{person}}", "A person's five categories.", _NOW),
    Other("GET", f"{INSIGHTS}/developers/{{person}}/{{category}}", "One of them.", _NOW),
    Other("GET", f"{INSIGHTS}/teams/{{team}}", "A team as a whole.", _NOW),
    Other("GET", f"{INSIGHTS}/teams/{{team}}/workload", "How its work is spread.", _NOW),
    Other("GET", f"{INSIGHTS}/workspace/health", "What needs attention.", _NOW),
    Other("GET", f"{INSIGHTS}/leaderboards/{{metric}}", "People in order, where that is wanted.", f"team {_NOW}"),
    Other("GET", f"{INSIGHTS}/code", "The page Code.", f"repo path team {_NOW}"),
    Other("GET", f"{INSIGHTS}/code/{{part}}", "owners, hotspots, rework or mix.", f"repo path team {_NOW}"),
    Other("GET", f"{INSIGHTS}/snapshots/history", "Snapshots of a metric.", "person team period_type metric"),
    Other("POST", f"{INSIGHTS}/snapshots/generate", "Let a worker make snapshots.", body=Generation, scope="push"),
    Other("GET", f"{INSIGHTS}/settings", "What the workspace has decided."),
    Other("PUT", f"{INSIGHTS}/settings", "Decide anew; no token may.", body=InsightSettings, scope=""),
    Other("GET", f"{INSIGHTS}/language-model", "Whether a language model may be asked, and which; never its key."),
    Other("PUT", f"{INSIGHTS}/language-model", "Decide anew; no token may.", body=VoiceSettings, scope=""),
    Other("GET", f"{INSIGHTS}/working-schedules/{{person}}", "When somebody works; `default` is everybody."),
    Other("PUT", f"{INSIGHTS}/working-schedules/{{person}}", "Change it; no token may.", body=WorkingHours, scope=""),
    Other("GET", f"{INSIGHTS}/sync-status", "How late sources are.", _NOW),
    Other("GET", f"{INSIGHTS}/alert-rules", "Alert rules."),
    Other("POST", f"{INSIGHTS}/alert-rules", "Watch a metric.", body=Wish, scope="alerts"),
    Other("POST", f"{INSIGHTS}/alert-rules/test", "What a rule would have found.", "days", Wish, "alerts"),
    Other("PUT", f"{INSIGHTS}/alert-rules/{{rule}}", "Change a rule, or turn it off.", body=Wish, scope="alerts"),
    Other("DELETE", f"{INSIGHTS}/alert-rules/{{rule}}", "End a rule.", scope="alerts"),
    Other("GET", f"{INSIGHTS}/exclusions", "What is left out of numbers."),
    Other("GET", f"{INSIGHTS}/delivery", "The page Delivery.", _NOW),
    Other("GET", f"{INSIGHTS}/deployments", "Deployments with what they took.", f"q {_NOW}"),
    Other("GET", f"{INSIGHTS}/milestones", "What is planned.", f"q {_NOW}"),
    Other("GET", f"{INSIGHTS}/deployments/left", "Merged, and taken by none.", f"q {_NOW}"),
    Other("GET", f"{INSIGHTS}/components", "Parts of repositories."),
    Other("GET", f"{INSIGHTS}/alert-findings", "What rules found."),
    *(
        Other(method, f"{ANALYTICS}{path}", summary, query)
        for path, summary, query in (
            ("/collaboration", "The collaboration network.", "period team beyond least"),
            ("/collaboration/teams", "Its shape, team by team.", "period team"),
            ("/collaboration/{person}", "The ties of one person.", "period"),
            ("/heatmap/skills", "What people know.", "period team person by of"),
            ("/heatmap/activity/{person}", "A person's calendar and hours.", "period"),
            ("/productivity", "What gets done over time.", "period team grain by"),
            ("/time-zones", "People by time zone, where that is wanted.", "period team"),
            ("/workload", "How work is spread.", "period team"),
        )
        for method in ("GET", "POST")
    ),
    Other("GET", "/api/me", "Who is signed in with this browser; by its cookie, not by a token.", scope="none"),
    Other("POST", "/api/v1/records/{kind}", "Push records, as JSON, NDJSON or CSV.",
          "repo source time_zone logins_of dry_run create_repo ignore_unknown format", "records", "push"),
    Other("GET", "/api/v1/records/{kind}/template", "A template to fill in; without a token.", "format", scope="none"),
)  # fmt: skip
"""Every one."""
