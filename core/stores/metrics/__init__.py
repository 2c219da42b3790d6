"""The metrics store: facts and snapshots in ClickHouse, embedded or on a server, by one client."""

from core.stores.metrics.store import ONCE, MetricsStore

__all__ = ["ONCE", "MetricsStore"]
