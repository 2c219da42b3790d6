"""A narrative by the model, sentence by sentence borne out by the figures; by rules where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import structlog

from core.base.errors import SightlineError
from core.context import Capability, Context
from core.narration import Narration, Part, Sentence
from core.narrative.facts import Facts
from core.narrative.grounding import check
from core.narrative.telling import told
from core.narrative.voice import settings as deciding
from core.narrative.voice.asking import Said, Unheard, asked
from core.narrative.voice.masking import Mask
from core.narrative.voice.settings import VoiceSettings
from core.narrative.voice.telling import PROMPT, messages

log = structlog.get_logger(__name__)
Voice = Callable[[Facts, Sequence[Part]], Narration]


def voice(ctx: Context) -> Voice | None:
    """Whoever writes instead of the rules; nobody where the workspace allows no language model."""
    if not ctx.may(Capability.VIEW_REPORTS):
        return None
    wish = deciding.settings(ctx)
    if not wish.allowed:
        return None
    return lambda facts, parts: voiced(ctx, wish, facts, parts)


def voiced(ctx: Context, wish: VoiceSettings, facts: Facts, parts: Sequence[Part]) -> Narration:
    """What the model says that the figures bear out; what rules say, and why, where that is nothing."""
    try:
        said = _heard(wish, deciding.key(ctx), facts, parts)
    except Unheard as error:
        return _fallback(facts, parts, str(error))
    except SightlineError as error:  # the key was sealed with another secret
        return _fallback(facts, parts, f"The language model {wish.model} could not be asked: {error.message}")
    except Exception as error:  # no model may cost the reader the report
        log.exception("voice_failed", model=wish.model)
        return _fallback(facts, parts, f"The language model {wish.model} failed ({type(error).__name__}).")
    kept = _borne_out(said, facts, parts)
    if not kept:
        return _fallback(facts, parts, none_left(wish, len(said)), dropped=len(said))
    now = ctx.clock()
    return Narration(sentences=kept, model=wish.model, written_at=now, prompt=PROMPT, dropped=len(said) - len(kept))


def _heard(wish: VoiceSettings, key: str, facts: Facts, parts: Sequence[Part]) -> list[Said]:
    mask = Mask(facts.names if wish.pseudonyms else {})
    said = asked(wish, key, messages(facts, parts, mask.on))
    return [one.model_copy(update={"text": " ".join(mask.off(one.text).split())}) for one in said]


def _borne_out(said: Iterable[Said], facts: Facts, parts: Sequence[Part]) -> list[Sentence]:
    found = sorted(_checked(said, facts), key=lambda one: list(parts).index(one.part) if one.part in parts else -1)
    return [one for one in found if one.part in parts]


def _checked(said: Iterable[Said], facts: Facts) -> Iterator[Sentence]:
    seen: set[str] = set()
    for one in said:
        verdict = check(one.text, facts)
        if verdict.holds and one.text not in seen:
            yield Sentence(part=one.part, text=one.text, grounds=list(verdict.grounds))
        elif not verdict.holds:
            log.info("sentence_dropped", reason=verdict.reason)
        seen.add(one.text)


def _fallback(facts: Facts, parts: Sequence[Part], why: str, dropped: int = 0) -> Narration:
    return Narration(sentences=told(facts, parts), fallback=why, dropped=dropped)


def none_left(wish: VoiceSettings, count: int) -> str:
    """Why nothing is left of so many sentences."""
    if not count:
        return f"The language model {wish.model} said nothing."
    if count == 1:
        return f"The one sentence of the language model {wish.model} was dropped: the figures do not bear it out."
    return f"All {count} sentences of the language model {wish.model} were dropped: the figures do not bear them out."
