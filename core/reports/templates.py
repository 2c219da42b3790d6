"""Templates: good reports to begin with, those of Sightline's own and those that a workspace keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from core.base.errors import BadInput, NotFound, did_you_mean
from core.context import Capability, Context
from core.reports import definition, library, service
from core.reports.definition import Definition
from core.reports.plan import Compare, Parameters, PlanScope, ReportPlan, Window
from core.reports.planner import default_plan
from core.reports.references import checked_scope
from core.reports.views import ReportView

GALLERY = (
    "weekly-team-health",
    "dora-monthly",
    "sprint-review",
    "executive-summary",
    "quarterly-engineering-review",
    "code-review-health",
    "delivery-risk",
    "reliability",
    "people-and-load",
    "one-to-one",
    "onboarding",
    "open-source-pulse",
    "product-analytics-daily",
)
"""Sightline's own, in the order that people see them."""
OF_ONE = frozenset({"one-to-one", "onboarding"})
"""Those that are about one person, who has to be chosen."""


@dataclass(frozen=True, slots=True)
class TemplateView:
    """Something to make a report from."""

    key: str
    """Name of one of Sightline's own; id of one that the workspace keeps."""
    name: str
    about: str
    audience: str
    contents: tuple[str, ...]
    """Headings of its sections."""
    range: str
    asks: Literal["", "person"]
    """What has to be chosen before it makes a report."""
    owner_name: str
    """Who keeps it; empty for Sightline's own."""


def templates(ctx: Context) -> list[TemplateView]:
    """Those that the workspace keeps, by name; then Sightline's own."""
    ctx.require(Capability.VIEW_REPORTS)
    kept = sorted(library.listed(ctx, shelf="templates").items, key=lambda one: one.name.casefold())
    return [*(_of_report(one) for one in kept), *(_of_gallery(key) for key in GALLERY)]


def create_from(
    ctx: Context, key: str, name: str = "", *, visibility: str = "workspace", **about: Any
) -> ReportView:  # fmt: skip
    """A report made from a template, `about` what `wanted` takes; the template stays as it is."""
    ctx.require(Capability.EDIT_REPORTS)
    made = wanted(ctx, key, name, **about)
    return service.create(
        ctx, made.name, made.parameters, description=made.description, plan=made.plan, visibility=visibility
    )  # fmt: skip


def wanted(
    ctx: Context,
    key: str,
    name: str = "",
    *,
    teams: Sequence[str] = (),
    repos: Sequence[str] = (),
    people: Sequence[str] = (),
    days: str = "",
    compare: Compare | None = None,
) -> Definition:
    """What a report made from a template would be, about whom it is said to be; nothing is saved.

    Teams, repositories and people are named, or given by id. `days` and `compare` stand before the template's own.
    """
    ctx.require(Capability.EDIT_REPORTS)
    key = _key(ctx, key)
    one = _definition(ctx, key)
    called = service.checked_name(name.strip() or one.name)
    if key in OF_ONE and len(people) != 1:
        raise BadInput(f"'{one.name}' is about one person. Choose whom.")
    wish = PlanScope(teams=tuple(teams), repos=tuple(repos), people=tuple(people))
    scope = checked_scope(ctx, wish) if teams or repos or people else None
    return Definition(
        name=called, description=one.description, parameters=_parameters(one, scope, days, compare),
        plan=_plan(one, called, scope, days, compare),
    )  # fmt: skip


def save_as(ctx: Context, report_id: str, name: str = "") -> ReportView:
    """Keep a report's definition as a template of the workspace; the report itself goes on as it is."""
    ctx.require(Capability.EDIT_REPORTS)
    report = service.get(ctx, report_id)
    return service.create(
        ctx, name.strip() or report.name, report.parameters, description=report.description,
        plan=report.report_plan, is_template=True,
    )  # fmt: skip


@cache
def built_in(key: str) -> Definition:
    """One of Sightline's own; NotFound with the nearest name."""
    if key not in GALLERY:
        raise NotFound(f"There is no template '{key}'.{did_you_mean(key, GALLERY)}")
    name = f"{key}.yaml"
    return definition.read(files("core.reports").joinpath("gallery", name).read_text(encoding="utf-8"), name)


def preview(ctx: Context, key: str) -> ReportPlan:
    """The plan that a report of the template would have."""
    ctx.require(Capability.VIEW_REPORTS)
    one = _definition(ctx, _key(ctx, key))
    return one.plan or default_plan(ctx, one.parameters, title=one.name, description=one.description)


def _key(ctx: Context, ref: str) -> str:
    """The key of a template by it or by its name, the workspace's before Sightline's own; NotFound with the nearest."""
    if ref in GALLERY:
        return ref
    known = templates(ctx)
    same = [one.key for one in known if one.key == ref] or [
        one.key for one in known if one.name.casefold() == ref.strip().casefold()
    ]
    if not same:
        names = [one.name for one in known]
        raise NotFound(f"There is no template '{ref}'.{did_you_mean(ref, [*GALLERY, *names])}")
    if len(kept := [one for one in same if one not in GALLERY]) > 1:
        raise BadInput(f"There are {len(kept)} templates named '{ref}'. Name it by its id: {', '.join(kept)}")
    return same[0]


def _definition(ctx: Context, key: str) -> Definition:
    if key in GALLERY:
        return built_in(key)
    report = service.get(ctx, key)
    return Definition(
        name=report.name, description=report.description, parameters=report.parameters, plan=report.report_plan,
        template=True,
    )  # fmt: skip


def _parameters(one: Definition, scope: PlanScope | None, days: str, compare: Compare | None) -> Parameters:
    if one.plan:
        return one.parameters
    window = {"date_range": days or one.parameters.date_range, "compare": compare or one.parameters.compare}
    if scope is None:
        return one.parameters.model_copy(update=window)
    kind = "team" if scope.teams else "repo" if scope.repos else "person"
    chosen = {"teams": scope.teams, "repos": scope.repos, "people": scope.people, "names": scope.names}
    return one.parameters.model_copy(update={"scope": kind, **chosen, **window})


def _plan(one: Definition, name: str, scope: PlanScope | None, days: str, compare: Compare | None) -> ReportPlan | None:
    if one.plan is None:
        return None
    about = {"scope": scope} if scope else {}
    window = one.plan.window.model_copy(update={"compare": compare or one.plan.window.compare})
    if days:
        window = Window(range=days, compare=window.compare, time_zone=window.time_zone)
    return one.plan.model_copy(update={"title": name, "file": "", "window": window, **about})


def _of_gallery(key: str) -> TemplateView:
    one = built_in(key)
    plan = one.plan
    assert plan is not None
    return TemplateView(
        key, one.name, one.description, plan.audience, tuple(section.title for section in plan.sections),
        plan.window.range, "person" if key in OF_ONE else "", "",
    )  # fmt: skip


def _of_report(report: ReportView) -> TemplateView:
    plan = report.report_plan
    titles = tuple(section.title for section in plan.sections if section.title) if plan else ()
    return TemplateView(
        report.id, report.name, report.description, plan.audience if plan else "", titles,
        plan.window.range if plan else report.parameters.date_range, "", report.owner_name,
    )  # fmt: skip
