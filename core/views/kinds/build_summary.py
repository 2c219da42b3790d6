"""Jenkins' jobs with their newest builds: what is broken, what is healthy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.datasources.datasource import Query
from core.figures import Column, State, Table
from core.views.view import View, ViewArgs

NEWEST = 5
"""Builds of a job that are looked at."""

WORDS = {
    "SUCCESS": "succeeded",
    "FAILURE": "failed",
    "UNSTABLE": "unstable",
    "ABORTED": "aborted",
    "NOT_BUILT": "not built",
    "RUNNING": "running",
}
MARKS = {"SUCCESS": "✓", "FAILURE": "✗", "UNSTABLE": "!", "RUNNING": "…"}


class BuildFilter(BaseModel):
    """Which jobs to show, by regular expressions over their names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: list[str] = Field([], description="Patterns; a job that matches one of them is shown.")
    invert: bool = Field(False, description="Show the jobs that match none.")

    @field_validator("name", mode="before")
    @classmethod
    def _several(cls, given: Any) -> Any:
        return [given] if isinstance(given, str) else given

    @field_validator("name")
    @classmethod
    def _patterns(cls, given: list[str]) -> list[str]:
        for pattern in given:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{pattern}' is no regular expression: {error}.") from error
        return given

    def takes(self, name: str) -> bool:
        """Whether a job of this name is shown."""
        if not self.name:
            return True
        return any(re.search(pattern, name) for pattern in self.name) is not self.invert


class BuildSummaryArgs(ViewArgs):
    datasource: str = Field("jenkins", description="Id of the Jenkins datasource.")
    filters: BuildFilter = Field(default_factory=BuildFilter, description="Which jobs to show.")


class BuildSummary(View):
    """A row a job: its last build, when that was, its health, and how the builds before went."""

    key = "jenkins.build_summary"
    label = "Build summary"
    about = "Jenkins' jobs with their newest builds and health."
    Args = BuildSummaryArgs

    def queries(self) -> Iterable[Query]:
        yield self._query()

    def draw(self) -> Table:
        builds = self.ask(self._query()).table.to_pylist()
        jobs = _by_job(build for build in builds if self.args.filters.takes(build["fullname"]))
        broken = sum(_last(job) in ("FAILURE", "UNSTABLE") for job in jobs.values())
        return Table(
            cols=_columns(),
            rows=[_row(name, job) for name, job in sorted(jobs.items(), key=_order)],
            state=State.MEASURED if jobs else State.NO_DATA,
            state_text="" if jobs else _nothing(bool(builds)),
            note=f"{broken} of {len(jobs)} jobs did not succeed at their last build." if broken else "",
        )

    def _query(self) -> Query:
        return Query(self.args.datasource, "get_all_builds", {"builds": NEWEST})


def _columns() -> list[Column]:
    return [
        Column(key="job", label="Job"),
        Column(key="status", label="Last build"),
        Column(key="number", label="Number", kind="integer"),
        Column(key="time", label="Started", kind="moment"),
        Column(key="health", label="Health", kind="percent", help="The lowest score that Jenkins gives the job."),
        Column(key="newest", label="Newest builds", help="The newest first: ✓ succeeded, ✗ failed, ! unstable."),
        Column(key="url", label="Where", kind="link"),
    ]


def _by_job(builds: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    jobs: dict[str, list[Mapping[str, Any]]] = {}
    for build in builds:
        jobs.setdefault(build["fullname"], []).append(build)
    return jobs


def _row(name: str, job: list[Mapping[str, Any]]) -> list[Any]:
    last = job[0]
    status = _last(job)
    said = WORDS.get(status, status.lower()) if status else "never built"
    return [name, said, last["number"], last["time"], last["health"], " ".join(_marks(job)), last["job_url"]]


def _marks(job: list[Mapping[str, Any]]) -> Iterator[str]:
    return (MARKS.get(build["status"], "–") for build in job if build["status"])


def _last(job: list[Mapping[str, Any]]) -> str:
    return str(job[0]["status"] or "")


def _order(entry: tuple[str, list[Mapping[str, Any]]]) -> tuple[int, str]:
    """What is broken first, then by name."""
    name, job = entry
    return (0 if _last(job) in ("FAILURE", "UNSTABLE") else 1, name)


def _nothing(filtered: bool) -> str:
    return "no job has a name that the filter takes" if filtered else "the server has no jobs that this user can see"
