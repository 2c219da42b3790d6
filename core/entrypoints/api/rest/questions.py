"""Questions about a run over HTTP, and their answers."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from core.chats import service
from core.chats.views import LONGEST, Answer
from core.context import Context
from core.entrypoints.api.rest.shapes import Given, Page, Told


class QuestionBody(Given):
    question: str = Field(min_length=1, max_length=LONGEST, description="Why did cycle time go up?")


class Question(Told):
    """A question with its answer: each sentence with the figures that it rests on."""

    id: str
    run_id: str
    question: str
    answer: Answer
    asked_by: str
    asked_at: datetime


def list_questions(ctx: Context, run_id: str) -> Page[Question]:
    found = [Question.model_validate(one) for one in service.questions(ctx, run_id)]
    return Page(items=found, total=len(found), next_cursor=None)


def ask(ctx: Context, run_id: str, body: QuestionBody) -> Question:
    return Question.model_validate(service.answer(ctx, run_id, body.question))


def forget(ctx: Context, question_id: str) -> None:
    service.forget(ctx, question_id)
