"""From a sentence to a report: "weekly DORA for the platform team, compare with last year".

Words are looked up, never guessed: what is not understood is told, with what it may have meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.base.errors import BadInput, did_you_mean
from core.base.period import range_label
from core.catalogue import METRICS
from core.context import Capability, Context
from core.reports import service, templates
from core.reports.definition import Definition
from core.reports.phrases import AGAINST, COMPARED, DAYS, FILLERS, MANY_DAYS, RHYTHMS, SUBJECTS
from core.reports.plan import COMPARISONS, Compare, read_parameters
from core.reports.references import Known, checked_parameters
from core.reports.views import ReportView

LONGEST = 500
_WORD = re.compile(r"[\w:'./&-]*\w", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a sentence asks for."""

    template: str = ""
    """Key of the template; empty where metrics, or nothing, were named."""
    metrics: tuple[str, ...] = ()
    days: str = ""
    """A range; empty for the template's own."""
    compare: Compare | None = None
    teams: Mapping[str, str] = field(default_factory=dict)
    """Names by id, of repositories and people too."""
    repos: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    rhythm: str = ""
    """daily, weekly or monthly, where it is to come by itself."""
    unknown: tuple[str, ...] = ()
    """Words that mean nothing here."""
    remarks: tuple[str, ...] = ()
    """What could not be taken as it was said, a sentence each."""

    @property
    def lacks_somebody(self) -> bool:
        """Whether its template is about one person, who was not named."""
        return self.template in templates.OF_ONE and len(self.people) != 1

    @property
    def name(self) -> str:
        """What the report may be called."""
        labels = ", ".join(METRICS.get(key).label for key in self.metrics[:3])
        what = templates.built_in(self.template).name if self.template else labels or "Engineering report"
        whom = ", ".join([*self.teams.values(), *self.repos.values(), *self.people.values()])
        return f"{what} of {whom}"[:200] if whom else what


def understood(ctx: Context, sentence: str) -> Understood:
    """What the sentence asks for; BadInput where there is none, or far too much of one."""
    ctx.require(Capability.EDIT_REPORTS)
    if not sentence.strip():
        raise BadInput("Say what the report is about: weekly DORA for the platform team.")
    if len(sentence) > LONGEST:
        raise BadInput(f"The sentence is longer than {LONGEST} letters. Say it shorter.")
    return _Reading(ctx).read(sentence)


def made(ctx: Context, asked: Understood, name: str = "") -> ReportView:
    """The report that was asked for; BadInput if its template needs somebody who was not named."""
    one = wanted(ctx, asked, name)
    return service.create(ctx, one.name, one.parameters, description=one.description, plan=one.plan)


def wanted(ctx: Context, asked: Understood, name: str = "") -> Definition:
    """The same before it is saved."""
    ctx.require(Capability.EDIT_REPORTS)
    called = service.checked_name(name.strip() or asked.name)
    refs: dict[str, Any] = {"teams": tuple(asked.teams), "repos": tuple(asked.repos), "people": tuple(asked.people)}
    if asked.template:
        return templates.wanted(ctx, asked.template, called, days=asked.days, compare=asked.compare, **refs)
    kinds = {"teams": "team", "repos": "repo", "people": "person"}
    about = next((kind for kind in kinds if refs[kind]), "")
    scope = {"scope": kinds[about], about: refs[about]} if about else {}
    days = {"date_range": asked.days} if asked.days else {}
    compare = {"compare": asked.compare} if asked.compare else {}
    parameters = read_parameters({"metrics": asked.metrics, **scope, **days, **compare})
    return Definition(name=called, parameters=checked_parameters(ctx, parameters))


