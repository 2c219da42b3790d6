"""What is wrong with a plan, part by part: told beside the form, never raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from core.base.errors import BadInput, NotFound, SightlineError
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Question, Value
from core.context import Capability, Context
from core.figures import State
from core.people import service as people
from core.reports.assembly import key_of
from core.reports.editing import Place
from core.reports.plan import Block, PlanScope, ProseBlock, ReportPlan, ViewBlock, WidgetBlock, Window
from core.reports.references import Known, check_outputs, check_theme, check_window, standing, unregistered
from core.reports.scopes import has_its_own, of_block, scope_of
from core.reports.words import VARIABLES, worded
from core.widgets import WIDGETS, Params
from core.widgets.finish import has_value, sentence
from core.widgets.focus import focused

Level = Literal["error", "warning"]
Part = Literal["words", "days", "scope", "look", "parts"]
"""Of the form: where what is wrong can be mended."""
NAMED = 3
"""Metrics of a block that are named; the others are counted."""
NOUNS = {"teams": "team", "repos": "repository", "people": "person", "components": "component"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and what to do."""

    part: Part
    text: str
    """What is wrong, as a sentence."""
    advice: str
    level: Level = "error"
    """An error leaves something out of the report; a warning leaves something in it empty."""
    place: Place | None = None
    """The block; None for the report as a whole."""

    @property
    def key(self) -> str:
        """Key of the block's figure; empty for the report as a whole."""
        return key_of(self.place.section, self.place.block) if self.place else ""


def problems(ctx: Context, plan: ReportPlan) -> list[Problem]:
    """All that is wrong with a plan: first with the whole, then block by block."""
    ctx.require(Capability.EDIT_REPORTS)
    known = Known.of(ctx)
    found = [*_of_report(ctx, plan, known)]
    ready: dict[Place, tuple[Params, WidgetBlock]] = {}
    for place, block in _places(plan):
        wrong = [*_of_block(ctx, plan, known, block)]
        found += [replace(one, place=place) for one in wrong]
        if isinstance(block, WidgetBlock) and not wrong:
            ready[place] = (WIDGETS.get(block.widget).accept(block.params), block)
    if not any(one.part in ("days", "scope") and one.place is None for one in found):
        found += _of_data(ctx, plan, ready)
    return sorted(found, key=lambda one: (one.place is not None, one.place or Place(0, 0), one.level))


def _places(plan: ReportPlan) -> Iterator[tuple[Place, Block]]:
    for row, section in enumerate(plan.sections):
        yield from ((Place(row, column), block) for column, block in enumerate(section.blocks))


def _of_report(ctx: Context, plan: ReportPlan, known: Known) -> Iterator[Problem]:
    if not plan.title.strip():
        yield Problem("words", "The report has no title.", "Give it one: it is what readers see first.")
    if not any(section.blocks for section in plan.sections):
        yield Problem("parts", "The report has no parts.", "Add one.")
    checks: tuple[tuple[Part, Callable[[], None], str], ...] = (
        ("days", lambda: check_window(ctx, plan.window), "Choose other days."),
        ("look", lambda: check_theme(plan), "Choose colours and columns instead."),
        ("look", lambda: check_outputs(plan), "Take the output away."),
    )
    for part, check, advice in checks:
        if said := _said(check):
            yield Problem(part, said, advice)
    yield from _of_scope(ctx, plan.scope, known)


def _of_scope(ctx: Context, scope: PlanScope, known: Known) -> Iterator[Problem]:
    """Who and what is no longer there, and whose numbers are not the actor's to see."""
    merged = people.current_ids(ctx, scope.people) if scope.people else {}
    there: Mapping[str, Mapping[str, str]] = {
        "teams": known.teams, "repos": known.repos, "people": known.people, "components": known.parts,
    }  # fmt: skip
    for kind, names in there.items():
        for ref in getattr(scope, kind):
            now = merged.get(ref, ref)
            if now not in names:
                gone = f"The {NOUNS[kind]} '{scope.names.get(ref, ref)}' is no longer there."
                yield Problem("scope", gone, "Take it out of the filter, or choose another.")
            elif kind == "people" and (said := _said(partial(ctx.require_person, now))):
                yield Problem("scope", said, "Choose a team instead.")


def _of_block(ctx: Context, plan: ReportPlan, known: Known, block: Block) -> Iterator[Problem]:
    if isinstance(block, ProseBlock):
        yield from _of_words(block)
    elif isinstance(block, ViewBlock):
        yield from _of_view(plan, block)
    elif isinstance(block, WidgetBlock):
        yield from _of_widget(ctx, plan, known, block)
    if getattr(block, "columns", 1) > (whole := plan.theme.num_columns if plan.theme else 6):
        yield Problem("parts", f"It is wider than the page, which has {whole} columns.", "Make it narrower.", "warning")


def _of_words(block: ProseBlock) -> Iterator[Problem]:
    if not block.markdown.strip():
        yield Problem("parts", "There are no words in it.", "Write some, or take it away.", "warning")
    elif said := _said(lambda: worded(block.markdown, dict.fromkeys(VARIABLES, "word"))):
        yield Problem("parts", said, "Mend the words between braces.")


