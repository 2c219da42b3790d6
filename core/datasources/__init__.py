"""Datasources: a query in, a table out. SQL databases, Prometheus, Jenkins, web APIs, and our own metrics.

`DATASOURCES.get(key)` gives a kind; `Desk` opens those that a report names and asks
each distinct question once. A new kind is a file in `kinds` and a line in `BUILT_IN`;
outsiders register at the entry point `sightline.datasources`.
"""

from core.datasources.datasource import Answer, Datasource, DatasourceArgs, Query
from core.datasources.desk import Desk
from core.datasources.registry import BUILT_IN, DATASOURCES
from core.datasources.window import Window

__all__ = ["BUILT_IN", "DATASOURCES", "Answer", "Datasource", "DatasourceArgs", "Desk", "Query", "Window"]
