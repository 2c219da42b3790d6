"""The skill heatmap on a page: a cell or a row that is chosen explains itself."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import focus, guard, nothing
from components.draw import table
from components.draw.words import plain
from core.analysis import expertise, knowledge
from core.analysis.knowledge import Expertise, Kind, Skill
from core.base.counted import counted
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.documents import arrow, wording
from core.documents.theme import DARK, LIGHT
from core.figures import Unit, number_text

DOWN, ACROSS = 40, 16
KINDS: dict[str, str] = {kind: several.capitalize() for kind, (_, several) in knowledge.KINDS.items()}
BY = {"person": "People", "team": "Teams"}
FILES = {"language": "a file", "framework": "a file whose name tells of a framework or tool", "area": "a file"}
KEY = "skill_map"


def show(ctx: Context, scope: Scope) -> None:
    """Choices, the map, what was chosen, and everything as a table."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="skill_choices"):
        kind: Kind = focus.choice("of", "Skills", KINDS)  # type: ignore[assignment]
        by = focus.choice("by", "Of", BY)
        with st.popover("How this is worked out", icon=":material/help:"):
            st.markdown(_about())
    with st.spinner("Reading what everybody changed…", show_time=True):
        found = (expertise.of_teams if by == "team" else expertise.of_people)(ctx, scope, kind)
    if by == "person" and not ctx.sees_scope(team_ids=scope.team_ids):
        st.info(
            "This workspace shows you your own skills here, and those of teams that you lead; choose Teams for all."
        )
    if found.left_out:
        st.caption(f"Teams of fewer than {ctx.workspace.least_group} people are not shown to you: {found.left_out}.")
    if not found.skills:
        said = (
            f"Nobody here changed {FILES[kind]} in the three years up to this period's end. Choose other teams or a"
            " later period, or connect a repository on Sources."
        )
        nothing.show(ctx, said, "sources", ":material/grid_on:")
        return
    picked = _map(found, by) or None
    rows = _table(ctx, found, kind, by, picked)
    if chosen := rows or picked:
        _explained(ctx, scope, found, chosen, by)


def _about() -> str:
    return "\n\n".join((knowledge.FORMULA, knowledge.DEPTHS, knowledge.CONTEXT, knowledge.TEAM_FORMULA, AREAS))


AREAS = (
    "Generated and vendored files, bots and merges are left out; a path area is a repository's top folder. Frameworks"
    " and tools are told by the names of their files, such as `Dockerfile` or `*.vue`: one whose files look like any"
    " others is not known. What is used in another workspace, or where no source reads, is not known here: an empty"
    " cell says nothing of a person."
)


def _map(found: Expertise, by: str) -> Skill | None:
    subjects, keys = list(found.subjects)[:DOWN], list(found.labels)[:ACROSS]
    rows = [_cell(found, one) for one in found.skills if one.subject in set(subjects) and one.key in set(keys)]
    order = {
        "down": [found.subjects[one] for one in subjects],
        "across": [found.labels[one] for one in keys],
    }
    what = f"{len(subjects)} {BY[by].lower()} and {len(keys)} skills"
    event: Any = st.vega_lite_chart(
        _spec(rows, order, by), width="stretch", key=f"{KEY}_{by}", on_select="rerun", selection_mode="cell",
        alt=f"Proficiency of {what}; the table below says the same.",
    )  # fmt: skip
    parts = []
    if len(found.subjects) > DOWN or len(found.labels) > ACROSS:
        parts.append(f"The {what} with most work are drawn; the table has all.")
    parts.append("Choose a cell or a row to see where it comes from. An empty cell is no zero: nothing is known.")
    st.caption(" ".join(parts))
    cells = event.selection.get("cell") or []
    return found.of(cells[0].get("subject_id", ""), cells[0].get("skill_key", "")) if cells else None


def _cell(found: Expertise, one: Skill) -> dict[str, Any]:
    return {
        "subject": found.subjects[one.subject], "skill": found.labels[one.key], "subject_id": one.subject,
        "skill_key": one.key, "proficiency": round(one.proficiency, 1), "confidence": round(one.confidence, 2),
        "depth": one.depth, "context": one.context, "commits": one.commit_count, "lines": one.lines_of_code,
        "people": one.people, "last": f"{one.last_activity_at:%-d %b %Y}",
    }  # fmt: skip


