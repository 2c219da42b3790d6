"""What a person asks an alert rule to be, checked before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.alerts.judging import CONDITIONS, DIRECTIONS, Terms
from core.alerts.models import AlertRule
from core.base.errors import BadInput, did_you_mean
from core.base.period import PeriodType
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.components import service as components
from core.connections import service as connections
from core.context import Context
from core.delivery import domains
from core.delivery.addresses import addresses
from core.people import service as people

SUBJECTS = {
    "workspace": "The whole workspace",
    "team": "Teams, each by itself",
    "repo": "Repositories, each by itself",
    "component": "Components, each by itself",
    "person": "People, each by themselves",
}
PERIODS = {
    PeriodType.DAILY: "Every day",
    PeriodType.WEEKLY: "Every week",
    PeriodType.BIWEEKLY: "Every two weeks",
    PeriodType.MONTHLY: "Every month",
}
SHARE = 0.3
"""The threshold of a change or an outlier where nothing else is said: 30 %."""
MOST_SUBJECTS = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks a rule to be."""

    name: str = ""
    """Empty for a name made of the rest."""
    metric: str = "commits_count"
    subject_kind: str = "workspace"
    subject_ids: Sequence[str] = ()
    condition: str = "outlier"
    threshold: float = SHARE
    direction: str = "both"
    least_z: float = 3.5
    least_history: int = 8
    least_rows: int = 1
    period_type: str = "weekly"
    cooldown: int = 0
    recipients: Sequence[str] = ()
    slack_connection: str = ""
    slack_channels: Sequence[str] = ()

    @property
    def terms(self) -> Terms:
        """What is asked, for judging."""
        return Terms(
            self.metric, self.condition, self.threshold, self.direction, self.least_z, self.least_history,
            self.least_rows, PeriodType(self.period_type),
        )  # fmt: skip

    def checked(self, ctx: Context) -> Wish:
        """The same, tidied; a sentence of what is wrong if it cannot be."""
        metric = METRICS.get(self.metric)
        _one_of("condition", self.condition, CONDITIONS)
        _one_of("direction", self.direction, DIRECTIONS)
        _one_of("subject", self.subject_kind, SUBJECTS)
        _one_of("period", self.period_type, [kind.value for kind in PeriodType])
        self._check_numbers()
        recipients = addresses(self.recipients) if any(text.strip(", ;\n\t") for text in self.recipients) else ()
        domains.require_allowed(ctx, recipients)
        channels = tuple(dict.fromkeys(name.strip() for name in self.slack_channels if name.strip()))
        _check_slack(ctx, self.slack_connection, channels)
        name = " ".join(self.name.split())[:120] or f"{metric.label}: {CONDITIONS[self.condition].lower()}"
        return replace(
            self, name=name, subject_ids=_subjects(ctx, self.subject_kind, self.subject_ids), recipients=recipients,
            slack_channels=channels,
        )  # fmt: skip

    def _check_numbers(self) -> None:
        if self.condition in ("change", "outlier") and not 0 < self.threshold <= 100:
            raise BadInput("A change needs a threshold above 0 %, such as 30 %.")
        if not 1 <= self.least_z <= 20:
            raise BadInput("A robust z between 1 and 20 makes sense; 3.5 is usual.")
        if not 4 <= self.least_history <= 100:
            raise BadInput("What is usual is told from 4 to 100 earlier periods.")
        if self.least_rows < 0 or not 0 <= self.cooldown <= 100:
            raise BadInput("Rows and periods are counted from 0; a rule rests 100 periods at most.")

    @classmethod
    def of(cls, row: AlertRule) -> Wish:
        """What the rule is now, as if it were asked for."""
        told: dict[str, Any] = {name: getattr(row, name) for name in cls.__slots__}
        return cls(**told | {name: tuple(value) for name, value in told.items() if isinstance(value, list)})

    def write(self, row: AlertRule) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            setattr(row, name, list(value) if isinstance(value, tuple) else value)


def _one_of(what: str, given: str, known: Sequence[str] | dict[str, str]) -> None:
    if given not in known:
        raise BadInput(f"There is no {what} '{given}'.{did_you_mean(given, known)} Use one of {', '.join(known)}.")


def _subjects(ctx: Context, kind: str, given: Sequence[str]) -> tuple[str, ...]:
    """Ids of those named; NotAllowed if one of them is somebody whose numbers the actor may not see."""
    match kind:
        case "person":
            found = [people.person(ctx, ref).id for ref in given]
            if not found:
                raise BadInput("Name the people whom the rule watches.")
            for person_id in found:
                ctx.require_person(person_id)
        case "team":
            found = [people.team(ctx, ref).id for ref in given]
            for team_id in found:
                catalogue.measure(ctx, ("commits_count",), Scope(None, team_ids=(team_id,)))  # a team of one is private
        case "repo":
            found = [catalogue.repository(ctx, ref).id for ref in given]
        case "component":
            found = [components.component_id(ctx, ref) for ref in given]
        case _:
            found = []
    if len(found) > MOST_SUBJECTS:
        raise BadInput(f"A rule watches {MOST_SUBJECTS} at most. Make two of it.")
    return tuple(dict.fromkeys(found))


def _check_slack(ctx: Context, connection: str, channels: Sequence[str]) -> None:
    if not connection:
        if channels:
            raise BadInput("Name the Slack connection that the channels are reached by; admins add one on Connections.")
        return
    view = connections.connection(ctx, connection)
    if view.plugin != "slack":
        raise BadInput(f"The connection '{connection}' is {view.label}, not Slack. Alerts go by e-mail or to Slack.")
    if not channels:
        raise BadInput("Name at least one Slack channel: '#ops', or its id.")
