"""Where a document's numbers come from, each thing said once: what all share, what some share, then each part.

For pages of paper, where the same words a hundred times hide the ones that differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.documents import wording
from core.documents.document import Document
from core.figures import STORE, Column, Provenance, Table

Facts = list[tuple[str, str]]
COMMON = ("Source", "Complete up to", "Asked", "Left out")
"""What is said of all parts, or of a group of them, where it is the same for each."""
OWN = ("Metrics", "Rows", *COMMON, "Query")
"""What is said of each part, in this order, as far as it is not said above it."""
RESTS_ON = "Rests on"


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that are counted from the same facts."""

    title: str
    shared: Facts
    parts: Table


@dataclass(frozen=True, slots=True)
class Other:
    """What a report file asked, or sentences with the numbers that each rests on."""

    title: str
    facts: Facts
    grounds: Facts
    """Each sentence, and its numbers."""


@dataclass(frozen=True, slots=True)
class Origins:
    """All of it."""

    shared: Facts
    groups: list[Group]
    definitions: Facts
    """What each metric means, once."""
    others: list[Other]
    """What rests on other things than metrics."""

    def __bool__(self) -> bool:
        return bool(self.groups or self.others)


def of(document: Document) -> Origins:
    """The provenance of a document, grouped."""
    records = document.sources()
    counted = [one for one in records if one.datasource == STORE and not one.grounds]
    told = [(one, dict(wording.origin_facts(document, one))) for one in counted]
    shared = _same([facts for _, facts in told])
    groups: dict[str, list[tuple[Provenance, dict[str, str]]]] = {}
    for one, facts in told:
        groups.setdefault(facts.get("Facts", "other facts"), []).append((one, facts))
    return Origins(
        shared,
        [_group(name, parts, shared) for name, parts in groups.items()],
        _definitions(counted),
        [_other(document, one) for one in records if one not in counted],
    )


def _other(document: Document, one: Provenance) -> Other:
    facts = [fact for fact in wording.origin_facts(document, one) if fact[0] != RESTS_ON]
    return Other(one.block or "Document", facts, [wording.ground_parts(ground) for ground in one.grounds])


def _group(name: str, parts: list[tuple[Provenance, dict[str, str]]], above: Facts) -> Group:
    said = {label for label, _ in above}
    shared = [fact for fact in _same([facts for _, facts in parts]) if fact[0] not in said]
    said |= {label for label, _ in shared}
    labels = [one for one in OWN if one not in said and any(facts.get(one) for _, facts in parts)]
    rows = [[one.block or "Document", *(facts.get(label) for label in labels)] for one, facts in parts]
    cols = [Column(key="part", label="Part"), *(Column(key=label, label=label) for label in labels)]
    return Group(f"Counted from {name.replace('_', ' ')}", shared, Table(cols=cols, rows=[list(row) for row in rows]))


def _same(told: list[dict[str, str]]) -> Facts:
    """What each says in the same words."""
    if not told:
        return []
    alike = {label: {facts.get(label) for facts in told} for label in COMMON}
    return [(label, text) for label, found in alike.items() if len(found) == 1 and (text := next(iter(found)))]


def _definitions(records: list[Provenance]) -> Facts:
    said = dict.fromkeys(text for one in records for text in one.definitions)
    return [(name, meaning or name) for name, _, meaning in (text.partition(": ") for text in said)]
