"""What each repository's CODEOWNERS says, what its last change did, and components made of its owners."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import choices, guard
from components.draw.words import plain
from components.forms.people_done import do
from core.base.counted import counted
from core.base.period import zone_of
from core.components import codeowners
from core.components.codeowners import Choice
from core.components.views import OwnersView
from core.context import Capability, Context

NOBODY = "–"


def show(ctx: Context) -> None:
    """A section a repository that has the file."""
    with guard.errors():
        found = codeowners.owners(ctx)
        st.subheader("CODEOWNERS", anchor=False)
        if not found:
            st.caption(
                "No repository has one. It is read from a clone at each sync: in its root, docs/, .github/ or .gitlab/."
            )
        for view in found:
            with st.container(border=True, key=f"codeowners_{view.repo_id}"):
                _file(ctx, view)


def _file(ctx: Context, view: OwnersView) -> None:
    at = view.changed_at.astimezone(zone_of(ctx.workspace.time_zone))
    st.markdown(f"**{plain(view.repo)}** · `{view.path}`")
    st.caption(
        f"{counted(view.rules, 'rule')} as {'GitLab' if view.dialect == 'gitlab' else 'GitHub'} reads them, of"
        f" {at:%-d %b %Y, %H:%M}" + (" · handed in" if view.is_given else "")
    )
    if view.change:
        with st.expander(f"Last change: {view.change}"):
            st.code("\n".join([*(f"+ {text}" for text in view.added), *(f"- {text}" for text in view.removed)]), "diff")
    if view.idle or view.unread:
        with st.expander(f"Lines that match nothing or say nothing: {len(view.idle) + len(view.unread):,}"):
            st.code("\n".join((*view.idle, *view.unread)), None)
    if ctx.may(Capability.MANAGE_SOURCES):
        _choices(ctx, view)
    else:
        st.dataframe(_rows(view, {}), hide_index=True)


def _choices(ctx: Context, view: OwnersView) -> None:
    teams = {name: id_ for id_, name in choices.teams(ctx).items()}
    rows = st.data_editor(
        _rows(view, teams), hide_index=True, key=f"owners_{view.repo_id}", disabled=("Owner", "Paths", "Why"),
        column_config={
            "Take": st.column_config.CheckboxColumn(help="Make it this component when you keep them."),
            "Paths": st.column_config.NumberColumn(format="localized"),
            "Team": st.column_config.SelectboxColumn(options=[NOBODY, *teams]),
        },
    )  # fmt: skip
    taken = {
        row["Owner"]: Choice(str(row["Component"] or ""), teams.get(row["Team"], ""))
        for row in rows
        if row["Take"] and str(row["Component"] or "").strip()
    }
    if st.button(
        "Make them components", type="primary", disabled=not taken, key=f"owners_take_{view.repo_id}",
        help="Owners of one name become one component. At each sync they follow the file by themselves.",
    ):  # fmt: skip
        do(
            lambda: codeowners.take(ctx, view.repo_id, taken),
            f"{len(taken)} owners are components; all history follows.",
        )


def _rows(view: OwnersView, teams: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "Take": False,
            "Owner": one.owner,
            "Paths": one.paths,
            "Component": one.component or one.suggested_name,
            "Team": one.suggested_team if one.suggested_team in teams and not one.component else NOBODY,
            "Why": "is that component already" if one.component else one.why,
        }
        for one in view.owners
    ]
