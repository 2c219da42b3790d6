"""The same facts told in another order give the same workspace, to the last digit.

Two workspaces are filled through the services that people use: clones are read, records are pushed, two persons are
merged, one moves to another team, and a week comes in late. Boards, snapshots and a report say the same of both.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.access import insights, workspaces
from core.base.period import between
from core.boards import service as boards
from core.boards.standard import STANDARD
from core.bootstrap import House
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context
from core.ingestion import service as ingestion
from core.ingestion.records import service as records
from core.ingestion.records.service import Push
from core.people import service as people
from core.reports import service as reports
from core.snapshots import service as snapshots
from tests.ingestion import clones
from tests.ingestion.clones import Clone
from tests.reports.conftest import drained

ADA, AT_HOME = "Ada Lovelace <ada@example.org>", "Ada L. <ada@home.example>"
BOB, CLEO = "Bob Martin <bob@example.org>", "Cleo Day <cleo@example.org>"
EVERYBODY = (ADA, AT_HOME, BOB, CLEO)
FIRST = datetime(2026, 2, 2, 8, 17, 11, tzinfo=UTC)
LATE = (date(2026, 2, 16), date(2026, 2, 22))
"""The week that one of the workspaces hears of last."""
PERIOD = between(date(2026, 2, 5), date(2026, 3, 8))
BEFORE = between(date(2026, 1, 5), date(2026, 2, 4))
MOVED = date(2026, 2, 18)
KINDS = ["weekly"]

Row = dict[str, Any]
Told = dict[str, list[Row]]


@dataclass
class Past:
    """What happened: commits by repository, and records by kind."""

    commits: dict[str, list[Row]] = field(default_factory=lambda: {"app": [], "lib": []})
    records: Told = field(
        default_factory=lambda: {
            kind: [] for kind in ("pull_request", "review", "review_comment", "deployment", "incident")
        }
    )


def the_past() -> Past:
    """Five weeks whose moments fall on odd seconds, so that no hour is a round number."""
    draw, past = random.Random(4), Past()
    for number in range(60):
        at = FIRST + timedelta(hours=13 * number, seconds=draw.randrange(7000))
        author = draw.choice(EVERYBODY)
        files = {f"{draw.choice('abc')}{number}.py": "line\n" * draw.randrange(1, 40)}
        said = f"Change {number}"
        if number % 7 == 3:
            said += f"\n\nCo-authored-by: {draw.choice(EVERYBODY)}\n"
        past.commits[draw.choice(("app", "app", "lib"))].append(
            {"message": said, "files": files, "author": author, "at": at}
        )
    for number in range(1, 25):
        _pull(past, draw, number, FIRST + timedelta(hours=31 * number, seconds=draw.randrange(9000)))
    for number in range(12):
        at = FIRST + timedelta(hours=64 * number, seconds=draw.randrange(9000))
        past.records["deployment"].append(
            {"key": f"d{number}", "started_at": at, "finished_at": at + timedelta(seconds=draw.randrange(900)),
             "status": ("success", "success", "failure", "cancelled")[number % 4], "failed": number % 5 == 1}
        )  # fmt: skip
        if number % 3 == 1:
            past.records["incident"].append(
                {"key": f"i{number}", "opened_at": at, "deployment": f"d{number}",
                 "resolved_at": at + timedelta(seconds=draw.randrange(70_000))}
            )  # fmt: skip
    return past


def _pull(past: Past, draw: random.Random, number: int, opened: datetime) -> None:
    def later(least: int, most: int) -> datetime:
        return opened + timedelta(seconds=draw.randrange(least, most))

    author, is_merged = draw.choice(EVERYBODY), number % 6 != 0
    past.records["pull_request"].append(
        {"number": number, "author": author, "title": f"Part {number}", "opened_at": opened,
         "first_commit_at": opened - timedelta(seconds=draw.randrange(90_000)),
         "merged_at": later(100_000, 300_000) if is_merged else None, "merged_by": draw.choice(EVERYBODY),
         "additions": draw.randrange(400), "deletions": draw.randrange(90)}
    )  # fmt: skip
    for place in range(draw.randrange(4)):
        reviewer = draw.choice([one for one in EVERYBODY if one != author])
        said = draw.choice(("approved", "commented", "changes_requested"))
        past.records["review"].append(
            {"pull_request": number, "key": f"r{number}-{place}", "reviewer": reviewer, "state": said,
             "submitted_at": later(300, 99_000), "comments": draw.randrange(5)}
        )  # fmt: skip
        past.records["review_comment"].append(
            {"pull_request": number, "key": f"c{number}-{place}", "author": reviewer, "created_at": later(300, 99_000)}
        )


MOMENTS = {"deployment": "started_at", "incident": "opened_at", "pull_request": "opened_at", "review": "submitted_at",
           "review_comment": "created_at"}  # fmt: skip


def is_late(at: datetime) -> bool:
    return LATE[0] <= at.date() <= LATE[1]


@dataclass
class Workspace:
    """A workspace while it is filled."""

    ctx: Context
    house: House
    clones: dict[str, Clone]
    sources: dict[str, str] = field(default_factory=dict)

    def follow(self, *names: str) -> None:
        for name in names:
            self.sources[name] = ingestion.add_git(self.ctx, self.clones[name].path, name=name).id

    def commit(self, name: str, rows: list[Row]) -> None:
        for row in rows:
            self.clones[name].commit(**{**row, "at": f"{row['at'].timestamp():.0f} +0100"})

    def read(self, name: str) -> None:
        ingestion.sync(self.ctx, self.sources[name])

    def push(self, kind: str, rows: list[Row]) -> None:
        lines = "\n".join(json.dumps(row, default=lambda at: at.isoformat()) for row in rows)
        pushed = records.push(self.ctx, io.BytesIO(lines.encode()), "ndjson", Push(kind, repo="app", source="file"))
        assert not pushed.refused, pushed

    def who(self, name: str) -> str:
        return people.person(self.ctx, name[name.index("<") + 1 : -1]).id

    def merge(self) -> None:
        people.merge(self.ctx, self.who(ADA), self.who(AT_HOME))

    def teams(self, moved_at_once: bool) -> None:
        """Bob is in Atlas, and since MOVED in Borealis: moved one day, or so written down from the first."""
        atlas, borealis = (people.create_team(self.ctx, name).id for name in ("Atlas", "Borealis"))
        people.set_membership(self.ctx, self.who(ADA), atlas, date(2026, 1, 1))
        people.set_membership(self.ctx, self.who(BOB), atlas, date(2026, 1, 1), MOVED if moved_at_once else None)
        people.set_membership(self.ctx, self.who(CLEO), borealis, date(2026, 2, 10))
        if moved_at_once:
            people.set_membership(self.ctx, self.who(BOB), borealis, MOVED)

    def move(self) -> None:
        people.move(self.ctx, self.who(BOB), people.team(self.ctx, "Borealis").id, MOVED)

    def settled(self) -> Workspace:
        """As the next visitor finds it, with every snapshot made that is due."""
        row = workspaces.find(self.house.app, self.ctx.workspace.slug)
        self.ctx = self.house.context(row)
        snapshots.refresh_dirty(self.ctx)
        return self


def step_by_step(there: Workspace, past: Past) -> Workspace:
    """Sources as they come; then a merge, a move, and at last the week that was missing."""
    there.follow("app", "lib")
    for name, rows in past.commits.items():
        there.commit(name, [row for row in rows if not is_late(row["at"])])
        there.read(name)
    for kind, told in past.records.items():
        there.push(kind, [row for row in told if not is_late(row[MOMENTS[kind]])])
    there.teams(moved_at_once=False)
    snapshots.generate(there.ctx)
    there.merge()
    there.move()
    for name, rows in past.commits.items():
        there.commit(name, [row for row in rows if is_late(row["at"])])
        there.read(name)
    for kind, told in past.records.items():
        there.push(kind, [row for row in told if is_late(row[MOMENTS[kind]])])
    return there.settled()


def backwards(there: Workspace, past: Past) -> Workspace:
    """The late week first, every other thing after and from its end, people last."""
    there.follow("lib", "app")
    for kind, told in reversed(past.records.items()):
        there.push(kind, [row for row in reversed(told) if is_late(row[MOMENTS[kind]])])
    for kind, told in past.records.items():
        there.push(kind, [row for row in reversed(told) if not is_late(row[MOMENTS[kind]])])
    for name in ("lib", "app"):
        there.read(name)
    there.merge()
    there.teams(moved_at_once=True)
    snapshots.generate(there.ctx)
    return there.settled()


@pytest.fixture
def both(house: House, tmp_path: Path) -> tuple[Workspace, Workspace]:
    """The same past, told step by step and backwards."""
    past, cloned = the_past(), {name: clones.new(tmp_path / name) for name in ("app", "lib")}
    for clone in cloned.values():
        clone.commit("Begin", {"README": "1\n"}, author=ADA, at=f"{FIRST.timestamp():.0f} +0100")

    def made(slug: str) -> Workspace:
        ctx = house.context(workspaces.create(house.app, name="Acme", slug=slug, now=house.clock()))
        insights.change(ctx, {"snapshot_kinds": KINDS})
        return Workspace(ctx, house, cloned)

    return step_by_step(made("acme"), past), backwards(made("emca"), past)


def told(there: Workspace, value: Any) -> Any:
    """JSON with names instead of this workspace's own ids, and without how long a question took."""
    ctx = there.ctx
    called = {ctx.workspace.id: "workspace", ctx.workspace.slug: "slug"} | people.names(ctx)
    called |= {one.id: one.name for one in people.teams(ctx)}
    called |= {one.repo_id: one.name for one in ingestion.sources(ctx)}
    text = json.dumps(value, default=str, sort_keys=True)
    for own, name in called.items():
        text = text.replace(f'"{own}"', json.dumps(f"<{name}>"))
    return json.loads(re.sub(r'"(duration_ms|query_hash)": [^,}]*', r'"\1": null', text))


