"""Which periods a workspace keeps snapshots of, and which of them need to be made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.base.errors import BadInput, did_you_mean
from core.base.period import PeriodType, period_end, period_start, zone_of
from core.base.settings import settings
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context
from core.snapshots.models import SnapshotPeriod

CATEGORIES = ("velocity", "efficiency", "quality", "sustainability", "collaboration")
HORIZON_DAYS = {
    PeriodType.DAILY: 400,
    PeriodType.WEEKLY: 1_100,
    PeriodType.BIWEEKLY: 1_100,
    PeriodType.MONTHLY: 3_700,
}
"""How far back periods are made by themselves; older ones are made when asked for."""
GAP = 6
"""Periods between two that are needed which are rather made again than asked for apart."""
MOST = 130
"""Periods in one statement."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A period by its kind and first local day."""

    kind: PeriodType
    start: date

    @property
    def end(self) -> date:
        """First day after it."""
        return period_end(self.kind, self.start)


def metric_keys() -> tuple[str, ...]:
    """Every metric of the five categories."""
    return tuple(metric.key for metric in METRICS if metric.category in CATEGORIES)


def definitions() -> str:
    """Fingerprint of the metrics and their versions: snapshots made with another one are old."""
    text = ",".join(sorted(f"{key}@{METRICS.get(key).version}" for key in metric_keys()))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def chosen(kinds: Iterable[str] | None) -> tuple[PeriodType, ...]:
    """The period types named; all of them for none."""
    known = [kind.value for kind in PeriodType]
    for kind in kinds or ():
        if kind not in known:
            raise BadInput(f"There is no period type '{kind}'.{did_you_mean(kind, known)} Use {', '.join(known)}.")
    return tuple(PeriodType(kind) for kind in dict.fromkeys(kinds or known))


def today(ctx: Context) -> date:
    """The date in the workspace's zone."""
    return ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date()


def oldest_day(ctx: Context) -> date:
    """Periods that ended before this day are not kept."""
    return today(ctx) - timedelta(days=settings().snapshot_keep_days)


def first_day(ctx: Context) -> date | None:
    """The first month in which anything happened, by its first day; None in an empty workspace."""
    scope = Scope(None, time_zone=ctx.workspace.time_zone)
    answer = catalogue.measure(ctx, ("commits_count", "prs_merged", "review_given_count"), scope, ("month",))
    months = [value.group[0] for value in answer.values if value.n and value.group]
    return date.fromisoformat(min(months)) if months else None


def between(kinds: Sequence[PeriodType], first: date, last: date) -> list[Slot]:
    """Every period of these kinds that touches the days from `first` to `last`."""
    found = []
    for kind in kinds:
        start = period_start(kind, first)
        while start <= last:
            found.append(Slot(kind, start))
            start = period_end(kind, start)
    return found


def kept(ctx: Context, kinds: Sequence[PeriodType], earliest: date | None) -> list[Slot]:
    """Every period that is made by itself, from that of the workspace's `first_day` up to the running one."""
    now, oldest = today(ctx), oldest_day(ctx)
    if earliest is None:
        return []
    return [
        slot
        for kind in kinds
        for slot in between((kind,), max(earliest, oldest, now - timedelta(days=HORIZON_DAYS[kind])), now)
    ]


def needed(ctx: Context, session: Session, kinds: Sequence[PeriodType], earliest: date | None) -> list[Slot]:
    """Periods that are missing, dirty, made before they ended, or made with other definitions.

    `earliest` is the `first_day`, asked before the session was opened: nobody may wait for one store under the
    other's lock.
    """
    now, oldest, current = today(ctx), oldest_day(ctx), definitions()
    rows = {Slot(PeriodType(row.period_type), row.period_start): row for row in known(session, ctx, kinds)}
    made = [slot for slot in kept(ctx, kinds, earliest) if slot not in rows]
    old = [
        slot
        for slot, row in rows.items()
        if slot.end > oldest
        and (row.status == "dirty" or row.definitions != current or (row.status == "running" and slot.end <= now))
    ]
    return sorted(made + old)


def known(session: Session, ctx: Context, kinds: Sequence[PeriodType]) -> list[SnapshotPeriod]:
    """The rows of periods that were made, oldest first."""
    return list(
        session.scalars(
            sa.select(SnapshotPeriod)
            .where(SnapshotPeriod.workspace_id == ctx.workspace.id, SnapshotPeriod.period_type.in_(kinds))
            .order_by(SnapshotPeriod.period_type, SnapshotPeriod.period_start)
        )
    )


def runs(slots: Iterable[Slot]) -> list[list[Slot]]:
    """Neighbouring periods of one kind together, small gaps filled: each run is asked for at once."""
    found: list[list[Slot]] = []
    for slot in sorted(set(slots)):
        bridge = _bridge(found[-1][-1], slot) if found and found[-1][-1].kind == slot.kind else None
        if bridge is not None and len(found[-1]) + len(bridge) < MOST:
            found[-1] += [*bridge, slot]
        else:
            found.append([slot])
    return found


def _bridge(left: Slot, right: Slot) -> list[Slot] | None:
    """The periods between two, or None if they are too many."""
    between_them: list[Slot] = []
    start = left.end
    while start < right.start:
        between_them.append(Slot(left.kind, start))
        if len(between_them) > GAP:
            return None
        start = period_end(left.kind, start)
    return between_them
