"""Who gets a scheduled report: addresses, people, teams and their leads, each reached where they are when it is due.

A recipient is kept as it was meant: an address, "person:<id>", "team:<id>", "leads:<id>" or "leads:*". So whoever
joined a team yesterday gets its report today.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.base.errors import BadInput, SightlineError, did_you_mean
from core.delivery.addresses import MOST_RECIPIENTS, address
from core.people.reaching import Reach

TEAM, LEADS, PERSON = "team:", "leads:", "person:"
KINDS = (TEAM, LEADS, PERSON)
EVERY_LEAD = "leads:*"


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a schedule reaches now, and a sentence for each that it does not."""

    addresses: tuple[str, ...]
    missing: tuple[str, ...] = ()
    """A recipient of whom nobody is reached."""
    partly: tuple[str, ...] = ()
    """Somebody of a team that is reached otherwise."""

    @property
    def unreached(self) -> list[str]:
        return [*self.missing, *self.partly]


@dataclass(slots=True)
class Portion:
    """A team's part of a report that each recipient gets of their own team."""

    team_id: str
    name: str
    addresses: dict[str, str] = field(default_factory=dict)
    """As they are written, by what they are in lower case: whoever is meant twice gets one letter."""


def is_reference(text: str) -> bool:
    """Whether this names a person, a team or leads; else it is an address."""
    return text.strip().casefold().startswith(KINDS)


def split(text: str) -> list[str]:
    """The recipients of a text: one a line, or addresses by commas and spaces."""
    lines = [line.strip(" ,;\t") for line in text.splitlines()]
    return [one for line in lines for one in ([line] if is_reference(line) else re.split(r"[,;\s]+", line)) if one]


