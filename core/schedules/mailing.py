"""A finished run as letters: the result to readers, a sober word when there is none, the reasons to whoever owns it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import users
from core.access.models import User, WorkspaceMember
from core.access.readers import readers
from core.base.period import zone_of
from core.base.settings import Settings
from core.context import SYSTEM, Context
from core.delivery import notices
from core.delivery.channels import CHANNELS
from core.delivery.letter import Enclosure, Letter, Picture
from core.delivery.posting import Batch, post
from core.documents import Document
from core.documents.blobs import media_type
from core.reports import exporting, reading
from core.reports.models import ReportRun, SavedReport
from core.schedules import slack
from core.schedules.condition import Condition
from core.schedules.models import AT_ONCE, UNREACHED, Occurrence, ScheduledReport

SOBER = "Some parts of this report could not be made this time. Its owner has been told."


@dataclass(frozen=True, slots=True)
class Sending:
    """A run that ended, and all that its letters speak of."""

    ctx: Context
    config: Settings
    schedule: ScheduledReport
    occurrence: Occurrence
    report: SavedReport
    run: ReportRun

    @property
    def is_test(self) -> bool:
        return self.occurrence.kind == "test"

    @property
    def readers(self) -> list[str]:
        if self.is_test:
            return [self.occurrence.test_recipient]
        if not self.schedule.channel:
            return []
        meant = self.occurrence.recipients
        return list(self.schedule.recipients if meant is None else meant)

    @property
    def name(self) -> str:
        """ "Weekly health", or "Weekly health · Platform" for that team's portion."""
        return " · ".join(filter(None, (self.report.name, self.occurrence.portion_name)))

    @property
    def batch(self) -> Batch:
        topic = None if self.is_test else self.schedule.id
        return Batch(f"run:{self.run.id}", topic, self.run.id, self.schedule.channel or "email")

    @property
    def link(self) -> str:
        return f"{self.config.url}/report?report={self.report.id}&run={self.run.id}"

    @property
    def sender(self) -> Context:
        """Whoever scheduled it, or asked for the test: nobody can mail what they may not see themselves."""
        user_id = self.run.actor_id if self.is_test else self.schedule.created_by
        actor = users.actor_for(self.ctx.app, user_id, self.ctx.workspace.id) if user_id else SYSTEM
        return self.ctx.on_behalf_of(actor)

    def unmet(self) -> str:
        """Why the result is not to be sent, by the schedule's condition; empty if it is or was asked for."""
        asked = self.is_test or self.occurrence.kind == AT_ONCE
        condition = None if asked else Condition.read(self.schedule.condition)
        return condition.failing(self.sender, reading.scope(self.sender, self.run.id)) if condition else ""

    def post_result(self) -> None:
        """The report to its readers; if it is partial, the reasons to its owners."""
        for hidden, those in self._alike().items():
            letter = self._letter(reading.document(self.sender, self.run.id, hidden), hidden)
            post(self.ctx, replace(self.batch, version=_version(hidden)), letter, those)
        if self.schedule.is_posted and not self.is_test:
            self._post_to_slack()
        if self.run.status == "partial" and not self.is_test:
            self._tell_owners(
                f"Parts missing: {self.name}",
                [
                    f"'{self.name}' was sent to {_people(self.readers)}, with a note that parts are missing.",
                    *self.run.failures,
                ],
            )

    def _post_to_slack(self) -> None:
        """A delivery for each channel. The message itself is made of the run when it is posted."""
        letter = Letter(
            subject=f"{self.name}, due {_local(self.occurrence.due_at, self.schedule.time_zone)}", text="", html="",
            is_demo=self.ctx.workspace.is_demo, owners=owners(self.ctx, self.schedule, self.report), link=self.link,
        )  # fmt: skip
        batch = Batch(f"slack:{self.run.id}", self.schedule.id, self.run.id, slack.CHANNEL)
        post(self.ctx, batch, letter, slack.channels(self.ctx, self.schedule))

    def post_failure(self, reason: str) -> None:
        """A sober word to readers, the reason to the owners; a test tells whoever asked for it."""
        what = f"The report '{self.name}', due {_local(self.occurrence.due_at, self.schedule.time_zone)},"
        said = [f"{what} could not be made.", f"The reason: {reason}"]
        if self.is_test:
            letter = notices.plain(
                f"Test failed: {self.name}", said, because=self._because(), button=("Open the report", self.link)
            )
            post(self.ctx, self.batch, letter, self.readers)
            return
        told = self._tell_owners(f"Failed: {self.name}", said)
        sober = notices.plain(
            f"{self.name}: not available this time",
            [f"{what} could not be made this time.", "Its owner has been told. There is nothing that you need to do."],
            because=self._because(),
            is_demo=self.ctx.workspace.is_demo,
        )
        post(self.ctx, self.batch, sober, [one for one in self.readers if one.casefold() not in told])

    def tell_unreached(self) -> None:
        """Tell the owners whom it was meant for and did not reach."""
        if lost := self.occurrence.unreached:
            letter = notices.plain(
                f"Not everybody reached: {self.report.name}",
                [f"'{self.report.name}' was meant for more than it could be sent to.", *lost],
                because=f"You get this because the report, or its schedule ({self._sentence()}), is yours.",
                button=("Open the schedules", f"{self.config.url}/schedules?report={self.report.id}"),
                is_demo=self.ctx.workspace.is_demo,
            )
            batch = Batch(f"{UNREACHED}{self.occurrence.id}", run_id=self.run.id)
            post(self.ctx, batch, letter, owners(self.ctx, self.schedule, self.report))

    def _alike(self) -> dict[frozenset[str], list[str]]:
        """Readers by the figures that they may not see: those of whom the same is hidden get the same letter."""
        found: dict[frozenset[str], list[str]] = {}
        for address, reader in readers(self.ctx, self.readers).items():
            found.setdefault(reading.hidden(reader, self.run), []).append(address)
        return found

    def _letter(self, document: Document, hidden: frozenset[str]) -> Letter:
        from core.documents.renderers import email

        body = email.render(document)
        text, page = body.text, body.html
        if self.run.status == "partial":
            text, page = f"{SOBER}\n\n{text}", notices.with_banner(page, SOBER)
        return Letter(
            subject=": ".join(filter(None, (document.title, document.period_label))),
            text=text,
            html=page,
            pictures=[
                Picture(cid=cid, media_type=media_type(content), content=b64encode(content))
                for cid, content in body.images.items()
            ],
            enclosures=self._enclosures(hidden),
            because=self._because(),
            is_demo=document.is_demo,
            owners=owners(self.ctx, self.schedule, self.report),
            list_name=self.report.name,
            link=self.link,
        )

    def _enclosures(self, hidden: frozenset[str]) -> list[Enclosure]:
        """The run's files in the schedule's formats, with as much in them as both the sender and the reader may see."""
        sender = self.sender
        files = [exporting.artifact(sender, self.run.id, fmt, hidden) for fmt in self.schedule.formats]
        return [
            Enclosure(
                file_name=file.file_name,
                key=file.file_path,
                media_type=file.media_type,
                size=file.file_size_bytes or 0,
                kept_until=file.expires_at,
            )
            for file in files
        ]

    def _because(self) -> str:
        with self.ctx.app.reading() as session:
            maker = session.get(User, self.schedule.created_by) if self.schedule.created_by else None
        name = maker.name if maker else "Sightline's administrator"
        if self.is_test:
            return f"This is a test of what {name} scheduled; nobody else got it."
        return f"You get this because {name} scheduled '{self.report.name}' for you, {self._sentence()}."

    def _sentence(self) -> str:
        return self.schedule.rhythm.sentence(self.schedule.time_zone)

    def _tell_owners(self, subject: str, paragraphs: list[str]) -> set[str]:
        """Tell whoever owns it; their addresses. Where there is no mail, a schedule without readers tells nobody."""
        if not self.readers and CHANNELS.get(self.schedule.channel or "email").missing(self.config):
            return set()
        told = owners(self.ctx, self.schedule, self.report)
        letter = notices.plain(
            subject,
            paragraphs,
            because=f"You get this because the report, or its schedule ({self._sentence()}), is yours.",
            button=("Open the report", self.link),
            is_demo=self.ctx.workspace.is_demo,
        )
        post(self.ctx, Batch(f"notice:run:{self.run.id}", run_id=self.run.id), letter, told)
        return {one.casefold() for one in told}


