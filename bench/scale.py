"""Each board on 10,000,000 commits and 500,000 pull requests: `python -m bench.scale [--commits N] [--pulls N]`.

Every board is built from the store for periods that were not asked before (no answer
is kept; the store itself is warm), and again over a period three times as long. A
page asks its questions four at a time, so they are timed as they come there. The
same rows are written as Parquet files, and DuckDB answers some of the questions from
those: what the machine can do at all with them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import filling

if TYPE_CHECKING:
    from core.catalogue.scope import Scope
    from core.context import Context

P95_LIMIT_S = 1.0
DAYS, TIMES = 30, 3
SLACK = 1.15
"""How much faster than the rows in its period a board's time may grow, for the clock's sake."""


@dataclass(frozen=True)
class Peer:
    """One question, asked here and of DuckDB."""

    name: str
    metric: str
    by: tuple[str, ...]
    sql: str
    """Of DuckDB: groups, then the value; `$a` and `$b` are the period's ends."""


PEERS = (
    Peer("commits by week", "commits_count", ("week",), """
        select date_trunc('week', authored_at)::date::varchar, count(*) from commits join people using (author_id)
        where authored_at >= $a and authored_at < $b and is_merge = 0 and is_bot = 0 group by 1"""),
    Peer("commits by person", "commits_count", ("person",), """
        select person_id, count(*) from commits join people using (author_id)
        where authored_at >= $a and authored_at < $b and is_merge = 0 and is_bot = 0 group by 1"""),
    Peer("lines by repository", "lines_added", ("repo",), """
        select repo_id, sum(additions) from commits join people using (author_id)
        where authored_at >= $a and authored_at < $b and is_merge = 0 and is_bot = 0 group by 1"""),
    Peer("cycle time by week", "avg_pr_cycle_time_hours", ("week",), """
        select date_trunc('week', merged_at)::date::varchar, avg(date_diff('second', ready_at, merged_at) / 3600.0)
        from pulls join people using (author_id)
        where merged_at >= $a and merged_at < $b and is_bot = 0 group by 1"""),
    Peer("first review by repository", "avg_time_to_first_review_hours", ("repo",), """
        with answers as (
            select repo_id, pr_number, reviewer_id as who, submitted_at as at from reviews
            union all select repo_id, pr_number, author_id, created_at from comments
        ), answered as (
            select p.repo_id, p.number, min(a.at) as at from pulls p
            join answers a on a.repo_id = p.repo_id and a.pr_number = p.number
            join people w on w.author_id = a.who join people o on o.author_id = p.author_id
            where p.merged_at >= $a and p.merged_at < $b and not w.is_bot and not o.is_bot
                and w.person_id != o.person_id and a.at >= p.ready_at and a.at <= p.merged_at
            group by 1, 2
        )
        select repo_id, avg(date_diff('second', p.ready_at, f.at) / 3600.0) from answered f
        join pulls p using (repo_id, number) group by 1"""),
    Peer("reviews by person", "review_given_count", ("person",), """
        select w.person_id, count(*) from reviews r
        join pulls p on p.repo_id = r.repo_id and p.number = r.pr_number
        join people w on w.author_id = r.reviewer_id join people o on o.author_id = p.author_id
        where submitted_at >= $a and submitted_at < $b and not w.is_bot and w.person_id != o.person_id
        group by 1"""),
)  # fmt: skip


def main() -> int:
    """Fill a store, build every board, ask DuckDB; 1 if a limit was missed."""
    asked = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    asked.add_argument("--commits", type=int, default=10_000_000)
    asked.add_argument("--pulls", type=int, default=500_000)
    asked.add_argument("--rounds", type=int, default=8)
    asked.add_argument("--only", action="append", help="this board alone; may be given again")
    asked.add_argument("--home", type=Path, help="keep the filled store here, and use it if it is filled")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        from core.boards.standard import STANDARD

        home = options.home or Path(folder)
        os.environ["SIGHTLINE_HOME"] = str(home)
        with filling.opened(home, options.commits, options.pulls) as ctx:
            print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {filling.told(ctx)}", flush=True)
            good = [_board(ctx, name, options.rounds) for name in STANDARD if name in (options.only or STANDARD)]
            if not options.only:
                _peers(ctx, home)
    return int(not all(good))


