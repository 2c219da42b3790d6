"""A report from a sentence: what was understood is shown before anything is made."""

from __future__ import annotations

import streamlit as st

from components import guard
from components.draw.words import plain
from components.forms import report_actions
from core.context import Capability, Context
from core.reports import spoken, suggesting
from core.reports.spoken import Understood
from core.reports.suggesting import Suggestion

_SUGGESTED = "_spoken_suggested"


def ask(ctx: Context) -> None:
    """The line to write in, and below it what it means."""
    if not ctx.may(Capability.EDIT_REPORTS):
        return
    sentence = st.text_input(
        "Say what you want", key="spoken", max_chars=spoken.LONGEST, icon=":material/chat:",
        placeholder="weekly DORA for the platform team, compared with last year",
    )  # fmt: skip
    if sentence.strip():
        with guard.errors():
            _shown(ctx, sentence, spoken.understood(ctx, sentence))


def _shown(ctx: Context, sentence: str, asked: Understood) -> None:
    with st.container(border=True, key="spoken_plan"):
        if lines := spoken.told(asked):
            st.markdown("  \n".join(f"**{what}:** {plain(said)}" for what, said in lines))
        else:
            st.markdown("Nothing of it was understood: it would be a report of the headline numbers.")
        for word, nearest in spoken.suggestions(ctx, asked):
            st.warning(f"'{plain(word)}' was not understood. {plain(nearest)}".strip(), icon=":material/help:")
        for remark in asked.remarks:
            st.caption(f":material/info: {plain(remark)}")
        asked = _suggested(ctx, sentence, asked)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input("Name of the report", asked.name, key=f"spoken_name_{asked.name}", max_chars=200)
            if st.button("Make this report", type="primary", key="spoken_do"):
                with guard.errors():
                    made = spoken.made(ctx, asked, name)
                    report_actions.say(f"'{made.name}' is yours to change. Run it to see its numbers.")
                    report_actions.open_report(made.id)


def _suggested(ctx: Context, sentence: str, asked: Understood) -> Understood:
    """What is to be made: with what a language model suggests, once somebody says to take it."""
    found = _suggestion(ctx, sentence, asked)
    if found is None:
        return asked
    for remark in found.remarks:
        st.caption(f":material/info: {plain(remark)}")
    if not found.added:
        return asked
    said = " · ".join(f"**{what}:** {plain(choice)}" for what, choice in found.added)
    st.info(f"The language model {plain(found.model)} suggests: {said}", icon=":material/smart_toy:")
    return found.asked if st.toggle("Take this suggestion", key=f"spoken_take_{sentence}") else asked


def _suggestion(ctx: Context, sentence: str, asked: Understood) -> Suggestion | None:
    """The model's, asked for once a sentence."""
    if not asked.unknown:
        return None
    kept = st.session_state.get(_SUGGESTED)
    if not kept or kept[0] != (ctx.workspace.id, sentence):
        with st.spinner("Asking what the unknown words mean …"):
            kept = (ctx.workspace.id, sentence), suggesting.suggested(ctx, sentence, asked)
        st.session_state[_SUGGESTED] = kept
    found: Suggestion | None = kept[1]
    return found
