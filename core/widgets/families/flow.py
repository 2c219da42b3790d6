"""How pull requests flow: the phases that each takes, what comes in and goes out, and what stands still."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Axis, Line, Scalar, Series, State, Table, Unit, number_text
from core.widgets.asking import Question, ask
from core.widgets.buckets import Grain, covering, numbers, running_note, values
from core.widgets.finish import provenance, state_of
from core.widgets.focus import focused
from core.widgets.widget import Params, Widget

PHASES = ("pr_coding_hours", "pr_draft_hours", "pr_pickup_hours", "pr_review_hours", "pr_merge_wait_hours")
WHOLE = "pr_total_hours"
THROUGH = ("prs_opened", "prs_merged")
OPEN = "open_prs_count"
QUIET, AGE = "quiet_hours", "age_hours"


class OverTimeParams(Params):
    grain: Grain = "auto"


class OpenParams(Params):
    limit: int = Field(50, ge=1, le=1000)


def phase_questions(ctx: Context, scope: Scope, params: OverTimeParams) -> Iterable[Question]:
    buckets = covering(focused(ctx, scope, params), params.grain, WHOLE)
    yield Question((*PHASES, WHOLE), buckets.scope, (buckets.grain,))
    yield Question((*PHASES, WHOLE), focused(ctx, scope, params))


def phases(ctx: Context, scope: Scope, params: OverTimeParams) -> Series:
    """Mean hours of each phase, standing on each other: together they are the time from first commit to merge."""
    scope = focused(ctx, scope, params)
    buckets = covering(scope, params.grain, WHOLE)
    answer = ask(ctx, (*PHASES, WHOLE), buckets.scope, (buckets.grain,))
    over = ask(ctx, (*PHASES, WHOLE), scope)
    state, why = state_of(values(answer, WHOLE, buckets))
    whole = over.get(WHOLE)
    left = sum(whole.excluded.values())
    return Series(
        title=params.title or "Where the time of a pull request goes",
        description=METRICS.get(WHOLE).about,
        note=" ".join(
            part
            for part in (
                f"{number_text(whole.value, Unit.HOURS)} in the mean over {whole.n:,} merged pull requests"
                " whose every phase is known." if whole.n else "",
                "1 other is left out." if left == 1 else f"{left:,} others are left out." if left else "",
                running_note(buckets, state),
            )
            if part
        ),
        mark="stacked_bar",
        x=Axis(kind="temporal", label=buckets.grain.capitalize()),
        y=Axis(label="Mean", unit=Unit.HOURS),
        lines=[
            Line(name=METRICS.get(key).label, x=list(buckets.starts), y=numbers(values(answer, key, buckets)))
            for key in PHASES
        ],
        better=METRICS.get(WHOLE).better,
        state=state,
        state_text=why,
        alt=_phases_alt(over),
        provenance=provenance(PHASES_WIDGET.key, answer, over),
    )  # fmt: skip


def _phases_alt(over: catalogue.Measured) -> str:
    told = [f"{METRICS.get(key).label} {number_text(over.get(key).value, Unit.HOURS)}" for key in PHASES]
    return f"Mean hours of each phase: {', '.join(told)}."


def through_questions(ctx: Context, scope: Scope, params: OverTimeParams) -> Iterable[Question]:
    buckets = covering(focused(ctx, scope, params), params.grain)
    yield Question(THROUGH, buckets.scope, (buckets.grain,))


def through(ctx: Context, scope: Scope, params: OverTimeParams) -> Series:
    """Opened against merged: where more is opened than merged, work piles up."""
    buckets = covering(focused(ctx, scope, params), params.grain)
    answer = ask(ctx, THROUGH, buckets.scope, (buckets.grain,))
    state, why = state_of(value for key in THROUGH for value in values(answer, key, buckets))
    return Series(
        title=params.title or "Opened and merged",
        description="Pull requests opened and merged. Where more are opened than merged, work piles up.",
        note=running_note(buckets, state),
        mark="line",
        x=Axis(kind="temporal", label=buckets.grain.capitalize()),
        y=Axis(label="Pull requests", unit=Unit.COUNT),
        lines=[
            Line(
                name="Opened" if key == "prs_opened" else "Merged",
                x=list(buckets.starts),
                y=numbers(values(answer, key, buckets)),
            )
            for key in THROUGH
        ],
        state=state,
        state_text=why,
        alt=f"Pull requests opened and merged by {buckets.grain}.",
        provenance=provenance(THROUGH_WIDGET.key, answer),
    )


def open_questions(ctx: Context, scope: Scope, params: OpenParams) -> Iterable[Question]:
    yield Question((OPEN,), focused(ctx, scope, params))


def still_open(ctx: Context, scope: Scope, params: OpenParams) -> Table:
    """Open pull requests, those first that nobody touched for longest."""
    scope = focused(ctx, scope, params)
    answer = ask(ctx, (OPEN,), scope)
    rows = catalogue.evidence(ctx, OPEN, scope, limit=1000, value=answer.get(OPEN))
    place = [column.key for column in rows.cols].index(QUIET)
    ordered: list[list[Scalar]] = sorted(rows.rows, key=lambda row: -_hours(row[place]))  # type: ignore[arg-type]
    return Table(
        title=params.title or "Open pull requests",
        description=METRICS.get(OPEN).about + " Those come first that nobody touched for longest.",
        cols=rows.cols,
        rows=[list(row) for row in ordered[: params.limit]],
        total_rows=len(ordered),
        state=rows.state,
        state_text="Nothing was open." if rows.state is State.NO_DATA else rows.state_text,
        provenance=provenance(OPEN_WIDGET.key, answer),
    )


def _hours(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


PHASES_WIDGET = Widget(
    key="pulls.phases",
    title="Phases of a pull request",
    about="Mean hours that merged pull requests spent in coding, draft, pickup, review and waiting for the merge.",
    shape="series",
    params=OverTimeParams,
    build=phases,
    metrics=lambda params: (*PHASES, WHOLE),
    questions=phase_questions,
)
THROUGH_WIDGET = Widget(
    key="pulls.flow",
    title="Opened and merged",
    about="Pull requests opened and merged over time: whether work piles up.",
    shape="series",
    params=OverTimeParams,
    build=through,
    metrics=lambda params: THROUGH,
    questions=through_questions,
)
OPEN_WIDGET = Widget(
    key="pulls.open",
    names_people=True,
    title="Open pull requests",
    about="Every open pull request with its age, what it waits for, and since when nobody touched it.",
    shape="table",
    params=OpenParams,
    build=still_open,
    metrics=lambda params: (OPEN,),
    questions=open_questions,
)
