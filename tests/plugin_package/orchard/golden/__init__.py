"""The same card, whose page has its own words; its other formats are those of the class above."""

from __future__ import annotations

from orchard.card import Card


class GoldenCard(Card):
    key = "orchard.golden"
    label = "Golden card"
    about = "How much each tree bore, in gold."
