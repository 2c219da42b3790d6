"""What a person asks a schedule to be, checked before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.base.errors import BadInput, did_you_mean
from core.context import Context
from core.delivery import domains
from core.delivery.addresses import addresses
from core.delivery.channels import CHANNELS
from core.documents import RENDERERS
from core.schedules.condition import Condition
from core.schedules.cron import Cron
from core.schedules.models import ScheduledReport
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
    formats: Sequence[str] = ("pdf",)
    delivery_method: str = "email"
    catch_up: str = "run_once"
    jitter_s: int = 0
    condition: str = ""
    """What must be so for the result to go out: anomaly, or a metric with a bound, as in lead_time_hours > 48."""
    kept_only: bool = False
    """The report is run and kept in the app; whoever is named gets it, and it may be nobody."""

    def checked(self, ctx: Context, *, sent: bool = False) -> Wish:
        """The same, tidied; BadInput or NotFound with the reason if it cannot be.

        A report that is `sent` by its own outputs needs no recipients.
        """
        cron, zone = Rhythm.of(self.cron).cron, self.time_zone or ctx.workspace.time_zone
        Cron(cron, zone).check()
        CHANNELS.get(self.delivery_method)
        for fmt in self.formats:
            RENDERERS.get(fmt)
        if self.catch_up not in CATCH_UP:
            raise BadInput(f"There is no catch-up '{self.catch_up}'.{did_you_mean(self.catch_up, CATCH_UP)}")
        if not 0 <= self.jitter_s <= MOST_JITTER_S:
            raise BadInput(f"A schedule starts at most {MOST_JITTER_S} seconds late, not {self.jitter_s}.")
        formats = tuple(dict.fromkeys(self.formats))
        condition = str(Condition.read(self.condition) or "")
        nobody = (sent or self.kept_only) and not any(text.strip(", ;\n\t") for text in self.recipients)
        recipients = () if nobody else addresses(self.recipients)
        domains.require_allowed(ctx, recipients)
        return replace(self, cron=cron, time_zone=zone, recipients=recipients, formats=formats, condition=condition)

    @classmethod
    def of(cls, row: ScheduledReport) -> Wish:
        """What the schedule is now, as if it were asked for."""
        return cls(
            row.cron, row.time_zone, row.recipients, row.formats, row.delivery_method, row.catch_up, row.jitter_s,
            row.condition, kept_only=not row.recipients,
        )  # fmt: skip

    def write(self, row: ScheduledReport) -> None:
        row.cron, row.time_zone, row.delivery_method = self.cron, self.time_zone, self.delivery_method
        row.recipients, row.formats = list(self.recipients), list(self.formats)
        row.catch_up, row.jitter_s, row.condition = self.catch_up, self.jitter_s, self.condition
