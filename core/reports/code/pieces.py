"""What may stand among a file's views without asking a datasource: words, a heading, a new page."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class NoArgs(BaseModel):
    """Takes no arguments."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextArgs(NoArgs):
    """Words."""

    markdown: str = Field("", description="What it says, in Markdown.")


PIECES: dict[str, type[BaseModel]] = {"text": TextArgs, "section": TextArgs, "page_break": NoArgs}
"""text: words of the author; section: a heading, with words below, that begins a section; page_break: a new page."""
