"""Letters that need more than a font: Arabic is joined, Arabic and Hebrew run from right to left, and what no font has
is said in Latin letters: "🚀" as ":rocket:", "हिन्दी" as "hindi"."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache

_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_FROM_RIGHT = re.compile(f"[{_RIGHT}](?:[^A-Za-z\u00c0-\u024f\u0370-\u052f{_RIGHT}\\n]*[{_RIGHT}])*")
"""From the first letter that runs to the left to the last, with the spaces, signs and numbers between them."""
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_UNITS = re.compile(r"(?<=\d) (?:(?=(?:%|h|d|min|points)(?!\w))|(/) (?=(?:day|week)\b))")
_MIRRORED = str.maketrans("()[]<>{}«»", ")(][><}{»«")
_JOINS_BOTH, _JOINS_BEFORE = 4, 2


def runs_left(text: str) -> bool:
    """Whether any of it is written from right to left."""
    return not text.isascii() and _FROM_RIGHT.search(text) is not None


def parts(text: str) -> list[tuple[str, bool]]:
    """The text between the places where the direction of writing changes, each part with whether it runs left."""
    found, at = [], 0
    for run in _FROM_RIGHT.finditer(text):
        found += [(text[at : run.start()], False), (run.group(), True)]
        at = run.end()
    return [part for part in [*found, (text[at:], False)] if part[0]]


def turned(run: str) -> str:
    """A part that runs left in the order in which it is drawn; its numbers still run right."""
    back = "".join(reversed(clusters(run.translate(_MIRRORED))))
    return _NUMBER.sub(lambda number: number.group()[::-1], back)


def clusters(text: str) -> list[str]:
    """Letters, each with the marks that stand upon it."""
    found: list[str] = []
    for letter in text:
        if found and unicodedata.combining(letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def joined(text: str) -> str:
    """Arabic letters in the shapes that they have beside each other, for those who draw each by itself."""
    shapes = _shapes()
    drawn, shown = [], [letter for letter in text if letter != "\u0640"]
    place = 0
    while place < len(shown):
        letter = shown[place]
        size = 2 if letter + "".join(shown[place + 1 : place + 2]) in shapes else 1
        known = shapes.get("".join(shown[place : place + size]))
        before, after = _beside(shown, place - 1, -1), _beside(shown, place + size, 1)
        if known is None:
            drawn.append(letter)
        else:
            joins = (len(shapes.get(before, ())) == _JOINS_BOTH) + 2 * (len(known) == _JOINS_BOTH and after in shapes)
            drawn.append(known[("isolated", "final", "initial", "medial")[joins]])
        place += size
    return "".join(drawn)


def _beside(text: list[str], place: int, step: int) -> str:
    """The next letter on one side, past the marks that stand upon letters."""
    while 0 <= place < len(text) and unicodedata.combining(text[place]):
        place += step
    return text[place] if 0 <= place < len(text) else ""


@cache
def _shapes() -> dict[str, dict[str, str]]:
    """The shapes of each Arabic letter, and of lam with alef, as Unicode lists them."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFC00), *range(0xFE80, 0xFEFD)):
        how, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        whole = "".join(chr(int(letter, 16)) for letter in letters)
        if whole and (len(whole) == 1 or whole[0] == "\u0644"):
            found.setdefault(whole, {}).setdefault(how.strip("<>"), chr(code))
    return {whole: shapes for whole, shapes in found.items() if {"isolated", "final"} <= shapes.keys()}


def bound(markup: str) -> str:
    """Markup in which no line ends between a number and its unit."""
    return _UNITS.sub(lambda space: "&nbsp;/&nbsp;" if space[1] else "&nbsp;", markup)


def latin(text: str) -> str:
    """The text in Latin letters."""
    from anyascii import anyascii

    return str(anyascii(text))


def replaced(written: str, known: Callable[[str], bool]) -> str:
    """JSON in which letters that are not `known` are said in Latin letters."""
    lacking = [] if written.isascii() else [one for one in set(written) if not one.isascii() and not known(one)]
    return written.translate({ord(one): json.dumps(latin(one))[1:-1] for one in lacking}) if lacking else written
