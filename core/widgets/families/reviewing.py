"""Reviews between people: who reviews whom, and who is asked most."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import Field

from core.base.counted import counted
from core.catalogue import METRICS, alone
from core.catalogue import pairs as reviewed
from core.catalogue.pairs import OTHERS, Pair, Pairs
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Context
from core.figures import Column, Scalar, State, Table
from core.widgets.asking import Question, ask
from core.widgets.families.breakdown import NOUNS
from core.widgets.finish import SENTENCES, cell, column, has_value, provenance, state_of
from core.widgets.focus import focused, namer
from core.widgets.widget import Params, Widget

WHOLE = ("review_given_count", "review_top_share", "review_top3_share", "review_reciprocity")
GIVEN, WAITING = "review_given_count", "review_requests_open_count"
LOAD = (GIVEN, "review_received_count", WAITING, "review_turnaround_hours")
ONE_WAY = 0.5
"""From here on a pair is called one-sided: one gave at least three times what the other gave."""
MANY = 4
"""Reviews of a pair below which nothing is said of its sides."""


class PairsParams(Params):
    limit: int = Field(50, ge=1, le=1000)


class LoadParams(Params):
    limit: int = Field(50, ge=1, le=1000)


def pair_questions(ctx: Context, scope: Scope, params: PairsParams) -> Iterable[Question]:
    yield Question(WHOLE, focused(ctx, scope, params))


def pairs(ctx: Context, scope: Scope, params: PairsParams) -> Table:
    """A row for two who reviewed each other: who gave how much, what came back, and how one-sided that is."""
    scope = focused(ctx, scope, params)
    answer, found = ask(ctx, WHOLE, scope), reviewed.pairs(ctx, scope)
    name = namer(ctx, found.by)
    state, why = state_of([answer.get(GIVEN)])
    if state is State.MEASURED and not found.pairs:
        state, why = State.NO_DATA, SENTENCES[State.NO_DATA]
    return Table(
        title=params.title or "Who reviews whom",
        description=METRICS.get("review_reciprocity").about,
        note=_pairs_note(ctx, found),
        cols=[
            Column(key="one", label="Reviewer" if found.by == "person" else "Reviewing team"),
            Column(key="other", label="Of the work of"),
            Column(key="given", label="Given", kind="integer", help="Reviews that the first gave the second."),
            Column(key="returned", label="Returned", kind="integer", help="Reviews that the second gave the first."),
            Column(key="one_sided", label="One-sidedness", kind="percent",
                   help="0 % where both gave as much, 100 % where all of it went one way."),
            Column(key="share", label="Share of all", kind="percent", help="Of the reviews of all pairs here."),
            Column(key="reads", label="Reads as"),
        ],
        rows=_pair_rows(found, name)[: params.limit] if state is State.MEASURED else [],
        total_rows=len(found.pairs),
        state=state,
        state_text=why,
        provenance=provenance(PAIRS_WIDGET.key, answer),
    )  # fmt: skip


def _pair_rows(found: Pairs, name: Callable[[str], str]) -> list[list[Scalar]]:
    """Most reviews first; of those with as many the more one-sided ones, then by name."""
    rows = [(pair, _pair_row(pair, name, found)) for pair in found.pairs]
    rows.sort(key=lambda one: (-one[0].reviews, -one[0].one_sided, *(str(cell).casefold() for cell in one[1][:2])))
    return [row for _, row in rows]


def _pair_row(pair: Pair, name: Callable[[str], str], found: Pairs) -> list[Scalar]:
    called = [_called(one, name) for one in (pair.one, pair.other)]
    if pair.given == pair.returned:
        called.sort(key=str.casefold)
    return [
        *called, pair.given, pair.returned, pair.one_sided, pair.reviews / found.reviews if found.reviews else None,
        "Too few to say" if pair.reviews < MANY else "One-sided" if pair.one_sided >= ONE_WAY else "Both ways",
    ]  # fmt: skip


def _called(one: str, name: Callable[[str], str]) -> str:
    return "Others" if one == OTHERS else name(one)


def _pairs_note(ctx: Context, found: Pairs) -> str:
    parts = []
    if found.by == "team":
        parts.append("By team: this workspace does not show you the people behind these reviews. Reviews within a team"
                     " are not counted here.")  # fmt: skip
    if found.left_out:
        parts.append(
            f"{counted(found.left_out, 'review')} of teams with fewer than {ctx.workspace.least_group} people"
            f" {'is' if found.left_out == 1 else 'are'} left out."
        )
    if any(OTHERS in (pair.one, pair.other) for pair in found.pairs):
        parts.append("Others: people whose numbers this workspace does not show you.")
    return " ".join(parts)


def load_questions(ctx: Context, scope: Scope, params: LoadParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    yield Question(LOAD, scope, (_axis(ctx, scope),))


def load(ctx: Context, scope: Scope, params: LoadParams) -> Table:
    """A row for a reviewer, or a team where individuals are hidden: how much they gave, and who waits for them."""
    scope = focused(ctx, scope, params)
    by = _axis(ctx, scope)
    answer = ask(ctx, LOAD, scope, (by,))
    groups = _groups(ctx, scope, answer, by)
    name, total = namer(ctx, by), sum(_count(answer, GIVEN, one) for one in groups)
    rows: list[list[Scalar]] = [_load_row(answer, one, name(one), total) for one in groups]
    rows.sort(key=lambda row: (-_size(row[1]), -_size(row[4]), str(row[0]).casefold()))
    state, why = state_of([answer.get(key, one) for one in groups for key in LOAD] or [answer.get(GIVEN, "")])
    return Table(
        title=params.title or "Review load",
        description=METRICS.get(WAITING).about,
        cols=[
            Column(key=by, label=NOUNS[by]), column(GIVEN), Column(key="share", label="Share", kind="percent"),
            *(column(key) for key in LOAD[1:]),
        ],
        rows=rows[: params.limit],
        total_rows=len(rows),
        state=state,
        state_text=why,
        provenance=provenance(LOAD_WIDGET.key, answer),
    )  # fmt: skip


def _axis(ctx: Context, scope: Scope) -> str:
    return "person" if ctx.sees_scope(scope.person_ids, scope.team_ids) else "team"


def _groups(ctx: Context, scope: Scope, answer: Measured, by: str) -> list[str]:
    """Whoever reviewed or is waited for; no team that is too small to be shown."""
    small = alone.too_few(ctx, scope.team_ids, (by,), scope.period, scope.time_zone) if by == "team" else ()
    groups = dict.fromkeys(value.group[0] for value in answer.values if value.group)
    return [
        one for one in groups if one not in small and any(_count(answer, key, one) for key in (GIVEN, WAITING))
    ]  # fmt: skip


def _load_row(answer: Measured, one: str, name: str, total: float) -> list[Scalar]:
    given, *others = (cell(answer.get(key, one)) for key in LOAD)
    return [name, given, _count(answer, GIVEN, one) / total if total else None, *others]


def _count(answer: Measured, key: str, group: str) -> float:
    value = answer.get(key, group)
    return float(value.value or 0) if has_value(value) else 0.0


def _size(number: Scalar) -> float:
    return float(number) if isinstance(number, int | float) else 0.0


PAIRS_WIDGET = Widget(
    key="reviews.pairs",
    names_people=True,
    title="Who reviews whom",
    about="Reviews given and returned by every pair of people, and how one-sided they are; by team where individuals"
    " are hidden.",
    shape="table",
    params=PairsParams,
    build=pairs,
    metrics=lambda params: WHOLE,
    questions=pair_questions,
)
LOAD_WIDGET = Widget(
    key="reviews.load",
    title="Review load",
    about="How many reviews each person gave and which share that is, how long theirs take, and how many are waited"
    " for now.",
    shape="table",
    params=LoadParams,
    build=load,
    metrics=lambda params: LOAD,
    questions=load_questions,
)
