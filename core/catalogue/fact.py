"""What a fact is: a relation that metrics aggregate, and the narrowed tables of the store that relations read.

The workspace, the repositories and the days are settled before a formula sees a
row. Rows of a fact say `at` (a UTC instant) or `day` (a local date), `person`,
`is_bot` and `repo_id`, so far as they have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.catalogue.reach import Reach
from core.figures import Column

TIME_AXES = ("day", "week", "biweek", "month")
AXES = ("person", "team", "repo", "component", "email", *TIME_AXES, "hour_of_week")
"""What a question may be grouped by."""

OF_PEOPLE = frozenset({"person", "team", "repo", *TIME_AXES})
OF_COMMITS = OF_PEOPLE | {"email", "hour_of_week"}
OF_REPOSITORIES = frozenset({"repo", *TIME_AXES})

Places = Literal["", "files", "path", "owned", "change", "review", "work", "deployment", "incident"]
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
    reach: Reach | None = None
    """Which pull requests, and what belongs to them, a period reads; None for all of them."""
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
