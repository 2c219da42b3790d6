"""What a skill is, and what one is worth: the formula, the depths, and how a team's is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from core.analysis.frameworks import PLACE
from core.figures import Column, Provenance, Table

Kind = Literal["language", "framework", "area"]
KINDS: dict[Kind, tuple[str, str]] = {
    "language": ("Language", "languages"),
    "framework": ("Framework or tool", "frameworks and tools"),
    "area": ("Path area", "path areas"),
}
"""What one is called, and several."""
HALF_LIFE_DAYS = 180
MOST_LINES = 500
"""Lines of one commit that count in a skill: a file that was pasted in is no knowledge."""
LINES_A_COMMIT = 100
SURE_DAYS = 10
LEARNING_DAYS, LEARNING_COMMITS = 90, 10
CUTS = (("intermediate", 0.4), ("advanced", 0.7), ("expert", 0.9))
FORMULA = (
    f"Effort = commits + lines / {LINES_A_COMMIT}, of one commit at most {MOST_LINES} lines."
    " Proficiency = 100 × effort / (effort + the workspace's median effort) × recency."
    f" Recency halves for every {HALF_LIFE_DAYS} days since the last use."
    f" Confidence = days of use / (days of use + {SURE_DAYS})."
)
TEAM_FORMULA = (
    "Of a team, effort and days are those of all members, shared out among them, and the last use is anybody's."
)
DEPTHS = (
    "Depth is cut at the workspace's own quantiles of proficiency: the best tenth are experts, those above seven in ten"
    " advanced, above four in ten intermediate, the others novices."
)
CONTEXT = (
    "Personal: mostly in repositories in which nobody else changed a file. Learning: first used within the last"
    f" {LEARNING_DAYS} days, in fewer than {LEARNING_COMMITS} commits. Else production."
)


@dataclass(frozen=True, slots=True)
class Skill:
    """What one person, or one team, knows of one language, framework or path area."""

    subject: str
    """A person's or a team's id."""
    name: str
    place: str
    """Of an area, its repository's id; of a framework `framework`; empty for a language."""
    proficiency: float
    """0 to 100."""
    confidence: float
    """0 to 1."""
    recency_factor: float
    depth: str
    """novice, intermediate, advanced or expert; of a team empty."""
    context: str
    """production, personal or learning; of a team empty."""
    commit_count: int
    lines_of_code: int
    active_days: int
    effort: float
    last_activity_at: datetime
    people: int = 1
    """Who of a team used it; 1 for a person."""

    @property
    def key(self) -> str:
        return f"{self.place}:{self.name}"


@dataclass(frozen=True, slots=True)
class Expertise:
    """All skills that the actor may see, and what they were measured by."""

    skills: tuple[Skill, ...]
    half: float
    """The effort that gives half of the full score."""
    subjects: dict[str, str]
    """Names by id, whoever knows most first."""
    labels: dict[str, str]
    """Of skills by key, the most used first."""
    as_of: datetime
    left_out: int = 0
    """Teams too small to be shown."""
    provenance: tuple[Provenance, ...] = ()

    def of(self, subject: str, key: str) -> Skill | None:
        return next((one for one in self.skills if one.subject == subject and one.key == key), None)


def worked_out(skill: Skill, half: float) -> str:
    """The formula with this skill's numbers."""
    return (
        f"100 × {skill.effort:,.1f} / ({skill.effort:,.1f} + {half:,.1f}) × {skill.recency_factor:.2f}"
        f" = {skill.proficiency:.1f}"
    )


def table(found: Expertise, kind: Kind, of: str) -> Table:
    """Every skill of everybody shown, the best first."""
    cols = [
        Column(key="subject", label="Team" if of == "team" else "Person"),
        Column(key="skill", label=KINDS[kind][0]),
        Column(key="proficiency", label="Proficiency", kind="decimal", decimals=1, help=FORMULA),
        Column(key="confidence", label="Confidence", kind="decimal", decimals=2),
        *([Column(key="people", label="People", kind="integer")] if of == "team" else [
            Column(key="depth", label="Depth", help=DEPTHS), Column(key="context", label="Context", help=CONTEXT),
        ]),
        Column(key="recency", label="Recency", kind="decimal", decimals=2),
        Column(key="commits", label="Commits", kind="integer"),
        Column(key="lines", label="Lines", kind="integer"),
        Column(key="last", label="Last use", kind="moment"),
    ]  # fmt: skip
    told: list[list[Any]] = [
        [
            found.subjects[one.subject], found.labels[one.key], round(one.proficiency, 1), round(one.confidence, 2),
            *([one.people] if of == "team" else [one.depth, one.context]), round(one.recency_factor, 2),
            one.commit_count, one.lines_of_code, one.last_activity_at,
        ]
        for one in found.skills
    ]  # fmt: skip
    return Table(
        title="Skills", cols=cols, rows=told, note=" ".join((FORMULA, TEAM_FORMULA if of == "team" else DEPTHS))
    )


def recency_factor(as_of: datetime, last: datetime) -> float:
    days = max(0.0, (as_of - last) / timedelta(days=1))
    return float(0.5 ** (days / HALF_LIFE_DAYS))


def proficiency(effort: float, half: float, recency: float) -> float:
    return 100 * effort / (effort + half) * recency


def cuts(values: Sequence[float]) -> list[tuple[str, float]]:
    """From which proficiency each depth begins, the deepest first."""
    ordered = sorted(values)
    if not ordered:
        return []
    last = len(ordered) - 1
    return [(name, ordered[min(last, int(share * len(ordered)))]) for name, share in reversed(CUTS)]


def depth(value: float, cuts: Sequence[tuple[str, float]]) -> str:
    return next((name for name, least in cuts if value >= least), "novice")


def together(team: str, size: int, skills: Sequence[Skill], everything: Expertise) -> Skill:
    effort = sum(one.effort for one in skills) / size
    last = max(one.last_activity_at for one in skills)
    recency, days = recency_factor(everything.as_of, last), sum(one.active_days for one in skills) / size
    return replace(
        skills[0],
        subject=team,
        proficiency=proficiency(effort, everything.half, recency),
        confidence=days / (days + SURE_DAYS),
        recency_factor=recency,
        depth="",
        context="",
        commit_count=sum(one.commit_count for one in skills),
        lines_of_code=sum(one.lines_of_code for one in skills),
        active_days=round(days),
        effort=effort,
        last_activity_at=last,
        people=len(skills),
    )


def label(key: str, repos: dict[str, str]) -> str:
    """A language or framework by its name, an area by repository and folder."""
    place, _, name = key.partition(":")
    if place in ("", PLACE):
        return name
    return f"{repos.get(place, place).rpartition('/')[2]}: {name or 'top folder'}"
