"""What goes to whom at one time of a schedule: the whole report to all, or each team's portion to its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.base.errors import BadInput
from core.context import Context
from core.narrative.phrases import listed
from core.people.reaching import Reach
from core.reports import portions
from core.reports.models import SavedReport
from core.schedules import recipients
from core.schedules.recipients import Portion, is_reference


class Meant(Protocol):
    """What says who gets a report: a schedule, or the wish for one."""

    @property
    def recipients(self) -> Sequence[str]: ...

    @property
    def recipient_names(self) -> Mapping[str, str]: ...

    @property
    def bursts(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Share:
    """One letter, and who gets it."""

    addresses: tuple[str, ...]
    team_id: str = ""
    """The team that it is about alone; empty for the whole report."""
    team_name: str = ""
    called: tuple[str, ...] = ()
    """What those who get it are called."""

    @property
    def sentence(self) -> str:
        """ "Platform to Ann and Bo"."""
        return f"{self.team_name} to {listed(self.called)}"


@dataclass(frozen=True, slots=True)
class Going:
    """All letters of one time, and a sentence for each who is meant and gets nothing."""

    shares: tuple[Share, ...]
    unreached: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Those of them that are a recipient as a whole: nothing can be saved with such a one."""

    @property
    def sentence(self) -> str:
        """ "2 letters: Platform to Ann and Bo; Mobile to Cy." """
        if any(share.team_id for share in self.shares):
            count = len(self.shares)
            told = "; ".join(share.sentence for share in self.shares)
            return f"{count} letter{'s' * (count != 1)}: {told}."
        people = [one for share in self.shares for one in share.called]
        return f"The same letter to {listed(people)}." if people else "No letter."


def reach_of(ctx: Context, meant: Meant) -> Reach | None:
    """What must be known of the workspace to reach them; nothing where all are addresses of one letter."""
    if not meant.bursts and not any(map(is_reference, meant.recipients)):
        return None
    return Reach.of(ctx, [one for one in meant.recipients if not is_reference(one)])


def going(ctx: Context, meant: Meant, report: SavedReport) -> Going:
    """Who gets what now. BadInput where a report cannot be told team by team and should be."""
    reach = reach_of(ctx, meant)
    if reach is None:
        there = tuple(meant.recipients)
        return Going((Share(there, called=there),))
    if meant.bursts:
        portions.require_divisible(report)
        return _by_team(reach, meant, report)
    found = recipients.reached(reach, meant.recipients, meant.recipient_names)
    share = Share(found.addresses, called=_called(reach, found.addresses))
    return Going((share,), tuple(found.unreached), found.missing)


def share_for(ctx: Context, meant: Meant, report: SavedReport, address: str) -> Share:
    """The share that is shown to whoever tests it: their own team's, else the first."""
    whole = going(ctx, meant, report)
    if not meant.bursts:
        return Share((address,))
    if not whole.shares:
        raise BadInput(f"There is no team's report to test. {' '.join(whole.unreached)}")
    own = Reach.of(ctx, [address]).teams_of(address)
    share = next((one for one in whole.shares if one.team_id in own), whole.shares[0])
    return Share((address,), share.team_id, share.team_name)


def _by_team(reach: Reach, meant: Meant, report: SavedReport) -> Going:
    found, lost = recipients.portions(reach, meant.recipients, meant.recipient_names)
    there: list[Portion] = []
    outside: list[Portion] = []
    for part in found:
        (there if portions.about(report, reach, part.team_id) else outside).append(part)
    lost += [f"The report is not about the team '{part.name}', so nothing goes to it." for part in outside]
    shares = [
        Share(tuple(part.addresses.values()), part.team_id, part.name, _called(reach, part.addresses.values()))
        for part in there
    ]
    missing = recipients.reached(reach, meant.recipients, meant.recipient_names).missing
    return Going(tuple(shares), tuple(dict.fromkeys(lost)), missing)


def _called(reach: Reach, addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(reach.people.get(reach.persons.get(one.casefold(), ""), one) for one in addresses)
