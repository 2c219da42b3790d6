"""The facts that metrics speak of: named relations over the fact tables, each a file in `sql/`.

A file reads other relations and the narrowed tables of `TABLES`, never a table of
the store: the workspace, the repositories and the days are settled before a
formula sees a row. Rows of a fact say `at` (a UTC instant) or `day` (a local
date), `person`, `is_bot` and `repo_id`, so far as they have them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from core.base.errors import NotFound, did_you_mean
from core.figures import Column

SQL = Path(__file__).parent / "sql"

TIME_AXES = ("day", "week", "biweek", "month")
AXES = ("person", "team", "repo", "component", "email", *TIME_AXES, "hour_of_week")
"""What a question may be grouped by."""

OF_PEOPLE = frozenset({"person", "team", "repo", *TIME_AXES})
OF_COMMITS = OF_PEOPLE | {"email", "hour_of_week"}
OF_REPOSITORIES = frozenset({"repo", *TIME_AXES})

Places = Literal["", "files", "path", "owned", "change", "review", "work", "deployment"]
"""How it is told to which components a row belongs: see `core.catalogue.places`."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the metrics store as a relation narrowed to the workspace."""

    name: str
    by_repo: bool = True
    moment: str = ""
    """The column that a period narrows at the source; empty reads all rows."""
    by_rule: bool = False
    """A repository's rule may say what counts: then only the rows that it derived do."""


