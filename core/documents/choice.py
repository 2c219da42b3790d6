"""What a report's author may choose of its looks: the keys of a theme in a report file."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.figures import MOST_COLUMNS

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def _colour(text: str) -> str:
    if not COLOUR.fullmatch(text):
        raise ValueError(f"'{text}' is no colour. Write it as #0072B2.")
    return text if len(text) == 7 else "#" + "".join(digit * 2 for digit in text[1:])


def _font(text: str) -> str:
    if not re.fullmatch(r"[\w ,.\-]*", text):
        raise ValueError(f"'{text}' is no list of font names. Write names separated by commas, without quotes.")
    return text


Colour = Annotated[str, AfterValidator(_colour)]


class ThemeChoice(BaseModel):
    """A theme. What is not chosen is the house's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    num_columns: int = Field(6, ge=1, le=MOST_COLUMNS, description="Columns of the grid that views stand on.")
    column_width: int = Field(86, ge=20, le=400, description="Width of one column, in pixels.")
    padding_width: int = Field(20, ge=0, le=200, description="Space at the left and right edge, in pixels.")
    theme_dir: str = Field("", description="Folder of templates that replace ours of the same name.")
    ui_colors: tuple[Colour, Colour, Colour, Colour, Colour] | None = Field(
        None, description="Text, lighter text, dark background, accent of the background, background."
    )
    error_colors: tuple[Colour, Colour] | None = Field(None, description="Dark and light colour of what went wrong.")
    success_colors: tuple[Colour, Colour] | None = Field(None, description="Dark and light colour of what went well.")
    series_colors: tuple[Colour, ...] = Field((), max_length=64, description="Colours of the series of charts.")
    heading_font: Annotated[str, AfterValidator(_font)] = Field(
        "", max_length=300, description="CSS font family of headings."
    )
    mode: Literal["auto", "light", "dark"] = Field("auto", description="auto follows the reader's own setting.")
