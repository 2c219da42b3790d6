"""Make, change, try and mute alert rules, and read what they found. What the worker's clock does is in `ticking`."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.alerts.evaluation import Trial, trial
from core.alerts.models import AlertFinding, AlertRule
from core.alerts.reading import deliveries, finding, findings, get, row_of, rules, sent
from core.alerts.ticking import run, tick
from core.alerts.views import RuleView
from core.alerts.wish import Wish
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.base.period import zone_of
from core.context import Capability, Context
from core.delivery import service as delivery
from core.delivery.models import Delivery
from core.delivery.posting import queued
from core.stores.app import new_id

WATCHED = ("metric", "subject_kind", "subject_ids", "condition", "threshold", "direction", "period_type")
"""What makes a rule another one: what it saw before says nothing of it any more."""


def create(ctx: Context, asked: Wish) -> RuleView:
    """Watch a metric from now on. Periods that are over already are history, for a trial."""
    ctx.require(Capability.MANAGE_ALERTS)
    wish, now = asked.checked(ctx), ctx.clock()
    with ctx.app.session() as session:
        _free(session, ctx, wish.name)
        row = AlertRule(
            id=new_id(), workspace_id=ctx.workspace.id, is_active=True, created_by=ctx.actor.user_id or None,
            created_at=now, updated_at=now, watched_from=_today(ctx), outcomes=[],
        )  # fmt: skip
        wish.write(row)
        session.add(row)
        workspaces.note(session, ctx, "alert.create", row.name, metric=row.metric)
    return get(ctx, row.id)


def update(ctx: Context, rule_id: str, **changes: object) -> RuleView:
    """Change what is named of a `Wish`: from then on it runs with the actor's rights.

    Another question begins today; other recipients only get what comes.
    """
    ctx.require(Capability.MANAGE_ALERTS)
    unknown = sorted(set(changes) - {field.name for field in fields(Wish)})
    if unknown:
        raise BadInput(f"A rule has no '{unknown[0]}'.{did_you_mean(unknown[0], [f.name for f in fields(Wish)])}")
    with ctx.app.session() as session:
        row = row_of(session, ctx, rule_id, lock=True)
        before = Wish.of(row)
        wish = replace(before, **changes).checked(ctx)  # type: ignore[arg-type]
        _free(session, ctx, wish.name, except_id=row.id)
        wish.write(row)
        row.updated_at = ctx.clock()
        if ctx.actor.user_id:
            row.created_by = ctx.actor.user_id  # nobody has others told what they may not see themselves
        if any(getattr(before, name) != getattr(wish, name) for name in WATCHED):
            _begin(row, ctx)
        workspaces.note(session, ctx, "alert.update", row.name, changed=sorted(changes))
    return get(ctx, rule_id)


def delete(ctx: Context, rule_id: str) -> None:
    """Take a rule away with all that it found; what still waits is not sent."""
    ctx.require(Capability.MANAGE_ALERTS)
    with ctx.app.session() as session:
        row = row_of(session, ctx, rule_id, lock=True)
        delivery.call_off(session, ctx.workspace.id, row.id, ctx.clock(), "The alert rule was deleted.")
        workspaces.note(session, ctx, "alert.delete", row.name)
        session.execute(sa.delete(AlertFinding).where(AlertFinding.rule_id == row.id))
        session.delete(row)


def enable(ctx: Context, rule_id: str) -> RuleView:
    """Watch again, from now on. A rule whose maker may make none any more becomes the actor's."""
    ctx.require(Capability.MANAGE_ALERTS)
    with ctx.app.session() as session:
        row = row_of(session, ctx, rule_id, lock=True)
        if row.paused_reason and ctx.actor.user_id:
            Wish.of(row).checked(ctx)
            row.created_by = ctx.actor.user_id
        row.is_active, row.paused_reason, row.updated_at = True, "", ctx.clock()
        _begin(row, ctx)
        workspaces.note(session, ctx, "alert.enable", row.name)
    return get(ctx, rule_id)


def disable(ctx: Context, rule_id: str) -> RuleView:
    """Watch nothing until the rule is enabled."""
    ctx.require(Capability.MANAGE_ALERTS)
    with ctx.app.session() as session:
        row = row_of(session, ctx, rule_id, lock=True)
        row.is_active, row.updated_at = False, ctx.clock()
        workspaces.note(session, ctx, "alert.disable", row.name)
    return get(ctx, rule_id)


def mute(ctx: Context, rule_id: str, until: datetime | None) -> RuleView:
    """Keep what is found and tell nobody until then; None ends it."""
    ctx.require(Capability.MANAGE_ALERTS)
    if until and until <= ctx.clock():
        raise BadInput("A rule is muted until a time to come.")
    with ctx.app.session() as session:
        row = row_of(session, ctx, rule_id, lock=True)
        row.muted_until = until
        workspaces.note(session, ctx, "alert.mute", row.name, until=until.isoformat() if until else "")
    return get(ctx, rule_id)


def send_again(ctx: Context, finding_id: str, delivery_id: str) -> None:
    """Try once more what failed for good."""
    ctx.require(Capability.MANAGE_ALERTS)
    finding(ctx, finding_id)
    with ctx.app.session() as session:
        row = session.scalar(deliveries(ctx, finding_id).where(Delivery.id == delivery_id).with_for_update())
        if row is None:
            raise NotFound("There is no such letter of this finding.")
        delivery.again(session, ctx, row)
        workspaces.note(session, ctx, "alert.send_again", row.subject, recipient=row.recipient)
    queued(ctx, [row])


def _free(session: Session, ctx: Context, name: str, except_id: str = "") -> None:
    taken = sa.select(AlertRule.id).where(
        AlertRule.workspace_id == ctx.workspace.id, sa.func.lower(AlertRule.name) == name.lower(),
        AlertRule.id != except_id,
    )  # fmt: skip
    if session.scalar(taken):
        raise Conflict(f"There is an alert rule named '{name}' already. Choose another name.")


def _begin(row: AlertRule, ctx: Context) -> None:
    row.watched_from, row.checked_until, row.checked_version, row.outcomes = _today(ctx), None, -1, []
    row.queued_until = None


def _today(ctx: Context) -> date:
    return ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date()


__all__ = [
    "Trial", "Wish", "create", "delete", "disable", "enable", "finding", "findings", "get", "mute", "rules", "run",
    "send_again", "sent", "tick", "trial", "update",
]  # fmt: skip
