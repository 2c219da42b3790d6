"""Choosing a part to add: by words, by family, by metric, with its picture in real numbers before it is taken."""

from __future__ import annotations

import streamlit as st

from components.builder import bench as benches
from components.builder import fields, offers, result
from components.builder.bench import Bench
from components.builder.offers import Offer
from components.draw.words import plain
from core.catalogue import METRICS
from core.context import Context
from core.reports import editing
from core.reports.plan import PageBreak, PlanSection

AS = {"metric.stat": "Number", "metric.trend": "Trend", "metric.breakdown": "By team"}
MOST_METRICS = 8
FIRST_METRIC = "commits_count"


def draw(ctx: Context, bench: Bench, section: int) -> None:
    """The picker, in place of the outline."""
    name = bench.plan.sections[section].title or f"section {section + 1}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Add a part to '{plain(name)}'**", width="stretch")
        st.button(
            "Back", icon=":material/arrow_back:", key="pick_back", type="tertiary", on_click=_leave, args=(bench,)
        )
    words = st.text_input(
        "Search",
        key="pick_words",
        placeholder="A part or a metric: lead time, reviews, table…",
        icon=":material/search:",
    )
    family = st.pills("Families", [*offers.FAMILIES, offers.WORDS], key="pick_family", label_visibility="collapsed")
    metric = _metric()
    named = _metrics(ctx, bench, section, words)
    found = offers.matching(words, str(family or ""))
    for offer in found:
        _card(ctx, bench, section, offer, metric)
    if not found and not named:
        st.caption("No part is called so. Try another word, or choose a family.")


def _leave(bench: Bench) -> None:
    bench.adding = None
    st.session_state.pop("_pick_shown", None)


def _metric() -> str:
    known = fields.metrics()
    names = list(known)
    chosen = st.selectbox(
        "Begin with the metric", names, names.index(FIRST_METRIC), format_func=known.__getitem__, key="pick_metric",
    )  # fmt: skip
    st.caption(plain(_first(METRICS.get(chosen).about)))
    return str(chosen)


def _metrics(ctx: Context, bench: Bench, section: int, words: str) -> bool:
    """Metrics that the search names, each as a number, a trend or a breakdown at one click; whether there are any."""
    wanted = words.casefold().split()
    found = [one for one in METRICS if wanted and all(word in f"{one.label} {one.about}".casefold() for word in wanted)]
    first = sorted(found, key=lambda one: (wanted[0] not in one.label.casefold(), one.label))
    for one in first[:MOST_METRICS]:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f":material/query_stats: **{plain(one.label)}**")
            st.caption(plain(_first(one.about)))
            with st.container(horizontal=True, gap="xsmall"):
                for widget, label in AS.items():
                    st.button(
                        label, key=f"pick_{widget}_{one.key}", icon=":material/add:",
                        on_click=_add, args=(ctx, bench, section, widget, one.key),
                    )  # fmt: skip
    if len(found) > MOST_METRICS:
        st.caption(f"{len(found) - MOST_METRICS} more metrics have these words. Write another word to see fewer.")
    return bool(found)


def _card(ctx: Context, bench: Bench, section: int, offer: Offer, metric: str) -> None:
    shown = st.session_state.get("_pick_shown") == offer.key
    with st.container(border=True, gap="xsmall", key=f"offer_{offer.key.replace('.', '_')}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"{offer.icon} **{plain(offer.title)}**", width="stretch")
            if offer.family != offers.WORDS:
                st.button(
                    "Hide" if shown else "Preview", key=f"look_{offer.key}", type="tertiary",
                    on_click=_look, args=("" if shown else offer.key,),
                )  # fmt: skip
            st.button(
                "Add", key=f"pick_{offer.key}", icon=":material/add:",
                on_click=_add, args=(ctx, bench, section, offer.key, metric),
            )  # fmt: skip
        st.caption(plain(offer.about))
        if shown:
            _preview(ctx, bench, offer, metric)


def _first(text: str) -> str:
    """The first sentence of a definition."""
    return text.split(". ", maxsplit=1)[0].rstrip(".") + "."


def _look(key: str) -> None:
    st.session_state["_pick_shown"] = key


def _preview(ctx: Context, bench: Bench, offer: Offer, metric: str) -> None:
    """The part as it would be, in the days and scope of the report."""
    block = offers.made(ctx, offer.key, metric).model_copy(update={"columns": 6})
    alone = bench.plan.model_copy(update={"sections": (PlanSection(blocks=(block,)),), "theme": None})
    result.figures(ctx, alone, f"look_{offer.key}_{metric}")


def _add(ctx: Context, bench: Bench, section: int, key: str, metric: str) -> None:
    block = offers.made(ctx, key, metric)
    benches.rearrange(ctx, bench, lambda plan: editing.add(plan, block, section), choose=True)
    if isinstance(block, PageBreak):
        bench.chosen = None
    _leave(bench)
