"""A sentence in tokens: names, metrics, dates, numbers with their units, words, and where one claim ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.narrative.facts import Facts
from core.narrative.grounding import lexicon

Kind = Literal["name", "metric", "date", "period", "number", "word", "break", "odd"]
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_LONG = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday"
    "|Thursday|Friday|Saturday|Sunday"
)
_DATE = "|".join((
    r"\d{4}-\d\d-\d\d", rf"\d{{1,2}} (?:{MONTHS})[a-z]*(?: \d{{4}})?",
    rf"(?:{_LONG}|{MONTHS})(?: \d{{1,2}}(?:, \d{{4}})?)?(?: \d{{4}})?", "Q[1-4]", r"(?:19|20)\d\d(?![\d.,%])",
))  # fmt: skip
_UNIT = (
    r"percentage points?|percent|per cent|%|points?|pp|hours?|h|minutes?|min|days?|d|/ ?day|per day|a day|/ ?week"
    r"|per week|a week"
)
_NUMBER = rf"(?P<sign>[+−-]?)(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?:\s*(?P<unit>{_UNIT})(?![\w]))?"
_UNITS = {"percent": "%", "per cent": "%", "percentage point": "points", "point": "points", "pp": "points",
          "percentage points": "points", "hour": "h", "hours": "h", "minute": "min", "minutes": "min", "day": "d",
          "days": "d", "/day": "/ day", "per day": "/ day", "a day": "/ day", "/week": "/ week", "per week": "/ week",
          "a week": "/ week"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a sentence."""

    kind: Kind
    text: str
    """Of a metric, name or period as the figures have it; of a word in small letters."""
    sign: str = ""
    unit: str = ""
    amount: float = 0.0


def scanned(text: str, facts: Facts) -> list[Token]:
    """The sentence in order."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").strip()
    return [_token(found, facts) for found in _pattern(facts).finditer(plain)]


def parsed(text: str) -> tuple[float, str]:
    """A figure's number as it is shown, without its sign: "12.4 h" is 12.4 and h."""
    found = re.search(_NUMBER, text)
    if not found:
        return float("nan"), text
    return _amount(found["digits"]), _unit(found["unit"])


def _pattern(facts: Facts) -> re.Pattern[str]:
    periods = [re.escape(one).replace("–", "[–-]") for one in (facts.period, facts.comparison) if one]
    groups = [("period", periods), ("name", _alternatives(facts.names)), ("metric", _metrics(facts.metrics))]
    fixed = [rf"(?P<{kind}>(?<![\w])(?:{'|'.join(words)})(?![\w]))" for kind, words in groups if words]
    return re.compile("|".join([
        *fixed, rf"(?P<date>\b(?:{_DATE})\b)", rf"(?P<number>(?<![\w.]){_NUMBER})",
        r"(?P<break>[,;:])", r"(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)", r"(?P<odd>[^\s().!?“”\"'–—-])",
    ]))  # fmt: skip


def _alternatives(names: Iterable[str]) -> list[str]:
    return [re.escape(one) for one in sorted(names, key=len, reverse=True)]


def _metrics(labels: list[str]) -> list[str]:
    """Labels in any letters, the first also without its plural: "commit" is "Commits"."""
    wordings = [re.escape(one) + "?" if one.endswith("s") else re.escape(one) + "s?" for one in labels]
    return [f"(?i:{one})" for one in sorted(wordings, key=len, reverse=True)]


def _token(found: re.Match[str], facts: Facts) -> Token:
    kind, text = str(found.lastgroup), found[0]
    match kind:
        case "metric":
            return Token("metric", _label(text, facts.metrics))
        case "period":
            wanted = text.replace("-", "–")
            return Token("period", "now" if wanted == facts.period else "before")
        case "unit" | "digits" | "number" | "sign":
            return Token("number", text, found["sign"], _unit(found["unit"]), _amount(found["digits"]))
        case "word":
            return _word(text)
    return Token(
        "name" if kind == "name" else "date" if kind == "date" else "break" if kind == "break" else "odd", text
    )


def _word(text: str) -> Token:
    small = text.lower()
    if small in lexicon.NUMBERS:
        return Token("number", text, amount=lexicon.NUMBERS[small])
    if small in lexicon.MULTIPLES:
        amount, unit = parsed(lexicon.MULTIPLES[small])
        return Token("number", small, lexicon.MULTIPLES[small][0], unit, amount)
    return Token("break" if small in lexicon.BREAKS else "word", small)


def _label(text: str, labels: list[str]) -> str:
    """The label that was meant, whichever letters and number it was written in."""
    small = text.casefold()
    return next(one for one in sorted(labels, key=len) if small.rstrip("s") == one.casefold().rstrip("s"))


def _unit(text: str | None) -> str:
    said = " ".join((text or "").split())
    return _UNITS.get(said, _UNITS.get(said.replace("/ ", "/"), said))


def _amount(digits: str) -> float:
    return float(digits.replace(",", "").rstrip("."))