def tell_paused(
    ctx: Context, config: Settings, schedule: ScheduledReport, report: SavedReport, reason: str, now: datetime
) -> None:
    """Tell those who can do something about it that a schedule stands still."""
    letter = notices.plain(
        f"Paused: {report.name}",
        [f"The schedule of '{report.name}' was paused and sends nothing until somebody resumes it.", reason],
        because="You get this because you look after this workspace or this report.",
        button=("Open the schedules", f"{config.url}/schedules"),
        is_demo=ctx.workspace.is_demo,
    )
    with ctx.app.reading() as session:
        told = list(dict.fromkeys([*_active(session, ctx, schedule, report), *_admins(session, ctx)]))
    post(ctx, Batch(f"notice:pause:{schedule.id}:{now:%Y%m%d%H%M%S}"), letter, told)


def tell_unsent(
    ctx: Context, config: Settings, schedule: ScheduledReport, report: SavedReport, reason: str, batch: str
) -> None:
    """Tell the report's owner that it did not run, as when the month's reports are used up: once for each `batch`."""
    letter = notices.plain(
        f"Not sent: {report.name}",
        [f"'{report.name}' was due and did not run, so its readers got nothing.", reason],
        because="You get this because the report, or its schedule, is yours.",
        button=("Open the schedules", f"{config.url}/schedules"),
        is_demo=ctx.workspace.is_demo,
    )
    post(ctx, Batch(f"notice:{batch}"), letter, owners(ctx, schedule, report))


def owners(ctx: Context, schedule: ScheduledReport, report: SavedReport) -> list[str]:
    """Addresses of the report's owner and of whoever scheduled it; the admins' if neither is there any more."""
    with ctx.app.reading() as session:
        return _active(session, ctx, schedule, report) or _admins(session, ctx)


def _active(session: Session, ctx: Context, schedule: ScheduledReport, report: SavedReport) -> list[str]:
    ids = [one for one in (report.owner_id, schedule.created_by) if one]
    return list(session.scalars(_members(ctx).where(User.id.in_(ids))))


def _admins(session: Session, ctx: Context) -> list[str]:
    return list(session.scalars(_members(ctx).where(WorkspaceMember.role == "admin")))


def _members(ctx: Context) -> sa.Select[str]:
    return (
        sa.select(User.email)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(WorkspaceMember.workspace_id == ctx.workspace.id, User.is_active)
        .order_by(User.email)
    )


def _version(hidden: frozenset[str]) -> str:
    """Names the letter in which these figures are hidden; empty where none is."""
    return hashlib.sha256(" ".join(sorted(hidden)).encode()).hexdigest()[:12] if hidden else ""


def _people(recipients: list[str]) -> str:
    if not recipients:
        return "Slack, or its outputs"
    return recipients[0] if len(recipients) == 1 else f"{len(recipients)} recipients"


def _local(moment: datetime, time_zone: str) -> str:
    return f"{moment.astimezone(zone_of(time_zone)):%a %-d %b %Y %H:%M} {time_zone}"
