"""Numbers with their nouns."""

from __future__ import annotations


def counted(number: int, noun: str, verb: tuple[str, str] | None = None) -> str:
    """ "1 field", "1,204 fields"; with the two forms of a verb, "1 path belongs" and "2 paths belong"."""
    said = f"{number:,} {noun}{'' if number == 1 else 's'}"
    return f"{said} {verb[number != 1]}" if verb else said
