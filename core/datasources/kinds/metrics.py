"""Our own metrics: `commits_count by team`, `avg_pr_cycle_time_hours, prs_merged by week`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from core.base.errors import BadInput
from core.datasources.datasource import Answer, Datasource, DatasourceArgs, refuse
from core.datasources.tables import of_columns

ASKED = re.compile(r"\s*(?P<keys>[\w.]+(?:\s*,\s*[\w.]+)*)(?:\s+by\s+(?P<by>\w+(?:\s*,\s*\w+)*))?\s*", re.I)
TIMES = ("day", "week", "biweek", "month")


class MetricsArgs(DatasourceArgs):
    """What the numbers are narrowed to."""

    workspace: str = Field("", description="Short name of the workspace; default the one at hand.")
    teams: list[str] = Field([], description="Only these teams, by name.")
    repositories: list[str] = Field([], description="Only these repositories, by name.")
    components: list[str] = Field([], description="Only these components of repositories, by name.")
    people: list[str] = Field([], description="Only these people, by name or address.")
    include_bots: bool = Field(False, description="Count bots too.")


class Metrics(Datasource):
    """The catalogue of this installation, with the rights of whoever runs the report."""

    key = "metrics"
    label = "Sightline's own metrics"
    Args = MetricsArgs
    needs_house = True

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Answer:
        """A row a group: the axes first (a time as "time"), then a column a metric; a missing value stays missing."""
        from core.catalogue import service as catalogue

        refuse(options, "Our own catalogue", "")
        keys, by = _read(text)
        ctx = self.house()
        scope = self._scope(ctx)
        answer = catalogue.measure(ctx, keys, scope, by)
        return Answer(
            _table(ctx, answer), note=_note(answer), statement=text.strip(),
            individual=catalogue.shows_people(ctx, keys, scope, by), whose=(scope.person_ids, scope.team_ids),
        )  # fmt: skip

    def check(self) -> str:
        from core.catalogue import METRICS

        return f"{len(METRICS)} metrics of '{self.house().workspace.name}' can be asked."

    def schema(self) -> list[tuple[str, str, str]]:
        """Every metric with its unit."""
        from core.catalogue import METRICS

        return [(metric.category, metric.key, metric.unit.value) for metric in METRICS]

    def _scope(self, ctx: Any) -> Any:
        from core.catalogue import service as catalogue
        from core.catalogue.scope import Scope
        from core.components import service as components
        from core.people import service as people

        args = self.args
        return Scope(
            self.window.period,
            team_ids=tuple(people.team(ctx, ref).id for ref in args.teams),
            repo_ids=tuple(catalogue.repository(ctx, ref).id for ref in args.repositories),
            person_ids=tuple(people.person(ctx, ref).id for ref in args.people),
            component_ids=components.chosen(ctx, args.components),
            include_bots=args.include_bots,
            time_zone=self.window.zone,
        )


def _read(text: str) -> tuple[list[str], list[str]]:
    found = ASKED.fullmatch(text)
    if not found:
        raise BadInput(f"'{text.strip()}' is no question for metrics. Write commits_count by team.")
    split = [re.split(r"\s*,\s*", part) if part else [] for part in (found["keys"], found["by"])]
    return split[0], [axis.lower() for axis in split[1]]


def _table(ctx: Any, answer: Any) -> Any:
    groups = sorted({value.group for value in answer.values})
    called = [_names(ctx, axis) for axis in answer.by]
    columns: dict[str, list[Any]] = {}
    for place, axis in enumerate(answer.by):
        texts = [group[place] for group in groups]
        columns["time" if axis in TIMES else axis] = [_cell(axis, text, called[place]) for text in texts]
    for key in answer.keys:
        columns[key] = [answer.get(key, *group).value for group in groups]
    return of_columns(columns)


def _cell(axis: str, text: str, called: Mapping[str, str]) -> Any:
    if axis in TIMES:
        return datetime.fromisoformat(text)
    return int(text) if axis == "hour_of_week" else called.get(text, text)


def _names(ctx: Any, axis: str) -> Mapping[str, str]:
    """What the ids of an axis are called."""
    from core.catalogue import service as catalogue
    from core.components import service as components
    from core.people import service as people

    match axis:
        case "person":
            return people.names(ctx)
        case "team":
            return {team.id: team.name for team in people.teams(ctx)}
        case "repo":
            return {repo.id: repo.name for repo in catalogue.repositories(ctx)}
        case "component":
            return components.names(ctx)
    return {}


def _note(answer: Any) -> str:
    """Why values are missing, each reason once."""
    reasons = dict.fromkeys(value.state_text for value in answer.values if value.value is None and value.state_text)
    return " ".join(list(reasons)[:3])
