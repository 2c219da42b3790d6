"""The verdict on a sentence: borne out, with the numbers that it rests on, or refused, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from core.narration import Ground
from core.narrative.facts import Facts
from core.narrative.grounding import lexicon
from core.narrative.grounding.claims import Claim, claims
from core.narrative.grounding.evidence import Evidence
from core.narrative.grounding.tokens import Token, scanned

LONGEST = 400
"""Letters of a sentence: a longer one is none."""
_LACKING = {"no data": ("no_data",), "not collected": ("not_collected",), "not known": ("unsupported",),
            "still incomplete": ("stale",)}  # fmt: skip
_TRENDLESS = {"no clear trend": False, "too few points": True}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a sentence."""

    reason: str = ""
    """Why it is refused; empty where it is borne out."""
    grounds: tuple[Ground, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.reason


class _Refused(Exception):
    """The first thing that is wrong with a sentence."""


def check(text: str, facts: Facts) -> Verdict:
    """Whether the facts bear every number, name and direction of the sentence out."""
    if len(text) > LONGEST:
        return Verdict("It is too long for one sentence.")
    tokens, evidence = scanned(text, facts), Evidence(facts)
    try:
        _words(tokens, evidence, text)
        grounds = _distinct(_grounds(tokens, evidence, text.casefold()))
    except _Refused as refused:
        return Verdict(str(refused))
    return Verdict(grounds=grounds) if grounds else Verdict("It says nothing that a figure could bear out.")


def _distinct(grounds: Iterator[Ground]) -> tuple[Ground, ...]:
    return tuple({one.model_dump_json(): one for one in grounds}.values())


def _words(tokens: list[Token], evidence: Evidence, text: str) -> None:
    """Refuse causes, forecasts, denials, times and names that no figure has."""
    denial = any(phrase in text.casefold() for phrase in (*_LACKING, *_TRENDLESS, "no change"))
    for last, one in zip([None, *tokens], tokens, strict=False):
        if last and one.text in lexicon.SPANS and last.text in lexicon.EACH:
            raise _Refused(f"'{last.text} {one.text}' makes another metric of it.")
        if one.kind == "date" and not _dated(one.text, evidence):
            raise _Refused(f"No figure is of '{one.text}'.")
        if one.kind == "odd":
            raise _Refused(f"'{one.text}' is no part of a sentence.")
        if one.kind in ("word", "break") and one.text not in ",;:":
            _word(one.text, denial=denial)


def _dated(text: str, evidence: Evidence) -> bool:
    return any(text == day or day.startswith(f"{text} ") for day in evidence.dates())


def _word(word: str, *, denial: bool) -> None:
    if word in lexicon.CAUSES:
        raise _Refused(f"'{word}' tells of a cause, and figures tell of none.")
    if word in lexicon.FUTURE:
        raise _Refused(f"'{word}' tells of more than what was measured.")
    if word in lexicon.TIMES:
        raise _Refused(f"'{word}' is a time that no figure is of.")
    if word in lexicon.NEGATIONS and not denial:
        raise _Refused(f"'{word}' denies something, which cannot be checked.")
    if word in lexicon.VAGUE and not denial:
        raise _Refused(f"'{word}' is a number that no figure shows.")
    if word not in _known() and not (denial and word in lexicon.LACKING):
        raise _Refused(f"'{word}' is neither a name of the figures nor a word about them.")


@cache
def _known() -> frozenset[str]:
    return lexicon.known()


def _grounds(tokens: list[Token], evidence: Evidence, small: str) -> Iterator[Ground]:
    if any(phrase in small for phrase in (*_LACKING, *_TRENDLESS)):
        yield from _lacks(tokens, evidence, small)
        return
    trending = any(one.text in lexicon.TREND for one in tokens) or " shown" in small
    for claim in claims(tokens):
        yield from _claim(claim, evidence, trending=trending)


def _lacks(tokens: list[Token], evidence: Evidence, small: str) -> Iterator[Ground]:
    """That metrics have no number, or no trend: of each that is named."""
    if any(one.kind == "number" for one in tokens):
        raise _Refused("It tells a number of what is missing.")
    for metric in [one.text for one in tokens if one.kind == "metric"]:
        states = [state for phrase, state in _LACKING.items() if phrase in small]
        few = [few for phrase, few in _TRENDLESS.items() if phrase in small]
        found = evidence.lacking(states[0], metric) if states else evidence.trendless(metric, few=few[0])
        if found is None:
            raise _Refused(f"The figures do not say that of {metric}.")
        yield found


def _claim(claim: Claim, evidence: Evidence, *, trending: bool) -> Iterator[Ground]:
    if not claim.metrics:
        raise _Refused("It does not say which metric it is about.")
    if claim.loose:
        raise _Refused("No figure says that of those days.")
    for metric in claim.metrics:
        for name in claim.names or [""]:
            yield from _numbers(claim, evidence, metric, name)
            yield from _directions(claim, evidence, metric, name, trending=trending)


def _numbers(claim: Claim, evidence: Evidence, metric: str, name: str) -> Iterator[Ground]:
    for token, role, when in claim.numbers():
        found = evidence.number(token, role, when, metric, name)
        whose = f"{metric} of {name}" if name else metric
        what = {"now": "", "before": " before", "change": " as a change", "point": f" on {when}"}[role]
        yield _required(found, f"No figure shows {token.text} for {whose}{what}.")


def _directions(claim: Claim, evidence: Evidence, metric: str, name: str, *, trending: bool) -> Iterator[Ground]:
    whose = f"{metric} of {name}" if name else metric
    for way in claim.directions:
        if claim.rival and way in ("up", "down"):
            found = evidence.ahead(way, metric, name, claim.rival)
        elif way in ("highest", "lowest"):
            found = evidence.extreme(way, metric, name)
        elif trending and way in ("up", "down"):
            found = evidence.course(1 if way == "up" else -1, metric, name)
        elif trending and way in ("better", "worse"):
            found = evidence.going(way, metric, name)
        else:
            found = evidence.moved(way, metric, name)
        yield _required(found, f"The figures do not say '{way}' of {whose}.")


def _required(found: Ground | None, otherwise: str) -> Ground:
    if found is None:
        raise _Refused(otherwise)
    return found
