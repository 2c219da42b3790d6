"""A question, read word by word: metrics, names, days, and what is wanted of them. No word is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from core.base.errors import did_you_mean
from core.catalogue import METRICS
from core.chats.around import NOUNS, Around
from core.chats.fetching import About
from core.chats.views import Topic
from core.reports.phrases import AGAINST, COMPARED, DAYS
from core.reports.references import UNIT_ENDINGS

Want = Literal["value", "why", "highest", "lowest", "moved", "course", "summary", "trends", "concerns", "changes"]
WANTS: dict[Want, str] = {
    "why": "why cause causes reason reasons explain explains drove",
    "highest": "highest most largest best top leads biggest slowest longest",
    "lowest": "lowest least fewest smallest worst fastest shortest",
    "moved": "moved move moves changed",
    "course": "trend trending course over|time rising falling",
    "summary": "summary summarise summarize overview in|short happened matters",
    "trends": "trends",
    "concerns": "concerns concern worse worsened worry wrong bad missing",
    "changes": "changes improved better improvements",
}
BY = {"team": "team", "teams": "team", "repository": "repo", "repositories": "repo", "repo": "repo", "repos": "repo",
      "component": "component", "components": "component"}  # fmt: skip
ASKING_BY = ("which", "what", "by", "per", "each", "every", "between", "across")
PEOPLE = frozenset({"who", "whom", "person", "people", "developer", "developers", "engineer", "engineers", "anybody"})
YEAR = "last year"
"""Compared with, the same days of it are meant."""
BEFORE = ("the period before", "period before", "the previous period", "previous period", "before")
FILLERS = frozenset(
    word
    for line in (
        "a about an all and any are as at be been by can could compare compared comparison days did do does down each",
        "every figure figures for from give go goes going gone had has have how i if in into is it its let like look",
        "many me moved much my now number numbers of on one or our out over period please rise rose fell fall report",
        "s say see show got get gets committed made make did",
        "stand stands still than that the their them there these they this those to today told up us",
        "value was we went were what when where which while will with within would you your stood high low change",
        "difference different getting week weeks across between per",
    )
    for word in line.split()
)
_WORD = re.compile(r"[\w:'./&-]*\w", re.UNICODE)
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*(?:\.\.|to|until|till|–|-)\s*(\d{4}-\d\d-\d\d))?")
_MANY = re.compile(r"(?:last|past) (\d{1,3}) (day|week|month|quarter)s?")
_QUARTER, _YEAR = re.compile(r"q([1-4])(?: ((?:19|20)\d\d))?"), re.compile(r"(?:19|20)\d\d")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
LONGEST_PHRASE = 7
SHORTEST_START = 5
"""Letters of the beginning of a metric's name that may stand for it."""


