"""Every send of some days: what was recorded of the times that came, and what schedules will bring.

Tests are not among them: nobody scheduled those. A time that came is told by the rows of it, all its portions as one;
one that will come is told by its schedule as that stands now.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, islice, takewhile
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.base.errors import BadInput
from core.base.period import Period, between, midnight, zone_of
from core.context import Capability, Context
from core.delivery.models import BOUNCED, LEAVING, Delivery, Receipt
from core.delivery.posting import OUTPUT
from core.reports.models import ReportRun, SavedReport
from core.reports.rows import visible
from core.schedules.models import Occurrence, ScheduledReport
from core.schedules.views import Send, Sends

MOST = 10_000
"""Sends of one answer. Who needs more asks for fewer days."""
MOST_DAYS = 400
USUAL = timedelta(days=31)
"""How many days are shown where only one end is named."""
NOTES = 3
"""Portions whose reasons are told one by one."""
TICK = timedelta(microseconds=1)
_ORDER = ("running", "sending", "unsure", "failed", "partly", "sent", "kept", "skipped", "cancelled")
"""Portions of one time stand together as the first of these that one of them is."""
_ARRIVED = frozenset({"sent", "partly", "kept"})

Portion = sa.Row[*tuple[Any, ...]]
Letters = dict[str, Counter[str]]
"""By run: how many messages stand how."""


def sends(
    ctx: Context, month: str = "", first: date | None = None, last: date | None = None, *,
    time_zone: str = "", report_id: str = "", states: Iterable[str] = (),
) -> Sends:  # fmt: skip
    """Every send of a month, or of the days from `first` up to and without `last`; else of this month.

    Of reports that the actor may see, the earliest first. Paused schedules come with the times that they miss.
    """
    ctx.require(Capability.VIEW_REPORTS)
    zone = time_zone or ctx.workspace.time_zone
    period = days(ctx, month, first, last, zone)
    with ctx.app.reading() as session:
        past, cut = _past(session, ctx, period, report_id)
        coming = _coming(session, ctx, period, report_id)
        found = list(islice(heapq.merge(past, *coming, key=attrgetter("due_at")), MOST + 1))
    if len(found) > MOST:
        cut = min(found[MOST].due_at, cut or found[MOST].due_at)
    wanted = set(states)
    kept = (one for one in found[:MOST] if (cut is None or one.due_at < cut) and (not wanted or one.state in wanted))
    return Sends(period, zone, tuple(sorted(kept, key=_place)), cut)


def days(ctx: Context, month: str, first: date | None, last: date | None, time_zone: str) -> Period:
    """The days that somebody names, at most MOST_DAYS; BadInput that says how to name them."""
    if month and (first or last):
        raise BadInput("Say either a month or days, not both.")
    for day in filter(None, (first, last)):
        between(day, day, time_zone)  # refuses what is out of the calendar
    if first is None:
        if last is None:
            return month_of(month or f"{ctx.clock().astimezone(zone_of(time_zone)):%Y-%m}", time_zone)
        first = last - USUAL
    last = last or first + USUAL
    if last <= first:
        raise BadInput(f"The days end ({last}) before they begin ({first}). The last one named is not among them.")
    if (last - first).days > MOST_DAYS:
        raise BadInput(f"These are {(last - first).days:,} days. Ask for at most {MOST_DAYS} at once.")
    return Period(midnight(first, time_zone), midnight(last, time_zone))


def month_of(text: str, time_zone: str) -> Period:
    """ "2026-12" as its days in a zone; BadInput if it is no month."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII) or text[:4] in ("0000", "9999"):
        raise BadInput(f"'{text}' is no month. Write it as 2026-12.")
    first = date.fromisoformat(f"{text}-01")
    return between(first, month_after(first) - timedelta(days=1), time_zone)


