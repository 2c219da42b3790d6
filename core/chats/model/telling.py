"""What a model is told: the rules, the figures that everybody sees, the names that it may ask for, and the question."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from core.base.period import RANGES
from core.catalogue import METRICS
from core.chats.around import NOUNS, Around
from core.chats.views import QuestionView
from core.narrative.voice import telling
from core.narrative.voice.masking import Mask
from core.narrative.voice.prompting import template

PROMPT = "chat-1"
"""Name and version: a prompt that is changed gets the next number, so a kept answer says which one it came of."""
MOST_SENTENCES, MOST_CALLS, MOST_NAMES, MOST_BEFORE = 8, 6, 60, 3
ASKABLE = ("team", "repo", "component")
"""Kinds that a model may ask for: never a person."""


def mask_of(around: Around, *, pseudonyms: bool) -> Mask:
    """Stand-ins for everybody's name, and where that is wished for those of teams, repositories and components."""
    kinds = ASKABLE if pseudonyms else ()
    names = {name: NOUNS[kind] for kind in kinds for name in around.names[kind].values()}
    return Mask(names | dict.fromkeys(around.everybody.values(), NOUNS["person"]))


def messages(around: Around, question: str, before: Sequence[QuestionView], mask: Mask) -> list[dict[str, Any]]:
    """How a talk begins."""
    bounds = {"most_calls": MOST_CALLS, "most_sentences": MOST_SENTENCES}
    told = json.dumps(_data(around, before, mask), ensure_ascii=False, indent=1)
    return [
        {"role": "system", "content": _template("system").render(bounds)},
        {"role": "user", "content": _template("user").render(data=told, question=mask.loosely(question))},
    ]


def _data(around: Around, before: Sequence[QuestionView], mask: Mask) -> dict[str, Any]:
    named = {NOUNS[kind].lower(): sorted(map(mask.on, around.within(kind).values()))[:MOST_NAMES] for kind in ASKABLE}
    return {
        "title": mask.loosely(around.document.title),
        "figures": telling.data(around.open_facts, mask.on),
        "metrics_that_can_be_fetched": {metric.key: metric.label for metric in METRICS},
        "names": named,
        "ranges": list(RANGES),
        "asked_before": [_told(one, mask) for one in before if _is_open(around, one)][-MOST_BEFORE:],
    }


def _is_open(around: Around, one: QuestionView) -> bool:
    """Whether everybody may see what it was answered."""
    rests = {ground.block for said in one.answer.sentences for ground in said.grounds}
    return not rests & around.individual and not any(source.private for source in one.answer.sources)


def _told(one: QuestionView, mask: Mask) -> dict[str, Any]:
    return {"question": mask.loosely(one.question), "answer": [mask.on(said.text) for said in one.answer.sentences]}


def _template(role: str) -> Any:
    return template("core.chats.model", f"{PROMPT}.{role}")
