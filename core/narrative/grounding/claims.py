"""The claims of a sentence: stretches of it, each with the metrics and names that its numbers and directions are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.narrative.facts import Role
from core.narrative.grounding import lexicon
from core.narrative.grounding.tokens import Token

DIRECTIONS = {
    "up": lexicon.UP,
    "down": lexicon.DOWN,
    "flat": lexicon.FLAT,
    "better": lexicon.BETTER,
    "worse": lexicon.WORSE,
    "faster": lexicon.FASTER,
    "slower": lexicon.SLOWER,
    "highest": lexicon.HIGHEST,
    "lowest": lexicon.LOWEST,
}
COMPARING = ("compared", "against", "versus", "vs", "than")


@dataclass
class Claim:
    """A stretch of a sentence between two breaks."""

    tokens: list[Token]
    metrics: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    said_before: list[str] = field(default_factory=list)
    """Ups and downs of the claim before: "rose by 20 %, and Deployments by 25 %" says that both rose."""
    when: Token | None = None
    """The day or period that the sentence named before, where it compares with none."""

    @property
    def loose(self) -> list[Token]:
        """Days that no number of it is of, and a comparison period that it does not compare with."""
        dates = [*(one for one in self.tokens if one.kind in ("date", "period")), *([self.when] if self.when else [])]
        used = [self._dated(place) or self.when for place in self._amounts()]
        compares = any(one.text in COMPARING for one in self.tokens)
        free = [one for one in dates if not any(one is other for other in used)]
        return [one for one in free if one.kind == "date" or (one.text == "before" and not compares)]

    def _amounts(self) -> list[int]:
        """Where its numbers stand that are no changes."""
        places = [place for place, one in enumerate(self.tokens) if one.kind == "number"]
        return [place for place in places if self._role(place)[0] != "change"]

    @property
    def words(self) -> list[str]:
        return [one.text for one in self.tokens if one.kind == "word"]

    @property
    def directions(self) -> list[str]:
        """What it says of a course; "more" before "than Borealis" compares two names instead."""
        found = [way for word in self.words for way, said in DIRECTIONS.items() if word in said]
        found += ["flat"] if "no change" in " ".join(self.words) else []
        signs = [one.sign for one in self.tokens if one.kind == "number" and one.text in lexicon.MULTIPLES]
        found += ["up" if sign == "+" else "down" for sign in signs]
        return found or (self.said_before if self._leans() else [])

    def _leans(self) -> bool:
        """Whether it tells a change and leaves to the claim before which way it went."""
        return any(role == "change" and not token.sign for token, role, _ in self.numbers())

    @property
    def rival(self) -> str:
        """The name behind "than": whoever the others are compared with."""
        for place, one in enumerate(self.tokens[:-1]):
            if one.text == "than" and self.tokens[place + 1].kind == "name":
                return self.tokens[place + 1].text
        return ""

    def numbers(self) -> Iterator[tuple[Token, Role, str]]:
        """Each number with its role, and the day that it is of."""
        for place, one in enumerate(self.tokens):
            if one.kind == "number":
                yield one, *self._role(place)

    def _role(self, place: int) -> tuple[Role, str]:
        before = self.tokens[place - 1].text if place else ""
        earlier = self.tokens[place - 2].text if place > 1 else ""
        after = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        one = self.tokens[place]
        counted = bool(after and after.kind == "word" and after.text in lexicon.CHANGE_AFTER)
        moved = before == "by" or before in lexicon.CHANGE_AFTER or (before == "of" and earlier in lexicon.CHANGE_NOUNS)
        if one.sign or one.text in lexicon.MULTIPLES or counted or moved:
            return "change", ""
        return self._time(place, before)

    def _time(self, place: int, before: str) -> tuple[Role, str]:
        dated = self._dated(place) or self.when
        if dated and dated.kind == "date":
            return "point", dated.text
        if dated:
            return ("now", "") if dated.text == "now" else ("before", "")
        past = before in lexicon.FROM or any(one.text in lexicon.COMPARED for one in self._around(place))
        return ("before" if past else "now"), ""

    def _around(self, place: int) -> list[Token]:
        """What is said behind a number, up to the next; of the first number also what is said before it."""
        numbers = [at for at, one in enumerate(self.tokens) if one.kind == "number"]
        following = next((at for at in numbers if at > place), len(self.tokens))
        return self.tokens[0 if numbers[0] == place else place : following]

    def _dated(self, place: int) -> Token | None:
        """The date behind a number, before the next number."""
        for one in self.tokens[place + 1 :]:
            if one.kind == "number":
                return None
            if one.kind in ("date", "period"):
                return one
        return None


def claims(tokens: Sequence[Token]) -> list[Claim]:
    """The stretches that claim something; metrics and names of those before that claim nothing are theirs too."""
    found: list[Claim] = []
    metrics: list[str] = []
    names: list[str] = []
    when: Token | None = None
    late: list[Token] = []
    for stretch in _stretches(tokens):
        metrics += [one.text for one in stretch if one.kind == "metric"]
        names += [one.text for one in stretch if one.kind == "name"]
        claim = Claim(stretch)
        if not (claim.directions or any(True for _ in claim.numbers())):
            when = _when(stretch) or when
            late = stretch
            continue
        late = []
        claim.when = when
        _settle(claim, metrics, names, found[-1] if found else None)
        found.append(claim)
        metrics, names = [], []
    if found and late:
        found[-1].tokens += late  # ", in February" at the end is of what stands before it
    return _completed(found, tokens)


def _stretches(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    stretch: list[Token] = []
    for one in tokens:
        if one.kind == "break":
            yield stretch
            stretch = []
        else:
            stretch.append(one)
    yield stretch


def _when(stretch: Sequence[Token]) -> Token | None:
    """The day or period of a stretch like "In February,"; what is compared with is not what is told of."""
    if any(one.text in COMPARING for one in stretch):
        return None
    return next((one for one in stretch if one.kind in ("date", "period")), None)


def _settle(claim: Claim, metrics: list[str], names: list[str], last: Claim | None) -> None:
    """Its own metrics and names; without metrics those of the claim before, without either also its names."""
    claim.metrics, claim.names = metrics, [one for one in names if one != claim.rival]
    claim.said_before = [way for way in last.directions if way in ("up", "down")] if last else []
    if last and not metrics:
        claim.metrics = last.metrics
        if not names:
            claim.names = last.names


def _completed(found: list[Claim], tokens: Sequence[Token]) -> list[Claim]:
    """A claim at the beginning that names no metric is about the first one named after it."""
    first = [one.text for one in tokens if one.kind == "metric"][:1]
    for claim in found:
        claim.metrics = claim.metrics or first
    return found
