"""What readings of all providers share: part after part, rows by the batch, an end that can be gone on from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.context import Context
from core.ingestion.kind import Order, Progress, Reading
from core.ingestion.sources.ahead import chunks
from core.ingestion.sources.gone import Gone
from core.ingestion.sources.guesses import guessed, no_guesses
from core.ingestion.sources.progressing import Journey, Row
from core.ingestion.sources.web import Missing, Refused
from core.ingestion.writing import FactWriter

OVERLAP = timedelta(hours=1)
"""Read again before the end of the last reading, since a provider's lists may lag behind."""
WARM = timedelta(days=14)
"""For so long after it was closed a pull request is read again: its parts change without a word of it."""
LATE = timedelta(days=35)
"""Deployments and runs of workflows may change for so long after they began."""
BATCH = 1_000
"""Pull requests that go in at once: so many are read again at most after a reading was killed."""
LARGE = 5_000
"""Smaller rows that go in at once."""
PULLS = "pull requests"
CHILDREN = ("pr_commits", "reviews", "review_comments", "review_requests")
PULL_FACTS = ("pull_requests", *CHILDREN)

T = TypeVar("T", bound=Mapping[str, Any])
RowOf = Callable[[FactWriter, T], dict[str, Any] | None]


def moment(text: str | None) -> datetime | None:
    """A moment as providers write it."""
    return datetime.fromisoformat(text) if text else None


@dataclass
class ProviderReading:
    """One reading of one repository."""

    ctx: Context
    order: Order
    progress: Progress
    notes: list[str] = field(default_factory=list)
    feeds: dict[str, bool] = field(default_factory=dict)
    share: float = 0.0
    seen: int = 0
    """Pull requests that are in hand."""

    def __post_init__(self) -> None:
        self.path: str = self.order.config["repository"]
        self.source: str = self.order.account.key
        self.since = moment(self.order.cursor.get("until"))
        self.stands = bool(self.order.cursor)
        self.order.account.web.heard = lambda words: self.progress(self.share, words)

    @property
    def provider(self) -> str:
        """Whose logins these are."""
        return str(self.order.account.provider)

    def begin(self, began: datetime | None) -> None:
        """Begin, or go on with what was interrupted; `began` is the provider's own clock."""
        now = self.ctx.clock()
        self.journey = Journey.gone_on_with(self.ctx, self.order, min(began or now, now))

    def part(self, name: str, until: float, facts: tuple[str, ...], read: Callable[[], None]) -> None:
        """One part; what the account may not see is said, and counts as not collected."""
        if name not in self.journey.parts:
            self.progress(self.share, f"Asking for {name}")
            try:
                read()
            except (Refused, Missing) as error:
                if name == PULLS:
                    raise
                self.notes.append(f"The {name} of '{self.path}' are not read: {error.message}")
                return
            self.journey.ended(name)
        self.share = until
        self.feeds |= dict.fromkeys(facts, False)

    def ended(self) -> Reading:
        journey = self.journey
        return Reading(
            cursor={**journey.place.get("next", {}), "until": journey.began.isoformat()},
            complete_until=journey.began,
            feeds=self.feeds,
            counts={table: count for table, count in sorted(journey.counts.items()) if count},
            first_at=journey.first_at,
            last_at=journey.last_at,
            notes=self.notes,
        )

    def is_due(self, updated: datetime, closed: datetime | None) -> bool:
        """Whether something that is not open has to be read again."""
        assert self.since is not None
        return updated >= self.since - OVERLAP or bool(closed and closed >= self.since - WARM)

    # rows

    def pulls(
        self,
        numbers: list[int],
        read: Callable[[list[int]], Iterable[list[T]]],
        number: str,
        rows_of: Callable[[FactWriter, T], Iterable[Row]],
    ) -> None:
        """Read pull requests in their order and put them in by the batch; what is in need not be read again."""
        done = self.journey.place.get(PULLS, 0)
        left = [one for one in numbers if one > done]
        self.seen = len(numbers) - len(left)
        nodes = (node for some in read(left) for node in self._counted(some, len(numbers)))
        for batch in chunks(nodes, BATCH):
            self._put_pulls(batch, [node[number] for node in batch], rows_of)
            self.journey.place[PULLS] = batch[-1][number]
            self.journey.keep()
        if guessed(self.ctx, self.order.repo_id):
            self.journey.write(no_guesses)

    def _counted(self, some: list[T], whole: int) -> list[T]:
        self.seen += len(some)
        self.share = 0.7 * self.seen / max(whole, 1)
        self.progress(self.share, f"{self.seen:,} of {whole:,} pull requests")
        return some

    def _put_pulls(self, nodes: list[T], numbers: list[int], rows_of: Callable[[FactWriter, T], Iterable[Row]]) -> None:
        told: list[Row] = []
        gone = Gone(self.ctx, self.order.repo_id, self.source, "pr_number", numbers)

        def fill(writer: FactWriter) -> None:
            told.extend(row for node in nodes for row in rows_of(writer, node))
            for table, row in told:
                writer.add(table, row)
            for table in CHILDREN if self.stands else ():
                gone.bury(writer, table, [row for name, row in told if name == table])

        self.journey.write(fill, told)

    def put(self, table: str, nodes: Iterable[T], row_of: RowOf[T]) -> None:
        """Put in smaller rows by the batch."""
        for batch in chunks(nodes, LARGE):
            told: list[Row] = []

            def fill(writer: FactWriter, batch: list[T] = batch, told: list[Row] = told) -> None:
                told.extend((table, row) for node in batch if (row := row_of(writer, node)))
                for _, one in told:
                    writer.add(table, one)

            self.journey.write(fill, told)

    def whole(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Put in all there is of something small; what is not among it is gone."""

        def fill(writer: FactWriter) -> None:
            for row in rows:
                writer.add(table, row)
            writer.only(table)

        self.journey.write(fill, [(table, row) for row in rows])

    def counted(self, what: str, pages: Iterable[list[T]], stop: Callable[[T], bool] | None = None) -> Iterator[T]:
        """Everything on the pages, told as it comes, up to the first thing that is known."""
        found = 0
        for page in pages:
            found += len(page)
            self.progress(self.share, f"{found:,} {what}")
            for node in page:
                if stop and stop(node):
                    return
                yield node
