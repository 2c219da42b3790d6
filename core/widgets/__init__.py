"""Widgets: what a dashboard tile and a report block have in common.

`WIDGETS.get(key).build(ctx, scope, params)` returns a finished figure; `accept`
checks settings that came from outside. A new kind is a file in `families` and a
line in `BUILT_IN`; outsiders register at the entry point `sightline.widgets`.
"""

from core.widgets.families import (
    activity,
    anomalies,
    attention,
    breakdown,
    changes,
    code,
    collected,
    comparison,
    distribution,
    flow,
    freshness,
    leaderboard,
    multiples,
    productivity,
    reviewing,
    skills,
    standing,
    stat,
    summary,
    table,
    together,
    trend,
    workload,
    zones,
)
from core.widgets.widget import WIDGETS, MetricKey, Params, Widget

BUILT_IN = (
    stat.WIDGET,
    trend.WIDGET,
    breakdown.WIDGET,
    table.WIDGET,
    summary.WIDGET,
    distribution.WIDGET,
    activity.HOUR_WIDGET,
    activity.CALENDAR_WIDGET,
    changes.WIDGET,
    standing.STANDING_WIDGET,
    standing.BAND_WIDGET,
    comparison.TABLE_WIDGET,
    comparison.LINES_WIDGET,
    flow.PHASES_WIDGET,
    flow.THROUGH_WIDGET,
    flow.OPEN_WIDGET,
    reviewing.PAIRS_WIDGET,
    reviewing.LOAD_WIDGET,
    multiples.WIDGET,
    freshness.WIDGET,
    collected.COMPLETE_WIDGET,
    collected.LAG_WIDGET,
    collected.KEPT_WIDGET,
    workload.FAIRNESS_WIDGET,
    workload.SHARES_WIDGET,
    leaderboard.WIDGET,
    attention.WIDGET,
    together.WIDGET,
    skills.WIDGET,
    code.HOTSPOTS_WIDGET,
    code.HOTSPOT_MAP_WIDGET,
    code.OWNERS_WIDGET,
    code.MIX_WIDGET,
    code.MIX_BARS_WIDGET,
    code.REWORK_WIDGET,
    productivity.WIDGET,
    zones.HOURS_WIDGET,
    zones.OVERLAP_WIDGET,
    zones.LIST_WIDGET,
    anomalies.WIDGET,
    anomalies.HISTORY_WIDGET,
)

for _widget in BUILT_IN:
    WIDGETS.add(_widget)

__all__ = ["BUILT_IN", "WIDGETS", "MetricKey", "Params", "Widget"]
