"""The boards of the section Insights."""

from __future__ import annotations

from core.boards.board import Board, BoardSection, Tile

WORK = ("commits_count", "prs_merged", "review_given_count")


def health(categories: dict[str, tuple[str, ...]], notes: dict[str, str]) -> Board:
    """The whole workspace: what needs attention, the five categories, and how far its data can be trusted."""
    return Board(
        name="health",
        title="Workspace health",
        about="What needs attention, the five categories of the whole workspace, and how complete its data are.",
        sections=(
            BoardSection(tiles=(Tile(widget="workspace.attention"),)),
            *(
                BoardSection(
                    title=name,
                    about=notes.get(name, ""),
                    tiles=(Tile(widget="metric.summary", params={"metrics": keys, "title": f"{name} in numbers"}),),
                )
                for name, keys in categories.items()
            ),
            BoardSection(title="Data", tiles=(Tile(widget="data.completeness"), Tile(widget="data.lag"))),
        ),
    )


def workload() -> Board:
    return Board(
        name="workload",
        title="Workload",
        about="How work is spread over people, and how fair that is.",
        sections=(
            BoardSection(tiles=(Tile(widget="workload.fairness"), Tile(widget="workload.shares"))),
            BoardSection(
                title="Person by person",
                tiles=(
                    Tile(
                        widget="metric.table",
                        params={
                            "metrics": (*WORK, "avg_pr_size", "review_turnaround_hours"), "by": "person",
                            "title": "Who did what",
                        },
                    ),
                ),
            ),
            BoardSection(
                title="Spread",
                tiles=tuple(Tile(widget="metric.distribution", params={"metric": key}, columns=2) for key in WORK),
            ),
        ),
    )  # fmt: skip


def leaderboard(metric: str = "prs_merged") -> Board:
    return Board(
        name=f"leaderboard-{metric}",
        title="Leaderboard",
        about="People in the order of one metric.",
        sections=(
            BoardSection(
                tiles=(
                    Tile(widget="people.leaderboard", params={"metric": metric}),
                    Tile(widget="metric.distribution", params={"metric": metric}),
                )
            ),
        ),
    )


CODE = ("code_churn", "code_rework_ratio", "bus_factor")
REWORK = ("code_rework_own_ratio", "code_rework_others_ratio", "code_reworked_lines")


def code(repo: str = "", path: str = "") -> Board:
    """`repo` and `path`: the place whose files are shown."""
    place = {"repo": repo, "path": path}

    def tile(widget: str, columns: int = 6) -> Tile:
        return Tile(widget=f"code.{widget}", params=place, columns=columns)

    return Board(
        name="code",
        title="Code",
        about="How few people know which code, where it is hot, and how much is changed again soon.",
        sections=(
            BoardSection(tiles=(
                *(Tile(widget="metric.stat", params={"metric": key, "spark": key != "bus_factor"}, columns=2)
                  for key in (*CODE, *REWORK)),
            )),
            BoardSection(
                title="Who knows it",
                about="What only one or two people know is a risk whenever they are away.",
                tiles=(tile("owners"),),
            ),
            BoardSection(
                title="Hotspots",
                about="What changes often, by many hands, and is hard to change.",
                tiles=(tile("hotspot_map"), tile("hotspots")),
            ),
            BoardSection(
                title="Changed again soon",
                about="Some rework is how good code comes to be. A rise is a question: unclear goals, or haste.",
                tiles=(Tile(widget="code.rework"),),
            ),
            BoardSection(title="What it is made of", tiles=(tile("mix_bars", 3), tile("mix", 3))),
        ),
    )  # fmt: skip


def data_status() -> Board:
    return Board(
        name="data-status",
        title="Data status",
        about="How fresh sources and snapshots are.",
        sections=(
            BoardSection(
                tiles=(
                    Tile(widget="data.lag"), Tile(widget="data.snapshots"), Tile(widget="data.completeness"),
                    Tile(widget="data.freshness"),
                )
            ),
        ),
    )  # fmt: skip
