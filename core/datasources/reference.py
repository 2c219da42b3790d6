"""The reference of datasources: every kind with its arguments, what it can be asked, and an example."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from core.datasources.datasource import Datasource
from core.datasources.registry import BUILT_IN, DATASOURCES

HEAD = """\
# Datasources

What a [report file](report-files.md) declares under `datasources`, each under an id that views name. A datasource
answers with a table; the first column is the header of a row, and `single_stat` sums the second (or the only) one. A
question that several views ask is asked once. Passwords and tokens may be `${VARIABLES}` of the environment, or stay in
the app: register the datasource under **Connections** and write `connection: NAME` in place of `plugin` and `args`.

No report reaches the addresses at which clouds hand out a machine's own secrets.
"""

EXAMPLES = {
    "sql": "query: select country, count(*) as total from signups where created_at >= {from} group by 1",
    "prometheus": "query: sum by (code) (increase(http_requests_total[1h]))\nquery_args: {step: 1h}",
    "jenkins": "query: get_job_info\nquery_args: {job_name: teams/shop-app}",
    "http": (
        "query: /orders?since={from}\nquery_args:\n  rows_path: $.orders[*]\n  columns: {time: created, total: $.sum}"
    ),
    "googleanalytics": (
        "query: report\nquery_args:\n  property_like: Shop\n  dimensions: ['ga:date']\n  metrics: ['ga:sessions']"
        "\n  filters_expression: ga:country==Chile\n  days: 7  # the last seven of the report's days\n  days_ago: 7"
        "  # all of it a week earlier"
    ),
    "twitter": "query: tweets\nquery_args: {username: acme}",
    "metrics": "query: commits_count, prs_merged by week",
}
"""What a view asks of each."""


def page() -> str:
    """docs/datasources.md."""
    kinds: dict[type[Datasource], list[str]] = {}
    for key in BUILT_IN:
        kinds.setdefault(DATASOURCES.get(key), []).append(key)
    parts = [HEAD, *(part for kind, keys in kinds.items() for part in _kind(kind, keys))]
    return "\n".join(parts).rstrip() + "\n"


def _kind(kind: type[Datasource], keys: list[str]) -> Iterator[str]:
    yield f"## {', '.join(f'`{key}`' for key in keys)}: {kind.label}\n"
    yield f"{_words(kind)}\n"
    yield f"{_words(kind.query)}\n"
    yield f"```yaml\n{EXAMPLES[kind.key]}\n```\n"
    yield "| argument | default | meaning |\n| --- | --- | --- |"
    for name, field in kind.Args.model_fields.items():
        yield f"| {_names(name, field)} | {_default(field)} | {field.description} |"
    yield ""


def _words(thing: Any) -> str:
    return inspect.cleandoc(thing.__doc__ or "")


def _names(name: str, field: Any) -> str:
    others = [str(choice) for choice in getattr(field.validation_alias, "choices", ()) if choice != name]
    return ", ".join(f"`{one}`" for one in (name, *others))


def _default(field: Any) -> str:
    default = field.default
    if field.is_required():
        return "needed"
    if (not default and default is not False) or "Secret" in type(default).__name__:
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
