"""Choosing a rule: its settings, what it would find, and letting it count."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import guard, nothing
from components.forms.people_done import do
from core.context import Context
from core.ingestion.rules import service
from core.ingestion.rules.finding import moment_of
from core.ingestion.rules.kinds import FACTS, Rule
from core.ingestion.rules.service import Preview

EVERYWHERE = "All without a rule of their own"


def form(ctx: Context) -> None:
    """Fact, repository, rule and settings; the preview follows every change."""
    repos = service.repositories(ctx)
    if not repos:
        nothing.show(ctx, "There is no repository yet. Add one under Sources first.", "sources", ":material/database:")
        return
    left, middle, right = st.columns(3)
    fact = left.selectbox("What", FACTS, format_func=str.title, key="rule_fact")
    where = middle.selectbox("Where", ["", *repos], format_func=lambda id_: repos.get(id_, EVERYWHERE), key="rule_repo")
    standing = next(view for view in service.rules(ctx) if (view.fact, view.repo_id) == (fact, where))
    offered = service.of_fact(fact)
    keys = [rule.key for rule in offered]
    chosen = right.selectbox(
        "Counts", keys, index=keys.index(standing.kind), key=f"rule_kind_{fact}_{where}",
        format_func=lambda key: next(rule.label for rule in offered if rule.key == key),
    )  # fmt: skip
    rule = next(rule for rule in offered if rule.key == chosen)
    st.caption(rule.settings.__doc__ or "")
    settings = _settings(rule, dict(standing.settings) if standing.kind == chosen else {}, f"{fact}_{where}")
    with guard.errors():
        if rule.needs:
            _previewed(ctx, fact, rule, settings, where, repos)
        _deeds(ctx, fact, rule, settings, repos.get(where, ""), standing.is_own)


def _settings(rule: Rule, standing: dict[str, Any], place: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    own = rule.settings.model_fields
    fields = {name: own[name] for name in sorted(own, key=lambda name: name == "hotfix")}
    for column, (name, field) in zip(st.columns(max(len(fields), 1)), fields.items(), strict=False):
        key, value = f"rule_{place}_{rule.key}_{name}", standing.get(name, field.default)
        label = field.title or name
        if isinstance(field.default, bool):
            found[name] = column.checkbox(label, value, key=key, help=field.description)
        else:
            found[name] = column.text_input(label, value, key=key, help=field.description)
    return found


def _previewed(
    ctx: Context, fact: str, rule: Rule, settings: dict[str, Any], where: str, repos: dict[str, str]
) -> None:
    tried = where or st.selectbox("Try it on", list(repos), format_func=repos.__getitem__, key="rule_tried")
    found = service.preview(ctx, fact, rule.key, settings, tried)
    noun = fact.removesuffix("s") if found.count == 1 else fact
    st.markdown(f"**{found.count:,} {noun}** would be found in {repos[tried]}.")
    if found.note:
        st.info(found.note, icon=":material/info:")
    if found.count:
        _drawn(found)


def _drawn(found: Preview) -> None:
    left, right = st.columns((3, 2))
    left.dataframe(
        [
            {"When": moment_of(row), "What": row["title"], "State": row.get("status") or row.get("severity", ""),
             "Failed": bool(row.get("failed")), "Link": row["url"]}
            for row in found.last
        ],
        hide_index=True,
        column_config={
            "When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
            "Link": st.column_config.LinkColumn(display_text="open"),
        },
    )  # fmt: skip
    right.caption("A week, by its Monday")
    right.dataframe([{"Week": day, "Count": count} for day, count in reversed(found.weeks)], hide_index=True)


def _deeds(ctx: Context, fact: str, rule: Rule, settings: dict[str, Any], repo: str, is_own: bool) -> None:
    with st.container(horizontal=True):
        if st.button("Let this count", type="primary", icon=":material/rule:", key="rule_choose"):
            do(lambda: service.choose(ctx, fact, rule.key, settings, repo), f"{rule.label} count as {fact} now.")
        if is_own and st.button("Back to the default" if repo else "Forget the default", key="rule_default"):
            do(lambda: service.back_to_default(ctx, fact, repo), "The default counts again.")