def month_after(day: date, many: int = 1) -> date:
    """The first day of the month that comes so many after the day's own; negative for one before."""
    year, month = divmod(day.year * 12 + day.month - 1 + many, 12)
    return date(year, month + 1, 1)


def _place(one: Send) -> tuple[datetime, str, str]:
    return one.due_at, one.report_name.casefold(), one.schedule_id


def _past(session: Session, ctx: Context, period: Period, report_id: str) -> tuple[list[Send], datetime | None]:
    """What came in these days, and from when on it is missing because there was too much."""
    came = _came(ctx, period, report_id)
    asked = (
        sa.select(
            Occurrence.due_at, Occurrence.schedule_id, Occurrence.status, Occurrence.note, Occurrence.run_id,
            Occurrence.portion_name, ReportRun.status.label("ran"), SavedReport.id.label("report_id"),
            SavedReport.name.label("report"),
        )
        .join(ScheduledReport, ScheduledReport.id == Occurrence.schedule_id)
        .join(SavedReport, SavedReport.id == ScheduledReport.report_id)
        .outerjoin(ReportRun, ReportRun.id == Occurrence.run_id)
        .where(came)
        .order_by(Occurrence.due_at, Occurrence.schedule_id, Occurrence.portion_name)
        .limit(MOST + 1)
    )  # fmt: skip
    rows = session.execute(asked).all()
    letters = _letters(session, came) if rows else {}
    times = groupby(rows, key=lambda row: (row.due_at, row.schedule_id))
    return [_told(list(portions), letters) for _, portions in times], rows[MOST].due_at if len(rows) > MOST else None


def _came(ctx: Context, period: Period, report_id: str) -> sa.ColumnElement[bool]:
    """What holds of an occurrence, its schedule and its report if they are meant; deleted schedules' too."""
    here = sa.and_(
        Occurrence.workspace_id == ctx.workspace.id, Occurrence.kind != "test",
        Occurrence.due_at >= period.start, Occurrence.due_at < period.end,
        ScheduledReport.report_id.in_(visible(ctx).with_only_columns(SavedReport.id)),
    )  # fmt: skip
    return here & (ScheduledReport.report_id == report_id) if report_id else here


def _letters(session: Session, came: sa.ColumnElement[bool]) -> Letters:
    """Messages to readers, by run and status; `unsure` for those given up that may have arrived,
    `bounced` for those that came back. No notices."""
    failed, receipt = Delivery.status == "failed", sa.exists().where(Receipt.delivery_id == Delivery.id)
    each = (
        sa.select(
            Delivery.run_id,
            sa.case(
                (failed & receipt.where(Receipt.outcome == BOUNCED), "bounced"),
                (failed & receipt.where(Receipt.outcome == LEAVING), "unsure"),
                else_=Delivery.status,
            ).label("how"),
        )
        .join(Occurrence, Occurrence.run_id == Delivery.run_id)
        .join(ScheduledReport, ScheduledReport.id == Occurrence.schedule_id)
        .where(came, (Delivery.topic == Occurrence.schedule_id) | (Delivery.channel == OUTPUT))
        .subquery()
    )
    found: Letters = {}
    counted = sa.select(each.c.run_id, each.c.how, sa.func.count()).group_by(each.c.run_id, each.c.how)
    for run_id, how, many in session.execute(counted):
        found.setdefault(run_id, Counter())[how] = many
    return found


def _told(portions: Sequence[Portion], letters: Letters) -> Send:
    one = portions[0]
    each = [(_state(row.status, letters.get(row.run_id, Counter())), row.run_id) for row in portions]
    state = _together([how for how, _ in each])
    runs = sorted((run for run in each if run[1]), key=lambda run: run[0] != state)
    return Send(
        one.due_at, one.schedule_id, one.report_id, one.report, state, _detail(portions, letters),
        teams=sum(1 for row in portions if row.portion_name), run_id=runs[0][1] if runs else None,
    )  # fmt: skip


