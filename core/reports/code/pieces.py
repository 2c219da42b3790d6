"""What may stand among a file's views without asking a datasource: words, a heading, a new page."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.narration import PARTS, Part


class NoArgs(BaseModel):
    """Takes no arguments."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextArgs(NoArgs):
    """Words."""

    markdown: str = Field("", description="What it says, in Markdown.")


class NarrativeArgs(NoArgs):
    """Sentences about the other figures."""

    about: Literal["report", "section"] = Field("report", description="Of the whole report, or of its section alone.")
    parts: tuple[Part, ...] = Field(tuple(PARTS), min_length=1, description="What it tells, in this order.")
    voice: Literal["auto", "rules"] = Field(
        "auto", description="auto: by a language model where the workspace has one; rules: always by rules."
    )


PIECES: dict[str, type[BaseModel]] = {
    "text": TextArgs,
    "section": TextArgs,
    "page_break": NoArgs,
    "narrative": NarrativeArgs,
}
"""text: words of the author; section: a heading, with words below, that begins a section; page_break: a new page;
narrative: sentences about the other figures."""
