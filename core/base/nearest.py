"""The word that somebody most likely meant: slips of the keyboard, words left out, joined, or in another order."""

from __future__ import annotations

import re
from collections.abc import Iterable

ALIKE = 0.6
"""How much of two words must be the same for one to be a slip of the other."""
SHORT = 2
LEFT_OUT = 0.02
"""What each word costs that the name has and the person did not write."""
LONGEST = 200
_WORD = re.compile(r"[^\W_]+")


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest of `known`, the first of those that are equally near; empty if none is near.

    Capitals and what stands between words count for nothing. A name of several words is measured whole, by each run
    of its words, so that "first review" finds "Time to first review", and word by word, so that "Leed Time" finds
    "Lead time for changes" and not "Recovery time", with which it shares more letters.
    """
    asked = _words(word)
    scored = [(_alike(asked, _words(name)), name) for name in known] if asked else []
    score, name = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return name if score >= ALIKE else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:LONGEST].casefold())


def _alike(asked: list[str], name: list[str]) -> float:
    return max(_by_runs(asked, name), _by_words(asked, name)) if name else 0.0


def _by_runs(asked: list[str], name: list[str]) -> float:
    """How alike the best run of the name's words is to all that was asked, spaces left out of both."""
    from rapidfuzz.distance import OSA

    whole, best = "".join(asked), 0.0
    for length in {max(1, len(asked) + more) for more in (-1, 0, 1)} | {len(name)}:
        for start in range(len(name) - length + 1):
            run = "".join(name[start : start + length])
            alike = OSA.normalized_similarity(whole, run)
            if alike < 1 and whole.rstrip("s") == run.rstrip("s"):
                alike = 1 - LEFT_OUT / 2  # one and several of the same
            if len(run) == SHORT == len(whole) and OSA.distance(whole, run) == 1:
                alike = ALIKE  # of two letters one is half, and all the same a slip
            if len(whole) > SHORT and run.startswith(whole):
                alike = max(alike, ALIKE)  # "prom" is short for "prometheus"
            best = max(best, alike - LEFT_OUT * (len(name) - length))
    return best


def _by_words(asked: list[str], name: list[str]) -> float:
    """How alike each word that was asked is to its nearest of the name, long words counting more."""
    from rapidfuzz.distance import OSA

    found = 0.0
    for word in asked:
        alike = max(OSA.normalized_similarity(word, other) for other in name)
        found += len(word) * (alike if alike >= ALIKE else 0.0)
    return found / sum(map(len, asked)) - LEFT_OUT * max(0, len(name) - len(asked))
