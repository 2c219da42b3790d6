"""A plan to a document and its outputs, in this process, without a store of ours unless the plan asks for one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from core.base.arrow import arrow
from core.base.errors import SightlineError
from core.datasources.desk import Asked, Desk
from core.datasources.window import Window
from core.delivery.outputs.output import Output, Parcel
from core.delivery.outputs.registry import OUTPUTS
from core.delivery.outputs.sending import Sent, Wanted, send_all
from core.documents.document import Document
from core.figures import Figure, Notice
from core.reports.assembly import placed, sections
from core.reports.plan import PlanOutput, ReportPlan, WidgetBlock
from core.reports.viewing import made_views, openers
from core.reports.windows import resolved
from core.reports.words import failures as wrong
from core.reports.words import texts, values
from core.views.making import Made, Progress

if TYPE_CHECKING:
    from core.context import Context


def _silent(fraction: float, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a report."""

    document: Document
    window: Window
    failures: tuple[str, ...]
    """A sentence for each view or widget that failed, and for what a scope has lost."""
    asked: tuple[Asked, ...] = ()
    sent: tuple[Sent, ...] = ()
    views: tuple[Made, ...] = ()
    """What became of each view, in the order of the file; widgets of ours are not among them."""
    lost: Mapping[str, str] = field(default_factory=dict)
    """A sentence for each widget of ours that failed, by the key of its block."""

    @property
    def whole(self) -> bool:
        """Whether every view and every output came through."""
        return not self.failures and not any(one.failure for one in self.sent)


def built(
    plan: ReportPlan,
    now: datetime,
    zone: str,
    house: Callable[[], Context],
    progress: Progress = _silent,
    *,
    dry: bool = True,
) -> Outcome:
    """The document, with a notice in the place of each view that failed. `zone` is for a plan that names none.

    Widgets need this installation's stores; where those cannot be opened the widgets fail, and the rest is made.
    Unless it is `dry`, what sending takes is imported while datasources are waited for.
    """
    zone = plan.window.time_zone or zone
    plan = plan.model_copy(update={"window": plan.window.model_copy(update={"time_zone": zone})})
    window = resolved(plan.window, now, zone)
    lost = ""
    if any(plan.widgets()):
        try:
            return _with_stores(plan, now, window, house(), progress)
        except SightlineError as error:
            lost = error.message
    return _without_stores(plan, now, window, house, progress, lost, [] if dry else [*plan.outputs.values()])


def _without_stores(
    plan: ReportPlan,
    now: datetime,
    window: Window,
    house: Callable[[], Context],
    progress: Progress,
    lost: str,
    outputs: Sequence[PlanOutput],
) -> Outcome:
    with closing(Desk(window, openers(plan, house))) as desk:
        made = made_views(plan, window, {}, progress, desk, partial(_meanwhile, outputs))
    from core.reports.narrating import Telling, narrated  # imported while datasources were waited for

    absent = {key: _absent(key, block, lost) for key, block in placed(plan) if isinstance(block, WidgetBlock)}
    period = window.period.label(window.zone)
    words = texts(plan, values(plan, now, window.zone, period))
    shown: dict[str, Sequence[Figure]] = {**{key: one.figures for key, one in made.items()}, **words}
    shown |= {key: (notice,) for key, notice in absent.items()}
    document = Document(
        title=plan.title,
        subtitle=plan.description,
        period_label=period,
        time_zone=window.zone,
        generated_at=now,
        columns=plan.theme.num_columns if plan.theme else 6,
        theme=plan.theme,
        sections=sections(plan, shown | narrated(plan, Telling(shown, {}, period, "")).figures),
    )
    views = tuple(made.values())
    failures = [*(one.failure for one in views if one.failure), *wrong(words)]
    gone = {key: f"{notice.title}: {notice.text}" for key, notice in absent.items()}
    return Outcome(document, window, (*failures, *gone.values()), tuple(desk.asked()), (), views, gone)


def _meanwhile(outputs: Sequence[PlanOutput]) -> None:
    """Import what answers are made of, what is told of them, and what they are sent with."""
    arrow()
    importlib.import_module("core.reports.narrating")
    for one in outputs:
        with suppress(Exception):  # sending raises it again, where it is told
            if one.plugin:
                OUTPUTS.get(one.plugin).foreseen()


def _absent(key: str, block: WidgetBlock, why: str) -> Notice:
    title = str(block.params.get("title") or block.widget)
    return Notice(key=key, title=title, level="error", text=why, columns=block.columns)


def sent(plan: ReportPlan, outcome: Outcome, house: Callable[[], Context]) -> tuple[Sent, ...]:
    """Every output of the plan tried."""
    wanted = {name: _opener(name, one, house) for name, one in plan.outputs.items()}
    return tuple(send_all(wanted, parcel(plan, outcome)))


def _opener(name: str, one: PlanOutput, house: Callable[[], Context]) -> Wanted:
    if not one.connection:
        return one.plugin, one.args

    def by_connection() -> Output:
        from core.connections.opening import output

        return output(house(), one.connection, name, one.args)

    return one.connection, by_connection


def parcel(plan: ReportPlan, outcome: Outcome) -> Parcel:
    """The finished report, ready for any output."""
    window = outcome.window
    return Parcel(
        document=outcome.document,
        start=window.wall_start.date(),
        end=window.wall_end.date(),
        theme_dir=plan.theme.theme_dir if plan.theme else "",
    )


def _with_stores(plan: ReportPlan, now: datetime, window: Window, ctx: Context, progress: Progress) -> Outcome:
    from core.reports.build import build

    made = build(ctx, plan, now, author=ctx.actor.name, progress=progress, always=True)
    return Outcome(made.document, window, made.failures, made.asked, (), made.views, made.lost)
