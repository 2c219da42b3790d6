"""What a form should know of a setting beyond its type. Put it among a field's `Annotated` metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hint:
    """How a setting is shown."""

    label: str = ""
    """What people call it; else its name."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What its choices are called."""
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Other settings' values beside which it means anything."""
    aside: bool | None = None
    """Whether few need to touch it; None leaves it to its name."""
    hidden: bool = False
    """Whether forms leave it out: files and commands still have it."""
