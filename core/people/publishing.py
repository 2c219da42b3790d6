"""Telling the metrics store who is whom: what changed is written, nothing else.

The wanted rows are worked out from the app store, compared with what stands in the
metrics store, and the difference is inserted with a higher version; what is no longer
wanted becomes a tombstone. So it may run again after any failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import WorkspaceRow
from core.context import Capability, Context
from core.people import calendars
from core.people.merging import roots
from core.people.models import Identity, Membership, Person

if TYPE_CHECKING:
    import pyarrow as pa

FOREVER = date(2149, 6, 6)
"""What `valid_to` holds while a membership lasts: the last day that a Date can say."""

KEYS = {
    "identity_people": ("identity_id",),
    "team_members": ("team_id", "person_id", "valid_from"),
    "work_schedules": ("person_id",),
    "days_off": ("person_id", "day"),
}
VALUES = {
    "identity_people": ("person_id", "is_bot"),
    "team_members": ("valid_to",),
    "work_schedules": ("working_weekdays", "time_zone", "start_minute", "end_minute"),
    "days_off": ("reason",),
}
EMPTY: dict[str, tuple[Any, ...]] = {
    "identity_people": ("", 0),
    "team_members": (FOREVER,),
    "work_schedules": ([], "", 0, 0),
    "days_off": ("",),
}
"""What a tombstone holds beside its key."""

Rows = dict[tuple[Any, ...], tuple[Any, ...]]
"""Values by key."""


def publish(ctx: Context) -> int:
    """Bring the metrics store's tables of people up to date; returns how many rows were written."""
    with ctx.metrics.brief(), ctx.app.session() as session:
        hold(session, ctx)
        return written(session, ctx)


@contextmanager
def changing(ctx: Context) -> Iterator[Session]:
    """A transaction in which somebody changes people; published before it commits, so neither happens alone."""
    ctx.require(Capability.MANAGE_PEOPLE)
    with ctx.metrics.brief(), ctx.app.session() as session:
        hold(session, ctx)
        yield session
        written(session, ctx)


def hold(session: Session, ctx: Context) -> None:
    """Let nobody else change or publish this workspace's people before the caller's transaction ends."""
    session.execute(sa.select(WorkspaceRow.id).where(WorkspaceRow.id == ctx.workspace.id).with_for_update())


def written(session: Session, ctx: Context, tables: Iterable[str] = tuple(KEYS)) -> int:
    """The same inside the caller's transaction, which holds the workspace's people."""
    session.flush()
    wanted = {
        "identity_people": _identities,
        "team_members": _memberships,
        "work_schedules": calendars.resolved_schedules,
        "days_off": calendars.resolved_days_off,
    }
    return sum(_differences_written(ctx, table, wanted[table](session, ctx)) for table in tables)


def _identities(session: Session, ctx: Context) -> Rows:
    found = session.execute(
        sa.select(Identity.id, Identity.person_id, Person.is_bot)
        .join(Person, Person.id == Identity.person_id)
        .where(Identity.workspace_id == ctx.workspace.id)
    )
    return {(identity,): (person, int(is_bot)) for identity, person, is_bot in found}


def _memberships(session: Session, ctx: Context) -> Rows:
    """Spans by team, person after merges and first day; spans of one team that touch become one."""
    found = session.execute(
        sa.select(Membership.team_id, Membership.person_id, Membership.from_day, Membership.to_day).where(
            Membership.workspace_id == ctx.workspace.id
        )
    ).all()
    root = roots(session, ctx.workspace.id)
    spans = sorted((team, root.get(person, person), start, end or FOREVER) for team, person, start, end in found)
    joined: Rows = {}
    last: tuple[Any, ...] | None = None
    for team, person, start, end in spans:
        if last and last[:2] == (team, person) and start <= joined[last][0]:
            joined[last] = (max(end, joined[last][0]),)
        else:
            last = (team, person, start)
            joined[last] = (end,)
    return joined


def _differences_written(ctx: Context, table: str, wanted: Rows) -> int:
    there = _standing(ctx, table)
    changed = {key: values for key, values in wanted.items() if there.get(key) != values}
    gone = there.keys() - wanted.keys()
    if changed or gone:
        ctx.metrics.insert_arrow(table, _arrow(ctx.workspace.id, table, changed, gone, _newest(ctx, table) + 1))
    return len(changed) + len(gone)


def _newest(ctx: Context, table: str) -> int:
    """The highest version that stands, tombstones included."""
    params = {"workspace": ctx.workspace.id}
    found = ctx.metrics.scalar(f"SELECT max(version) FROM {table} WHERE workspace_id = {{workspace:String}}", params)  # noqa: S608
    return int(found or 0)


def _standing(ctx: Context, table: str) -> Rows:
    columns = KEYS[table] + VALUES[table]
    found = ctx.metrics.arrow(
        f"SELECT {', '.join(columns)} FROM {table} FINAL WHERE workspace_id = {{workspace:String}}",  # noqa: S608
        {"workspace": ctx.workspace.id},
        output_format_arrow_string_as_string=1,
    )
    values = [_plain(column, found.column(column).to_pylist()) for column in columns]
    cut = len(KEYS[table])
    return {row[:cut]: row[cut:] for row in zip(*values, strict=True)}


def _plain(column: str, values: list[Any]) -> list[Any]:
    # Arrow brings a Date as days since 1970 from some versions of the store, as a date from others.
    if column in ("valid_from", "valid_to", "day"):
        return [date(1970, 1, 1) + timedelta(days=v) if isinstance(v, int) else _day(v) for v in values]
    return [v.decode() if isinstance(v, bytes) else v for v in values]


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _arrow(workspace_id: str, table: str, changed: Rows, gone: Iterable[tuple[Any, ...]], version: int) -> pa.Table:
    import pyarrow as pa

    rows = [(*key, *values, 0) for key, values in changed.items()] + [(*key, *EMPTY[table], 1) for key in gone]
    names = (*KEYS[table], *VALUES[table], "deleted")
    columns = {name: pa.array([row[i] for row in rows], _type(name)) for i, name in enumerate(names)}
    columns["workspace_id"] = pa.array([workspace_id] * len(rows), pa.string())
    columns["version"] = pa.array([version] * len(rows), pa.uint64())
    return pa.table(columns)


def _type(column: str) -> pa.DataType:
    import pyarrow as pa

    if column in ("valid_from", "valid_to", "day"):
        return pa.date32()
    if column == "working_weekdays":
        return pa.list_(pa.uint8())
    plain = {"identity_id": pa.uint64(), "start_minute": pa.uint16(), "end_minute": pa.uint16()}
    return plain.get(column, pa.uint8() if column in ("is_bot", "deleted") else pa.string())
