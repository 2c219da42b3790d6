"""What is on the bench: the draft, the steps before it, what is chosen, and what the last deed said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import streamlit as st

from core.base.errors import SightlineError
from core.context import Context
from core.reports import drafts
from core.reports.drafts import Begun, Draft, Kept
from core.reports.editing import History, Place
from core.reports.plan import ReportPlan

Edit = Callable[[ReportPlan], ReportPlan]
Placed = Callable[[ReportPlan], tuple[ReportPlan, Place]]


@dataclass
class Bench:
    """One report in the hands of one person, for as long as their session lasts."""

    report_id: str
    begun: Begun
    history: History[Draft]
    kept: Kept | None = None
    """A draft of before, until its maker says whether to go on with it."""
    chosen: Place | None = None
    """The block whose settings are open."""
    adding: int | None = None
    """The section that a part is being chosen for."""
    edition: int = 0
    """Raised whenever places may have changed: fields of before must not speak for others."""
    wrong: str = ""
    kept_at: datetime | None = None
    conflict: str = ""
    looked_at: set[str] = field(default_factory=set)

    @property
    def draft(self) -> Draft:
        return self.history.now

    @property
    def plan(self) -> ReportPlan:
        return self.draft.plan

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost if nothing were kept."""
        return self.draft != self.begun.draft

    def key(self, name: str, place: Place | int | None = None) -> str:
        """Key of a field; another one in each edition."""
        where = f"{place.section}_{place.block}" if isinstance(place, Place) else "" if place is None else str(place)
        return f"b{self.edition}_{name}_{where}"


def of(ctx: Context, report_id: str) -> Bench:
    """The bench of this report, laid out at the first look."""
    name = f"_bench:{ctx.workspace.id}:{ctx.actor.user_id}:{report_id}"
    if name not in st.session_state or _is_old(ctx, st.session_state[name]):
        begun = drafts.begin(ctx, report_id)
        st.session_state[name] = Bench(report_id, begun, History(begun.draft), drafts.kept(ctx, report_id))
    found: Bench = st.session_state[name]
    return found


def _is_old(ctx: Context, bench: Bench) -> bool:
    """Whether another was saved since, and nothing of this one would be lost."""
    return not (bench.is_changed or bench.kept) and bool(drafts.meanwhile(ctx, bench.report_id, bench.begun.based_on))


def clear(ctx: Context, report_id: str) -> None:
    """Lay it out anew at the next look."""
    st.session_state.pop(f"_bench:{ctx.workspace.id}:{ctx.actor.user_id}:{report_id}", None)


def step(ctx: Context, bench: Bench, draft: Draft) -> None:
    """Take a step, and keep it."""
    _stand(ctx, bench, bench.history.then(draft))


def change(ctx: Context, bench: Bench, edit: Edit) -> None:
    """A change that leaves every block where it is."""
    try:
        step(ctx, bench, replace_plan(bench.draft, edit(bench.plan)))
        bench.wrong = ""
    except SightlineError as error:
        bench.wrong = error.message


def rearrange(ctx: Context, bench: Bench, edit: Placed, *, choose: bool = False) -> None:
    """A change that puts blocks elsewhere; what is chosen goes along."""
    try:
        plan, place = edit(bench.plan)
    except SightlineError as error:
        bench.wrong = error.message
        return
    bench.chosen = place if choose or bench.chosen is not None else None
    bench.wrong, bench.edition = "", bench.edition + 1
    step(ctx, bench, replace_plan(bench.draft, plan))


def restructure(ctx: Context, bench: Bench, edit: Edit) -> None:
    """A change after which nothing is chosen."""
    rearrange(ctx, bench, lambda plan: (edit(plan), Place(0, 0)))
    bench.chosen = None


def undo(ctx: Context, bench: Bench) -> None:
    """One step back."""
    _turn(ctx, bench, bench.history.undo())


def redo(ctx: Context, bench: Bench) -> None:
    """One step forward again."""
    _turn(ctx, bench, bench.history.redo())


def replace_plan(draft: Draft, plan: ReportPlan) -> Draft:
    """The draft with this plan. Name and title are one until somebody parts them."""
    name = plan.title if draft.name == draft.plan.title else draft.name
    return draft.model_copy(update={"plan": plan, "name": name})


def go_on(ctx: Context, bench: Bench) -> None:
    """Go on with the draft of before."""
    assert bench.kept
    bench.begun = replace(bench.begun, based_on=bench.kept.based_on)
    bench.history, bench.kept_at = bench.history.then(bench.kept.draft), bench.kept.changed_at
    bench.kept, bench.edition = None, bench.edition + 1


def throw_away(ctx: Context, bench: Bench) -> None:
    """Forget the draft: what is saved stands."""
    drafts.throw_away(ctx, bench.report_id)
    clear(ctx, bench.report_id)


def _turn(ctx: Context, bench: Bench, history: History[Any]) -> None:
    if history is not bench.history:
        bench.edition, bench.wrong = bench.edition + 1, ""
        bench.chosen = bench.chosen if bench.chosen and _is_there(history.now.plan, bench.chosen) else None
        _stand(ctx, bench, history)


def _is_there(plan: ReportPlan, place: Place) -> bool:
    return place.section < len(plan.sections) and place.block < len(plan.sections[place.section].blocks)


def _stand(ctx: Context, bench: Bench, history: History[Draft]) -> None:
    if history is bench.history:
        return
    bench.history = history
    bench.kept_at = drafts.keep(ctx, bench.report_id, history.now, bench.begun.based_on)