TABLES = {
    "commit_rows": Table("commits", moment="authored_at"),
    "every_commit_row": Table("commits"),
    "file_rows": Table("commit_files", moment="authored_at"),
    "line_rows": Table("line_changes", moment="authored_at"),
    "tree_rows": Table("tree_files"),
    "pull_request_rows": Table("pull_requests"),
    "review_rows": Table("reviews"),
    "comment_rows": Table("review_comments"),
    "request_rows": Table("review_requests"),
    "pr_commit_rows": Table("pr_commits"),
    "issue_rows": Table("issues"),
    "milestone_rows": Table("milestones"),
    "deployment_rows": Table("deployments", by_rule=True),
    "incident_rows": Table("incidents", by_rule=True),
    "identity_rows": Table("identity_people", by_repo=False),
    "member_rows": Table("team_members", by_repo=False),
    "schedule_rows": Table("work_schedules", by_repo=False),
    "day_off_rows": Table("days_off", by_repo=False),
    "exclusion_rows": Table("pr_exclusions", by_repo=False),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation that metrics aggregate."""

    key: str
    label: str
    """Plural noun of its rows."""
    axes: frozenset[str]
    evidence: tuple[Column, ...]
    """Columns that the rows behind a number are shown with; `person` and `repo` are named."""
    moment: Literal["at", "day"] = "at"
    reach_days: int = 0
    """How many days before and after the period its commits must be read."""
    approximate: bool = False
    """Has rows that git alone told, marked by a column `approximate`."""
    excludable: bool = False
    """Its rows are pull requests that a rule may leave out, marked by a column `is_excluded`."""
    places: Places = ""
    """Empty where nothing tells to which components a row belongs: then it cannot be asked of them."""
    as_of_end: bool = False
    """Its rows are how things stood when the period ended: periods cannot be asked together."""
    by_folder: bool = False
    """Its rows are of files, and can be narrowed to a folder."""
    heaviest: str = ""
    """The column by which rows are shown, largest first, where the newest are not the ones that matter."""

    @property
    def groups(self) -> frozenset[str]:
        """Every axis that its rows can be grouped by."""
        return self.axes | {"component"} if self.places else self.axes


EXCLUDES = """(e.3 = '' OR e.3 = r.repo_id) AND ifNull(multiIf(
        e.1 = 'label', arrayExists(one -> one ILIKE e.2, r.labels),
        e.1 = 'title', r.title ILIKE e.2,
        e.1 = 'branch', r.head_branch ILIKE e.2 OR r.base_branch ILIKE e.2,
        e.1 = 'age', dateDiff(
            'day', r.opened_at, coalesce(r.merged_at, r.closed_at, toDateTime({today:Date} + 1, {tz:String}))
        ) > toInt64OrZero(e.2),
        e.1 = 'number', toString(r.number) = e.2,
        0
    ), 0)"""
"""Whether a rule e (field, pattern, repository) means a pull request r."""

IN_FOLDER = "({folder:String} = '' OR path = {folder:String} OR startsWith(path, concat({folder:String}, '/')))"
"""Whether a path lies in the folder that is asked for."""

WHO = Column(key="person", label="Person")
OTHER = Column(key="other", label="With")
REPO = Column(key="repo", label="Repository")
SUBJECT = Column(key="subject", label="Subject")
NUMBER = Column(key="number", label="Number", kind="number")
TITLE = Column(key="title", label="Title")
LINK = Column(key="url", label="Link", kind="link")


def _when(label: str) -> Column:
    return Column(key="at", label=f"{label} (UTC)", kind="moment")


def _hours(key: str, label: str) -> Column:
    return Column(key=key, label=label, kind="hours")


DAY = Column(key="day", label="Day", kind="date")

_BUILT_IN = (
    Fact(
        "authored_commits",
        "commits",
        OF_COMMITS,
        (
            _when("Authored"),
            WHO,
            REPO,
            Column(key="sha", label="Commit"),
            SUBJECT,
            Column(key="lines_added", label="Added", kind="integer"),
            Column(key="lines_removed", label="Removed", kind="integer"),
        ),
        places="files",
    ),
    Fact(
        "file_changes",
        "changed files",
        OF_PEOPLE,
        (
            _when("Authored"),
            WHO,
            REPO,
            Column(key="sha", label="Commit"),
            Column(key="path", label="Path"),
            Column(key="language", label="Language"),
            Column(key="additions", label="Added", kind="integer"),
            Column(key="deletions", label="Removed", kind="integer"),
        ),
        by_folder=True,
        places="files",
    ),
    Fact(
        "active_days",
        "days with a commit",
        OF_PEOPLE | {"email"},
        (DAY, WHO, Column(key="commits", label="Commits", kind="integer"), _hours("active_hours", "First to last")),
        moment="day",
        places="files",
    ),
    Fact(
        "commit_days",
        "working days",
        OF_PEOPLE | {"email"},
        (
            DAY,
            WHO,
            Column(key="commits", label="Commits", kind="integer"),
            Column(key="working_days", label="Working day", kind="integer"),
        ),
        moment="day",
        reach_days=31,
        places="files",
    ),
    Fact(
        "finished_prs",
        "merged or closed pull requests",
        OF_PEOPLE,
        (
            _when("Merged or closed"),
            WHO,
            REPO,
            NUMBER,
            TITLE,
            Column(key="size", label="Lines", kind="integer"),
            Column(key="reviews", label="Reviews", kind="integer"),
            _hours("cycle_hours", "Ready to merged"),
            _hours("first_review_hours", "Ready to first response"),
            LINK,
        ),
        approximate=True,
        excludable=True,
        places="change",
    ),
    Fact(
        "open_prs",
        "open pull requests",
        frozenset({"person", "team", "repo"}),
        (
            Column(key="opened_at", label="Opened (UTC)", kind="moment"),
            WHO,
            REPO,
            NUMBER,
            TITLE,
            Column(key="waits_for", label="Waits for"),
            _hours("quiet_hours", "Since the last touch"),
            _hours("age_hours", "Age"),
            LINK,
        ),
        approximate=True,
        as_of_end=True,
        excludable=True,
        places="change",
    ),
    Fact(
        "pulls",
        "pull requests",
        frozenset({"person", "team", "repo"}),
        (
            REPO,
            NUMBER,
            TITLE,
            WHO,
            Column(key="state", label="State"),
            Column(key="opened_at", label="Opened (UTC)", kind="moment"),
            Column(key="merged_at", label="Merged (UTC)", kind="moment"),
            Column(key="size", label="Lines", kind="integer"),
            Column(key="responses", label="Answers", kind="integer"),
            _hours("hours", "Time since ready"),
            LINK,
        ),
        approximate=True,
        as_of_end=True,
        places="change",
    ),
    Fact(
        "pull_events",
        "events of pull requests",
        frozenset({"person", "team", "repo"}),
        (
            _when("At"),
            WHO,
            Column(key="what", label="What"),
            Column(key="detail", label="Detail"),
        ),
        places="change",
    ),
    Fact(
        "opened_prs",
        "opened pull requests",
        OF_PEOPLE,
        (_when("Opened"), WHO, REPO, NUMBER, TITLE, LINK),
        approximate=True,
        excludable=True,
        places="change",
    ),
    Fact(
        "reviews_given_and_received",
        "reviews",
        OF_PEOPLE,
        (
            _when("Submitted"),
            WHO,
            Column(key="side", label="Given or received"),
            OTHER,
            REPO,
            NUMBER,
            TITLE,
            Column(key="verdict", label="Verdict"),
            Column(key="comments", label="Comments", kind="integer"),
            _hours("turnaround_hours", "Turnaround"),
        ),
        approximate=True,
        places="review",
    ),
    Fact(
        "waiting_reviews",
        "reviews asked for and not given",
        frozenset({"person", "team", "repo"}),
        (
            Column(key="requested_at", label="Asked (UTC)", kind="moment"),
            WHO,
            Column(key="other", label="Author"),
            REPO,
            NUMBER,
            TITLE,
            _hours("waited_hours", "Waited"),
            LINK,
        ),
        approximate=True,
        excludable=True,
        as_of_end=True,
        places="change",
    ),
    Fact(
        "review_opportunities",
        "pull requests that could be reviewed",
        OF_PEOPLE,
        (_when("Opened"), WHO, REPO, NUMBER, TITLE, Column(key="is_reviewed", label="Reviewed", kind="integer"), LINK),
        reach_days=90,
        approximate=True,
        excludable=True,
        places="change",
    ),
    Fact(
        "collaborations",
        "collaborations",
        OF_PEOPLE,
        (_when("At"), WHO, Column(key="how", label="How"), REPO, SUBJECT),
        places="work",
    ),
    Fact(
        "interactions",
        "interactions of two people, and what each did",
        OF_PEOPLE,
        (
            _when("At"),
            WHO,
            Column(key="side", label="Given or received"),
            OTHER,
            Column(key="how", label="How"),
            REPO,
            NUMBER,
            SUBJECT,
        ),
        places="work",
    ),
    Fact(
        "reviewed_prs",
        "reviewed pull requests",
        OF_PEOPLE,
        (
            _when("Merged"),
            WHO,
            REPO,
            NUMBER,
            TITLE,
            Column(key="is_cross_team", label="By another team", kind="integer"),
            LINK,
        ),
        excludable=True,
        places="change",
    ),
    Fact(
        "events",
        "pull requests and reviews",
        OF_PEOPLE,
        (_when("At"), WHO, REPO, Column(key="what", label="What")),
        places="review",
    ),
    Fact(
        "activity", "activities", OF_PEOPLE, (_when("At"), WHO, REPO, Column(key="what", label="What")), places="work"
    ),
    Fact(
        "deploys",
        "deployments",
        OF_REPOSITORIES,
        (
            _when("Finished"),
            REPO,
            Column(key="environment", label="Environment"),
            Column(key="status", label="Status"),
            Column(key="failure_link", label="Failure linked by"),
            _hours("recovery_hours", "Recovery"),
            LINK,
        ),
        places="deployment",
    ),
    Fact(
        "planned",
        "milestones",
        frozenset({"repo"}),
        (
            TITLE,
            REPO,
            Column(key="state", label="State"),
            Column(key="due_at", label="Due (UTC)", kind="moment"),
            LINK,
        ),
    ),
    Fact(
        "planned_work",
        "issues and pull requests",
        frozenset({"repo"}),
        (_when("Opened"), Column(key="what", label="What"), REPO, NUMBER, TITLE, LINK),
    ),
    Fact(
        "matched_deploys",
        "deployments",
        OF_REPOSITORIES,
        (
            _when("Finished"),
            REPO,
            Column(key="environment", label="Environment"),
            Column(key="status", label="Status"),
            Column(key="sha", label="Commit"),
            Column(key="matched_by", label="Pull requests taken by"),
            Column(key="failure_link", label="Failure linked by"),
            LINK,
        ),
        places="deployment",
    ),
    Fact(
        "merged_changes",
        "merged pull requests",
        OF_PEOPLE,
        (_when("Merged"), WHO, REPO, NUMBER, TITLE, _hours("deploy_hours", "Merged to deployed"), LINK),
        excludable=True,
        places="change",
    ),
    Fact(
        "deployed_changes",
        "deployed pull requests",
        OF_PEOPLE,
        (_when("Deployed"), WHO, REPO, NUMBER, TITLE, _hours("lead_hours", "First commit to deployed"), LINK),
        excludable=True,
        places="change",
    ),
    Fact(
        "outages",
        "incidents",
        OF_REPOSITORIES,
        (
            _when("Opened"),
            REPO,
            TITLE,
            Column(key="severity", label="Severity"),
            _hours("resolve_hours", "Time to resolve"),
            LINK,
        ),
    ),
    Fact(
        "present_changes",
        "changes of files that are there",
        OF_PEOPLE,
        (
            _when("Authored"),
            WHO,
            REPO,
            Column(key="sha", label="Commit"),
            Column(key="path", label="Path"),
            Column(key="additions", label="Added", kind="integer"),
            Column(key="deletions", label="Removed", kind="integer"),
        ),
        by_folder=True,
        places="path",
    ),
    Fact(
        "owned_lines",
        "people and repositories that they wrote lines of",
        frozenset({"person", "team", "repo"}),
        (
            WHO,
            REPO,
            Column(key="weight", label="Lines, newer ones weighing more", kind="decimal"),
            Column(key="written", label="Lines added", kind="integer"),
            Column(key="last_at", label="Last (UTC)", kind="moment"),
        ),
        reach_days=1800,
        as_of_end=True,
        by_folder=True,
        heaviest="weight",
        places="owned",
    ),
    Fact(
        "owned_files",
        "people and files that they wrote lines of",
        frozenset({"person", "team", "repo"}),
        (WHO, REPO, Column(key="path", label="Path"), Column(key="weight", label="Lines, weighed", kind="decimal")),
        reach_days=1800,
        as_of_end=True,
        heaviest="weight",
        places="path",
    ),
    Fact(
        "reworked_lines",
        "lines that were changed or removed",
        OF_PEOPLE,
        (
            _when("Authored"),
            WHO,
            REPO,
            Column(key="sha", label="Commit"),
            Column(key="path", label="Path"),
            Column(key="lines", label="Lines", kind="integer"),
            Column(key="whose", label="Whose they were"),
            _hours("age_hours", "Age"),
            Column(key="previous_sha", label="Written by commit"),
        ),
        by_folder=True,
        places="path",
    ),
)

FACTS = {fact.key: fact for fact in _BUILT_IN}


def fact(key: str) -> Fact:
    """The fact named `key`; NotFound with the nearest name if there is none."""
    if key not in FACTS:
        raise NotFound(f"There is no fact named '{key}'.{did_you_mean(key, FACTS)}")
    return FACTS[key]


@cache
def relation(name: str) -> str:
    """The SELECT of a relation, as its file has it, without comments."""
    text = (SQL / f"{name}.sql").read_text()
    return (
        re.sub(r"^\s*--.*\n", "", text, flags=re.MULTILINE)
        .strip()
        .replace("/*excludes*/", EXCLUDES)
        .replace("/*folder*/", IN_FOLDER)
    )


@cache
def parts_of(name: str) -> tuple[str, ...]:
    """Relations and tables that `name` reads, each before the first that reads it, ending with `name` itself."""
    known = {path.stem for path in SQL.glob("*.sql")} | set(TABLES)
    ordered: dict[str, None] = {}

    def visit(one: str) -> None:
        if one in ordered:
            return
        if one not in TABLES:
            for word in re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", relation(one)):
                if word in known:
                    visit(word)
        ordered[one] = None

    visit(name)
    return tuple(ordered)