def _state(status: str, letters: Counter[str]) -> str:
    """How one occurrence stands, with what became of its messages."""
    match status:
        case "failed" | "skipped" | "cancelled":
            return status
        case "claimed" | "running":
            return "running"
    if letters["pending"] or letters["running"]:
        return "sending"
    if letters["unsure"]:
        return "unsure"
    if letters["failed"] or letters["bounced"]:
        return "partly" if letters["success"] else "failed"
    if letters["success"]:
        return "sent"
    return "cancelled" if letters["cancelled"] else "kept"


def _together(states: Sequence[str]) -> str:
    worst = next(one for one in _ORDER if one in states)
    return "partly" if worst == "failed" and _ARRIVED & set(states) else worst


def _detail(portions: Sequence[Portion], letters: Letters) -> str:
    said = [
        _counted(sum((letters.get(row.run_id, Counter()) for row in portions if row.status == "posted"), Counter()))
    ]
    if any(row.ran == "partial" for row in portions):
        said.append("Parts of it could not be made.")
    notes = [f"{row.portion_name}: {row.note}" if row.portion_name else row.note for row in portions if row.note]
    more = len(notes) - NOTES
    return " ".join(filter(None, (*said, *notes[:NOTES], f"And {more} more." if more > 0 else "")))


def _counted(letters: Counter[str]) -> str:
    """ "2 of 3 messages arrived, 1 did not."; empty where all did."""
    meant = letters.total() - letters["cancelled"]
    if meant == letters["success"]:
        return ""
    told = {
        "did not": letters["failed"], "came back": letters["bounced"], "may have": letters["unsure"],
        "on the way": letters["pending"] + letters["running"],
    }  # fmt: skip
    rest = ", ".join(f"{many} {words}" for words, many in told.items() if many)
    return f"{letters['success']} of {meant} messages arrived, {rest}."


def _coming(session: Session, ctx: Context, period: Period, report_id: str) -> list[Iterator[Send]]:
    """For each schedule that stands, its times from now on."""
    now = ctx.clock()
    asked = (
        sa.select(ScheduledReport, SavedReport)
        .join(SavedReport, SavedReport.id == ScheduledReport.report_id)
        .where(
            ScheduledReport.workspace_id == ctx.workspace.id, ScheduledReport.deleted_at.is_(None),
            SavedReport.archived_at.is_(None), SavedReport.id.in_(visible(ctx).with_only_columns(SavedReport.id)),
        )
    )  # fmt: skip
    if report_id:
        asked = asked.where(SavedReport.id == report_id)
    return [_ahead(schedule, report, period, now) for schedule, report in session.execute(asked)]


def _ahead(schedule: ScheduledReport, report: SavedReport, period: Period, now: datetime) -> Iterator[Send]:
    teams = None if schedule.bursts else 0
    resting = (
        "" if schedule.is_active and report.is_active
        else schedule.paused_reason or report.paused_reason or f"The report '{report.name}' is paused."
    )  # fmt: skip
    offset, clock = schedule.offset, schedule.clockwork
    after = now - offset
    if not resting:
        if schedule.next_run_at <= now:  # as the worker's clock takes it: of all that was missed, the newest
            due = clock.latest(after, schedule.next_due_at) or schedule.next_due_at
            if due in period:
                yield Send(due, schedule.id, report.id, report.name, "due", "", teams)
            after = max(after, due)
        else:
            after = schedule.next_due_at - TICK
    for due in takewhile(lambda due: due < period.end, clock.after(max(after, period.start - TICK))):
        late = f"Starts at {_clock(due + offset, schedule)}, to spread the load." if offset else ""
        state = "paused" if resting else "coming"
        yield Send(due, schedule.id, report.id, report.name, state, resting or late, teams)


def _clock(moment: datetime, schedule: ScheduledReport) -> str:
    return f"{moment.astimezone(zone_of(schedule.time_zone)):%H:%M:%S %Z}"
