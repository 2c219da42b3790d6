"""Sentences about figures, each with the numbers that it rests on: what a figure of words keeps beside its Markdown."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Part = Literal["summary", "trends", "concerns", "changes"]
PARTS: dict[Part, str] = {
    "summary": "Summary",
    "trends": "Key trends",
    "concerns": "Concerns",
    "changes": "Notable changes",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ground(_Part):
    """A number that a sentence rests on, as the document shows it."""

    block: str
    """Key of the figure that shows it."""
    title: str
    """Heading of that figure."""
    about: str
    """Whose number it is: "Commits", "Commits of Atlas, before"."""
    number: str
    """As it is shown: "12.4 h"; for a missing one its state."""


class Sentence(_Part):
    """One sentence of a narrative."""

    part: Part
    text: str
    grounds: list[Ground] = []


class Narration(_Part):
    """Who wrote a narrative, and what each sentence of it rests on."""

    sentences: list[Sentence] = []
    model: str = ""
    """The language model that wrote it; empty where rules did."""
    written_at: datetime | None = None
    prompt: str = ""
    """Name and version of the prompt that the model was given."""
    dropped: int = 0
    """Sentences of the model that the figures do not bear out, and that are left out."""
    fallback: str = ""
    """Why rules wrote it although a model was asked."""