def _spec(rows: list[dict[str, Any]], order: dict[str, list[str]], by: str) -> dict[str, Any]:
    theme = DARK if st.context.theme.type == "dark" else LIGHT
    words = ("people",) if by == "team" else ("depth", "context")
    told = ("subject", "skill", "proficiency", "confidence", *words, "commits", "lines", "last")
    tooltip = [{"field": name, "title": name.capitalize()} for name in told]
    place = {"type": "nominal", "title": None}
    across = {"labelAngle": -50, "orient": "top", "labelOverlap": False, "labelLimit": 130, "labelFlush": False}
    colour = {
        "field": "proficiency", "type": "quantitative", "title": "Proficiency",
        "scale": {"domain": [0, 100], "range": list(theme.sequential)},
        "legend": {"orient": "top", "gradientLength": 160, "direction": "horizontal"},
    }  # fmt: skip
    return {
        "data": {"values": rows},
        "params": [{"name": "cell", "select": {"type": "point", "fields": ["subject_id", "skill_key"]}}],
        "mark": {"type": "rect", "cornerRadius": 2, "stroke": theme.background, "strokeWidth": 1, "cursor": "pointer"},
        "height": {"step": 22},
        "encoding": {
            "x": {"field": "skill", "sort": order["across"], "axis": across, **place},
            "y": {"field": "subject", "sort": order["down"], "axis": {"labelLimit": 150, "labelFlush": False}, **place},
            "color": colour,
            "opacity": {"condition": {"param": "cell", "value": 1}, "value": 0.45},
            "tooltip": tooltip,
        },
    }  # fmt: skip


def _table(ctx: Context, found: Expertise, kind: Kind, by: str, picked: Skill | None) -> Skill | None:
    shown = knowledge.table(found, kind, by)
    with st.expander(f"All {len(found.skills):,} as a table", expanded=picked is None):
        event: Any = st.dataframe(
            arrow.table(shown), hide_index=True, column_config=table.columns(ctx, shown), on_select="rerun",
            selection_mode="single-row", key=f"skill_rows_{by}_{kind}", placeholder=wording.DASH, alt="Skills",
            height=min(420, 38 + 35 * len(shown.rows)),
        )  # fmt: skip
    row = event.selection.rows
    return found.skills[row[0]] if row and row[0] < len(found.skills) else None


def _explained(ctx: Context, scope: Scope, found: Expertise, skill: Skill, by: str) -> None:
    with st.container(border=True, key="skill_explained"):
        st.subheader(plain(f"{found.subjects[skill.subject]}: {found.labels[skill.key]}"), anchor=False)
        with st.container(horizontal=True):
            st.metric("Proficiency", f"{skill.proficiency:.1f}", width=130, help=knowledge.FORMULA)
            st.metric("Confidence", number_text(skill.confidence, Unit.SCORE), width=130)
            if by == "person":
                st.metric("Depth", skill.depth.capitalize(), width=170, help=knowledge.DEPTHS)
                st.metric("Context", skill.context.capitalize(), width=190, help=knowledge.CONTEXT)
            else:
                st.metric("People", number_text(skill.people, Unit.COUNT), width=130)
            st.metric("Commits", number_text(skill.commit_count, Unit.COUNT), width=120)
            st.metric("Lines", number_text(skill.lines_of_code, Unit.LINES), width=120)
        st.markdown(
            f"Proficiency: `{knowledge.worked_out(skill, found.half)}`, the median effort being {found.half:,.1f}."
            f" Last used on {skill.last_activity_at:%-d %b %Y}, on {counted(skill.active_days, 'day')}"
            f"{' a member' if by == 'team' else ''} in three years."
        )
        if by == "team":
            st.caption("Choose People to see the files behind a person's skill.")
            return
        _files(ctx, scope, skill)


def _files(ctx: Context, scope: Scope, skill: Skill) -> None:
    with guard.errors():
        shown = expertise.rows(ctx, scope, skill.subject, skill.key)
        table.draw(ctx, shown.model_copy(update={"title": "The changed files behind it"}), "skill-files")
        if ctx.may(Capability.EXPORT):
            st.download_button(
                "Download the rows as CSV", data=lambda: expertise.rows_csv(ctx, scope, skill.subject, skill.key),
                file_name="skill.csv", mime="text/csv", icon=":material/download:", on_click="ignore",
            )  # fmt: skip
