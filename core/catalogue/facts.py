"""The facts that metrics speak of, each a file in `sql/` of the same name."""

from __future__ import annotations

from core.base.errors import NotFound, did_you_mean
from core.catalogue.fact import OF_COMMITS, OF_PEOPLE, OF_REPOSITORIES, Fact
from core.catalogue.reach import CHANGED, Reach
from core.figures import Column

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
SHARED = (
    _when("At"),
    WHO,
    Column(key="side", label="Given or received"),
    OTHER,
    Column(key="how", label="How"),
    REPO,
    NUMBER,
    SUBJECT,
)

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
        reach=Reach(("merged_at", "closed_at")),
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
        reach=Reach(("open",)),
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
        reach=Reach(("merged_at", "closed_at", "open")),
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
        reach=Reach(("opened_at",)),
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
        reach=Reach(told=("reviews",)),
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
        reach=Reach(("open",)),
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
        reach=Reach(CHANGED, told=("reviews",)),
    ),
    Fact(
        "collaborations",
        "collaborations",
        OF_PEOPLE,
        (_when("At"), WHO, Column(key="how", label="How"), REPO, SUBJECT),
        places="work",
        reach=Reach(told=("reviews",)),
    ),
    Fact(
        "shared_work",
        "interactions of two people",
        OF_PEOPLE,
        SHARED,
        places="work",
        reach=Reach(told=("reviews", "review_comments")),
    ),
    Fact(
        "interactions",
        "interactions of two people, and what each did",
        OF_PEOPLE,
        SHARED,
        places="work",
        reach=Reach(CHANGED, told=("reviews", "review_comments"), whole=False),
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
        reach=Reach(("merged_at",)),
    ),
    Fact(
        "events",
        "pull requests and reviews",
        OF_PEOPLE,
        (_when("At"), WHO, REPO, Column(key="what", label="What")),
        places="review",
        reach=Reach(CHANGED, told=("reviews",), whole=False),
    ),
    Fact(
        "activity",
        "activities",
        OF_PEOPLE,
        (_when("At"), WHO, REPO, Column(key="what", label="What")),
        places="work",
        reach=Reach(CHANGED, told=("reviews",), whole=False),
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
        reach=Reach(("merged_at",)),
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
        places="incident",
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
