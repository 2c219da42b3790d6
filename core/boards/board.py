"""What a board is made of: sections of tiles, each a widget with settings and a width."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.figures import Figure


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tile(_Part):
    """A widget at a place."""

    widget: str
    params: dict[str, Any] = {}
    columns: int = Field(6, ge=1, le=6)
    """Width in a grid of six."""


class BoardSection(_Part):
    """Tiles under one heading; without a title they follow what is above."""

    title: str = ""
    about: str = ""
    tiles: tuple[Tile, ...]


class Board(_Part):
    """A layout, drawn live as a page or to a file as a document."""

    name: str
    title: str
    about: str = ""
    sections: tuple[BoardSection, ...]

    @property
    def tiles(self) -> list[Tile]:
        """Every tile in reading order."""
        return [tile for section in self.sections for tile in section.tiles]


class BuiltSection(_Part):
    """A section with its figures finished."""

    title: str = ""
    about: str = ""
    figures: list[Figure]
