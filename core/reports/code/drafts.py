"""Report files in the app: checked as they are written, shown before they are saved, kept as saved reports.

What is saved here is run on the server: `${NAME}` is left as it stands, since the
machine's variables are not the author's, and datasources and outputs are registered
connections.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.base.errors import BadInput, SightlineError
from core.context import Capability, Context
from core.documents import RENDERERS
from core.reports import service
from core.reports.build import Built, build
from core.reports.code.compiling import compiled
from core.reports.code.connected import connected
from core.reports.code.file import ReportFile
from core.reports.code.nodes import place_of
from core.reports.code.problems import BadFile, Findings, Problem
from core.reports.code.reading import Opened, opened_texts
from core.reports.code.writing import Written, written
from core.reports.plan import FORMATS, Parameters, PlanDatasource, ReportPlan
from core.reports.planner import default_plan
from core.reports.references import checked_plan, unregistered
from core.reports.views import ReportView

NAME = "report.yaml"


@dataclass(frozen=True, slots=True)
class Draft:
    """A report file as far as it is written."""

    text: str
    problems: tuple[Problem, ...]
    plan: ReportPlan | None
    """None while something in it is wrong."""
    formats: tuple[str, ...] = FORMATS
    """Files that its outputs name, to be kept with each run."""

    @property
    def ready(self) -> bool:
        return self.plan is not None


def drafted(ctx: Context, text: str) -> Draft:
    """What is wrong with a report file, with its places, and its plan if nothing is."""
    ctx.require(Capability.EDIT_REPORTS)
    try:
        one = opened_texts([(NAME, text)])
    except BadFile as error:
        return Draft(text, error.problems, None)
    findings = Findings([*one.examined()])
    file = None
    if one.file is not None:
        _look(one, one.file, text, findings)
        file = connected(ctx, one.checked()[0], one.root, findings)
    problems = tuple(sorted(findings.problems, key=lambda problem: problem.place))
    if file is None or any(problem.level == "error" for problem in problems):
        return Draft(text, problems, None)
    try:
        plan = checked_plan(ctx, compiled(file).model_copy(update={"file": text}))
    except SightlineError as error:
        return Draft(text, (*problems, Problem("error", error.message, one.root.place)), None)
    return Draft(text, problems, plan, _formats(file))


def preview(ctx: Context, draft: Draft) -> Built:
    """The document as it would be now. BadInput while something in the file is wrong."""
    ctx.require(Capability.EDIT_REPORTS)
    return build(ctx, _ready(draft), ctx.clock(), author=ctx.actor.name)


def save(ctx: Context, text: str, *, report_id: str = "", visibility: str = "workspace") -> ReportView:
    """Keep the file as a saved report, or as the new definition of one; BadInput while something in it is wrong."""
    draft = drafted(ctx, text)
    plan = _ready(draft)
    if report_id:
        now = service.get(ctx, report_id)
        parameters = now.parameters.model_copy(update={"formats": draft.formats})
        return service.update(
            ctx, report_id, name=plan.title, description=plan.description, plan=plan, parameters=parameters
        )
    parameters = Parameters(formats=draft.formats)
    return service.create(
        ctx, plan.title, parameters, description=plan.description, plan=plan, visibility=visibility
    )  # fmt: skip


def source(ctx: Context, report_id: str) -> Written:
    """A saved report as a file: as it was written, or made of its plan with what the format cannot say named."""
    report = service.get(ctx, report_id)
    plan = report.report_plan or default_plan(
        ctx, report.parameters, title=report.name, description=report.description
    )  # fmt: skip
    return written(plan)


def _look(one: Opened, file: ReportFile, text: str, findings: Findings) -> None:
    """What is right elsewhere and not here."""
    for name, entry in file.datasources.items():
        path = ("datasources", name)
        if sentence := unregistered(name, PlanDatasource(**entry.model_dump())):
            findings.blame(sentence, place_of(one.root, path), ".".join(path))
    if "${" in text:
        findings.warn("Variables such as ${NAME} are not replaced here: they are the server's own.", one.root.place)


def _formats(file: ReportFile) -> tuple[str, ...]:
    named: Iterable[str] = (
        str(fmt) for output in (file.outputs or {}).values() for fmt in output.args.get("formats") or ()
    )
    return tuple(dict.fromkeys(fmt for fmt in named if fmt in RENDERERS)) or FORMATS


def _ready(draft: Draft) -> ReportPlan:
    if draft.plan is None:
        first = next(problem for problem in draft.problems if problem.level == "error")
        raise BadInput(f"The file is not finished: line {first.place.line}: {first.sentence}")
    return draft.plan
