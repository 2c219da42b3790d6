"""What each deployment took, what was merged and taken by none, and what is planned."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import draw, explain, navigation, nothing, row_files
from components import scope as scope_bar
from components.draw import table
from core.base.errors import NotAllowed
from core.catalogue import milestones, shipping
from core.catalogue.scope import Scope
from core.catalogue.shipping import Listed
from core.context import Context
from core.documents import arrow, wording
from core.exports.lists import Wanted
from core.figures import Provenance, Table

VIEWS = {"deployments": "Deployments", "left": "Merged, not deployed", "milestones": "Milestones"}
_CUTS = {
    "took some": "With pull requests",
    "took none": "Without",
    "failure": "With a failure",
    "cancelled": "Cancelled",
}
_OF_DEPLOYMENTS = ("deployment_frequency", "change_failure_rate", "lead_time_hours")
_OF_MERGED = ("lead_time_unmatched_ratio", "pr_deploy_hours")
HOW = (
    "A deployment takes the pull requests that it lists. One that lists none takes those merged since the production"
    " deployment before. The first recorded one of a repository is its baseline: it takes only what it lists."
)


def show(ctx: Context, scope: Scope, view: str) -> None:
    """One of the lists, with its filter, its numbers explained, and a file."""
    if view == "milestones":
        _milestones(ctx, scope)
        return
    with st.expander("How pull requests and deployments are matched"):
        st.markdown("\n".join((HOW, "", *(f"- **{word}:** {meaning}" for word, meaning in shipping.MEANINGS.items()))))
    if view == "deployments":
        _deployments(ctx, scope)
    else:
        _left(ctx, scope)


def _deployments(ctx: Context, scope: Scope) -> None:
    words, cut = _filter("deployments", "Environment, status, commit or number", _CUTS)
    if scope.team_ids:
        st.caption("Deployments are of repositories, not of teams: those of all teams are listed.")
    found = shipping.deployments(ctx, scope, words, cut)
    if not found.keys:
        hint = "Choose under Rules what counts as one, or push records of them."
        nothing.show(ctx, _nothing(words or cut, "deployments", hint), "rules")
        return
    chosen = _picked(ctx, found, "deployments_found")
    _below(ctx, found, scope, _OF_DEPLOYMENTS, Wanted(of="deployments", scope=scope, words=words, only=cut))
    if chosen is None:
        st.caption("Choose a row to see the pull requests that it took.")
        return
    try:
        draw.figure(ctx, shipping.taken(ctx, scope, *chosen).table, "taken")
    except NotAllowed as error:
        st.info(error.message)


def _left(ctx: Context, scope: Scope) -> None:
    words, why = _filter("left", "Title or number", shipping.MISSED)
    found = shipping.left(ctx, scope, words, why)
    if not found.keys:
        st.info(
            _nothing(
                words or why, "pull requests without a deployment", "All that was merged is deployed, or nothing was."
            )
        )
        return
    draw.figure(ctx, found.table, "left")
    _below(ctx, found, scope, _OF_MERGED, Wanted(of="left", scope=scope, words=words, only=why))


def _milestones(ctx: Context, scope: Scope) -> None:
    st.caption("What is planned, whatever the period: closed issues and merged pull requests among all of a milestone.")
    words, state = _filter("milestones", "Title or number", milestones.STATES)
    found = milestones.milestones(ctx, scope, words, state)
    if not found.keys:
        hint = "Hosts such as GitHub tell them; records of the kind milestone may be pushed."
        said = "Nothing fits. Search for less." if words or state else f"There are no milestones. {hint}"
        nothing.show(ctx, said, "records")
        return
    chosen = _picked(ctx, found, "milestones_found")
    _below(ctx, found, scope, (), Wanted(of="milestones", scope=scope, words=words, only=state))
    if chosen is None:
        st.caption("Choose a row to see its issues and pull requests.")
        return
    repo_id, number = chosen
    draw.figure(ctx, milestones.work(ctx, repo_id, int(number)).table, "planned")
    st.page_link(
        navigation.page("pulls"), label="Its pull requests in the explorer", icon=":material/merge:",
        query_params={**scope_bar.address(ctx), "milestone": f"{repo_id}:{number}"},
    )  # fmt: skip


def _filter(name: str, hint: str, options: dict[str, str]) -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{name}_wish"):
        words = st.text_input("Search", key=f"{name}_words", placeholder=hint, width=320)
        cut = st.pills("Only", list(options), format_func=options.__getitem__, key=f"{name}_only")
    return words, cut or ""


def _picked(ctx: Context, found: Listed, key: str) -> tuple[str, str] | None:
    event: Any = st.dataframe(
        arrow.table(found.table), hide_index=True, column_config=table.columns(ctx, found.table), on_select="rerun",
        selection_mode="single-row", key=key, height=min(460, 38 + 35 * len(found.table.rows)),
        placeholder=wording.DASH, alt=found.table.title,
    )  # fmt: skip
    rows = event.selection.rows
    return found.keys[rows[0]] if rows and rows[0] < len(found.keys) else None


def _below(ctx: Context, found: Listed, scope: Scope, metrics: tuple[str, ...], wanted: Wanted) -> None:
    total, shown = found.table.total_rows or 0, len(found.keys)
    st.caption(f"{total:,} in all." if total == shown else f"The first {shown:,} of {total:,}.")
    explain.chooser(ctx, scope, [(Table(provenance=[Provenance(metrics=list(metrics))]), scope)])
    row_files.buttons(ctx, wanted, total)


def _nothing(narrowed: str, what: str, hint: str) -> str:
    if narrowed:
        return "Nothing fits. Search for less, or a longer period."
    return f"There are no {what} in this period. {hint}"
