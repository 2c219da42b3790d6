"""Jenkins: its jobs and their builds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pydantic import Field, SecretStr

from core.base.errors import BadInput, did_you_mean
from core.base.period import zone_of
from core.datasources.datasource import Answer, Datasource, DatasourceArgs
from core.datasources.tables import of_columns
from core.datasources.web import TIMEOUT_S, Web, address

FOLDERS = 6
"""Folders within folders that are looked into."""
BUILDS = 50
"""Newest builds of a job that are read."""

JOB = "fullName,url,color,healthReport[score,description]"
BUILD = "builds[number,url,result,building,timestamp,duration]"


class JenkinsArgs(DatasourceArgs):
    """Where the server is, and who asks."""

    host: str = Field(min_length=1, description="Host, as in https://jenkins.example.com.")
    user: str = Field("", description="User to sign in as.")
    api_token: SecretStr = Field(SecretStr(""), description="API token of that user.")
    verify_tls: bool = Field(True, description="Check the server's certificate.")
    timeout_s: float = Field(TIMEOUT_S, gt=0, le=600, description="Seconds to wait for an answer.")


class Jenkins(Datasource):
    """A Jenkins server. A query is the name of one of its questions."""

    key = "jenkins"
    label = "Jenkins"
    Args = JenkinsArgs

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Any:
        """`get_all_jobs`, `get_job_info` (with `job_name`) or `get_all_builds` (with `builds`, how many a job)."""
        name = text.strip()
        if name not in self._questions:
            raise BadInput(
                f"Jenkins has no question '{name}'.{did_you_mean(name, self._questions)}"
                f" It has {', '.join(self._questions)}."
            )
        return self._questions[name](**options)

    @property
    def _questions(self) -> dict[str, Callable[..., Any]]:
        return {
            "get_all_jobs": self.get_all_jobs,
            "get_job_info": self.get_job_info,
            "get_all_builds": self.get_all_builds,
        }

    def get_all_jobs(self) -> Any:
        """Every job: fullname and url."""
        found = list(_jobs(self._json("/api/json", _tree(JOB))))
        return of_columns({"fullname": [job["fullName"] for job in found], "url": [job["url"] for job in found]})

    def get_job_info(self, job_name: str) -> Any:
        """The newest builds of one job, the newest first: status, number, time, seconds, url."""
        path = "".join(f"/job/{quote(part)}" for part in job_name.strip("/").split("/"))
        job = self._json(f"{path}/api/json", f"{JOB},{BUILD}{{0,{BUILDS}}}")
        return self._builds([job | {"fullName": job.get("fullName", job_name)}], whole=False)

    def get_all_builds(self, builds: int = 5) -> Answer:
        """The newest builds of every job in one question, with the job's health."""
        depth = max(1, min(int(builds), BUILDS))
        found = list(_jobs(self._json("/api/json", _tree(f"{JOB},{BUILD}{{0,{depth}}}"))))
        return Answer(self._builds(found, whole=True))

    def check(self) -> str:
        told = self._json("/api/json", "nodeDescription,mode")
        return f"Jenkins answers ({told.get('nodeDescription') or 'no description'})."

    def close(self) -> None:
        if web := self.__dict__.get("_web"):
            web.close()

    def _builds(self, jobs: list[Mapping[str, Any]], *, whole: bool) -> Any:
        """One row a build; with `whole` also the job's name, address and health, and a row for a job never built."""
        pairs = [(job, build) for job in jobs for build in job.get("builds") or ([{}] if whole else [])]
        clock = zone_of(self.window.zone)
        columns: dict[str, list[Any]] = {
            "status": [_status(build) for _, build in pairs],
            "number": [build.get("number") for _, build in pairs],
            "time": [_time(build.get("timestamp"), clock) for _, build in pairs],
            "seconds": [_seconds(build) for _, build in pairs],
            "url": [build.get("url") for _, build in pairs],
        }
        if not whole:
            return of_columns(columns)
        about: dict[str, list[Any]] = {
            "fullname": [job["fullName"] for job, _ in pairs],
            "job_url": [job["url"] for job, _ in pairs],
            "health": [_health(job) for job, _ in pairs],
            "health_text": [_health_text(job) for job, _ in pairs],
        }
        return of_columns(about | columns)

    def _json(self, path: str, tree: str) -> Any:
        if "_web" not in self.__dict__:
            args = self.args
            login = (args.user, args.api_token.get_secret_value()) if args.user else None
            self._web = Web(address(args.host), auth=login, verify=args.verify_tls, timeout_s=args.timeout_s)
        return self._web.json(path, params={"tree": tree})


def _tree(fields: str) -> str:
    """The fields of jobs, and of jobs in folders, as Jenkins wants them asked."""
    tree = f"jobs[{fields}]"
    for _ in range(FOLDERS):
        tree = f"jobs[{fields},{tree}]"
    return tree


def _jobs(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every job that can be built; a folder gives those in it."""
    for job in told.get("jobs") or ():
        if "jobs" in job:
            yield from _jobs(job)
        else:
            yield job


def _status(build: Mapping[str, Any]) -> str | None:
    if not build:
        return None
    return "RUNNING" if build.get("building") else build.get("result") or "UNKNOWN"


def _time(stamp: Any, clock: Any) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp / 1000, clock)


def _seconds(build: Mapping[str, Any]) -> float | None:
    return None if build.get("building") or "duration" not in build else build["duration"] / 1000


def _health(job: Mapping[str, Any]) -> float | None:
    scores = [report["score"] for report in job.get("healthReport") or () if report.get("score") is not None]
    return min(scores) / 100 if scores else None


def _health_text(job: Mapping[str, Any]) -> str | None:
    reports = sorted(job.get("healthReport") or (), key=lambda report: report.get("score", 100))
    return reports[0].get("description") if reports else None
