"""Titles and subjects, drawn from a small vocabulary."""

from __future__ import annotations

import numpy as np

from core.demo.cast import REPOS
from core.demo.stage import Indices

KINDS = ("feat", "fix", "refactor", "chore", "test", "docs", "perf")
SHARES = (0.34, 0.28, 0.12, 0.1, 0.07, 0.06, 0.03)
VERBS = {
    "feat": ("add", "support", "allow", "show", "introduce"),
    "fix": ("handle", "stop losing", "correct", "retry", "guard against"),
    "refactor": ("split", "simplify", "move", "rename", "untangle"),
    "chore": ("update", "clean up", "pin", "tidy", "remove unused"),
    "test": ("cover", "stabilise", "speed up tests of", "add cases for"),
    "docs": ("explain", "document", "correct the description of"),
    "perf": ("cache", "batch", "speed up", "avoid copying"),
}
THINGS = (
    "empty responses", "session renewal", "currency rounding", "partial refunds", "search filters", "address forms",
    "rate limits", "audit entries", "webhook retries", "image loading", "push notifications", "invoice totals",
    "late events", "schema changes", "health checks", "feature flags", "timeouts", "date ranges", "pagination",
    "dark mode", "keyboard focus", "login errors", "metrics labels", "backfills", "duplicate rows", "order history",
    "price updates", "stock levels", "card tokens", "bank holidays", "error pages", "log sampling",
)  # fmt: skip
ANSWERS = (
    "address review comments", "cover the case from review", "rename after review", "simplify as suggested",
    "extract what reviewers asked for",
)  # fmt: skip
LIBRARIES = ("requests", "grpc", "react", "kotlinx", "terraform-aws", "pydantic", "eslint", "zod", "okhttp", "numpy")
ISSUES = ("{thing} fail on slow networks", "Wrong {thing} after an update", "{thing} are missing for new customers",
          "Make {thing} faster", "Show {thing} on the overview", "Clean up {thing}")  # fmt: skip
TROUBLES = ("Elevated errors in {area}", "{area} answers slowly", "{area} is down", "Payments delayed by {area}")


def kinds(rng: np.random.Generator, count: int) -> Indices:
    """A kind for each change, as conventional commits name them."""
    return rng.choice(len(KINDS), count, p=SHARES)


def titles(rng: np.random.Generator, repo: Indices, kind: Indices) -> list[str]:
    """One sentence a change."""
    verb, thing = rng.integers(0, 60, len(repo)), rng.integers(0, len(THINGS), len(repo))
    return [
        f"{VERBS[KINDS[k]][v % len(VERBS[KINDS[k]])]} {THINGS[t]}".capitalize()
        for k, v, t in zip(kind, verb, thing, strict=True)
    ]


def scopes(rng: np.random.Generator, repo: Indices) -> list[str]:
    """The part of the repository that a change is about."""
    drawn = rng.integers(0, 60, len(repo))
    return [
        REPOS[r].areas[d % len(REPOS[r].areas)].rsplit("/", 1)[-1].lower() for r, d in zip(repo, drawn, strict=True)
    ]


def updates(rng: np.random.Generator, count: int) -> list[str]:
    """What dependency bots call their pull requests."""
    library, minor = rng.integers(0, len(LIBRARIES), count), rng.integers(1, 40, count)
    return [f"Bump {LIBRARIES[i]} from 1.{m}.0 to 1.{m + 1}.0" for i, m in zip(library, minor, strict=True)]


def drawn(rng: np.random.Generator, patterns: tuple[str, ...], count: int, areas: list[str] | None = None) -> list[str]:
    """Sentences from patterns with {thing} and {area} filled in."""
    pattern, thing = rng.integers(0, len(patterns), count), rng.integers(0, len(THINGS), count)
    return [
        patterns[p].format(thing=THINGS[t], area=areas[i] if areas else "").capitalize()
        for i, (p, t) in enumerate(zip(pattern, thing, strict=True))
    ]
