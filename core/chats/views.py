"""Questions and answers as they are kept, and as readers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from core.narration import Ground

LONGEST = 500
"""Letters of a question."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Said(_Part):
    """One sentence of an answer, with the numbers that it rests on."""

    text: str
    grounds: list[Ground] = []


class Source(_Part):
    """What was fetched for an answer besides the report's figures."""

    key: str
    """What the grounds of a sentence call it."""
    title: str
    """The metric and whose it is: "Lead time for changes of Platform"."""
    metric: str
    """Its key."""
    days: str
    """Its window, and what it is compared with."""
    people: list[str] = []
    """Ids of those whose numbers it tells."""
    teams: list[str] = []
    private: bool = False
    """Whether it is for those alone who may see these people, or these teams' people."""


class Topic(_Part):
    """What a question was about, so that the next may say "it"."""

    metric: str = ""
    about: list[tuple[str, str, str]] = []
    """Kind, id and name of the team, repository, component or person."""
    days: str = ""


class Answer(_Part):
    """All that was said to one question."""

    sentences: list[Said] = []
    remarks: list[str] = []
    """What the house says of the question: words that were not understood, what is out of the report's scope."""
    sources: list[Source] = []
    model: str = ""
    """The language model that answered; empty where rules did."""
    prompt: str = ""
    dropped: int = 0
    """Sentences of the model that the figures do not bear out, and that are left out."""
    fallback: str = ""
    """Why rules answered although a model was asked."""
    topic: Topic = Topic()
    people: list[str] = []
    """Ids of those whom the question names."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question of a run, with its answer."""

    id: str
    run_id: str
    question: str
    answer: Answer
    asked_by: str
    asked_at: datetime
    is_mine: bool
    """Whether the reader asked it."""
    may_delete: bool
    """Whether they may delete it: it is theirs, or they are an admin."""
