"""A finding as a letter and as a message: made from its row, so that every attempt sends the same."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import users, workspaces
from core.access.models import User, WorkspaceMember
from core.alerts import wording
from core.alerts.models import AlertFinding, AlertRule
from core.alerts.seeing import withheld, withheld_in
from core.base.counted import counted
from core.base.errors import DeliveryFailed, NotFound
from core.base.period import between
from core.base.settings import settings
from core.catalogue import METRICS
from core.connections.opening import output
from core.context import Capability, Context, Rooms
from core.delivery import notices, posting
from core.delivery.channels import CHANNELS
from core.delivery.letter import Letter, Picture, keep
from core.delivery.models import Delivery
from core.delivery.outputs.output import PERHAPS, Parcel
from core.delivery.posting import Batch
from core.documents import Document
from core.documents.blobs import media_type
from core.documents.document import Section
from core.figures import (
    Axis,
    Better,
    Change,
    Explain,
    Line,
    PointMark,
    Prose,
    Series,
    SeriesStyle,
    Stat,
    change_between,
    number_text,
)

CHANNEL = "alert"
"""Of deliveries to Slack: by the rule's connection, a channel each."""


def owner(ctx: Context, rule: AlertRule) -> Context:
    """Whoever made the rule, as the rows say now; NotAllowed if they may make none any more."""
    return users.acting(
        ctx, rule.created_by, Capability.MANAGE_ALERTS,
        f"Whoever made the rule '{rule.name}' may make no alerts in '{ctx.workspace.name}' any more, so it rests."
        " Enable it to take it over.",
    )  # fmt: skip


def explain(row: AlertFinding) -> Explain:
    """What the number of a finding was made of."""
    period = between(row.period_start, row.period_end - timedelta(days=1), row.time_zone)
    ids = [row.subject_id]
    return Explain(
        metric=row.metric,
        period_start=period.start,
        period_end=period.end,
        person_ids=ids if row.subject_kind == "person" else [],
        team_ids=ids if row.subject_kind == "team" else [],
        repo_ids=ids if row.subject_kind == "repo" else [],
        component_ids=ids if row.subject_kind == "component" else [],
        time_zone=row.time_zone,
    )


def chart(metric: str, points: list[tuple[date, float | None]], marked: dict[date, str], title: str = "") -> Series:
    """A metric's course with words at the periods that fired."""
    one = METRICS.get(metric)
    marks = [
        PointMark(x=first, y=value, text=marked[first])
        for first, value in points
        if first in marked and value is not None
    ]
    return Series(
        key=f"alert-{metric}",
        title=title or one.label,
        description=one.about,
        mark="line",
        x=Axis(kind="temporal"),
        y=Axis(label=one.label, unit=one.unit),
        lines=[Line(name=one.label, x=[first for first, _ in points], y=[value for _, value in points])],
        better=one.better,
        style=SeriesStyle(marks=marks, marker=True),
        alt=f"{one.label} over {counted(len(points), 'period')}; {len(marks)} of them fired.",
    )


def document(ctx: Context, rule: AlertRule, row: AlertFinding) -> Document:
    """The finding to be read: a sentence, the number, its course."""
    metric, link = METRICS.get(row.metric), address(row)
    course = [(date.fromisoformat(first), value) for first, value in row.history]
    number = Stat(
        key="alert-number",
        title=f"{metric.label} · {row.subject_name}",
        description=metric.about,
        value=row.value,
        text=wording.value(row),
        unit=metric.unit,
        better=metric.better,
        n=row.rows,
        change=_change(row, rule.condition),
        columns=2,
        link=link,
        explain=explain(row),
    )
    drawn = chart(row.metric, course, {row.period_start: wording.value(row)}, "Its course").model_copy(
        update={"columns": 4}
    )
    said = Prose(key="alert-sentence", markdown=_escaped(row.sentence))
    return Document(
        title=f"Alert: {rule.name}",
        workspace=ctx.workspace.name,
        is_demo=ctx.workspace.is_demo,
        period_label=wording.period_label(row),
        time_zone=row.time_zone,
        generated_at=row.created_at,
        sections=[Section(blocks=[said, number, drawn])],
    )


