"""A first report file: what a person answered, as YAML with comments, ready to run and to be changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.reports.code.scalars import resolved

SQL = {
    "sqlite": ("date({time})", "datetime({{from}}, '-' || {{interval}})"),
    "mysql": ("date({time})", "date_sub({{from}}, {{interval}})"),
    "postgresql": ("cast({time} as date)", "{{from}} - {{interval}}"),
    "clickhouse": ("toDate({time})", "{{from}} - {{interval}}"),
}
"""Kind of database → the day of a moment, and the first moment of the period before."""

PLAIN = re.compile(r"[A-Za-z_][\w.]*")
SAFE = re.compile(r"[\w./~@$][\w ./~@${}+=,:-]*")
NUMBERS = ("port", "smtp_port")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a first report is about. The defaults are those of the sample database."""

    title: str = "Weekly sign-ups"
    kind: str = "sqlite"
    """One of `SQL`, or prometheus, jenkins, http."""
    source: Mapping[str, str] = field(default_factory=lambda: {"database": "signups.db"})
    """Arguments of the datasource, a secret as ${VARIABLE}."""
    table: str = "signups"
    time_column: str = "created_at"
    group_column: str = "country"
    """Column that the bars are split by; empty for one bar a day."""
    query: str = ""
    """What Prometheus or a web API is asked."""
    outputs: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: {"static": {"output_dir": "./_build"}})


def written(answers: Answers, file: str) -> str:
    """The text of the file that is to be called so."""
    return HEAD.format(title=scalar(answers.title), file=file) + _source(answers) + _views(answers) + _outputs(answers)


HEAD = """\
# A report file.
#   run it:                  sightline report run -c {file}
#   see it while you write:  sightline report run -c {file} --watch
#   only check it:           sightline report validate {file}
title: {title}

# The report is about the last 7 days before today; -s and -e choose other days.
interval_days: 7
# timezone: Europe/Berlin     # default: this machine's

"""

SQL_VIEWS = """\
views:
  # One number, and how it differs from as many days before.
  total:
    plugin: single_stat
    title: Total
    cols: 2
    args:
      datasource: source
      query: |
        select count(*) as rows_in_period from {table}
        where {time} >= {{from}} and {time} < {{to}}
      comparison_query: |
        select count(*) as rows_before from {table}
        where {time} >= {before} and {time} < {{from}}
      comparison_type: percent

  # A bar a day{split}.
  daily:
    plugin: plot
    title: Each day
    cols: 4
    args:
      datasource: source
      kind: bar
      time_column: day
{options}      query: |
        select {day} as day, {columns}count(*) as number
        from {table}
        where {time} >= {{from}} and {time} < {{to}}
        group by {groups}
        order by {groups}
      query_args:
        parse_dates: [day]

  # The newest rows. More than max_rows are counted, not fetched.
  newest:
    plugin: table
    title: Newest
    args:
      datasource: source
      max_rows: 10
      query: |
        select * from {table}
        where {time} >= {{from}} and {time} < {{to}}
        order by {time} desc
"""

PROMETHEUS_VIEWS = """\
views:
  over_time:
    plugin: plot
    title: Over time
    args:
      datasource: source
      query: {query}
      # groupby: instance       # a line for each value of a label

  alerts:
    plugin: prometheus.alert_summary
    title: Alerts
    args:
      datasource: source
      # labels: {{severity: critical}}
"""

JENKINS_VIEWS = """\
views:
  builds:
    plugin: jenkins.build_summary
    title: Builds
    args:
      datasource: source
      # filters: {name: -app}   # only jobs whose name matches
"""

HTTP_VIEWS = """\
views:
  rows:
    plugin: table
    title: Rows
    args:
      datasource: source
      query: {query}
      max_rows: 10
"""


def scalar(text: str) -> str:
    """`text` as YAML writes it: in quotes wherever plain would mean something else."""
    # ${NAME} is expanded in plain scalars only, so it must stay one.
    if SAFE.fullmatch(text) and resolved(text) == text == text.strip() and not re.search(r":( |$)", text):
        return text
    return "'" + text.replace("'", "''") + "'"


def _source(answers: Answers) -> str:
    plugin = "sql" if answers.kind in SQL else answers.kind
    args = {**({"driver": answers.kind} if plugin == "sql" else {}), **answers.source}
    lines = [f"      {name}: {value if name in NUMBERS else scalar(value)}\n" for name, value in args.items() if value]
    note = "  # A value such as ${NAME} is read from the environment, so that no secret stands here.\n"
    secret = note if any("${" in value for value in args.values()) else ""
    return f"datasources:\n{secret}  source:\n    plugin: {plugin}\n    args:\n{''.join(lines)}\n"


def _views(answers: Answers) -> str:
    return VIEWS.get(answers.kind, _sql_views)(answers) + "\n"


def _sql_views(answers: Answers) -> str:
    day, before = SQL[answers.kind]
    time, group = (name and _named(name, answers.kind) for name in (answers.time_column, answers.group_column))
    return SQL_VIEWS.format(
        table=_named(answers.table, answers.kind),
        time=time,
        day=day.format(time=time),
        before=before.format(),
        split=f", a colour for each {answers.group_column}" if group else "",
        options=f"      groupby: {scalar(answers.group_column)}\n      stacked: true\n" if group else "",
        columns=f"{group}, " if group else "",
        groups="1, 2" if group else "1",
    )


VIEWS: dict[str, Callable[[Answers], str]] = {
    "prometheus": lambda answers: PROMETHEUS_VIEWS.format(query=scalar(answers.query)),
    "jenkins": lambda answers: JENKINS_VIEWS,
    "http": lambda answers: HTTP_VIEWS.format(query=scalar(answers.query)),
}


def _named(name: str, kind: str) -> str:
    """A table or column as SQL writes it."""
    if PLAIN.fullmatch(name):
        return name
    mark = "`" if kind in ("mysql", "clickhouse") else '"'
    return mark + name.replace(mark, mark * 2) + mark


def _outputs(answers: Answers) -> str:
    """Where it goes; every one is tried, whatever became of the others."""
    parts = ["outputs:\n"]
    for plugin, args in answers.outputs.items():
        parts.append(f"  {plugin}:\n    plugin: {plugin}\n    args:\n")
        parts += [
            f"      {name}: {value if name in NUMBERS else _listed(value)}\n" for name, value in args.items() if value
        ]
    return "".join(parts)


def _listed(value: str) -> str:
    """Several values by commas are a list."""
    values = [one.strip() for one in value.split(",")]
    return scalar(value) if len(values) == 1 else f"[{', '.join(scalar(one) for one in values)}]"