@dataclass(frozen=True)
class Heard:
    """What a question asks for."""

    want: Want | None = None
    metrics: tuple[str, ...] = ()
    about: tuple[About, ...] = ()
    by: str = ""
    """team, repo or component, where each of them is asked of."""
    days: str = ""
    against: str = ""
    blocks: tuple[str, ...] = ()
    """Keys of figures that were named by their headings."""
    of_people: bool = False
    """Whether it asks which person."""
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it was understood."""
        return not (self.want or self.metrics or self.about or self.days or self.against or self.blocks or self.by)


def heard(around: Around, question: str) -> Heard:
    """The question as it was understood."""
    return _Hearing(around).hear(question)


def followed(one: Heard, last: Topic | None) -> Heard:
    """The same with what "it" stands for: the metric and the names of the question before."""
    needs = one.want in (None, "value", "why", "highest", "lowest", "moved", "course")
    if last is None or not last.metric or last.metric not in METRICS or one.metrics or one.blocks or not needs:
        return one
    if one.is_empty or one.of_people or (one.want == "moved" and not one.by):
        return one
    whose = one.about or tuple(about for about in last.about if about[0] != one.by)
    return replace(one, metrics=(last.metric,), about=whose, days=one.days or last.days)


def suggestion(around: Around, word: str) -> str:
    """What an unknown word may have meant; empty if nothing is near."""
    names = [name for kind in around.names for name in around.names[kind].values()]
    return did_you_mean(word, [*(metric.label for metric in METRICS), *names]).strip()


@dataclass
class _Hearing:
    around: Around
    found: Heard = field(default_factory=Heard)

    def __post_init__(self) -> None:
        self._metrics = _metric_phrases(self.around.metrics)
        self._names: dict[str, list[About]] = {}
        for kind, names in self.around.names.items():
            for ref, name in names.items():
                for said in {_said(name), _said(name.rpartition("/")[2]) if kind == "repo" else _said(name)}:
                    self._names.setdefault(said, []).append((kind, ref, name))
        self._blocks: dict[str, str] = {}
        ends = ("", *(f" by {noun.lower()}" for noun in NOUNS.values()))
        of_metrics = {_said(f"{metric.label}{end}") for metric in METRICS for end in ends}
        for figure in self.around.document.figures():
            if figure.title and _said(figure.title) not in of_metrics and figure.shape not in ("prose", "notice"):
                self._blocks.setdefault(_said(figure.title), figure.key)

    def hear(self, question: str) -> Heard:
        plain = _DATES.sub(self._dates, question)
        self._compares = bool(re.search(r"\bcompar", question.casefold()))
        words = [word.casefold().removesuffix("'s") for word in _WORD.findall(plain.replace("’", "'"))]
        at, unknown = 0, []
        while at < len(words):
            took = self._taken(words[at:], words[at - 1] if at else "")
            if not took and words[at] not in FILLERS and words[at] not in BY:
                unknown.append(words[at])
            at += took or 1
        return replace(self.found, unknown=tuple(dict.fromkeys(unknown)))

    def _dates(self, said: re.Match[str]) -> str:
        self._set(days=f"{said[1]}..{said[2] or said[1]}")
        return " "

    def _taken(self, words: list[str], last: str) -> int:
        for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
            phrase = " ".join(words[:length])
            if more := self._against(phrase, words[length:]):
                return length + more - 1
            takes = (self._metric, self._name, self._block, self._time, self._wanted)
            if any(take(phrase) for take in takes) or self._grouped(phrase, last):
                return length
        return 0

    def _against(self, phrase: str, rest: list[str]) -> int:
        """A comparison: with a period, or with a name that is taken as any other."""
        if phrase not in (*AGAINST, "than", *(("with", "to") if self._compares else ())):
            return 0
        for length in range(min(5, len(rest)), 0, -1):
            said = " ".join(rest[:length])
            wanted = COMPARED.get(said) if said not in DAYS or said == YEAR else None
            if against := wanted or self._range(said):
                self._set(against=against)
                return 1 + length
        return 1

    def _metric(self, phrase: str) -> bool:
        key = self._metrics.get(_folded(phrase))
        if key:
            self._set(metrics=tuple(dict.fromkeys((*self.found.metrics, key))))
        return bool(key)

    def _name(self, phrase: str) -> bool:
        found = self._names.get(phrase, [])
        if len(found) == 1:
            self._set(about=tuple(dict.fromkeys((*self.found.about, found[0]))))
        return len(found) == 1

    def _block(self, phrase: str) -> bool:
        key = self._blocks.get(phrase)
        if key:
            self._set(blocks=(*self.found.blocks, key))
        return bool(key)

    def _time(self, phrase: str) -> bool:
        days = "before" if phrase in BEFORE else self._range(phrase)
        if days:
            self._set(days=days)
        return bool(days)

    def _range(self, phrase: str) -> str:
        many = _MANY.fullmatch(phrase)
        return DAYS.get(phrase) or (f"last_{int(many[1]) or 1}_{many[2]}s" if many else "") or self._calendar(phrase)

    def _calendar(self, phrase: str) -> str:
        """A month, a quarter or a year by its name."""
        today = self.around.ctx.clock().date()
        if found := _QUARTER.fullmatch(phrase):
            first = 3 * int(found[1]) - 2
            year = int(found[2] or 0) or today.year - (first > today.month)
            return _months(year, first, 3)
        if _YEAR.fullmatch(phrase):
            return "this_year" if int(phrase) == today.year else f"{phrase}-01-01..{phrase}-12-31"
        return self._month(phrase, today)

    def _month(self, phrase: str, today: date) -> str:
        """A month of the year that is said, else the last one that has begun."""
        name, _, year = phrase.partition(" ")
        if name not in _MONTHS or (year and not _YEAR.fullmatch(year)):
            return ""
        number = _MONTHS.index(name) + 1
        return _months(int(year) if year else today.year - (number > today.month), number, 1)

    def _wanted(self, phrase: str) -> bool:
        for want, said in WANTS.items():
            if phrase in (word.replace("|", " ") for word in said.split()):
                self._want(want)
                return True
        if phrase in PEOPLE:
            self._set(of_people=True)
        return phrase in PEOPLE

    def _want(self, want: Want) -> None:
        """The first that is said, but "moved most" is about moves, and "why … worse" about reasons."""
        if self.found.want is None or want == "moved" or self.found.want == "moved":
            self._set(want="moved" if "moved" in (want, self.found.want) else want)

    def _grouped(self, phrase: str, last: str) -> bool:
        if phrase in BY and last in ASKING_BY:
            self._set(by=BY[phrase])
            return True
        return False

    def _set(self, **changes: object) -> None:
        self.found = replace(self.found, **changes)  # type: ignore[arg-type]


def _metric_phrases(shown: list[str]) -> Mapping[str, str]:
    """Every wording of every metric: its label, its key, and beginnings of its label that no other one has.

    Of several with the same beginning the one that the report shows is meant.
    """
    whole = {_folded(metric.label): metric.key for metric in METRICS}
    whole |= {_folded(metric.key.replace("_", " ")): metric.key for metric in METRICS} | {m.key: m.key for m in METRICS}
    whole = _short_keys() | whole
    starts: dict[str, list[str]] = {}
    for metric in METRICS:
        words = _folded(metric.label).split()
        for length in range(1, len(words)):
            starts.setdefault(" ".join(words[:length]), []).append(metric.key)
    for start, keys in starts.items():
        mine = [key for key in keys if key in shown] or keys
        if len(mine) == 1 and start not in FILLERS and len(start) >= SHORTEST_START:
            whole.setdefault(start, mine[0])
    return whole


def _months(year: int, first: int, many: int) -> str:
    """So many months as a range."""
    after = date(year + (first + many - 1) // 12, (first + many - 1) % 12 + 1, 1)
    return f"{date(year, first, 1)}..{after - timedelta(days=1)}"


def _short_keys() -> dict[str, str]:
    """Keys without their unit: "lead time" for lead_time_hours."""
    return {_folded(metric.key.removesuffix(end).replace("_", " ")): metric.key
            for metric in METRICS for end in UNIT_ENDINGS if metric.key.endswith(end)}  # fmt: skip


def _folded(phrase: str) -> str:
    """Words as a sentence has them, without their plural."""
    return " ".join(word.rstrip("s") if len(word) > 3 else word for word in _said(phrase).split())


def _said(name: str) -> str:
    return " ".join(_WORD.findall(name.casefold()))
