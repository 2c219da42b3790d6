"""The narrative blocks of a plan: written when all other figures are finished, of those figures alone.

What rests on figures that not every reader may see is a figure of its own, hidden like those that it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from core.figures import Figure, Notice, Prose
from core.narration import Narration, Part
from core.narrative.facts import Facts
from core.narrative.reading import read
from core.narrative.telling import told, written
from core.reports.assembly import placed
from core.reports.plan import Block, NarrativeBlock, ReportPlan, WidgetBlock

Whose = tuple[Sequence[str], Sequence[str]]
Voice = Callable[[Facts, Sequence[Part]], Narration]
"""Whoever writes instead of the rules."""
ABOUT_SOME = "For those who may see these numbers"
AT_ONCE = 4
"""Narratives that a model is asked for at the same time."""
NOTHING = "The figures of this report say nothing that could be told in a sentence yet."
QUIET = "Nothing in these figures stands out."


@dataclass
class Narrated:
    """Figures by the key of their block, and whose numbers those tell that not everybody may see."""

    figures: dict[str, tuple[Figure, ...]] = field(default_factory=dict)
    individual: dict[str, Sequence[Whose]] = field(default_factory=dict)


@dataclass(frozen=True)
class Telling:
    """What all narratives of a document are written of."""

    figures: Mapping[str, Sequence[Figure]]
    individual: Mapping[str, Sequence[Whose]]
    period: str
    comparison: str
    voice: Voice | None = None


@dataclass(frozen=True)
class _Wanted:
    """One part of a narrative before it is written."""

    key: str
    block: NarrativeBlock
    whose: Sequence[Whose]
    """Whose numbers it tells that not everybody may see; empty for those that everybody may."""
    facts: Facts


def narrated(plan: ReportPlan, telling: Telling) -> Narrated:
    """Every narrative of the plan. A model is asked for several at once; what it says stands where it belongs."""
    found, wanted = Narrated(), list(_wanted(plan, telling))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="narrative") as pool:
        told = list(pool.map(lambda one: _narration(one, telling), wanted))
    for one, narration in zip(wanted, told, strict=True):
        _keep(found, one, narration)
    for one in wanted:
        text = QUIET if one.facts.metrics else NOTHING
        nothing = Notice(key=one.key, title=one.block.title, text=text, columns=one.block.columns)
        found.figures.setdefault(one.key, (nothing,))
    return found


def _wanted(plan: ReportPlan, telling: Telling) -> Iterator[_Wanted]:
    """What is to be told, block by block: of figures that everybody may see, then of others."""
    blocks = dict(placed(plan))
    for key, block in blocks.items():
        if isinstance(block, NarrativeBlock):
            about = [one for one, other in blocks.items() if _inside(one, key, block) and not apart(other)]
            shown = [figure for one in about for figure in telling.figures.get(one, ())]
            for whose, figures in _groups(shown, telling.individual):
                yield _Wanted(key, block, whose, read(figures, telling.period, telling.comparison))


def by_rules(plan: ReportPlan) -> ReportPlan:
    """The plan with its narratives written by rules: no language model is asked for what is looked at in passing."""
    sections = [
        section.model_copy(update={"blocks": tuple(_quick(block) for block in section.blocks)})
        for section in plan.sections
    ]
    return plan.model_copy(update={"sections": tuple(sections)})


def _quick(block: Block) -> Block:
    return block.model_copy(update={"voice": "rules"}) if isinstance(block, NarrativeBlock) else block


def apart(block: Block) -> bool:
    """Whether a block's numbers would be taken for the report's: of other days, or of others without saying so."""
    if not isinstance(block, WidgetBlock):
        return False
    narrowed = block.scope or any(block.params.get(name) for name in ("person", "team", "component"))
    return bool(block.range or block.compare or (narrowed and not (block.title or block.params.get("title"))))


def _inside(other: str, key: str, block: NarrativeBlock) -> bool:
    return block.about == "report" or other.partition("b")[0] == key.partition("b")[0]


def _keep(found: Narrated, one: _Wanted, narration: Narration) -> None:
    if narration.sentences:
        there = found.figures.get(one.key, ())
        part = _part(one.key, one.block, narration, len(there), split=bool(one.whose) and bool(there))
        found.figures[one.key] = (*there, part)
        if one.whose:
            found.individual[part.key] = one.whose


def _groups(
    shown: list[Figure], individual: Mapping[str, Sequence[Whose]]
) -> Iterator[tuple[Sequence[Whose], list[Figure]]]:
    """Figures that everybody may see, then those that the same readers may see together."""
    yield (), [one for one in shown if one.key not in individual]
    hidden: dict[str, tuple[Sequence[Whose], list[Figure]]] = {}
    for one in shown:
        if whose := individual.get(one.key):
            hidden.setdefault(repr(whose), (whose, []))[1].append(one)
    yield from hidden.values()


def _narration(one: _Wanted, telling: Telling) -> Narration:
    """By the model only what everybody may see."""
    if telling.voice is not None and not one.whose and one.block.voice == "auto" and one.facts.metrics:
        return telling.voice(one.facts, one.block.parts)
    return Narration(sentences=told(one.facts, one.block.parts))


def _part(key: str, block: NarrativeBlock, narration: Narration, place: int, *, split: bool) -> Prose:
    title = ABOUT_SOME if split else block.title
    return written(narration, key=f"{key}p{place}" if place else key, title=title, columns=block.columns)
