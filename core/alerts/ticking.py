"""What the worker's clock does with rules: judge the periods that are over, once each, and tell what was found.

Any number of clocks and workers may do this at once: a finding is unique in the
database, and its letters are written in the same transaction. Rules wait for
snapshots that are being made, and look again when the workspace's data change.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core.access import workspaces
from core.alerts import telling
from core.alerts.evaluation import DRAWN, Judged, Looked, look, rests
from core.alerts.models import AlertFinding, AlertRule
from core.alerts.watching import Subject, is_private, newest_end
from core.alerts.wish import Wish
from core.base.errors import NotAllowed, SightlineError
from core.base.period import PeriodType
from core.catalogue import METRICS
from core.context import Context, Rooms
from core.delivery.models import Delivery
from core.delivery.posting import queued
from core.snapshots import service as snapshots
from core.stores.app import new_id

log = structlog.get_logger(__name__)

TASK = "alerts"
QUEUED_FOR = timedelta(minutes=10)
AGAIN_AFTER = timedelta(hours=1)
"""How often a period is asked for whose data are still to come."""
NEWS_FOR = timedelta(days=8)
"""A period that ended longer ago is no news: what is found of it is kept, and not told."""
UNKNOWN = ("stale", "not_collected")
"""States that more reading may change: such a period is looked at again."""


def tick(house: Rooms) -> int:
    """Put every rule on the queue that has something new to look at. How many."""
    wanted = [(rule.workspace_id, rule.id) for rule in _active(house) if _is_due(house, rule)]
    for workspace_id, rule_id in wanted:
        house.queue.put(TASK, workspace_id, rule_id)
    return len(wanted)


def run(house: Rooms, workspace_id: str, rule_id: str) -> None:
    """Judge one rule; what the worker does for the task "alerts"."""
    ctx = house.context(workspaces.find(house.app, workspace_id))
    with ctx.app.reading() as session:
        rule = session.get(AlertRule, rule_id)
    if rule is None or rule.workspace_id != workspace_id or not rule.is_active:
        return
    with structlog.contextvars.bound_contextvars(rule_id=rule.id):
        try:
            _judged(ctx, telling.owner(ctx, rule), rule)
        except NotAllowed as error:
            _pause(ctx, rule, error.message)
        except SightlineError as error:
            _note(ctx, rule, [{"subject": "", "first": None, "state": "refused", "text": error.message}])
            if error.retry:
                raise


def _active(house: Rooms) -> list[AlertRule]:
    with house.app.reading() as session:
        return list(session.scalars(sa.select(AlertRule).where(AlertRule.is_active).order_by(AlertRule.created_at)))


def _is_due(house: Rooms, rule: AlertRule) -> bool:
    """Whether a period has ended or data have changed since the last look; takes the rule for this clock if so."""
    ctx, now = house.context(workspaces.find(house.app, rule.workspace_id)), house.clock()
    changed = rule.checked_version != ctx.workspace.data_version
    is_open = (rule.checked_until or rule.watched_from) < newest_end(ctx, PeriodType(rule.period_type))
    rested = rule.checked_at is None or now - rule.checked_at >= AGAIN_AFTER
    if not (changed or (is_open and rested)) or snapshots.is_busy(ctx):
        return False
    return _taken(house, rule, now)


def _taken(house: Rooms, rule: AlertRule, now: datetime) -> bool:
    free = sa.or_(AlertRule.queued_until.is_(None), AlertRule.queued_until < now)
    with house.app.session() as session:
        return bool(
            session.scalar(
                sa.update(AlertRule)
                .where(AlertRule.id == rule.id, free)
                .values(queued_until=now + QUEUED_FOR)
                .returning(AlertRule.id)
                .execution_options(synchronize_session=False)
            )
        )


def _judged(ctx: Context, owner: Context, rule: AlertRule) -> None:
    """Look at what was not judged for good yet, and at the newest period again: late rows may make it a finding."""
    until = newest_end(ctx, PeriodType(rule.period_type))
    known = rule.checked_until or rule.watched_from
    looked = look(owner, Wish.of(rule), max(rule.watched_from, min(known, until - timedelta(days=1))), until)
    outcomes = [_outcome(ctx, owner, rule, one) for one in looked]
    _note(ctx, rule, outcomes, checked_until=_known_until(looked, until))


def _outcome(ctx: Context, owner: Context, rule: AlertRule, looked: Looked) -> dict[str, object]:
    """Keep what one subject's periods fire; what the rule's page says of the newest."""
    states = [_settled(ctx, owner, rule, looked.subject, judged) for judged in looked.judged]
    if not states:
        state, text = ("refused", looked.refused) if looked.refused else ("quiet", _nothing(rule))
        return {"subject": looked.subject.id, "first": None, "state": state, "text": text}
    last = looked.judged[-1]
    return {
        "subject": looked.subject.id,
        "first": last.point.first.isoformat(),
        "state": states[-1],
        "text": last.verdict.sentence,
        "private": is_private(owner, looked.subject, rule.metric),
    }


def _nothing(rule: AlertRule) -> str:
    return f"No period has ended since the rule watches ({rule.watched_from:%-d %b %Y})."


def _known_until(looked: list[Looked], until: date) -> date:
    """Up to where every subject is judged for good: not into a period whose data are still to come."""
    return min([until, *(one.point.first for each in looked for one in each.judged if one.verdict.state in UNKNOWN)])


def _settled(ctx: Context, owner: Context, rule: AlertRule, subject: Subject, judged: Judged) -> str:
    """Keep what fires; the state as the rule's page tells it."""
    if not judged.verdict.fires:
        return judged.verdict.state
    if rests(Wish.of(rule), judged.point, judged.course, _last_fired(ctx, rule, subject, judged.point.first)):
        return "rests"
    _found(ctx, owner, rule, subject, judged)
    return "fired"