class _Reading:
    """Takes a sentence phrase by phrase, the longest that means something first."""

    def __init__(self, ctx: Context) -> None:
        known = Known.of(ctx)
        people = {ref: name for ref, name in known.people.items() if ctx.sees_person(ref)}
        self.found = Understood()
        self._names = [
            ("teams", _by_word(known.teams)), ("repos", _by_word(known.repos) | _short(known.repos)),
            ("people", _by_word(people)),
        ]  # fmt: skip
        self._subjects = SUBJECTS | {_said(templates.built_in(key).name): key for key in templates.GALLERY}
        self._metrics = {metric.label.casefold(): metric.key for metric in METRICS} | {m.key: m.key for m in METRICS}

    def read(self, sentence: str) -> Understood:
        words = [word.casefold() for word in _WORD.findall(sentence)]
        unknown: list[str] = []
        at = 0
        while at < len(words):
            took = self._taken(words[at:])
            if not took and words[at] not in FILLERS:
                unknown.append(words[at])
            at += took or 1
        self._settle()
        return replace(self.found, unknown=tuple(dict.fromkeys(unknown)))

    def suggestion(self, word: str) -> str:
        """What an unknown word may have meant, as a question; empty if nothing is near."""
        known = [name for _, names in self._names for name in names]
        labels = [metric.label.casefold() for metric in METRICS]
        return did_you_mean(word, [*known, *self._subjects, *labels]).strip()

    def _taken(self, words: list[str]) -> int:
        """How many words the first phrase has that means something; 0 if none does."""
        for length in range(min(6, len(words)), 0, -1):
            phrase = " ".join(words[:length])
            for take in (self._against, self._time, self._name, self._subject):
                if more := take(phrase, words[length:]):
                    return length + more - 1
        return 0

    def _against(self, phrase: str, rest: list[str]) -> int:
        """A comparison, with what comes after its verb."""
        if phrase not in AGAINST:
            return 0
        for length in range(min(5, len(rest)), 0, -1):
            said = " ".join(rest[:length])
            if said in COMPARED:
                self.found = replace(self.found, compare=COMPARED[said])
                self._compared_with = said
                return 1 + length
        self._remark("What it is to be compared with was not understood; it keeps the template's comparison.")
        return 1

    def _time(self, phrase: str, rest: list[str]) -> int:
        if rhythm := RHYTHMS.get(phrase):
            self.found = replace(self.found, rhythm=rhythm)
        many = MANY_DAYS.fullmatch(phrase)
        days = DAYS.get(phrase) or (_counted(int(many[1]), many[2]) if many else "")
        if days:
            self.found = replace(self.found, days=days)
        return 1 if days or rhythm else 0

    def _name(self, phrase: str, rest: list[str]) -> int:
        for kind, names in self._names:
            if refs := names.get(phrase):
                self._about(kind, refs, phrase)
                return 1
        return 0

    def _about(self, kind: str, refs: dict[str, str], phrase: str) -> None:
        if len(refs) > 1:
            self._remark(
                f"There are {len(refs)} of the name '{phrase}', so it is about none of them. Choose on its page."
            )
            return
        changed: dict[str, Any] = {kind: {**getattr(self.found, kind), **refs}}
        self.found = replace(self.found, **changed)

    def _subject(self, phrase: str, rest: list[str]) -> int:
        if key := self._subjects.get(phrase):
            if self.found.template and self.found.template != key:
                self._remark(f"'{phrase}' is a template of its own: make a second report of it.")
            rhythm = next((RHYTHMS[word] for word in phrase.split() if word in RHYTHMS), self.found.rhythm)
            self.found = replace(self.found, template=self.found.template or key, rhythm=rhythm)
        elif metric := self._metrics.get(phrase):
            self.found = replace(self.found, metrics=tuple(dict.fromkeys((*self.found.metrics, metric))))
        return 1 if key or metric else 0

    _compared_with = ""

    def _settle(self) -> None:
        """What goes together, and what does not."""
        now = self.found
        kinds = [kind for kind in ("teams", "repos", "people") if getattr(now, kind)]
        if len(kinds) > 1 and not now.template:
            self._remark(f"Without a template a report is about one kind of thing: it is about {kinds[0]}.")
        if now.template and now.metrics:
            self._remark("A template has its own numbers; add the others in the builder.")
            self.found = replace(self.found, metrics=())
        longer = self._compared_with.removeprefix("last ").removeprefix("previous ")
        if now.compare == "previous" and longer in ("week", "month", "quarter") and longer not in now.days:
            self._remark(f"It is compared with the same length of time before: '{self._compared_with}' is of another.")
        if now.lacks_somebody:
            self._remark("This template is about one person. Name them.")

    def _remark(self, sentence: str) -> None:
        self.found = replace(self.found, remarks=(*self.found.remarks, sentence))


def suggestions(ctx: Context, asked: Understood) -> Iterator[tuple[str, str]]:
    """Each unknown word with what it may have meant."""
    if not asked.unknown:
        return
    reading = _Reading(ctx)
    yield from ((word, reading.suggestion(word)) for word in asked.unknown)


def told(asked: Understood) -> list[tuple[str, str]]:
    """What was understood, as (what, choice) pairs for people."""
    words: list[tuple[str, Callable[[], str]]] = [
        ("Template", lambda: templates.built_in(asked.template).name if asked.template else ""),
        ("Numbers", lambda: ", ".join(METRICS.get(key).label for key in asked.metrics)),
        ("Teams", lambda: ", ".join(asked.teams.values())),
        ("Repositories", lambda: ", ".join(asked.repos.values())),
        ("People", lambda: ", ".join(asked.people.values())),
        ("Days", lambda: range_label(asked.days) if asked.days else ""),
        ("Compared with", lambda: COMPARISONS[asked.compare] if asked.compare else ""),
        ("Comes", lambda: f"{asked.rhythm}, once you schedule it" if asked.rhythm else ""),
    ]
    return [(what, said) for what, say in words if (said := say())]


def _counted(number: int, unit: str) -> str:
    return f"last_{number * {'day': 1, 'week': 7, 'month': 30}[unit]}_days"


def _said(name: str) -> str:
    """A name as a sentence has it."""
    return " ".join(_WORD.findall(name.casefold()))


def _by_word(names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Ids and names by the words of the name as a sentence has them."""
    found: dict[str, dict[str, str]] = {}
    for ref, name in names.items():
        found.setdefault(_said(name), {})[ref] = name
    return found


def _short(repos: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Repositories by the last part of their name: api-gateway for acme/api-gateway."""
    return _by_word({ref: name.rpartition("/")[2] for ref, name in repos.items()})
