"""The one tool that a model has: fetch a metric. What it asks for passes the checks of a reader's own question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.base.errors import BadInput, NotAllowed, NotFound, SightlineError, did_you_mean
from core.chats.around import Around
from core.chats.fetching import About, Fetched, Wish
from core.chats.model.telling import ASKABLE
from core.chats.ruling import Answering, worth
from core.narrative.telling import told
from core.narrative.voice import telling
from core.narrative.voice.masking import Mask
from core.reports.references import metric_key

NAME = "fetch_metric"
_BY = {"": "", "team": "team", "repository": "repo", "component": "component"}


class Call(BaseModel):
    """What a model may ask for."""

    model_config = ConfigDict(extra="forbid")

    metric: str = Field(max_length=100, description="Key of a metric that can be fetched.")
    show: Literal["value", "ranking", "changes", "course"] = Field(
        "value", description="One number; a number of each; how far each moved; or a number over time."
    )
    by: Literal["", "team", "repository", "component"] = Field("", description="Of each of what, where show needs it.")
    name: str = Field("", max_length=200, description="A team, repository or component, as it stands in names.")
    days: str = Field("", max_length=40, description="A range, or 2026-01-01..2026-01-31; empty for the report's days.")
    against: str = Field("", max_length=40, description="previous, year, none or a range; empty for the report's.")


def offered() -> list[dict[str, Any]]:
    """The tool as an OpenAI-compatible server takes it."""
    about = "Fetch a metric that the report's figures do not show, or of other days or of one team or repository."
    function = {"name": NAME, "description": about, "parameters": Call.model_json_schema()}
    return [{"type": "function", "function": function}]


def called(answering: Answering, name: str, arguments: str, mask: Mask) -> tuple[Fetched | None, str, str]:
    """What was fetched, the tool's answer to the model, and the sentence for the reader where it was refused."""
    try:
        found = _fetched(answering, name, arguments, mask)
    except SightlineError as error:
        return None, json.dumps({"refused": mask.on(error.message)}, ensure_ascii=False), error.message
    return found, json.dumps(_told(found, mask), ensure_ascii=False), ""


def _fetched(answering: Answering, name: str, arguments: str, mask: Mask) -> Fetched:
    if name != NAME:
        raise NotFound(f"There is no tool named '{name[:60]}'. Use {NAME}.")
    try:
        call = Call.model_validate_json(arguments or "{}")
    except ValidationError as error:
        wrong = ", ".join(str(one["loc"][0]) for one in error.errors() if one["loc"])
        raise BadInput(f"What the language model asked for cannot be read ({wrong or 'no JSON'}).") from error
    about = _about(answering.around, mask.off(call.name))
    wish = Wish(metric_key(call.metric), call.show, _by(call), about, call.days, call.against)
    found = answering.fetched(wish)
    if found.source.private:
        answering.sources.remove(found.source)
        raise NotAllowed("Numbers of individuals, or of a group of too few, are not told to a language model.")
    return found


def _by(call: Call) -> str:
    return _BY[call.by] or ("team" if call.show in ("ranking", "changes") and not call.name else "")


def _about(around: Around, name: str) -> tuple[About, ...]:
    if not name:
        return ()
    names: list[About] = [(kind, ref, one) for kind in ASKABLE for ref, one in around.names[kind].items()]
    found = [one for one in names if one[2].casefold() == name.casefold()]
    if len(found) != 1:
        near = did_you_mean(name, [one for _, _, one in names])
        raise NotFound(f"There is no team, repository or component named '{name}'.{near}")
    return (found[0],)


def _told(found: Fetched, mask: Mask) -> Mapping[str, Any]:
    facts = found.facts
    said = [one.text for measure in facts.measures[:20] for one in worth(facts, measure)] or [
        one.text for one in told(facts)
    ]
    return {
        "fetched": mask.on(found.source.title),
        "data": telling.data(facts, mask.on),
        "sentences": [mask.on(one) for one in said],
        "state": found.why_missing,
    }