def resolved(reach: Reach | None, given: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Recipients with ids in place of names, each once; BadInput with the nearest name."""
    found: dict[str, str] = {}
    for text in given:
        one = _reference(reach, text, names) if reach and is_reference(text) else address(text)
        found.setdefault(one.casefold(), one)
    if len(found) > MOST_RECIPIENTS:
        raise BadInput(f"{len(found)} recipients are more than {MOST_RECIPIENTS}. Name teams, or use a mailing list.")
    if not found:
        raise BadInput("A schedule needs at least one recipient: an address, a person or a team.")
    return tuple(found.values())


def offered(reach: Reach) -> dict[str, str]:
    """What one may choose of, with what each is called: teams, their leads, people; two of a name with an address."""
    teams = sorted(reach.teams.values(), key=lambda one: one.name.casefold())
    people = sorted(reach.people.items(), key=lambda one: one[1].casefold())
    often = Counter(reach.people.values())
    return {
        **{f"{TEAM}{one.id}": label(reach, f"{TEAM}{one.id}", {}) for one in teams},
        **({EVERY_LEAD: label(reach, EVERY_LEAD, {})} if reach.leads else {}),
        **{f"{LEADS}{one.id}": label(reach, f"{LEADS}{one.id}", {}) for one in teams if one.id in reach.leads},
        **{f"{PERSON}{id_}": f"{one} ({reach.mail.get(id_, 'no address')})" if often[one] > 1 else one
           for id_, one in people},
    }  # fmt: skip


def label(reach: Reach | None, ref: str, names: Mapping[str, str]) -> str:
    """What a recipient is called: "Ann Archer", "Platform (team)", "Leads of Platform", or the address."""
    if ref == EVERY_LEAD:
        return "Leads of every team"
    if not is_reference(ref):
        return ref
    kind, now = ref.partition(":")[0], name(reach, ref)
    called, gone = now or names.get(ref, "somebody"), "" if now else ", gone"
    words = {"team": f"{called} (team{gone})", "leads": f"Leads of {called}{' (gone)' if gone else ''}"}
    return words.get(kind, f"{called}{' (gone)' if gone else ''}")


def reached(reach: Reach, refs: Iterable[str], names: Mapping[str, str]) -> Reached:
    """Everybody whom these mean now, each address once."""
    found: dict[str, str] = {}
    missing: list[str] = []
    partly: list[str] = []
    for ref in refs:
        there, lost = _meant(reach, ref, names)
        (partly if there else missing).extend(lost)
        for one in there:
            found.setdefault(one.casefold(), one)
    return Reached(tuple(found.values()), tuple(missing), tuple(partly))


def portions(reach: Reach, refs: Iterable[str], names: Mapping[str, str]) -> tuple[list[Portion], list[str]]:
    """Each team with those who get its figures, by name; and a sentence for whoever gets nothing."""
    found: dict[str, Portion] = {}
    lost: list[str] = []
    for ref in refs:
        there, sentences = _meant(reach, ref, names)
        lost += sentences
        for one, team_ids in _teams(reach, ref, there).items():
            for team_id in team_ids:
                part = found.setdefault(team_id, Portion(team_id, reach.teams[team_id].name))
                part.addresses.setdefault(one.casefold(), one)
            if not team_ids:
                lost.append(f"{one} is in no team and leads none, so there are no figures to send there.")
    return sorted(found.values(), key=lambda part: part.name.casefold()), list(dict.fromkeys(lost))


def _teams(reach: Reach, ref: str, there: Iterable[str]) -> dict[str, list[str]]:
    """The teams whose figures each address gets."""
    if ref.startswith((TEAM, LEADS)) and ref != EVERY_LEAD:
        return {one: [ref.partition(":")[2]] for one in there}
    if ref == EVERY_LEAD:
        return {one: [team for team, leads in reach.leads.items() if one in leads] for one in there}
    return {one: reach.teams_of(one) for one in there}


def _meant(reach: Reach, ref: str, names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The addresses that a recipient means, and a sentence for what it does not reach."""
    kind, _, found = ref.partition(":")
    if not is_reference(ref):
        return [ref], []
    if ref == EVERY_LEAD:
        there = list(dict.fromkeys(one for leads in reach.leads.values() for one in leads))
        return there, [] if there else ["No team has a lead. Name leads under Teams."]
    if not name(reach, ref):
        was = names.get(ref, found)
        return [], [f"The {'person' if kind == 'person' else 'team'} '{was}' is gone. Take it off the recipients."]
    return {"team": _of_team, "leads": _of_leads, "person": _of_person}[kind](reach, found)


def _of_team(reach: Reach, team_id: str) -> tuple[list[str], list[str]]:
    team, people = reach.teams[team_id].name, reach.inside(team_id)
    there = [mail for one in people if (mail := _readable(reach, one))]
    if not there:
        return [], [f"Nobody in the team '{team}' has a mail address. Add members, or link them to users."]
    without = [reach.people[one] for one in people if not _readable(reach, one)]
    return there, [f"'{one}' of the team '{team}' has no mail address." for one in without]


def _of_leads(reach: Reach, team_id: str) -> tuple[list[str], list[str]]:
    there = list(reach.leads.get(team_id, ()))
    return there, [] if there else [f"Nobody leads the team '{reach.teams[team_id].name}'. Name its leads under Teams."]


def _of_person(reach: Reach, person_id: str) -> tuple[list[str], list[str]]:
    person_id = reach.current.get(person_id, person_id)
    if mail := _readable(reach, person_id):
        return [mail], []
    return [], [f"'{reach.people[person_id]}' has no mail address. Link them to a user, or write an address."]


def _readable(reach: Reach, person_id: str) -> str:
    try:
        return address(reach.mail[person_id])
    except (KeyError, SightlineError):  # git knows addresses that no mail server does
        return ""


def name(reach: Reach | None, ref: str) -> str:
    """What the person or team of a reference is called; empty if they are gone."""
    kind, _, found = ref.partition(":")
    if reach is None:
        return ""
    if kind == "person":
        return reach.people.get(reach.current.get(found, found), "")
    return reach.teams[found].name if found in reach.teams else ""


def _reference(reach: Reach, text: str, names: Mapping[str, str]) -> str:
    kind, _, said = text.strip().partition(":")
    kind, said = kind.casefold(), said.strip()
    if kind == "leads" and said == "*":
        return EVERY_LEAD
    called = {id_: team.name for id_, team in reach.teams.items()} if kind != "person" else reach.people
    by_address = reach.persons.get(said.casefold(), "") if kind == "person" else ""
    if said in called or by_address in called or f"{kind}:{said}" in names:
        return f"{kind}:{by_address or said}"
    same = [id_ for id_, one in called.items() if one.casefold() == said.casefold()]
    if len(same) == 1:
        return f"{kind}:{same[0]}"
    noun = "person" if kind == "person" else "team"
    if same:
        raise BadInput(f"There are {len(same)} people named '{said}'. Name one by address.")
    raise BadInput(f"There is no {noun} named '{said}' in this workspace.{did_you_mean(said, called.values())}")
