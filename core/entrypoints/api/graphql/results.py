"""Results over GraphQL: two runs beside each other, a run once more, and what is asked about one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import strawberry
from strawberry import ID, Info

from core.chats import service as chats
from core.chats.views import QuestionView
from core.entrypoints.api.graphql import shapes
from core.entrypoints.api.graphql.asking import Asking, within
from core.narration import Ground
from core.reports import comparing, runs


@strawberry.type(description="A number that the two runs tell differently.")
class RunDifference:
    part: str
    what: str
    before: str
    after: str
    change: str = strawberry.field(description='"+12 %"; empty where one of them is missing or zero.')


@strawberry.type(description="What differs between two runs, in the order of the later one.")
class RunComparison:
    before: shapes.ReportRun
    after: shapes.ReportRun
    differences: list[RunDifference]
    same: int = strawberry.field(description="Numbers that are the same in both.")
    gone: list[str] = strawberry.field(description="Parts with numbers that only the earlier one has.")
    new: list[str] = strawberry.field(description="Parts with numbers that only the later one has.")


@strawberry.type(description="A number that a sentence rests on, as the document shows it.")
class CitedNumber:
    block: str = strawberry.field(description="Key of the figure that shows it, or of what was fetched.")
    title: str
    about: str
    number: str


@strawberry.type(description="One sentence of an answer, with the numbers that it rests on.")
class AnswerSentence:
    text: str
    grounds: list[CitedNumber]


@strawberry.type(description="What was fetched for an answer besides the report's figures.")
class AnswerSource:
    key: str
    title: str
    metric: str
    days: str


@strawberry.type(description="A question about a run, with its answer.")
class ReportQuestion:
    id: ID
    run_id: ID
    question: str
    sentences: list[AnswerSentence]
    remarks: list[str] = strawberry.field(description="Words that were not understood, what is out of scope.")
    sources: list[AnswerSource]
    model: str = strawberry.field(description="The language model that answered; empty where rules did.")
    dropped: int = strawberry.field(description="Sentences of the model that the figures do not bear out, left out.")
    fallback: str = strawberry.field(description="Why rules answered although a model was asked.")
    asked_by: str
    asked_at: datetime
    is_mine: bool


@strawberry.type
class ReportQuestionList:
    items: list[ReportQuestion]
    total: int


@strawberry.type
class ResultsQuery:
    @strawberry.field(description="Two runs of a report beside each other, the earlier first.")
    def compared_runs(self, info: Info[Asking, None], org_id: str, run_id: ID, other_id: ID) -> RunComparison | None:
        found = comparing.compared(within(info, org_id), run_id, other_id)
        return RunComparison(
            before=shapes.run(found.before),
            after=shapes.run(found.after),
            differences=[RunDifference(**asdict(one)) for one in found.differences],
            same=found.same,
            gone=list(found.gone),
            new=list(found.new),
        )

    @strawberry.field(description="What was asked about a run, the oldest first.")
    def report_questions(self, info: Info[Asking, None], org_id: str, run_id: ID) -> ReportQuestionList | None:
        found = [_question(one) for one in chats.questions(within(info, org_id), run_id)]
        return ReportQuestionList(items=found, total=len(found))


@strawberry.type
class ResultsMutation:
    @strawberry.mutation(description="Run the definition of an earlier run once more, for the same days.")
    def run_report_again(self, info: Info[Asking, None], org_id: str, run_id: ID) -> shapes.ReportRun | None:
        return shapes.run(runs.run_again(within(info, org_id), run_id))

    @strawberry.mutation(description="Ask about a run's result; question and answer are kept.")
    def ask_report(
        self, info: Info[Asking, None], org_id: str, run_id: ID, question: str
    ) -> ReportQuestion | None:  # fmt: skip
        return _question(chats.answer(within(info, org_id), run_id, question))

    @strawberry.mutation(description="Delete a question of one's own.")
    def delete_report_question(self, info: Info[Asking, None], org_id: str, question_id: ID) -> bool | None:
        chats.forget(within(info, org_id), question_id)
        return True


def _question(view: QuestionView) -> ReportQuestion:
    told = view.answer
    return ReportQuestion(
        id=ID(view.id),
        run_id=ID(view.run_id),
        question=view.question,
        sentences=[AnswerSentence(text=one.text, grounds=[_cited(ground) for ground in one.grounds])
                   for one in told.sentences],
        remarks=told.remarks,
        sources=[AnswerSource(key=one.key, title=one.title, metric=one.metric, days=one.days) for one in told.sources],
        model=told.model,
        dropped=told.dropped,
        fallback=told.fallback,
        asked_by=view.asked_by,
        asked_at=view.asked_at,
        is_mine=view.is_mine,
    )  # fmt: skip


def _cited(ground: Ground) -> CitedNumber:
    return CitedNumber(**ground.model_dump())
