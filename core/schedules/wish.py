"""What a person asks a schedule to be, checked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.base.errors import BadInput, did_you_mean
from core.context import Context
from core.delivery import domains
from core.delivery.channels import CHANNELS
from core.documents import RENDERERS
from core.people.reaching import Reach
from core.schedules import recipients as to
from core.schedules import slack
from core.schedules.condition import Condition
from core.schedules.cron import Cron
from core.schedules.models import METHODS, POSTED, ScheduledReport, letter_channel
from core.schedules.rhythm import Rhythm
from core.schedules.views import CATCH_UP

MOST_JITTER_S = 3600


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks a schedule to be."""

    cron: str = "weekly"
    """Five fields, or daily, weekly or monthly."""
    time_zone: str = ""
    """IANA name; empty for the workspace's."""
    recipients: Sequence[str] = ()
    """Addresses; and "person:NAME", "team:NAME" (all in it), "leads:NAME", "leads:*" (of every team), by name or id."""
    formats: Sequence[str] = ("pdf",)
    delivery_method: str = "email"
    """email, slack or both."""
    catch_up: str = "run_once"
    jitter_s: int = 0
    condition: str = ""
    """What must be so for the result to go out: anomaly, or a metric with a bound, as in lead_time_hours > 48."""
    kept_only: bool = False
    """The report is run and kept in the app; whoever is named gets it, and it may be nobody."""
    bursts: bool = False
    """Each recipient gets their own team's figures: the team named, else the teams that they lead, else are in."""
    recipient_names: Mapping[str, str] = field(default_factory=dict)
    """What people and teams among the recipients were called when they were named."""
    slack_connection: str = ""
    """Name of the connection that it is posted by, where it goes to Slack."""
    slack_channels: Sequence[str] = ()
    """Channels by name or id; none for the connection's own."""

    def checked(self, ctx: Context, *, sent: bool = False) -> Wish:
        """The same, tidied; BadInput or NotFound with the reason if it cannot be.

        A report that is `sent` by its own outputs needs no recipients.
        """
        cron, zone = Rhythm.of(self.cron).cron, self.time_zone or ctx.workspace.time_zone
        Cron(cron, zone).check()
        if self.delivery_method not in METHODS:
            CHANNELS.get(self.delivery_method)
        channels = tuple(dict.fromkeys(name.strip() for name in self.slack_channels if name.strip()))
        if self.delivery_method in POSTED:
            slack.require_channels(ctx, self.slack_connection, channels)
        for fmt in self.formats:
            RENDERERS.get(fmt)
        if self.catch_up not in CATCH_UP:
            meant = did_you_mean(self.catch_up, CATCH_UP) or f" Choose {' or '.join(CATCH_UP)}."
            raise BadInput(f"There is no catch-up '{self.catch_up}'.{meant}")
        if not 0 <= self.jitter_s <= MOST_JITTER_S:
            raise BadInput(f"A schedule starts at most {MOST_JITTER_S} seconds late, not {self.jitter_s}.")
        formats = tuple(dict.fromkeys(self.formats))
        condition = str(Condition.read(self.condition) or "")
        unmailed = sent or self.kept_only or not letter_channel(self.delivery_method)
        nobody = unmailed and not any(text.strip(", ;\n\t") for text in self.recipients)
        if nobody and self.bursts:
            raise BadInput("Name the people or teams who get their own team's figures each.")
        recipients, names = ((), {}) if nobody else _named(ctx, self.recipients, self.recipient_names)
        return replace(
            self, cron=cron, time_zone=zone, recipients=recipients, recipient_names=names, formats=formats,
            condition=condition, slack_channels=channels,
        )  # fmt: skip

    @classmethod
    def of(cls, row: ScheduledReport) -> Wish:
        """What the schedule is now, as if it were asked for."""
        return cls(
            row.cron, row.time_zone, row.recipients, row.formats, row.delivery_method, row.catch_up, row.jitter_s,
            row.condition, kept_only=not row.recipients, bursts=row.bursts, recipient_names=row.recipient_names,
            slack_connection=row.slack_connection, slack_channels=row.slack_channels,
        )  # fmt: skip

    def write(self, row: ScheduledReport) -> None:
        row.cron, row.time_zone, row.delivery_method = self.cron, self.time_zone, self.delivery_method
        row.recipients, row.formats = list(self.recipients), list(self.formats)
        row.catch_up, row.jitter_s, row.condition = self.catch_up, self.jitter_s, self.condition
        row.bursts, row.recipient_names = self.bursts, dict(self.recipient_names)
        row.slack_connection, row.slack_channels = self.slack_connection, list(self.slack_channels)


def _named(ctx: Context, texts: Sequence[str], before: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The recipients as they are kept, with what they are called; BadInput for one that is gone, or reaches nobody.

    Mail must be allowed to go to everybody whom they mean now; later ones are looked at when it is sent.
    """
    given = [one for text in texts for one in to.split(text)]
    reach = Reach.of(ctx) if any(map(to.is_reference, given)) else None
    if reach is None:
        found: tuple[str, ...] = to.resolved(None, given, before)
        domains.require_allowed(ctx, found)
        return found, {}
    found = to.resolved(reach, given, before)
    meant = to.reached(reach, found, before)
    if meant.missing:
        raise BadInput(" ".join(meant.missing))
    domains.require_allowed(ctx, meant.addresses)
    return found, {ref: to.name(reach, ref) for ref in found if to.is_reference(ref) and ref != to.EVERY_LEAD}
