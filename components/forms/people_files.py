"""Who is whom, and who is in which team, as files: taken out, filled in elsewhere, and looked at before it counts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import guard
from components.forms.people_done import do
from core.context import Context
from core.people import service, team_files

_DEEDS = {"merge": "Becomes part of", "rename": "Is called", "bot": "Is a bot", "lock": "Is locked", "": ""}
_DAY = st.column_config.DateColumn


def identities(ctx: Context) -> None:
    """Identities as a table or a `.mailmap`, out and in."""
    with st.expander("Who is whom as a file", icon=":material/import_export:"):
        st.markdown(
            "A table (CSV) with a line for each identity, or git's `.mailmap`. Take it out, change whom an identity"
            " belongs to (`person_email`), what somebody is called (`person`), and who is a `bot` or `locked`; what it"
            " would change is shown before it does. Whoever is not in the file stays as they are."
        )
        with st.container(horizontal=True):
            st.download_button(
                "Everybody as a table", lambda: service.identities_csv(ctx), "people.csv", "text/csv",
                icon=":material/download:", on_click="ignore", key="people_csv",
            )  # fmt: skip
            st.download_button(
                "Everybody as .mailmap", lambda: service.mailmap(ctx), ".mailmap", "text/plain",
                icon=":material/download:", on_click="ignore", key="people_mailmap",
            )  # fmt: skip
        file = st.file_uploader("File", key="people_file", help="CSV or .mailmap, in UTF-8")
        if file is None:
            return
        with guard.errors():
            plan = service.plan_identities(ctx, file.getvalue(), file.name)
            st.markdown(f"**{plan.sentence}**")
            st.dataframe([_identity(one) for one in plan.rows], hide_index=True, placeholder="")
            fresh = plan.count("new")
            if _taken(fresh, "people_take"):
                do(lambda: service.take_identities(ctx, plan, file.name), _made(fresh))
            st.caption("Merges are listed with the others, each with its undo.")


def teams(ctx: Context) -> None:
    """Teams with their dates as a table, out and in."""
    with st.expander("Teams as a file", icon=":material/import_export:"):
        st.markdown(
            "A table (CSV) with the columns `team`, `parent`, `person`, `from` and `until` (the last day, or empty)."
            " Teams that are not there yet are made. Earlier days keep their members, and whoever is not in the"
            " file stays where they are."
        )
        with st.container(horizontal=True):
            st.download_button(
                "Teams as a table", lambda: service.teams_csv(ctx), "teams.csv", "text/csv",
                icon=":material/download:", on_click="ignore", key="teams_csv",
            )  # fmt: skip
            st.download_button(
                "A table to fill in", team_files.TEMPLATE, "teams.csv", "text/csv", icon=":material/draft:",
                key="teams_template",
            )  # fmt: skip
        file = st.file_uploader("File", type=["csv", "tsv", "txt"], key="teams_file")
        if file is None:
            return
        with guard.errors():
            plan = service.plan_teams(ctx, file.getvalue(), file.name)
            st.markdown(f"**{plan.sentence}**")
            if plan.teams:
                st.caption(f"New teams: {', '.join(plan.teams)}")
            days = {name: _DAY(format="D MMM YYYY") for name in ("From", "Until")}
            st.dataframe([_member(one) for one in plan.rows], hide_index=True, placeholder="", column_config=days)
            if _taken(plan.changes, "teams_take"):
                do(lambda: service.take_teams(ctx, plan, file.name), _made(plan.changes))


def _taken(changes: int, key: str) -> bool:
    """The button that makes what was looked at."""
    label = {0: "Nothing to change", 1: "Make the change"}.get(changes, f"Make the {changes:,} changes")
    return st.button(label, type="primary", disabled=not changes, key=key)


def _made(changes: int) -> str:
    return "The change is made." if changes == 1 else f"{changes:,} changes are made."


def _identity(one: service.PlannedIdentity) -> dict[str, Any]:
    return {
        "Row": one.place, "Identity": one.who, "Person": one.person, "Change": _DEEDS[one.deed], "To": one.value,
        "Moves": one.moves, "State": one.state, "Why": one.why,
    }  # fmt: skip


def _member(one: service.PlannedMember) -> dict[str, Any]:
    return {
        "Row": one.place, "Team": one.team, "Inside": one.parent, "Person": one.person or one.who, "From": one.first,
        "Until": one.last, "State": one.state, "Why": one.why,
    }  # fmt: skip
