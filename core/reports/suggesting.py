"""What a language model makes of words that nobody here knows: a suggestion, shown before it is taken.

It may choose among what there is, and nothing else: what it says is looked up in the same vocabulary as the sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import structlog
from pydantic import BaseModel, ConfigDict

from core.base.errors import SightlineError
from core.base.period import RANGES, named
from core.catalogue import METRICS
from core.context import Capability, Context
from core.narrative.voice import settings as deciding
from core.narrative.voice.asking import Unheard, answered
from core.narrative.voice.masking import Mask
from core.narrative.voice.prompting import template
from core.narrative.voice.settings import VoiceSettings
from core.reports import spoken, templates
from core.reports.plan import COMPARISONS, Compare
from core.reports.references import Known
from core.reports.spoken import Understood

log = structlog.get_logger(__name__)
PROMPT = "spoken-1"
"""Name and version: a prompt that is changed gets the next number."""
MOST_NAMES = 100
RHYTHMS = ("daily", "weekly", "monthly")


class Meant(BaseModel):
    """What the model says that the words mean."""

    model_config = ConfigDict(extra="forbid")

    template: str
    metrics: list[str]
    teams: list[str]
    repositories: list[str]
    days: str
    compare: str
    rhythm: str
    words: list[str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What would be understood if the model's suggestion were taken, or why there is none."""

    model: str
    asked: Understood
    """With the suggestion; as before where there is none."""
    added: tuple[tuple[str, str], ...] = ()
    """What it adds, as (what, choice) pairs for people; empty where it suggests nothing."""
    remarks: tuple[str, ...] = ()
    """What of it is nothing here, and why there is none at all, a sentence each."""


@dataclass
class _Taking:
    """The model's words, looked up one by one."""

    ctx: Context
    now: Understood
    model: str
    remarks: list[str] = field(default_factory=list)

    def take(self, meant: Meant) -> Understood:
        known = Known.of(self.ctx)
        self._template(meant.template)
        if not self.now.template:
            found = [key for key in meant.metrics if self._is_known(key, METRICS.keys(), "metric")]
            self._set(metrics=tuple(dict.fromkeys((*self.now.metrics, *found))))
        self._about("teams", meant.teams, known.teams, "team")
        self._about("repos", meant.repositories, known.repos, "repository")
        self._days(meant.days)
        if not self.now.compare and meant.compare and self._is_known(meant.compare, get_args(Compare), "comparison"):
            self._set(compare=meant.compare)
        if not self.now.rhythm and meant.rhythm and self._is_known(meant.rhythm, RHYTHMS, "rhythm"):
            self._set(rhythm=meant.rhythm)
        return self.now

    def _template(self, key: str) -> None:
        if not key or self.now.template or not self._is_known(key, templates.GALLERY, "template"):
            return
        if key in templates.OF_ONE and len(self.now.people) != 1:
            self.remarks.append(f"'{templates.built_in(key).name}' is about one person, and a model names nobody.")
        else:
            self._set(template=key, metrics=())

    def _about(self, kind: str, names: Iterable[str], known: Mapping[str, str], noun: str) -> None:
        others = [one for one in ("teams", "repos", "people") if one != kind and getattr(self.now, one)]
        for name in names:
            refs = [ref for ref, one in known.items() if one.casefold() == name.casefold()]
            if len(refs) != 1 or (others and not self.now.template):
                self._refuse(name, noun)
            else:
                self._set(**{kind: {**getattr(self.now, kind), refs[0]: known[refs[0]]}})

    def _days(self, days: str) -> None:
        if not days or self.now.days:
            return
        try:
            named(days, self.ctx.clock(), self.ctx.workspace.time_zone)
            self._set(days=days)
        except SightlineError:
            self._refuse(days, "range of days")

    def _is_known(self, said: str, known: Iterable[str], noun: str) -> bool:
        if said not in set(known):
            self._refuse(said, noun)
            return False
        return True

    def _refuse(self, said: str, noun: str) -> None:
        self.remarks.append(f"The language model {self.model} said '{said[:60]}', which is no {noun} that fits here.")

    def _set(self, **changes: Any) -> None:
        self.now = replace(self.now, **changes)


