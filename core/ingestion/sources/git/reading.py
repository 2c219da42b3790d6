"""Brings the store's rows of a repository to what its history is now."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from core.base.errors import BadInput, SourceUnreachable
from core.context import Context
from core.ingestion.kind import Order, Progress, Reading
from core.ingestion.lines.keeping import Kept
from core.ingestion.sources.git import tags
from core.ingestion.sources.git.command import asked
from core.ingestion.sources.git.facts import SPACE, Facts
from core.ingestion.sources.git.history import History, Parents, batches, is_straight
from core.ingestion.sources.git.plan import Plan, planned
from core.ingestion.sources.git.repository import Repository, opened
from core.ingestion.sources.git.rows import LATEST
from core.ingestion.sources.git.shards import BATCH, Job, Shards
from core.ingestion.sources.git.writer import Writer
from core.people import service as people
from core.people.views import Seen

GUESSED = {"pull_requests": ("pull_requests", "pr_commits"), "reviews": ("reviews",)}
"""Counted rows → the facts that they make up."""


@dataclass(slots=True)
class Tally:
    """What has been parsed."""

    commits: int = 0
    files: int = 0
    suspect: int = 0
    first_at: int = LATEST
    last_at: int = 0

    def add(self, head: dict[str, int]) -> None:
        self.commits += head["commits"]
        self.files += head["files"]
        self.suspect += head["suspect"]
        self.first_at, self.last_at = min(self.first_at, head["first_at"]), max(self.last_at, head["last_at"])

    @property
    def first(self) -> datetime | None:
        return datetime.fromtimestamp(self.first_at, UTC) if self.commits else None

    @property
    def last(self) -> datetime | None:
        return datetime.fromtimestamp(self.last_at, UTC) if self.commits else None


def read(ctx: Context, order: Order, progress: Progress) -> Reading:
    """Read what is new, or only what a rewritten history changed, or everything."""
    repository = opened(order.config["path"])
    tip = repository.tip(order.config.get("branch", ""))
    rules = repository.rules(tip) if tip else []
    mark = repository.mark(rules, order.config.get("since", ""), order.config.get("branch", ""))
    known = {name: order.cursor.get(name, 0) for name in GUESSED}
    reading = Reading(
        cursor={"tip": tip, "mark": mark, **known},
        complete_until=repository.learned_until(tip, ctx.clock()),
        feeds={},
        is_shallow=bool(repository.boundary()),
        codeowners=repository.codeowners(tip) if tip else {},
        notes=_notes_of(repository, tip, order.config.get("since", "")),
    )
    unfinished = "unfinished" in order.cursor
    if unfinished or order.cursor.get("tip", "") != tip or (tip and order.cursor.get("mark") != mark):
        reading = Import(ctx, order, repository, rules, progress).run(reading)
    reading = replace(reading, feeds=_feeds(order, reading.cursor))
    return _tagged(reading, tags.keep(ctx, order, repository))


def _tagged(reading: Reading, found: tags.Tagged) -> Reading:
    """The same with what the tags tell."""
    return replace(
        reading,
        cursor=reading.cursor | {"tags": found.digest},
        feeds=reading.feeds | ({"tags": False} if found.count else {}),
        counts=found.written.counts,
        first_at=min((at for at in (reading.first_at, found.written.first_at) if at), default=None),
        last_at=max((at for at in (reading.last_at, found.written.last_at) if at), default=None),
    )


class Import:
    """One import of one repository, from the plan to the last statement."""

    def __init__(
        self, ctx: Context, order: Order, repository: Repository, rules: list[tuple[str, bool]], progress: Progress
    ) -> None:
        self.ctx, self.order, self.repository, self.rules, self.progress = ctx, order, repository, rules, progress
        self.since: str = order.config.get("since", "")
        self.branch: str = order.config.get("branch", "") or repository.head_branch()
        self.tally = Tally()
        self.version = order.version

    def run(self, reading: Reading) -> Reading:
        """Write the rows; an import that fails for the source's sake leaves none."""
        tip, mark = reading.cursor["tip"], reading.cursor["mark"]
        plan = planned(self.repository, self.order.cursor, tip, mark)
        try:
            plan, facts = self._written(plan, tip, mark)
        except (SourceUnreachable, BadInput):
            self._undo(plan)
            raise
        self.progress(0.99, "Finishing")
        facts.complete_pull_requests()
        if "pr_commits" not in self.order.provided:
            facts.list_commits()
        facts.bury_empty_branches()
        gone = facts.bury_older() if plan.anew else facts.bury_commits(plan.vanished)
        if gone["commits"]:
            Kept(self.ctx, self.order.repo_id).follow()
        people.register(self.ctx, facts.authors())
        return replace(
            reading,
            cursor=reading.cursor | facts.counts(),
            commits_added=self.tally.commits,
            commits_removed=gone["commits"],
            files_added=self.tally.files,
            first_at=min((at for at in (self.tally.first, gone["first_at"]) if at), default=None),
            last_at=max((at for at in (self.tally.last, gone["last_at"]) if at), default=None),
            notes=reading.notes + self._notes(gone["commits"]),
        )

    def _written(self, plan: Plan, tip: str, mark: str) -> tuple[Plan, Facts]:
        if not tip:
            self._begin(plan, tip, mark)
            return plan, self._facts()
        history = History(self.repository.path, tip, self.branch, plan.base, self.since)
        with closing(Shards()) as shards:
            parents, numbers = history.read()
            if plan.base and not is_straight(parents, tip.encode(), self._foot(plan, tip).encode()):
                # Older commits may belong to other merges now than they did before.
                plan = Plan(anew=True)
                parents, numbers = History(self.repository.path, tip, self.branch, "", self.since).read()
            resumed = self._begin(plan, tip, mark)
            done = self._facts().present() if resumed else set()
            self._parse(shards, self._job(), parents, numbers, done)
        return plan, self._facts()

    def _parse(self, shards: Shards, job: Job, parents: Parents, numbers: dict[bytes, int], done: set[bytes]) -> None:
        orders = batches((sha for sha in parents if sha not in done), numbers, BATCH)
        writer = Writer(self.ctx, self._introduce, self.order.provided)
        try:
            for block in shards.parse(job, orders):
                if block:
                    self.tally.add(block.head)
                    writer.put(block)
                share = (self.tally.commits + len(done)) / max(len(parents), 1)
                self.progress(0.98 * share, f"{self.tally.commits + len(done):,} of {len(parents):,} commits")
        finally:
            shards.close()
            writer.close()

    def _begin(self, plan: Plan, tip: str, mark: str) -> bool:
        """Whether this goes on with an interrupted import of the very same thing, under that one's version."""
        unfinished = self.order.cursor.get("unfinished", {})
        what = {"tip": tip, "mark": mark, "base": plan.base, "vanished": len(plan.vanished)}
        if unfinished.get("what") == what:
            self.version = int(unfinished["version"])
            return True
        self.order.keep({**self.order.cursor, "unfinished": {"what": what, "version": self.version}})
        return False

    def _undo(self, plan: Plan) -> None:
        # Rows that were there before and were written again are true; only what is new can go.
        if not plan.anew or "tip" not in self.order.cursor:
            self._facts().bury_version()
        self.order.keep({name: value for name, value in self.order.cursor.items() if name != "unfinished"})

    def _facts(self) -> Facts:
        return Facts(self.ctx, self.order.repo_id, self.version)

    def _job(self) -> Job:
        return Job(
            path=str(self.repository.path),
            workspace_id=self.ctx.workspace.id,
            repo_id=self.order.repo_id,
            version=self.version << SPACE,
            now=int(self.ctx.clock().timestamp()),
            branch=self.branch,
            rules=self.rules,
            boundary=self.repository.boundary(),
        )

    def _foot(self, plan: Plan, tip: str) -> str:
        return (asked(self.repository.path, "merge-base", plan.base, tip) or "") if plan.vanished else plan.base

    def _introduce(self, who: Iterable[tuple[str, str]]) -> None:
        people.register(self.ctx, [Seen(email, name) for email, name in who])

    def _notes(self, removed: int) -> list[str]:
        notes = []
        if removed:
            notes.append(
                f"Commits that are no longer in the history that is read, and were taken out: {removed:,}."
                " It was rewritten, or another branch or first day was chosen."
            )
        if self.tally.suspect:
            notes.append(
                f"Dates that cannot be right: {self.tally.suspect:,}. Those commits are dated as near as can be."
            )
        return notes


def _feeds(order: Order, cursor: dict[str, Any]) -> dict[str, bool]:
    if not cursor["tip"]:
        return {}
    guessed = [fact for counted, facts in GUESSED.items() for fact in facts if cursor[counted]]
    return {"commits": False, "commit_files": False} | {fact: True for fact in guessed if fact not in order.provided}


def _notes_of(repository: Repository, tip: str, since: str) -> list[str]:
    if not tip:
        return [f"The repository '{repository.path}' has no commits yet. Sync again once it has."]
    notes = [f"Only commits from {since} on are read. `--since all` reads the others too."] if since else []
    if repository.boundary():
        notes.append(
            "This is a shallow clone: older history is missing, and what its oldest commits changed is not known,"
            " so those lines count for nobody. Run `git fetch --unshallow` in it, then sync again."
        )
    return notes
