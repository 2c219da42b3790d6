"""Names that stay on this machine: "Team 1" goes out in place of a team's name, and comes back as it."""

from __future__ import annotations

import re
from collections.abc import Mapping

NOUNS = {"Team": "Team", "Repository": "Repository", "Component": "Component", "Person": "Person"}
OTHER = "Group"


class Mask:
    """Pseudonyms for these names, the same ones in whatever order they are met."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.given = {name: f"{NOUNS.get(noun, OTHER)} {place}" for place, (name, noun) in enumerate(names.items(), 1)}
        self.meant = {mask: name for name, mask in self.given.items()}

    def on(self, text: str) -> str:
        """The text with each name replaced."""
        return self._swapped(text, self.given)

    def loosely(self, text: str) -> str:
        """The same for what a person wrote, in whatever letters."""
        folded = {name.casefold(): mask for name, mask in self.given.items()}
        return self._swapped(text, folded, re.IGNORECASE)

    def off(self, text: str) -> str:
        """The text with the names put back."""
        return self._swapped(text, self.meant)

    def _swapped(self, text: str, swaps: Mapping[str, str], flags: int = 0) -> str:
        if not swaps:
            return text
        longest_first = sorted(swaps, key=len, reverse=True)
        pattern = "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in longest_first)
        return re.sub(pattern, lambda found: swaps[found[0].casefold() if flags else found[0]], text, flags=flags)
