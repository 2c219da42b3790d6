"""A plan's result at once, for whoever is making it: what was asked before is not asked again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from dataclasses import replace

from core.access.looks import looked
from core.context import Capability, Context
from core.figures import Figure
from core.reports.build import Built, build
from core.reports.narrating import by_rules
from core.reports.plan import ReportPlan
from core.reports.reading import without
from core.reports.references import check_sources

MOST = 2000
"""Figures that are held; the one that was used longest ago goes first."""


class Held(MutableMapping[str, Figure]):
    """Finished figures by what they depend on: block, days, filters, what the actor may see, and the data's version."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._figures: OrderedDict[str, Figure] = OrderedDict()
        self._lock = threading.Lock()

    def __getitem__(self, key: str) -> Figure:
        with self._lock:
            self._figures.move_to_end(key)
            return self._figures[key]

    def __setitem__(self, key: str, figure: Figure) -> None:
        with self._lock:
            self._figures[key] = figure
            self._figures.move_to_end(key)
            while len(self._figures) > self._most:
                self._figures.popitem(last=False)

    def __delitem__(self, key: str) -> None:
        with self._lock:
            del self._figures[key]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(list(self._figures))

    def __len__(self) -> int:
        return len(self._figures)


def preview(ctx: Context, plan: ReportPlan, held: Held) -> Built:
    """The document that a run of this plan would make now, for the actor's own eyes."""
    ctx.require(Capability.EDIT_REPORTS)
    check_sources(plan)
    built = build(ctx, by_rules(plan), ctx.clock(), author=ctx.actor.name, always=True, held=held)
    seen(ctx, built)
    return replace(built, document=without(built.document, hidden(ctx, built)))


def seen(ctx: Context, built: Built) -> None:
    """Note whose numbers the actor looks at, also where they were made for another who may see the same."""
    unseen = hidden(ctx, built)
    for key, whose in built.individual.items():
        for people, teams in whose if key not in unseen else ():
            looked(ctx, people, teams, listed=not people)


def hidden(ctx: Context, built: Built) -> set[str]:
    """Keys of the figures that show somebody whose numbers are not the actor's to see."""
    return {key for key, whose in built.individual.items() if not all(ctx.sees_scope(*one) for one in whose)}
