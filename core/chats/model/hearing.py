"""One reply of a model as it comes: whole sentences of its JSON, and the calls of tools that it ends with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.narrative.voice.asking import Unheard, listening
from core.narrative.voice.settings import VoiceSettings

MOST_TOKENS = 2000
FORMAT = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"sentences": {"type": "array", "items": {"type": "string"}}},
            "required": ["sentences"],
            "additionalProperties": False,
        },
    },
}


@dataclass
class ToolCall:
    """A tool that the model calls, in the pieces that a reply brings it in."""

    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass
class Turn:
    """A reply, filled while it comes."""

    content: str = ""
    refusal: str = ""
    finish: str | None = None
    calls: list[ToolCall] = field(default_factory=list)
    is_there: bool = False

    def message(self) -> dict[str, Any]:
        """It, as the talk goes on from it."""
        calls = [
            {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}}
            for one in self.calls
        ]
        return {"role": "assistant", "content": self.content or None, "tool_calls": calls}

    def take(self, chunk: Any) -> None:
        """One piece of it."""
        for choice in chunk.choices[:1]:
            self.is_there = True
            self.content += choice.delta.content or ""
            self.refusal += getattr(choice.delta, "refusal", None) or ""
            self.finish = choice.finish_reason or self.finish
            for piece in choice.delta.tool_calls or ():
                self._call(piece)

    def _call(self, piece: Any) -> None:
        while len(self.calls) <= piece.index < 32:
            self.calls.append(ToolCall())
        call = self.calls[piece.index]
        call.id = piece.id or call.id
        if piece.function:
            call.name += piece.function.name or ""
            call.arguments += piece.function.arguments or ""


def heard(
    wish: VoiceSettings, key: str, messages: Sequence[dict[str, Any]], tools: list[dict[str, Any]] | None, turn: Turn,
    seconds: float,
) -> Iterator[str]:  # fmt: skip
    """Each sentence of the reply when it is whole; Unheard if it refuses, breaks off or has another shape."""
    if seconds <= 0:
        raise Unheard(f"The language model {wish.model} did not answer within {wish.timeout_s:g} s.")
    said = 0
    with listening(wish):
        for chunk in _chunks(wish, key, messages, tools, seconds):
            turn.take(chunk)
            for text in _sentences(turn.content, whole=False)[said:]:
                said += 1
                yield text
    _ended(wish, turn)
    if turn.calls:
        return
    try:
        yield from _sentences(turn.content, whole=True)[said:]
    except ValueError as error:
        raise Unheard(f"The language model {wish.model} did not answer in the shape that it was asked for.") from error


def _ended(wish: VoiceSettings, turn: Turn) -> None:
    if not turn.is_there:
        raise Unheard(f"The language model {wish.model} gave no answer that could be read.")
    if turn.refusal:
        raise Unheard(f"The language model {wish.model} refused.")
    if turn.finish not in ("stop", "tool_calls", None):
        raise Unheard(f"The language model {wish.model} did not finish its answer ({turn.finish}).")


def _sentences(content: str, *, whole: bool) -> list[str]:
    """The sentences of the agreed JSON, of a part of it those that are whole; ValueError if it is something else."""
    if whole:
        told = json.loads(content)
        found = told.get("sentences") if isinstance(told, dict) and set(told) == {"sentences"} else None
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise ValueError("no sentences")
        return found
    from pydantic_core import from_json

    try:
        told = from_json(content, allow_partial=True) if content.strip() else {}
    except ValueError:
        return []
    found = told.get("sentences") if isinstance(told, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _chunks(
    wish: VoiceSettings,
    key: str,
    messages: Sequence[dict[str, Any]],
    tools: list[dict[str, Any]] | None,
    seconds: float,
) -> Iterator[Any]:
    import openai

    from core.narrative.voice.transport import client

    with client(seconds, streams=True) as http:
        # Local models take no key, and the library insists on one.
        api = openai.OpenAI(base_url=wish.base_url, api_key=key or "none", http_client=http, max_retries=0)
        ask: Any = api.chat.completions.create
        given: dict[str, Any] = {"model": wish.model, "messages": list(messages), "stream": True}
        given |= {"tools": tools} if tools else {}
        try:
            reply = ask(**given, response_format=FORMAT, max_completion_tokens=MOST_TOKENS)
        except openai.BadRequestError:
            # Servers of local models that know no schema still follow the prompt, and what they say is checked.
            reply = ask(**given)
        yield from reply
