"""The boards that ship."""

from __future__ import annotations

from collections.abc import Callable

from core.base.errors import BadInput
from core.boards import analytics, insights
from core.boards.board import Board, BoardSection, Tile
from core.boards.delivery import delivery

VELOCITY = ("commits_count", "prs_merged", "lines_added", "lines_removed", "net_lines", "commit_frequency",
            "pr_throughput", "avg_commit_size")  # fmt: skip
EFFICIENCY = ("avg_pr_cycle_time_hours", "avg_time_to_first_review_hours", "avg_pr_size", "pr_merge_rate",
              "first_commit_to_merge_hours", "rework_ratio")  # fmt: skip
QUALITY = ("review_participation_rate", "avg_review_depth", "review_turnaround_hours", "self_merge_rate")
SUSTAINABILITY = ("weekend_commit_ratio", "late_night_commit_ratio", "longest_streak_days", "avg_daily_active_hours",
                  "focus_score", "cross_team_pr_ratio")  # fmt: skip
COLLABORATION = ("unique_collaborators", "cross_team_pr_ratio", "review_given_count", "review_received_count",
                 "knowledge_sharing_score")  # fmt: skip
DELIVERY = ("deployment_frequency", "lead_time_hours", "change_failure_rate", "recovery_time_hours",
            "incident_time_to_resolve_hours", "lead_time_unmatched_ratio")  # fmt: skip

CATEGORIES = {
    "Velocity": (VELOCITY, ("commits_count", "prs_merged")),
    "Efficiency": (EFFICIENCY, ("avg_pr_cycle_time_hours", "avg_time_to_first_review_hours")),
    "Quality": (QUALITY, ("review_turnaround_hours", "avg_review_depth")),
    "Sustainability": (SUSTAINABILITY, ("weekend_commit_ratio", "late_night_commit_ratio")),
    "Collaboration": (COLLABORATION, ("review_given_count", "unique_collaborators")),
}
"""The five categories: all their metrics, and the two whose course is drawn."""

CATEGORY_NOTES = {
    "Sustainability": "A high focus score can be depth or a silo: read it beside the cross-team pull requests.",
}


def overview() -> Board:
    return Board(
        name="overview",
        title="Overview",
        about="What changed, how delivery goes, and how fresh the data are.",
        sections=(
            BoardSection(
                tiles=_stats(
                    "commits_count", "prs_merged", "active_people",
                    "avg_pr_cycle_time_hours", "avg_time_to_first_review_hours", "rework_ratio",
                )
            ),
            BoardSection(
                title="What changed",
                tiles=(
                    Tile(widget="changes.top", params={"title": "Largest changes"}, columns=6),
                    Tile(widget="changes.top", params={"by": "team", "title": "By team", "metrics": (
                        "commits_count", "prs_merged", "avg_pr_cycle_time_hours", "avg_time_to_first_review_hours",
                        "rework_ratio", "weekend_commit_ratio",
                    ), "limit": 8}),
                ),
            ),
            BoardSection(
                title="Delivery",
                tiles=(
                    *_stats(*DELIVERY),
                    _trend("deployment_frequency"),
                    _trend("lead_time_hours"),
                ),
            ),
            BoardSection(
                title="Work",
                tiles=(
                    _trend("commits_count"),
                    _trend("prs_merged"),
                    _trend("avg_pr_cycle_time_hours"),
                    _trend("review_given_count"),
                    Tile(widget="metric.breakdown", params={"metric": "prs_merged", "by": "team"}, columns=3),
                    Tile(widget="metric.breakdown", params={"metric": "commits_count", "by": "repo"}, columns=3),
                ),
            ),
            BoardSection(title="Data", tiles=(Tile(widget="data.freshness"),)),
        ),
    )  # fmt: skip


COMPONENTS = BoardSection(
    title="Components",
    about="Parts of repositories. What belongs to several stands in each of them.",
    tiles=(
        Tile(widget="metric.breakdown", params={"metric": "commits_count", "by": "component"}, columns=3),
        Tile(widget="metric.breakdown", params={"metric": "prs_merged", "by": "component"}, columns=3),
        Tile(
            widget="metric.table",
            params={
                "by": "component",
                "title": "Components and their numbers",
                "metrics": ("commits_count", "lines_added", "prs_merged", "avg_pr_cycle_time_hours",
                            "avg_time_to_first_review_hours", "deployments_count"),
            },
        ),
    ),
)  # fmt: skip
"""Where a workspace has components."""


def developer() -> Board:
    sections = [
        BoardSection(
            title=name,
            about=CATEGORY_NOTES.get(name, ""),
            tiles=(
                Tile(widget="person.standing", params={"metrics": metrics, "title": f"{name} in numbers"}),
                *(Tile(widget="person.trend", params={"metric": key}, columns=3) for key in drawn),
            ),
        )
        for name, (metrics, drawn) in CATEGORIES.items()
    ]
    spread = ("commits_count", "prs_merged", "avg_pr_cycle_time_hours", "review_given_count")
    return Board(
        name="developer",
        title="Developer",
        about="One person's five categories, beside their own past and their team.",
        sections=(
            BoardSection(
                tiles=_stats(
                    "commits_count",
                    "prs_merged",
                    "review_given_count",
                    "avg_pr_cycle_time_hours",
                    "avg_time_to_first_review_hours",
                    "unique_collaborators",
                ),
            ),
            *sections,
            BoardSection(
                title="Among all people",
                about="Where this person stands in the whole workspace. A place is no judgement: work differs.",
                tiles=tuple(Tile(widget="metric.distribution", params={"metric": key}, columns=3) for key in spread),
            ),
            BoardSection(title="When", tiles=(Tile(widget="activity.hours"), Tile(widget="activity.calendar"))),
        ),
    )


