"""Questions beside a report's result: what was asked, with its answers, and a line to ask more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import streamlit as st

from components import guard
from components.draw.words import plain
from components.forms import report_words
from core.base.errors import SightlineError
from core.chats import service
from core.chats.views import LONGEST, Answer, QuestionView, Said
from core.context import Context
from core.documents import Document
from core.narration import Ground
from core.reports.views import RunView

ABOUT = (
    "Answers are told from this result's numbers, or from a metric that is fetched within what the report is about."
    " They are kept here for whoever may see these numbers."
)
PLACE = "ask-this-report"
FIRST = ("What got worse?", "Summary", "Which team moved most?")
EMPTY = "For example: what was Commits last month, why did Cycle time go up, which team moved most?"


def place(run_id: str, key: str) -> str:
    """The name to which a link jumps that cites a figure."""
    return f"figure-{run_id[:8]}-{re.sub(r'[^A-Za-z0-9_-]', '-', key)}"


def way() -> None:
    """Where the questions are: a long result stands before them."""
    st.markdown(f":material/forum: [Ask this report](#{PLACE})")


def show(ctx: Context, run: RunView, document: Document) -> None:
    """The questions of this run, and the line to ask the next one."""
    st.subheader("Ask this report", anchor=PLACE, help=ABOUT)
    places = {one.key: one.title for one in document.figures()}
    with guard.errors():
        asked = service.questions(ctx, run.id)
        for one in asked:
            _question(ctx, run, one, places)
        if not asked:
            st.caption(EMPTY)
        _next(ctx, run, is_first=not asked)


def _next(ctx: Context, run: RunView, *, is_first: bool) -> None:
    suggested = ""
    if is_first:
        with st.container(horizontal=True, key="ask_first"):
            for number, words in enumerate(FIRST):
                if st.button(words, key=f"ask_first_{number}", type="tertiary"):
                    suggested = words
    typed = st.chat_input("Ask about these numbers", key=f"ask_{run.id}", max_chars=LONGEST)
    if question := typed or suggested:
        with st.chat_message("user"):
            st.markdown(plain(question))
        with st.chat_message("assistant"):
            st.write_stream(_streamed(ctx, run, question))
        st.rerun()


def _streamed(ctx: Context, run: RunView, question: str) -> Iterator[str]:
    """Each sentence as soon as it is found to be so; what it rests on stands below once all of them are there."""
    try:
        for one in service.ask(ctx, run.id, question):
            yield f"{plain(one.text if isinstance(one, Said) else one)}\n\n"
    except SightlineError as error:
        yield plain(error.message)


def _question(ctx: Context, run: RunView, one: QuestionView, places: dict[str, str]) -> None:
    with st.chat_message("user"):
        st.markdown(plain(one.question))
        st.caption(f"{plain(one.asked_by)}, {report_words.moment(ctx, one.asked_at)}")
    with st.chat_message("assistant"):
        st.markdown("\n\n".join(_lines(run, one.answer, places)))
        for said in _notes(one.answer):
            st.caption(plain(said))
        if one.may_delete:
            _delete(ctx, one)


def _delete(ctx: Context, one: QuestionView) -> None:
    with st.popover("Delete", icon=":material/delete:", type="tertiary", key=f"forget_{one.id}"):
        st.markdown("The question and its answer are deleted for everybody.")
        if st.button("Delete it", type="primary", key=f"forget_do_{one.id}"):
            with guard.errors():
                service.forget(ctx, one.id)
                st.rerun()


def _lines(run: RunView, answer: Answer, places: dict[str, str]) -> Iterator[str]:
    """Every remark, then every sentence; what several in a row rest on stands below the last of them."""
    yield from (f":gray[{plain(one)}]" for one in answer.remarks)
    fetched = {one.key: f"{one.title}, {one.days}" for one in answer.sources}
    cited = [" · ".join(_cited(run, one.grounds, places, fetched)) for one in answer.sentences]
    for one, below, after in zip(answer.sentences, cited, [*cited, ""][1:], strict=True):
        yield plain(one.text) + (f"  \n:small[{below}]" if below and below != after else "")


def _cited(run: RunView, grounds: Iterable[Ground], places: dict[str, str], fetched: dict[str, str]) -> Iterator[str]:
    """Each block once, as a link to it; each metric that was fetched, with its days."""
    for key, title in {one.block: one.title for one in grounds}.items():
        if key in fetched:
            yield f":material/database: {plain(fetched[key])}"
        elif key in places:
            yield f":material/arrow_upward: [{plain(places[key] or title)}](#{place(run.id, key)})"


def _notes(answer: Answer) -> Iterator[str]:
    if answer.model:
        left_out = {0: "", 1: " 1 sentence that they do not bear out was left out."}.get(
            answer.dropped, f" {answer.dropped} sentences that they do not bear out were left out."
        )
        checked = "each sentence was checked against the figures."
        yield f"Generated by the language model {answer.model}; {checked}{left_out}"
    if answer.fallback:
        yield answer.fallback if answer.model else f"{answer.fallback} Answered by rules from the figures."
