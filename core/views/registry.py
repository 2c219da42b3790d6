"""The kinds of views by key. None is imported before a report names it."""

from __future__ import annotations

from core.base.late import LateRegistry
from core.views.view import View

BUILT_IN = {
    "plot": "core.views.kinds.plot:Plot",
    "table": "core.views.kinds.table:TableView",
    "single_stat": "core.views.kinds.single_stat:SingleStat",
    "prometheus.alert_summary": "core.views.kinds.alert_summary:AlertSummary",
    "twitter.engagement": "core.views.kinds.engagement:Engagement",
    "jenkins.build_summary": "core.views.kinds.build_summary:BuildSummary",
}

VIEWS: LateRegistry[type[View]] = LateRegistry("view plugin", "sightline.views", BUILT_IN, View)