def _board(ctx: Context, name: str, rounds: int) -> bool:
    """Print one board's times; whether it kept its limits."""
    short, questions = _times(ctx, name, DAYS, rounds)
    long, _ = _times(ctx, name, DAYS * TIMES, max(rounds // 2, 3))
    p95 = sorted(questions)[max(int(len(questions) * 0.95 + 0.5) - 1, 0)] if questions else 0.0
    growth = statistics.median(long) / statistics.median(short)
    good = p95 < P95_LIMIT_S and growth < TIMES * SLACK
    print(
        f"{name:>14}: questions p95 {p95 * 1000:5.0f} ms ({len(questions) // rounds} a page),"
        f" the whole page p50 {statistics.median(short) * 1000:5.0f} ms, worst {max(short) * 1000:5.0f} ms;"
        f" {DAYS * TIMES} days take {growth:.1f} × as long: {'met' if good else 'MISSED'}",
        flush=True,
    )
    return good


def _times(ctx: Context, name: str, days: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of each building of the whole page, and of each question that the store was asked for them."""
    from core.boards import service
    from core.figures import Notice

    took, questions = [], []
    for number in range(rounds + 1):
        scope = _scope(ctx, name, days, shift=number)
        board = service.standard(ctx, name)
        with _watched() as asked:
            started = time.perf_counter()
            built = service.build_sections(ctx, board, scope)
            took.append(time.perf_counter() - started)
        wrong = [one.text for part in built for one in part.figures if isinstance(one, Notice) and one.level == "error"]
        if wrong:
            raise SystemExit(f"{name}: {wrong[0]}")
        questions += asked if number else []  # the first warms the store
    return took[1:], questions


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Seconds of every question that the store answers inside the block, side by side as a page asks them."""
    from core.stores.metrics.store import MetricsStore

    took: list[float] = []
    ask = MetricsStore._ask

    def timed(store: MetricsStore, *given: Any, **more: Any) -> Any:
        started = time.perf_counter()
        try:
            return ask(store, *given, **more)
        finally:
            took.append(time.perf_counter() - started)

    MetricsStore._ask = timed  # type: ignore[method-assign, assignment]
    try:
        yield took
    finally:
        MetricsStore._ask = ask  # type: ignore[method-assign]


def _scope(ctx: Context, name: str, days: int, shift: int) -> Scope:
    from core.base.period import between
    from core.catalogue.scope import Scope

    last = filling.LAST - timedelta(days=1 + shift)
    period = between(last - timedelta(days=days - 1), last)
    scope = Scope(period, compare=period.previous())
    if name == "developer":
        return replace(scope, person_ids=(f"p{7 + shift}",))
    if name == "team":
        return replace(scope, team_ids=(f"t{shift % filling.TEAMS}",))
    return scope


def _peers(ctx: Context, home: Path) -> None:
    """The same questions here and of DuckDB, with the same answers."""
    from core.catalogue.service import measure

    ask = _duckdb(ctx, home)
    for peer in PEERS:
        ours, theirs = [], []
        for shift in range(6):
            scope = _scope(ctx, "", DAYS * TIMES, shift)
            assert scope.period
            started = time.perf_counter()
            told = measure(ctx, [peer.metric], replace(scope, compare=None), peer.by)
            ours.append(time.perf_counter() - started)
            started = time.perf_counter()
            rows = ask(peer.sql, {"a": scope.period.start, "b": scope.period.end})
            theirs.append(time.perf_counter() - started)
            _same(peer, told, rows)
        mine, other = statistics.median(ours[1:]), statistics.median(theirs[1:])
        print(
            f"{peer.name:>28}: {mine * 1000:5.0f} ms, DuckDB {other * 1000:5.0f} ms: {mine / other:.1f} ×", flush=True
        )


def _same(peer: Peer, told: Any, rows: list[tuple[Any, ...]]) -> None:
    for group, value in rows:
        ours = told.get(peer.metric, group).value
        if ours is None or abs(ours - value) > 1e-9 * max(abs(value), 1):
            raise SystemExit(f"{peer.name}, {group}: {ours} here, {value} in DuckDB.")


def _duckdb(ctx: Context, home: Path) -> Callable[[str, dict[str, datetime]], list[tuple[Any, ...]]]:
    import duckdb

    line = duckdb.connect(config={"threads": str(os.cpu_count())})
    line.execute("set timezone = 'UTC'")
    for name, file in filling.parquet(ctx, home):
        line.execute(f"create view {name} as select * from read_parquet('{file}')")

    def ask(sql: str, days: dict[str, datetime]) -> list[tuple[Any, ...]]:
        plain = {name: day.astimezone(UTC).replace(tzinfo=None) for name, day in days.items()}
        return list(line.execute(sql, plain).fetchall())

    return ask


if __name__ == "__main__":
    sys.exit(main())