def _last_fired(ctx: Context, rule: AlertRule, subject: Subject, before: date) -> date | None:
    asked = sa.select(sa.func.max(AlertFinding.period_start)).where(
        AlertFinding.rule_id == rule.id,
        AlertFinding.subject_id == subject.id,
        AlertFinding.period_type == rule.period_type,
        AlertFinding.period_start < before,
    )
    with ctx.app.reading() as session:
        return session.scalar(asked)


def _found(ctx: Context, owner: Context, rule: AlertRule, subject: Subject, judged: Judged) -> None:
    """Keep a finding and post its letters, in one transaction; quietly nothing if it is kept already."""
    row = _row(ctx, owner, rule, subject, judged)
    letter = None
    if not row.untold:
        if _is_kept(ctx, row):
            return
        letter = telling.kept_letter(ctx, rule, row)
    try:
        with ctx.app.session() as session:
            session.add(row)
            session.flush()
            posted: list[Delivery] = telling.post(session, ctx, rule, row, letter) if letter else []
    except sa.exc.IntegrityError:  # another worker has just kept it, and tells it
        return
    queued(ctx, posted)
    log.info("alert_found", finding_id=row.id, metric=row.metric, letters=len(posted), untold=row.untold)


def _is_kept(ctx: Context, row: AlertFinding) -> bool:
    same = ("rule_id", "subject_kind", "subject_id", "period_type", "period_start")
    asked = sa.select(AlertFinding.id).where(*(getattr(AlertFinding, name) == getattr(row, name) for name in same))
    with ctx.app.reading() as session:
        return session.scalar(asked) is not None


def _row(ctx: Context, owner: Context, rule: AlertRule, subject: Subject, judged: Judged) -> AlertFinding:
    point, verdict, now = judged.point, judged.verdict, ctx.clock()
    assert point.value is not None
    return AlertFinding(
        id=new_id(), workspace_id=ctx.workspace.id, rule_id=rule.id, metric=rule.metric,
        metric_version=METRICS.get(rule.metric).version, subject_kind=subject.kind, subject_id=subject.id,
        subject_name=subject.name, is_individual=is_private(owner, subject, rule.metric), period_type=rule.period_type,
        period_start=point.first, period_end=point.end, time_zone=ctx.workspace.time_zone, value=point.value,
        rows=point.rows, compared=verdict.compared, score=verdict.score, sentence=verdict.sentence,
        history=[[one.first.isoformat(), one.shown] for one in judged.course[-DRAWN:]],
        untold=_untold(rule, point.end, now), created_at=now,
    )  # fmt: skip


def _untold(rule: AlertRule, ended: date, now: datetime) -> str:
    if rule.muted_until and now < rule.muted_until:
        return "muted"
    if now - datetime.combine(ended, datetime.min.time(), tzinfo=now.tzinfo) > NEWS_FOR:
        return "late"
    return "" if rule.recipients or rule.slack_channels else "nobody"


def _note(ctx: Context, rule: AlertRule, outcomes: list[dict[str, object]], **more: object) -> None:
    """Write down what the look saw, and let the rule be taken again."""
    told = {"outcomes": outcomes, "checked_at": ctx.clock(), "checked_version": ctx.workspace.data_version}
    with ctx.app.session() as session:
        _update(session, rule, queued_until=None, **told, **more)


def _pause(ctx: Context, rule: AlertRule, reason: str) -> None:
    with ctx.app.session() as session:
        _update(session, rule, is_active=False, paused_reason=reason, queued_until=None)
        workspaces.note(session, ctx, "alert.pause", rule.name, reason=reason)
    telling.tell_paused(ctx, rule, reason)


def _update(session: Session, rule: AlertRule, **values: object) -> None:
    same = AlertRule.updated_at == rule.updated_at  # a rule that was changed meanwhile is looked at anew
    session.execute(
        sa.update(AlertRule)
        .where(AlertRule.id == rule.id, same)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