def post(session: Session, ctx: Context, rule: AlertRule, row: AlertFinding, letter: Letter) -> list[Delivery]:
    """Write a finding's deliveries in the caller's transaction, its letter kept before.

    Whoever may not see whom it is about gets nothing, and the log says why.
    """
    to, channels = list(rule.recipients), list(rule.slack_channels)
    mails = posting.enter(session, ctx, _batch(row, "email"), letter, to, withheld(ctx, row, to))
    chats = posting.enter(session, ctx, _batch(row, CHANNEL), letter, channels, withheld_in(ctx, row, channels))
    return [*mails, *chats]


def kept_letter(ctx: Context, rule: AlertRule, row: AlertFinding) -> Letter:
    """The finding's letter, kept for its deliveries."""
    from core.documents.renderers import email

    drawn = document(ctx, rule, row)
    body = email.render(drawn, files=False)
    made = Letter(
        subject=f"{drawn.title}: {drawn.period_label}",
        text=f"{body.text}\n\nOpen the finding: {address(row)}\n",
        html=body.html,
        pictures=[
            Picture(cid=cid, media_type=media_type(content), content=b64encode(content))
            for cid, content in body.images.items()
        ],
        because=f"You get this because {_maker(ctx, rule)} made the alert rule '{rule.name}' and named you in it.",
        is_demo=ctx.workspace.is_demo,
        owners=_owners(ctx, rule),
        link=address(row),
        list_name=rule.name,
        what="alert rule",
        log=address(row),
    )
    keep(ctx.files, _batch(row, "email").name, made)
    return made


def send(house: Rooms, row: Delivery, cut_off: bool) -> str:
    """Post a finding to one Slack channel by its rule's connection, as the rule's owner."""
    with house.app.reading() as session:
        finding = session.get(AlertFinding, row.batch.partition(":")[2])
        rule = session.get(AlertRule, finding.rule_id) if finding else None
    if finding is None or rule is None:
        raise NotFound("The alert rule was deleted before this was sent.")
    if cut_off:
        raise DeliveryFailed(PERHAPS, retry=False)
    ctx = house.context(workspaces.find(house.app, row.workspace_id))
    mine = output(owner(ctx, rule), rule.slack_connection, rule.name, {"channels": [row.recipient]})
    return mine.send(Parcel(document(ctx, rule, finding), finding.period_start, finding.period_end))


def tell_paused(ctx: Context, rule: AlertRule, reason: str) -> None:
    """Tell the admins that a rule rests, where there is mail to tell them by."""
    if CHANNELS.get("email").missing(settings()):
        return
    said = notices.plain(
        f"Paused: {rule.name}",
        [f"The alert rule '{rule.name}' was paused and tells nobody until somebody enables it.", reason],
        because="You get this because you look after this workspace.",
        button=("Open the alerts", f"{settings().url}/alerts"),
        is_demo=ctx.workspace.is_demo,
    )
    posting.post(ctx, Batch(f"notice:alert:{rule.id}:{ctx.clock():%Y%m%d%H%M%S}"), said, _owners(ctx, rule))


def address(row: AlertFinding) -> str:
    """Where the finding can be seen."""
    return f"{settings().url}/alerts?finding={row.id}&workspace={row.workspace_id}"


def _batch(row: AlertFinding, channel: str) -> Batch:
    return Batch(f"alert:{row.id}", topic=row.rule_id, channel=channel)


def _change(row: AlertFinding, condition: str) -> Change | None:
    metric = METRICS.get(row.metric)
    held = number_text(row.compared, metric.unit)
    versus = {"change": f"vs {held} before", "outlier": f"vs the usual {held}"}.get(condition, f"vs the bound {held}")
    return change_between(row.value, row.compared, metric.unit, Better(metric.better), versus)


def _maker(ctx: Context, rule: AlertRule) -> str:
    with ctx.app.reading() as session:
        found = session.get(User, rule.created_by) if rule.created_by else None
        return found.name if found else "Sightline's administrator"


def _owners(ctx: Context, rule: AlertRule) -> list[str]:
    """Addresses of the rule's maker; the admins' if they are not there any more."""
    inside = (
        sa.select(User.email)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(WorkspaceMember.workspace_id == ctx.workspace.id, User.is_active)
        .order_by(User.email)
    )
    with ctx.app.reading() as session:
        maker = list(session.scalars(inside.where(User.id == (rule.created_by or ""))))
        return maker or list(session.scalars(inside.where(WorkspaceMember.role == "admin")))


def _escaped(text: str) -> str:
    """A metric of a plugin may be called anything: none of it is Markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*[<" else letter for letter in text)
