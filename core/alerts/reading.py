"""Rules, findings and what became of their letters, as far as the actor may see whom they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import User
from core.alerts import telling, wording
from core.alerts.models import AlertFinding, AlertRule
from core.alerts.seeing import may_see
from core.alerts.views import FindingView, OutcomeView, RuleView, SentView
from core.alerts.watching import names
from core.alerts.wish import Wish
from core.base.errors import NotFound, did_you_mean
from core.catalogue import METRICS
from core.context import Capability, Context
from core.delivery.models import Delivery, Receipt
from core.delivery.said import became

LATELY = timedelta(days=90)


def get(ctx: Context, ref: str) -> RuleView:
    """The rule with this id or name; NotFound with the nearest."""
    known = rules(ctx)
    for view in known:
        if ref == view.id or ref.strip().casefold() == view.name.casefold():
            return view
    raise NotFound(f"There is no alert rule '{ref}'.{did_you_mean(ref, [view.name for view in known])}")


def rules(ctx: Context) -> list[RuleView]:
    """Every rule whose subjects the actor may see, by name."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    asked = (
        sa.select(AlertRule, User, sa.func.count(AlertFinding.id))
        .outerjoin(User, User.id == AlertRule.created_by)
        .outerjoin(
            AlertFinding, (AlertFinding.rule_id == AlertRule.id) & (AlertFinding.created_at >= ctx.clock() - LATELY)
        )
        .where(AlertRule.workspace_id == ctx.workspace.id)
        .group_by(AlertRule.id, User.id)
        .order_by(sa.func.lower(AlertRule.name))
    )
    with ctx.app.reading() as session:
        found = session.execute(asked).all()
    known = {kind: names(ctx, kind) for kind in {row.subject_kind for row, *_ in found}}
    return [
        _view(ctx, row, maker.name if maker else "Sightline", count, dict(known[row.subject_kind]))
        for row, maker, count in found
        if _is_shown(ctx, row)
    ]


def findings(ctx: Context, rule_id: str = "", limit: int = 200) -> list[FindingView]:
    """What was found, the newest first, as far as the actor may see whom it is about."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    asked = (
        sa.select(AlertFinding, AlertRule.name)
        .join(AlertRule, AlertRule.id == AlertFinding.rule_id)
        .where(AlertFinding.workspace_id == ctx.workspace.id)
        .order_by(AlertFinding.period_end.desc(), AlertFinding.created_at.desc(), AlertFinding.id)
    )
    if rule_id:
        asked = asked.where(AlertFinding.rule_id == rule_id)
    with ctx.app.reading() as session:
        rows = [(row, name) for row, name in session.execute(asked) if may_see(ctx, row)]
    return [_finding(row, name) for row, name in rows[:limit]]


def finding(ctx: Context, finding_id: str) -> FindingView:
    """One finding; NotFound if there is none that the actor may see."""
    for view in findings(ctx, limit=1_000_000):
        if view.id == finding_id:
            return view
    raise NotFound("There is no such finding in this workspace, or it is not for you to see.")


def sent(ctx: Context, finding_id: str) -> list[SentView]:
    """Each recipient of a finding, with what became of the letter."""
    ctx.require(Capability.MANAGE_ALERTS)
    finding(ctx, finding_id)
    with ctx.app.reading() as session:
        rows = session.scalars(deliveries(ctx, finding_id).order_by(Delivery.channel, Delivery.recipient)).all()
        receipts = _newest_receipts(session, [row.id for row in rows])
    return [_sent(row, receipts.get(row.id)) for row in rows]


def row_of(session: Session, ctx: Context, rule_id: str, *, lock: bool = False) -> AlertRule:
    row = session.get(AlertRule, rule_id, with_for_update=lock)
    if row is None or row.workspace_id != ctx.workspace.id or not _is_shown(ctx, row):
        raise NotFound("There is no such alert rule in this workspace. It may have been deleted.")
    return row


def deliveries(ctx: Context, finding_id: str) -> sa.Select[Delivery]:
    return sa.select(Delivery).where(Delivery.workspace_id == ctx.workspace.id, Delivery.batch == f"alert:{finding_id}")


def _newest_receipts(session: Session, ids: Sequence[str]) -> dict[str, Receipt]:
    asked = sa.select(Receipt).where(Receipt.delivery_id.in_(ids)).order_by(Receipt.attempt)
    return {one.delivery_id: one for one in session.scalars(asked)}


def _sent(row: Delivery, receipt: Receipt | None) -> SentView:
    return SentView(
        row.id, row.recipient, "Slack" if row.channel == telling.CHANNEL else "E-mail",
        became(row, receipt.outcome if receipt else None), row.attempt,
        row.last_error or (receipt.answer if receipt else ""), row.finished_at or row.created_at,
    )  # fmt: skip


def _is_shown(ctx: Context, row: AlertRule) -> bool:
    if row.subject_kind != "person":
        return True
    return all(ctx.sees_person(one) for one in row.subject_ids)


def _view(ctx: Context, row: AlertRule, maker: str, count: int, known: dict[str, str]) -> RuleView:
    wish = Wish.of(row)
    muted = row.muted_until if row.muted_until and row.muted_until > ctx.clock() else None
    return RuleView(
        id=row.id,
        name=row.name,
        wish=wish,
        sentence=wording.rule(wish, known),
        is_active=row.is_active,
        paused_reason=row.paused_reason,
        muted_until=muted,
        created_by=maker,
        checked_at=row.checked_at,
        outcomes=tuple(_outcome(one, known, ctx) for one in row.outcomes if _is_open(ctx, row.subject_kind, one)),
        findings=count,
    )


def _is_open(ctx: Context, kind: str, kept: dict[str, Any]) -> bool:
    if kind == "person":
        return ctx.sees_person(kept["subject"])
    return not kept.get("private") or ctx.sees_scope(team_ids=(kept["subject"],))


def _outcome(kept: dict[str, str], known: dict[str, str], ctx: Context) -> OutcomeView:
    first = date.fromisoformat(kept["first"]) if kept["first"] else None
    return OutcomeView(known.get(kept["subject"], ctx.workspace.name), first, kept["state"], kept["text"])


def _finding(row: AlertFinding, rule: str) -> FindingView:
    metric = METRICS.get(row.metric)
    return FindingView(
        id=row.id,
        rule_id=row.rule_id,
        rule=rule,
        metric=row.metric,
        metric_label=metric.label,
        subject=row.subject_name,
        period_label=wording.period_label(row),
        first=row.period_start,
        value_text=wording.value(row),
        sentence=row.sentence,
        untold=wording.UNTOLD.get(row.untold, ""),
        created_at=row.created_at,
        explain=telling.explain(row),
        history=tuple((date.fromisoformat(first), value) for first, value in row.history),
    )
