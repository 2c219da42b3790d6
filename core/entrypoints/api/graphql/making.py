"""What reports are made from, over GraphQL: templates, and a sentence; and how many may run in a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import strawberry
from strawberry import ID, Info
from strawberry.scalars import JSON

from core.entrypoints.api.graphql import shapes
from core.entrypoints.api.graphql.asking import Asking, within
from core.reports import quotas, sentences, templates
from core.reports.definition import Definition
from core.reports.suggesting import Suggestion
from core.reports.templates import TemplateView


@strawberry.type(
    description="Something to make a report from: one of Sightline's own, or one that the workspace keeps."
)
class ReportTemplate:
    key: ID
    name: str
    about: str
    audience: str
    contents: list[str] = strawberry.field(description="Headings of its sections.")
    range: str
    asks: str = strawberry.field(description="`person` where one has to be chosen.")
    owner_name: str


@strawberry.type
class ReportTemplateList:
    items: list[ReportTemplate]
    total: int


@strawberry.input(description="About whom the new report is; what is left out stays as the template has it.")
class FromTemplateInput:
    name: str = ""
    teams: list[str] = strawberry.field(default_factory=list, description="Ids or names.")
    repos: list[str] = strawberry.field(default_factory=list)
    people: list[str] = strawberry.field(default_factory=list)
    visibility: str = strawberry.field(default="workspace", description="workspace or private.")


@strawberry.type
class Understood:
    what: str
    choice: str


@strawberry.type
class UnknownWord:
    word: str
    nearest: str = strawberry.field(description="What it may have meant, as a question; empty if nothing is near.")


@strawberry.type(description="What the workspace's language model makes of unknown words.")
class SuggestedMeaning:
    model: str
    adds: list[Understood]
    remarks: list[str]


@strawberry.type(description="What to hand to createSavedReport to save it.")
class WantedReport:
    name: str
    description: str
    parameters: JSON
    report_plan: JSON | None


@strawberry.type(description="A sentence, and the report that it would be. Nothing is saved.")
class PlannedReport:
    understood: list[Understood]
    unknown: list[UnknownWord]
    remarks: list[str] = strawberry.field(description="What could not be taken as it was said, a sentence each.")
    rhythm: str = strawberry.field(description="daily, weekly or monthly, where it is to come by itself.")
    suggestion: SuggestedMeaning | None
    report: WantedReport | None = strawberry.field(description="Null until somebody is named whom its template needs.")
    plan: JSON | None = strawberry.field(description="What it would run now.")


@strawberry.type(description="What the workspace may run this month, and what it ran.")
class ReportQuota:
    plan: str = strawberry.field(description="explore, operate, scale or custom.")
    limit: int | None = strawberry.field(description="Reports a month; null for as many as one likes.")
    used: int
    left: int | None
    renews_at: datetime = strawberry.field(description="The first moment of the next month, UTC.")
    sentence: str = strawberry.field(description="The same in words; empty without a limit.")


@strawberry.type
class MakingQuery:
    @strawberry.field(description="What reports are made from: those that the workspace keeps, then Sightline's own.")
    def report_templates(self, info: Info[Asking, None], org_id: str) -> ReportTemplateList | None:
        found = [_template(one) for one in templates.templates(within(info, org_id))]
        return ReportTemplateList(items=found, total=len(found))

    @strawberry.field(description="From a sentence to a plan; `take` takes what the language model suggests.")
    def report_from_sentence(
        self, info: Info[Asking, None], org_id: str, sentence: str, name: str = "", take: bool = False
    ) -> PlannedReport | None:
        found = sentences.planned(within(info, org_id), sentence, name, take=take)
        return PlannedReport(
            understood=_pairs(found.told),
            unknown=[UnknownWord(word=word, nearest=nearest) for word, nearest in found.unknown],
            remarks=list(found.asked.remarks),
            rhythm=found.asked.rhythm,
            suggestion=_suggested(found.suggestion) if found.suggestion else None,
            report=_wanted(found.report) if found.report else None,
            plan=JSON(found.plan.model_dump(mode="json")) if found.plan else None,
        )

    @strawberry.field(description="How many reports may run this month, and how many did.")
    def report_quota(self, info: Info[Asking, None], org_id: str) -> ReportQuota | None:
        now = quotas.quota(within(info, org_id))
        return ReportQuota(**asdict(now), left=now.left, sentence=now.sentence)


@strawberry.type
class MakingMutation:
    @strawberry.mutation(description="Make a report from a template, by its key.")
    def create_report_from_template(
        self, info: Info[Asking, None], org_id: str, template_id: ID, input: FromTemplateInput | None = None
    ) -> shapes.SavedReport | None:
        wish = input or FromTemplateInput()
        return shapes.report(
            templates.create_from(
                within(info, org_id), template_id, wish.name, teams=wish.teams, repos=wish.repos, people=wish.people,
                visibility=wish.visibility,
            )
        )  # fmt: skip

    @strawberry.mutation(description="Keep a report's definition as a template; the report goes on as it is.")
    def save_report_as_template(
        self, info: Info[Asking, None], org_id: str, report_id: ID, name: str = ""
    ) -> shapes.SavedReport | None:
        return shapes.report(templates.save_as(within(info, org_id), report_id, name))


def _template(view: TemplateView) -> ReportTemplate:
    return ReportTemplate(**asdict(view) | {"key": ID(view.key), "contents": list(view.contents)})


def _wanted(one: Definition) -> WantedReport:
    plan = JSON(one.content["report_plan"]) if one.plan else None
    return WantedReport(
        name=one.name, description=one.description, parameters=JSON(shapes.parameters(one.parameters)), report_plan=plan
    )


def _suggested(found: Suggestion) -> SuggestedMeaning:
    return SuggestedMeaning(model=found.model, adds=_pairs(found.added), remarks=list(found.remarks))


def _pairs(told: Iterable[tuple[str, str]]) -> list[Understood]:
    return [Understood(what=what, choice=choice) for what, choice in told]
