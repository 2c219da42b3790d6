"""Plugins that are not what they say."""

from __future__ import annotations

from core.views.view import View


class CrookedView(View):
    key = "orchard.crooked"
    label = "Crooked"

    class Args:  # type: ignore[assignment]
        """No pydantic model."""


def stray() -> None:
    """No class at all."""
