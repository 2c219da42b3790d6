"""Ask about a finished run, read what was asked, delete one's own questions."""

from __future__ import annotations

from collections.abc import Generator, Iterable

import sqlalchemy as sa

from core.access.workspaces import note
from core.base.errors import BadInput, NotFound
from core.chats import hearing, ruling
from core.chats.around import Around, around
from core.chats.model.talking import Spoken, speaker
from core.chats.models import ReportQuestion
from core.chats.ruling import Answering
from core.chats.views import LONGEST, Answer, QuestionView, Said, Topic
from core.context import Capability, Context
from core.reports import reading
from core.reports.rows import run_row

Asking = Generator[Said | str, None, str]
"""What is said, and at the end the id under which it is kept."""
KEPT_SHOWN = 50
"""Questions of a run that are shown, the newest ones."""


def ask(ctx: Context, run_id: str, question: str) -> Asking:
    """The answer, sentence by sentence as each is found to be so; kept when it is whole.

    A text is a remark of the house. A sentence comes with the numbers that it rests on.
    """
    ctx.require(Capability.VIEW_REPORTS)
    asked = " ".join(question.split())
    if not asked:
        raise BadInput("Ask something about this report: What got worse?")
    if len(asked) > LONGEST:
        raise BadInput(f"The question is longer than {LONGEST} letters. Ask it shorter.")
    about, last = around(ctx, run_id), _last(ctx, run_id)
    return _answered(about, asked, last)


def answer(ctx: Context, run_id: str, question: str) -> QuestionView:
    """The same at once, as it is kept."""
    ctx.require(Capability.VIEW_REPORTS)
    asking = ask(ctx, run_id, question)
    while True:
        try:
            next(asking)
        except StopIteration as ended:
            return _kept(ctx, ended.value)


def questions(ctx: Context, run_id: str) -> list[QuestionView]:
    """What was asked about a run, the oldest first: one's own, and those whose whole answer the reader may see."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        run = run_row(session, ctx, run_id)
        hidden = reading.hidden(ctx, run)
        asked = sa.select(ReportQuestion).where(ReportQuestion.run_id == run_id)
        newest = session.scalars(asked.order_by(ReportQuestion.asked_at.desc(), ReportQuestion.id).limit(KEPT_SHOWN))
        views = [_view(ctx, row) for row in reversed(newest.all())]
    return [one for one in views if may_see(ctx, one.answer, hidden)]


def forget(ctx: Context, question_id: str) -> None:
    """Delete a question of one's own with its answer; an admin may delete anybody's."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.session() as session:
        row = session.get(ReportQuestion, question_id)
        if row is None or row.workspace_id != ctx.workspace.id or not _may_delete(ctx, row):
            raise NotFound("There is no such question of yours. Look beside the report's result.")
        run_row(session, ctx, row.run_id, light=True)
        session.delete(row)
        note(session, ctx, "report.question.delete", row.asked_by, run=row.run_id)


def may_see(ctx: Context, answer: Answer, hidden: Iterable[str]) -> bool:
    """Whether every number of the answer is the reader's to see, and everybody whom the question names."""
    unseen = set(hidden)
    rests = {ground.block for said in answer.sentences for ground in said.grounds}
    private = (one for one in answer.sources if one.private)
    named = all(ctx.sees_person(one) for one in answer.people)
    return named and not rests & unseen and all(ctx.sees_scope(one.people, one.teams) for one in private)


def _answered(about: Around, question: str, last: Topic | None) -> Asking:
    """By the model where there is one and it says something that holds; else by rules."""
    asked = hearing.followed(hearing.heard(about, question), last)
    topic = ruling.topic(asked)
    named = [ref for kind, ref, _ in asked.about if kind == "person"]
    made = Answer(topic=topic if topic.metric or last is None else last, people=list(dict.fromkeys(named)))
    spoken = Spoken()
    if speak := speaker(about):
        answering = Answering(about)
        for one in speak(answering, question, questions(about.ctx, about.run_id), spoken):
            yield _noted(made, one)
        made.sources, made.dropped, made.fallback = answering.sources, spoken.dropped, spoken.fallback
    if spoken.kept:
        made.model, made.prompt = spoken.model, spoken.prompt
    else:
        answering = Answering(about)
        for one in ruling.ruled(answering, asked):
            yield _noted(made, one)
        made.sources = answering.sources
    return _keep(about.ctx, about.run_id, question, made)


def _noted(made: Answer, one: Said | str) -> Said | str:
    if isinstance(one, Said):
        made.sentences.append(one)
    else:
        made.remarks.append(one)
    return one


def _keep(ctx: Context, run_id: str, question: str, answer: Answer) -> str:
    row = ReportQuestion(
        workspace_id=ctx.workspace.id, run_id=run_id, user_id=ctx.actor.user_id or None, asked_by=ctx.actor.name,
        question=question, answer=answer.model_dump(mode="json"), asked_at=ctx.clock(),
    )  # fmt: skip
    with ctx.app.session() as session:
        run_row(session, ctx, run_id, light=True)
        session.add(row)
        session.flush()
        return row.id


def _kept(ctx: Context, question_id: str) -> QuestionView:
    with ctx.app.reading() as session:
        return _view(ctx, session.get_one(ReportQuestion, question_id))


def _last(ctx: Context, run_id: str) -> Topic | None:
    """What the actor asked about last."""
    mine = [one.answer.topic for one in questions(ctx, run_id) if one.is_mine]
    return mine[-1] if mine else None


def _may_delete(ctx: Context, row: ReportQuestion) -> bool:
    return (row.user_id or "") == ctx.actor.user_id or ctx.may(Capability.MANAGE_WORKSPACE)


def _view(ctx: Context, row: ReportQuestion) -> QuestionView:
    mine = (row.user_id or "") == ctx.actor.user_id
    told = Answer.model_validate(row.answer)
    return QuestionView(row.id, row.run_id, row.question, told, row.asked_by, row.asked_at, mine, _may_delete(ctx, row))
