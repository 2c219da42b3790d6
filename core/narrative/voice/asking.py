"""One question to an OpenAI-compatible model, and its answer in the agreed shape; or why there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from core.base.errors import SightlineError
from core.narration import Part
from core.narrative.voice.settings import VoiceSettings

MOST_SENTENCES = 24
Shape = TypeVar("Shape", bound=BaseModel)


class Unheard(Exception):
    """The model gave nothing that could be used: the sentence says why, and becomes the report's."""


class Said(BaseModel):
    """One sentence of the model."""

    model_config = ConfigDict(extra="forbid")

    part: Part
    text: str


class Reply(BaseModel):
    """All of them."""

    model_config = ConfigDict(extra="forbid")

    sentences: list[Said]


def asked(wish: VoiceSettings, key: str, messages: Sequence[dict[str, str]]) -> list[Said]:
    """What the model says; Unheard if it does not answer, refuses, or answers in another shape."""
    return answered(wish, key, messages, Reply, "narrative").sentences[:MOST_SENTENCES]


def answered(wish: VoiceSettings, key: str, messages: Sequence[dict[str, str]], shape: type[Shape], name: str) -> Shape:
    """The model's answer in this shape; Unheard if there is none."""
    choice = _choice(wish, key, messages, shape, name)
    if getattr(choice.message, "refusal", None):
        raise Unheard(f"The language model {wish.model} refused.")
    if choice.finish_reason not in ("stop", None):
        raise Unheard(f"The language model {wish.model} did not finish its answer ({choice.finish_reason}).")
    try:
        return shape.model_validate(json.loads(choice.message.content or ""))
    except (ValueError, ValidationError) as error:
        raise Unheard(f"The language model {wish.model} did not answer in the shape that it was asked for.") from error


def _choice(
    wish: VoiceSettings, key: str, messages: Sequence[dict[str, str]], shape: type[BaseModel], name: str
) -> Any:
    with listening(wish):
        return _completion(wish, key, messages, _format(shape, name)).choices[0]


@contextmanager
def listening(wish: VoiceSettings) -> Iterator[None]:
    """Whatever goes wrong between here and the model, as Unheard with a sentence."""
    import httpx2
    import openai

    try:
        yield
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        raise Unheard(f"The language model {wish.model} did not answer within {wish.timeout_s:g} s.") from error
    except openai.APIStatusError as error:
        raise Unheard(f"The language model {wish.model} answered with an error ({error.status_code}).") from error
    except (openai.APIConnectionError, httpx2.HTTPError) as error:
        why = error.__cause__
        said = f": {why.message}" if isinstance(why, SightlineError) else "."
        raise Unheard(f"The language model {wish.model} could not be reached{said}") from error
    except SightlineError as error:
        raise Unheard(f"The language model {wish.model} could not be asked: {error.message}") from error
    except (openai.OpenAIError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise Unheard(f"The language model {wish.model} gave no answer that could be read.") from error


def _completion(
    wish: VoiceSettings, key: str, messages: Sequence[dict[str, str]], response_format: dict[str, Any]
) -> Any:
    import openai

    from core.narrative.voice.transport import client

    with client(wish.timeout_s) as http:
        # Local models take no key, and the library insists on one.
        api = openai.OpenAI(base_url=wish.base_url, api_key=key or "none", http_client=http, max_retries=0)
        ask: Any = api.chat.completions.create
        try:
            return ask(model=wish.model, messages=list(messages), response_format=response_format)
        except openai.BadRequestError:
            # Servers of local models that know no schema still follow the prompt, and what they say is checked.
            return ask(model=wish.model, messages=list(messages))


def _format(shape: type[BaseModel], name: str) -> dict[str, Any]:
    schema = shape.model_json_schema()
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}
