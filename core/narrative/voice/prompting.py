"""Prompts: templates in the repository, each with its version in its name."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def template(package: str, name: str) -> Any:
    """A prompt of a package's folder `prompts`, as in ("core.narrative.voice", "narrative-1.system")."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(  # noqa: S701 - it writes no HTML
        loader=PackageLoader(package, "prompts"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return made.get_template(f"{name}.j2")