def _of_view(plan: ReportPlan, block: ViewBlock) -> Iterator[Problem]:
    from core.views.registry import VIEWS

    if said := _said(lambda: VIEWS.get(block.view)):
        yield Problem("parts", said, "Take it away, or install the plugin that brings it.")
    for name in (str(block.args["datasource"]),) if "datasource" in block.args else ():
        source = plan.datasources.get(name)
        said = unregistered(name, source) if source else f"There is no datasource named '{name}' in this report."
        if said:
            yield Problem("parts", said, "Write the report as a file to say where it asks.")


def _of_widget(ctx: Context, plan: ReportPlan, known: Known, block: WidgetBlock) -> Iterator[Problem]:
    """What can be told without asking for a number."""
    try:
        params = WIDGETS.get(block.widget).accept(block.params)
    except NotFound as error:
        yield Problem("parts", error.message, "Take it away, or put another in its place.")
        return
    except BadInput as error:
        yield Problem("parts", _bare(error.message), "Correct the setting.")
        return
    if said := _said(lambda: focused(ctx, Scope(None), params)):
        yield Problem("parts", said, "Choose another in its settings.")
    days = Window(range=block.range, time_zone=plan.window.time_zone)
    if block.range and (said := _said(lambda: check_window(ctx, days))):
        yield Problem("parts", said, "Choose other days for this part.")
    for one in _of_scope(ctx, block.scope, known) if block.scope else ():
        yield replace(one, part="parts")


def _of_data(ctx: Context, plan: ReportPlan, blocks: Mapping[Place, tuple[Params, WidgetBlock]]) -> Iterator[Problem]:
    """Metrics that nothing feeds, and filters that leave nothing: all asked at once."""
    asked: dict[Place, tuple[tuple[str, ...], Scope]] = {}
    whole = scope_of(ctx, plan.window, standing(ctx, plan.scope).scope, ctx.clock()) if blocks else Scope(None)
    for place, (params, block) in blocks.items():
        keys = tuple(WIDGETS.get(block.widget).metrics(params))
        try:
            own = of_block(ctx, plan, block, ctx.clock())[0] if has_its_own(block) else whole
            scope = focused(ctx, own, params)
        except SightlineError as error:
            yield Problem("parts", error.message, "Choose another filter.", place=place)
            continue
        if keys:
            asked[place] = keys, replace(scope, compare=None)
    answers = _answers(ctx, asked.values())
    for place, (keys, scope) in asked.items():
        if (answer := answers.get(scope)) and (unfiltered := answers.get(_everybody(scope))):
            found = _missing(keys, scope, answer, unfiltered)
            yield from (replace(one, place=place) for one in found)


def _everybody(scope: Scope) -> Scope:
    return Scope(period=scope.period, include_bots=scope.include_bots, time_zone=scope.time_zone)


def _answers(ctx: Context, asked: Iterable[tuple[tuple[str, ...], Scope]]) -> dict[Scope, Measured]:
    """What is known of every scope that is asked about, and of the same days without a filter."""
    wanted: dict[Scope, set[str]] = {}
    for keys, scope in asked:
        wanted.setdefault(scope, set()).update(keys)
        wanted.setdefault(_everybody(scope), set()).update(keys)
    questions = [Question(tuple(sorted(keys)), scope) for scope, keys in wanted.items()]
    answers = catalogue.measure_together(ctx, questions)
    return {
        question.scope: answer
        for question, answer in zip(questions, answers, strict=True)
        if isinstance(answer, Measured)
    }


def _missing(keys: Sequence[str], scope: Scope, answer: Measured, whole: Measured) -> Iterator[Problem]:
    found = {key: answer.get(key) for key in keys}
    absent = {key: value for key, value in found.items() if value.state is State.NOT_COLLECTED}
    if absent:
        yield _not_collected(absent, alone=len(keys) == 1)
    others = [value for key, value in found.items() if key not in absent]
    if not others or any(has_value(value) for value in others):
        return
    if scope != _everybody(scope) and any(has_value(whole.get(value.metric)) for value in others):
        text = "Its filters leave nothing: in these days there is nothing of this choice that it counts."
        yield Problem("parts", text, "Take a filter away, or choose other days.", "warning")
    else:
        yield Problem("parts", sentence(others[0]), "Choose other days or another metric.", "warning")


def _not_collected(absent: Mapping[str, Value], *, alone: bool) -> Problem:
    """One sentence for all metrics of a block that nothing feeds."""
    labels = [f"'{METRICS.get(key).label}'" for key in absent]
    named = ", ".join(labels[:NAMED]) + (f" and {len(labels) - NAMED} more" if len(labels) > NAMED else "")
    why = " ".join(dict.fromkeys(sentence(value) for value in absent.values()))
    advice = "Connect such a source, or choose another metric." if alone else "Connect such a source, or take them out."
    return Problem("parts", f"{named} {'has' if len(labels) == 1 else 'have'} no source. {why}", advice, "warning")


def _bare(message: str) -> str:
    """Without the names of widget and setting in front of a sentence that says all by itself."""
    return re.sub(r"^[^:']*: (?:'\w+': (?=[A-Z]))?", "", message)


def _said(check: Callable[[], object]) -> str:
    """What an error says; empty where there is none."""
    try:
        check()
    except SightlineError as error:
        return error.message
    return ""
