"""The kinds of datasources by key. None is imported before a report names it."""

from __future__ import annotations

from core.base.late import LateRegistry
from core.datasources.datasource import Datasource

BUILT_IN = {
    "sql": "core.datasources.kinds.sql:Sql",
    "mysql": "core.datasources.kinds.sql:Sql",
    "prometheus": "core.datasources.kinds.prometheus:Prometheus",
    "jenkins": "core.datasources.kinds.jenkins:Jenkins",
    "http": "core.datasources.kinds.http:Http",
    "googleanalytics": "core.datasources.kinds.googleanalytics:GoogleAnalytics",
    "twitter": "core.datasources.kinds.twitter:Twitter",
    "metrics": "core.datasources.kinds.metrics:Metrics",
}

DATASOURCES: LateRegistry[type[Datasource]] = LateRegistry(
    "datasource plugin", "sightline.datasources", BUILT_IN, Datasource
)