def suggested(ctx: Context, sentence: str, asked: Understood) -> Suggestion | None:
    """What the workspace's model makes of the unknown words; None where there are none, or no model may be asked."""
    ctx.require(Capability.EDIT_REPORTS)
    wish = deciding.settings(ctx)
    if not asked.unknown or not wish.allowed:
        return None
    try:
        meant = _meant(ctx, wish, sentence, asked)
    except (Unheard, SightlineError) as error:
        return Suggestion(wish.model, asked, remarks=(str(error),))
    except Exception as error:  # no model may cost anybody the form
        log.exception("suggestion_failed", model=wish.model)
        return Suggestion(
            wish.model, asked, remarks=(f"The language model {wish.model} failed: {type(error).__name__}.",)
        )
    return _suggestion(ctx, wish.model, asked, meant)


def _suggestion(ctx: Context, model: str, asked: Understood, meant: Meant) -> Suggestion:
    taking = _Taking(ctx, asked, model)
    taken = taking.take(meant)
    added = tuple(one for one in spoken.told(taken) if one not in spoken.told(asked))
    if not added:
        nothing = f"The language model {model} made nothing of them."
        return Suggestion(model, asked, remarks=(*taking.remarks, nothing))
    heard = {word.casefold() for word in meant.words}
    left = tuple(word for word in asked.unknown if word not in heard)
    return Suggestion(model, replace(taken, unknown=left), added, tuple(taking.remarks))


def _meant(ctx: Context, wish: VoiceSettings, sentence: str, asked: Understood) -> Meant:
    mask = _mask(ctx, wish)
    meant = answered(wish, deciding.key(ctx), _messages(ctx, sentence, asked, mask), Meant, "meaning")
    named_ones = {kind: [mask.off(name) for name in getattr(meant, kind)] for kind in ("teams", "repositories")}
    return meant.model_copy(update=named_ones)


def _mask(ctx: Context, wish: VoiceSettings) -> Mask:
    """People's names never leave; those of teams and repositories do where the workspace says so."""
    known = Known.of(ctx)
    kinds = [(known.teams, "Team"), (known.repos, "Repository")] if wish.pseudonyms else []
    return Mask({name: noun for names, noun in (*kinds, (known.people, "Person")) for name in names.values()})


def _messages(ctx: Context, sentence: str, asked: Understood, mask: Mask) -> list[dict[str, str]]:
    data = json.dumps(dict(_data(ctx, sentence, asked, mask)), ensure_ascii=False, indent=1)
    return [
        {"role": "system", "content": template("core.reports", f"{PROMPT}.system").render()},
        {"role": "user", "content": template("core.reports", f"{PROMPT}.user").render(data=data)},
    ]


def _data(ctx: Context, sentence: str, asked: Understood, mask: Mask) -> Iterator[tuple[str, object]]:
    known = Known.of(ctx)
    yield "sentence", mask.loosely(sentence)
    yield "understood", {what: mask.on(said) for what, said in spoken.told(asked)}
    yield "not_understood", list(asked.unknown)
    yield "templates", {key: templates.built_in(key).name for key in templates.GALLERY}
    yield "metrics", {metric.key: metric.label for metric in METRICS}
    yield "teams", sorted(map(mask.on, known.teams.values()))[:MOST_NAMES]
    yield "repositories", sorted(map(mask.on, known.repos.values()))[:MOST_NAMES]
    yield "days", [*RANGES, "last_45_days", "last_3_months", "2026-01-01..2026-01-31"]
    yield "compare", COMPARISONS
    yield "rhythm", RHYTHMS
