"""What a workspace decides about its insights: snapshots, privacy of wellbeing, leaderboards, what needs attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.access.models import WorkspaceRow
from core.access.workspaces import note
from core.base.errors import did_you_mean
from core.base.fields import accepted
from core.base.period import PeriodType
from core.context import LEAST_GROUP, Capability, Context

KEY = "insights"
"""Of the workspace's settings."""
KINDS = tuple(kind.value for kind in PeriodType)


def _kinds(given: list[str]) -> list[str]:
    for kind in given:
        if kind not in KINDS:
            raise ValueError(f"there is no period type '{kind}'.{did_you_mean(kind, KINDS)}")
    return [kind for kind in KINDS if kind in given]


class InsightSettings(BaseModel):
    """One workspace's decisions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    auto_snapshots: bool = Field(True, description="The worker makes snapshots by itself.")
    snapshot_kinds: Annotated[list[str], AfterValidator(_kinds)] = Field(
        list(KINDS), description="Period types that it makes."
    )
    least_group: int = Field(
        LEAST_GROUP, ge=2, le=100, description="People that a wellbeing figure or a leaderboard is made of, at least."
    )
    leaderboards: bool = Field(False, description="Whether people may be shown in an order.")
    zone_map: bool = Field(
        False,
        description="Whether people are shown by time zone, without names, in groups of the smallest size or more.",
    )
    stale_days: float = Field(2.0, gt=0, le=90, description="Days after which a source is late.")
    review_wait_hours: float = Field(24.0, gt=0, le=1000, description="Hours to the first review that need attention.")
    failure_rate: float = Field(0.15, gt=0, le=1, description="Change failure rate that needs attention.")
    off_hours_ratio: float = Field(
        0.2, gt=0, le=1, description="Share of commits at weekends, or late at night, that needs attention."
    )
    unfair_gini: float = Field(0.5, gt=0, le=1, description="Gini coefficient of a team's work that needs attention.")


def settings(ctx: Context) -> InsightSettings:
    """What the workspace has decided; the defaults where it has not."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        row = session.get_one(WorkspaceRow, ctx.workspace.id)
        return InsightSettings.model_validate(row.settings.get(KEY, {}))


def change(ctx: Context, changes: Mapping[str, Any]) -> InsightSettings:
    """Decide anew about what is named; BadInput that says which value is wrong."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    wanted = accepted(InsightSettings, {**settings(ctx).model_dump(), **changes}, "Insight settings")
    with ctx.app.session() as session:
        row = session.get_one(WorkspaceRow, ctx.workspace.id, with_for_update=True)
        row.settings = {**row.settings, KEY: wanted.model_dump()}
        row.data_version += 1  # what was answered before may show what is hidden now
        note(session, ctx, "insights.change", row.slug, changed=sorted(changes))
    return wanted
