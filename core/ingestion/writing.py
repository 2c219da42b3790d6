"""How every source but git writes facts: rows in, and only what really changes goes into the store.

    writer = FactWriter(ctx, repo_id, "github", version)
    alice = writer.identity(login="alice", provider="github", at=opened_at)
    writer.add("pull_requests", {"number": 7, "author_id": alice, "state": "open", "opened_at": opened_at, ...})
    written = writer.close()

Nothing counts before `close`. It registers everybody seen first, compares all rows with
what stands, inside the store, and puts in the differences: the same input twice changes
nothing. Its rows replace what git guessed of the same pull request or review; git's
commits are exact, and stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any

from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput, StoreUnreachable, did_you_mean
from core.context import Context
from core.ingestion.staging import Changes, Stage, sweep
from core.ingestion.tables import TABLES
from core.people import service as people
from core.people.identities import identity_id
from core.people.views import Seen

SPACE = 32
"""Bits under a version, as git's rows have them."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch really changed."""

    tables: dict[str, Changes] = field(default_factory=dict)
    first_at: datetime | None = None
    """Earliest moment that a changed row speaks of; None if no row changed."""
    last_at: datetime | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Rows that changed, came or went, by table; tables without any are left out."""
        return {name: changes.total for name, changes in self.tables.items() if changes.total}

    @property
    def changed(self) -> bool:
        return bool(self.counts)

    def note(self, session: Session, ctx: Context, cause: str) -> None:
        """Say in the caller's transaction which days are old now; nothing if no row changed."""
        if self.changed:
            days = (moment.date() if moment else None for moment in (self.first_at, self.last_at))
            workspaces.data_changed(session, ctx.workspace.id, ctx.clock(), cause, *days)


@dataclass(slots=True)
class _Sight:
    """Somebody, while a batch is gathered."""

    is_bot: bool | None
    first_at: datetime | None
    last_at: datetime | None
    count: int = 0


class FactWriter:
    """A batch of one source: gather, then `close` once; as a context manager it leaves nothing after an error.

    `source` is what the rows carry: "github", "push:…". `version` is that of `Order`, or seconds of the clock.
    With `by_time` rows are events that say when they were told, and come to the same in any order.
    """

    def __init__(self, ctx: Context, repo_id: str, source: str, version: int, *, by_time: bool = False) -> None:
        self.ctx, self.repo_id, self.source, self._by_time = ctx, repo_id, source, by_time
        self._version = version << SPACE
        self._stages: dict[str, Stage] = {}
        self._people: dict[tuple[str, str, str, str], _Sight] = {}
        self._written: Written | None = None

    def __enter__(self) -> FactWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            with suppress(StoreUnreachable):
                self.discard()
        elif self._written is None:
            self.close()

    def identity(
        self,
        email: str = "",
        name: str = "",
        login: str = "",
        provider: str = "",
        is_bot: bool | None = None,
        at: datetime | None = None,
    ) -> int:
        """The number of whoever this is, for facts to carry; 0 for nobody. Who is seen is registered at the end."""
        if not (email or name or login):
            return 0
        key = (email, name, login, provider or "git")
        sight = self._people.get(key)
        if sight is None:
            sight = self._people[key] = _Sight(is_bot, at, at)
        sight.count += 1
        if is_bot is not None:
            sight.is_bot = is_bot
        if at is not None:
            sight.first_at = at if sight.first_at is None or at < sight.first_at else sight.first_at
            sight.last_at = at if sight.last_at is None or at > sight.last_at else sight.last_at
        return identity_id(*key)

    def add(self, table: str, row: Mapping[str, Any], repo_id: str = "") -> None:
        """Say a row, the whole of it: a column that is not named is empty. Of two with one key, the later stands."""
        self._stage(table).add({"source": self.source, **row}, repo_id or self.repo_id)

    def patch(self, table: str, row: Mapping[str, Any], repo_id: str = "") -> None:
        """Say some columns of a row: the others stay as they stand."""
        self._stage(table).add({"source": self.source, **row}, repo_id or self.repo_id, whole=False)

    def lay(self, table: str, block: bytes, columns: Sequence[str]) -> None:
        """Say many rows at once, as an Arrow stream of the staged columns; see `Stage.lay`."""
        self._stage(table).lay(block, columns)

    def bury(self, table: str, keys: Mapping[str, Any], repo_id: str = "") -> None:
        """Say that the row with this key is no more."""
        self._stage(table).add(keys, repo_id or self.repo_id, deleted=True)

    def only(self, table: str, source: str = "") -> None:
        """Say that what this batch adds is all there is of this source here: older rows of it go."""
        self._stage(table).bury_rest(self.repo_id, source or self.source)

    def replace_guesses(self, table: str) -> None:
        """Say that this source tells all of this fact, so what git guessed beside it goes."""
        self._stage(table).bury_rest(self.repo_id, "git")

    def see(self, seen: Seen) -> int:
        """The same as `identity` for a sighting that was counted elsewhere."""
        number = self.identity(seen.email, seen.name, seen.login, seen.provider, seen.is_bot, seen.first_seen_at)
        if not number:
            return 0
        sight = self._people[seen.email, seen.name, seen.login, seen.provider]
        sight.count += seen.count - 1
        sight.last_at = max((at for at in (sight.last_at, seen.last_seen_at) if at), default=None)
        return number

    def preview(self, limit: int = 20) -> tuple[Written, dict[str, list[dict[str, Any]]]]:
        """What `close` would change, with some of its rows; nothing is written, and the batch is at its end."""
        try:
            tables = {name: stage.compare() for name, stage in self._ordered()}
            samples = {name: stage.sample(limit) for name, stage in self._ordered()}
        finally:
            self.discard()
        return _summed(tables, []), samples

    def close(self) -> Written:
        """Put in what changes."""
        if self._written is not None:
            return self._written
        try:
            people.register(self.ctx, self._seen())
            self._written = self._put_in()
        finally:
            self.discard()
        return self._written

    def discard(self) -> None:
        """Forget the batch."""
        for stage in self._stages.values():
            stage.drop()
        self._stages, self._people = {}, {}

    def _put_in(self) -> Written:
        tables: dict[str, Changes] = {}
        spans: list[tuple[datetime | None, datetime | None]] = []
        for name, stage in self._ordered():
            tables[name] = stage.compare()
            if tables[name].total:
                # What a parent was before it changes is in its own row of changes; what it is then, in the store.
                stage.apply()
                spans.append(stage.parents())
            stage.drop()
        return _summed(tables, spans)

    def _ordered(self) -> list[tuple[str, Stage]]:
        return [(name, self._stages[name]) for name in TABLES if name in self._stages]

    def _stage(self, table: str) -> Stage:
        stage = self._stages.get(table)
        if stage is None:
            if table not in TABLES:
                raise BadInput(f"There is no table of facts named '{table}'.{did_you_mean(table, TABLES)}")
            if not self._stages:
                sweep(self.ctx)
            stage = self._stages[table] = Stage(self.ctx, TABLES[table], self._version, by_time=self._by_time)
        return stage

    def _seen(self) -> list[Seen]:
        return [
            Seen(email, name, login, provider, sight.is_bot, sight.first_at, sight.last_at, sight.count)
            for (email, name, login, provider), sight in self._people.items()
        ]


def _summed(tables: dict[str, Changes], spans: list[tuple[datetime | None, datetime | None]]) -> Written:
    first = [changes.first_at for changes in tables.values()] + [span[0] for span in spans]
    last = [changes.last_at for changes in tables.values()] + [span[1] for span in spans]
    return Written(tables, min((at for at in first if at), default=None), max((at for at in last if at), default=None))
