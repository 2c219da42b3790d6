"""A talk with a model: rounds of tool calls, then sentences, each shown once it is borne out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from core.base.errors import SightlineError
from core.chats.around import Around
from core.chats.fetching import Fetched
from core.chats.model import telling, tools
from core.chats.model.hearing import Turn, heard
from core.chats.ruling import Answering
from core.chats.views import QuestionView, Said
from core.context import Capability
from core.narrative.facts import Facts
from core.narrative.grounding import check
from core.narrative.voice import settings as deciding
from core.narrative.voice.asking import Unheard
from core.narrative.voice.masking import Mask
from core.narrative.voice.settings import VoiceSettings
from core.narrative.voice.speaking import none_left

log = structlog.get_logger(__name__)
MOST_ROUNDS = 4
"""Replies of the model to one question; the last may not call."""


@dataclass
class Spoken:
    """What became of the model's answer."""

    model: str = ""
    prompt: str = telling.PROMPT
    dropped: int = 0
    heard: int = 0
    """Sentences in all, those that were dropped too."""
    kept: int = 0
    fallback: str = ""


@dataclass
class Talk:
    """One question to a model."""

    around: Around
    wish: VoiceSettings
    key: str
    mask: Mask
    answering: Answering
    spoken: Spoken
    until: float
    fetched: list[Fetched] = field(default_factory=list)
    calls: int = 0

    def talk(self, question: str, before: Sequence[QuestionView]) -> Iterator[Said | str]:
        messages = telling.messages(self.around, question, before, self.mask)
        for number in range(MOST_ROUNDS):
            turn = Turn()
            offered = tools.offered() if number + 1 < MOST_ROUNDS else None
            for text in heard(self.wish, self.key, messages, offered, turn, self.until - time.monotonic()):
                yield from self._checked(" ".join(self.mask.off(text).split()))
            if not turn.calls:
                return
            messages.append(turn.message())
            yield from self._called(turn, messages)
        raise Unheard(f"The language model {self.wish.model} kept asking for metrics and gave no answer.")

    def _called(self, turn: Turn, messages: list[dict[str, Any]]) -> Iterator[str]:
        for call in turn.calls:
            self.calls += 1
            if self.calls > telling.MOST_CALLS:
                raise Unheard(f"The language model {self.wish.model} asked for more than {telling.MOST_CALLS} metrics.")
            found, reply, refused = tools.called(self.answering, call.name, call.arguments, self.mask)
            self.fetched += [found] if found else []
            messages.append({"role": "tool", "tool_call_id": call.id, "content": reply})
            if refused:
                yield refused

    def _checked(self, text: str) -> Iterator[Said]:
        self.spoken.heard += 1
        if self.spoken.heard > telling.MOST_SENTENCES:
            return
        if said := borne_out(text, self.around, self.fetched):
            self.spoken.kept += 1
            self.spoken.model = self.wish.model
            yield said
        else:
            self.spoken.dropped += 1


Speak = Callable[[Answering, str, Sequence[QuestionView], Spoken], Iterator[Said | str]]


def speaker(around: Around) -> Speak | None:
    """Whoever answers instead of the rules; nobody where the workspace allows no language model."""
    if not around.ctx.may(Capability.VIEW_DASHBOARDS):
        return None  # nobody's name could be kept back
    wish = deciding.settings(around.ctx)
    if not wish.allowed:
        return None

    def speak(
        answering: Answering, question: str, before: Sequence[QuestionView], spoken: Spoken
    ) -> Iterator[Said | str]:
        try:
            yield from _talk(around, wish, answering, spoken).talk(question, before)
        except Unheard as error:
            spoken.fallback = str(error)
        except SightlineError as error:  # the key was sealed with another secret
            spoken.fallback = f"The language model {wish.model} could not be asked: {error.message}"
        except Exception as error:  # no model may cost the reader the answer
            log.exception("talk_failed", model=wish.model)
            spoken.fallback = f"The language model {wish.model} failed ({type(error).__name__})."
        if not spoken.kept and not spoken.fallback:
            spoken.fallback = none_left(wish, spoken.dropped)

    return speak


def borne_out(text: str, around: Around, fetched: Sequence[Fetched]) -> Said | None:
    """The sentence with the numbers that it rests on: the report's, or those of one thing that was fetched."""
    verdict = check(text, around.open_facts)
    if verdict.holds:
        return Said(text=text, grounds=list(verdict.grounds))
    for one in fetched:
        fresh = check(text, one.facts)
        if fresh.holds and _says_when(text, one.facts, around.open_facts, [ground.about for ground in fresh.grounds]):
            return Said(text=text, grounds=list(fresh.grounds))
    log.info("sentence_dropped", reason=verdict.reason)
    return None


def _says_when(text: str, facts: Facts, usual: Facts, about: Sequence[str]) -> bool:
    """Whether a sentence names its days where they are not the report's."""
    plain = text.replace("-", "–")
    of_before = any(one.endswith((", before", ", change")) for one in about)
    of_now = not of_before or any(not one.endswith(", before") for one in about)
    named = facts.period == usual.period or facts.period in plain or not of_now or facts.comparison in plain
    compared = facts.comparison == usual.comparison or facts.comparison in plain
    return named and (compared or not of_before)


def _talk(around: Around, wish: VoiceSettings, answering: Answering, spoken: Spoken) -> Talk:
    mask = telling.mask_of(around, pseudonyms=wish.pseudonyms)
    until = time.monotonic() + wish.timeout_s
    return Talk(around, wish, deciding.key(around.ctx), mask, answering, spoken, until)
