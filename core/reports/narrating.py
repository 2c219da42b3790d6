"""The narrative blocks of a plan: written when all other figures are finished, of those figures alone.

What rests on figures that not every reader may see is a figure of its own, hidden like those that it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
NOTHING = "The figures of this report say nothing that could be told in a sentence yet."


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


def narrated(plan: ReportPlan, telling: Telling) -> Narrated:
    """Every narrative of the plan."""
    found, blocks = Narrated(), dict(placed(plan))
    for key, block in blocks.items():
        if isinstance(block, NarrativeBlock):
            about = [one for one, other in blocks.items() if _inside(one, key, block) and not apart(other)]
            _tell(found, key, block, [figure for one in about for figure in telling.figures.get(one, ())], telling)
    return found


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


def _tell(found: Narrated, key: str, block: NarrativeBlock, shown: list[Figure], telling: Telling) -> None:
    parts: list[Figure] = []
    for whose, figures in _groups(shown, telling.individual):
        facts = read(figures, telling.period, telling.comparison)
        narration = _narration(facts, block, None if whose else telling.voice)
        if narration.sentences:
            part = _part(key, block, narration, len(parts), split=bool(whose) and bool(parts))
            parts.append(part)
            if whose:
                found.individual[part.key] = whose
    found.figures[key] = tuple(parts) or (Notice(key=key, title=block.title, text=NOTHING, columns=block.columns),)


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


def _narration(facts: Facts, block: NarrativeBlock, voice: Voice | None) -> Narration:
    if voice is not None and block.voice == "auto" and facts.metrics:
        return voice(facts, block.parts)
    return Narration(sentences=told(facts, block.parts))


def _part(key: str, block: NarrativeBlock, narration: Narration, place: int, *, split: bool) -> Prose:
    title = ABOUT_SOME if split else block.title
    return written(narration, key=f"{key}p{place}" if place else key, title=title, columns=block.columns)