def on_boards(there: Workspace) -> dict[str, Any]:
    """Every figure of every standard board: of one person, of the team that somebody joined, or of all."""
    ctx, found = there.ctx, {}
    about = {"developer": {"person_ids": (there.who(ADA),)}, "team": {"team_ids": (people.team(ctx, "Borealis").id,)}}
    for name in STANDARD:
        scope = Scope(PERIOD, compare=BEFORE, **about.get(name, {}))
        figures = boards.build(ctx, boards.standard(ctx, name), scope)
        found[name] = told(there, [figure.model_dump(mode="json") for figure in figures])
    return found


def in_snapshots(there: Workspace) -> list[Any]:
    rows = there.ctx.metrics.rows(
        "SELECT subject_kind, subject_id, period_type, toString(period_start) AS first, values, numerators,"
        " denominators, ns, states FROM snapshots FINAL WHERE workspace_id = {w:String}",
        {"w": there.ctx.workspace.id},
    )
    found: list[Any] = told(there, rows)
    return sorted(found, key=lambda row: (row["subject_kind"], row["subject_id"], row["period_type"], row["first"]))


def in_a_report(there: Workspace) -> Any:
    from core.reports import reading

    chosen = {"date_range": "2026-02-05..2026-03-08", "compare": "previous", "formats": ["json"]}
    run = reports.run_now(there.ctx, reports.create(there.ctx, "Weekly", chosen).id)
    for task, args in drained(there.house):
        if task == "report":
            reports.execute(there.house, *map(str, args))
    return told(there, reading.document(there.ctx, run.id).model_dump(mode="json"))


def differences(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Where two pieces of JSON differ, each in a line."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{where}[{place}]")
    elif one != other:
        yield f"{where}: {one!r} is not {other!r}"


def test_a_workspace_says_the_same_in_whatever_order_it_was_told(both: tuple[Workspace, Workspace]) -> None:
    one, other = both
    everything = catalogue.measure(one.ctx, ("commits_count", "prs_merged"), Scope(None))
    assert (everything.get("commits_count").value, everything.get("prs_merged").value) == (62, 20)

    for seen in (on_boards, in_snapshots, in_a_report):
        found: Callable[[Workspace], Any] = seen
        assert list(differences(found(one), found(other))) == [], seen.__name__