def team() -> Board:
    people = ("commits_count", "prs_merged", "review_given_count", "avg_pr_cycle_time_hours",
              "avg_time_to_first_review_hours", "review_turnaround_hours", "weekend_commit_ratio",
              "late_night_commit_ratio")  # fmt: skip
    return Board(
        name="team",
        title="Team",
        about="A team's numbers, its people, and how it changed.",
        sections=(
            BoardSection(
                tiles=_stats(
                    "commits_count",
                    "prs_merged",
                    "review_given_count",
                    "avg_pr_cycle_time_hours",
                    "avg_time_to_first_review_hours",
                    "review_turnaround_hours",
                )
            ),
            BoardSection(
                title="Over time",
                tiles=tuple(
                    _trend(key)
                    for key in ("commits_count", "prs_merged", "avg_pr_cycle_time_hours", "review_given_count")
                ),
            ),
            BoardSection(title="What changed", tiles=(Tile(widget="changes.top"),)),
            BoardSection(
                title="People",
                tiles=(
                    Tile(widget="metric.table", params={"metrics": people, "by": "person", "title": "People"}),
                    Tile(widget="metric.distribution", params={"metric": "prs_merged"}, columns=3),
                    Tile(widget="metric.distribution", params={"metric": "review_given_count"}, columns=3),
                ),
            ),
            *(
                BoardSection(
                    title=name,
                    about=CATEGORY_NOTES.get(name, ""),
                    tiles=(Tile(widget="metric.summary", params={"metrics": metrics, "title": f"{name} in numbers"}),),
                )
                for name, (metrics, _) in CATEGORIES.items()
            ),
        ),
    )


def compare(of: str = "team", metric: str = "commits_count", subjects: str = "") -> Board:
    """`subjects` are ids by commas: each gets a chart of `metric`, all on one scale."""
    if of not in ("person", "team", "component", "period"):
        raise BadInput(f"People, teams, components and periods can be compared, not '{of}'.")
    drawn = ("commits_count", "prs_merged", "avg_pr_cycle_time_hours", "review_given_count")
    lines = () if of == "period" else tuple(
        Tile(widget="compare.lines", params={"metric": key, "of": of}, columns=3) for key in drawn
    )  # fmt: skip
    if of == "period":
        lines = tuple(_trend(key) for key in drawn)
    tables = tuple(
        BoardSection(
            title=name,
            about=CATEGORY_NOTES.get(name, ""),
            tiles=(Tile(widget="compare.table", params={"metrics": keys, "of": of, "title": f"{name} side by side"}),),
        )
        for name, (keys, _) in CATEGORIES.items()
    )
    ids = ("now", "before") if of == "period" else tuple(one for one in subjects.split(",") if one)
    apart = BoardSection(
        title="Each by itself, on one scale",
        tiles=tuple(
            Tile(
                widget="compare.single", params={"metric": metric, "of": of, "subject": one},
                columns=3 if len(ids) in (2, 4) else 2,
            )
            for one in ids
        ),
    )  # fmt: skip
    return Board(
        name=f"compare-{of}-{metric}",
        title="Compare",
        about="People, teams, components or periods side by side.",
        sections=(*((apart,) if ids else ()), BoardSection(title="Over time", tiles=lines), *tables),
    )


def activity() -> Board:
    return Board(
        name="activity",
        title="Activity",
        about="When work happens, in each person's own local time.",
        sections=(
            BoardSection(tiles=_stats("commits_count", "weekend_commit_ratio", "late_night_commit_ratio")),
            BoardSection(title="Hours of the week", tiles=(Tile(widget="activity.hours"),)),
            BoardSection(title="Day by day", tiles=(Tile(widget="activity.calendar"),)),
            BoardSection(
                title="Outside of working hours",
                tiles=(_trend("weekend_commit_ratio"), _trend("late_night_commit_ratio")),
            ),
        ),
    )


def _stats(*keys: str) -> tuple[Tile, ...]:
    return tuple(Tile(widget="metric.stat", params={"metric": key}, columns=2) for key in keys)


def _trend(key: str) -> Tile:
    return Tile(widget="metric.trend", params={"metric": key}, columns=3)


STANDARD: dict[str, Callable[..., Board]] = {
    "overview": overview,
    "developer": developer,
    "team": team,
    "compare": compare,
    "activity": activity,
    "health": lambda: insights.health({name: keys for name, (keys, _) in CATEGORIES.items()}, CATEGORY_NOTES),
    "workload": insights.workload,
    "leaderboard": insights.leaderboard,
    "code": insights.code,
    "data-status": insights.data_status,
    "delivery": delivery,
    "collaboration": analytics.collaboration,
    "productivity": analytics.productivity,
    "zones": analytics.zones,
}
