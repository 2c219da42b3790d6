"""Making or changing a component: its name and team, patterns a repository, and what it would be."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import choices, guard, nothing
from components.draw.words import plain
from components.forms.people_done import do
from core.components import codeowners, service
from core.components.views import ComponentView, Lines, Preview, Wish
from core.context import Capability, Context

NEW = ""
HELP = (
    "One a line, as in a .gitignore: `services/billing/` is a folder with all below it, `*.sql` any such file,"
    " `/docs/*.md` files right there. The last line that matches decides; `!` takes out."
)


def form(ctx: Context) -> None:
    """For whoever may edit; the preview follows every change, and nothing is kept before it is asked for."""
    repos = choices.repositories(ctx)
    if not ctx.may(Capability.MANAGE_SOURCES):
        return
    st.subheader("Make or change one", anchor=False)
    if not repos:
        nothing.show(ctx, "There is no repository yet. Add one under Sources first.", "sources", ":material/database:")
        return
    with guard.errors():
        known = {view.id: view for view in service.components(ctx)}
        labels = {NEW: "A new component", **{id_: view.name for id_, view in known.items()}}
        chosen = st.selectbox("Which", list(labels), format_func=labels.__getitem__, key="component_which", width=320)
        wish = _asked(ctx, known.get(chosen), repos)
        _tried(ctx, wish, chosen)


def _asked(ctx: Context, now: ComponentView | None, repos: dict[str, str]) -> Wish:
    key = now.id if now else "new"
    left, middle, right = st.columns(3)
    name = left.text_input("Name", now.name if now else "", key=f"component_name_{key}", max_chars=120)
    teams = {"": "Nobody in particular", **choices.teams(ctx)}
    held = now.team_id if now and now.team_id in teams else ""
    team = middle.selectbox(
        "Owned by", list(teams), list(teams).index(held), format_func=teams.__getitem__, key=f"component_team_{key}"
    )
    lines = {line.repo_id: line for line in now.lines if line.repo_id in repos} if now else {}
    ids = list(repos)
    repo = right.selectbox(
        "Repository", ids, ids.index(next(iter(lines))) if lines else 0, format_func=repos.__getitem__,
        key=f"component_repo_{key}", help="What it is made of in other repositories stays as it is.",
    )  # fmt: skip
    lines[repo] = _lines(ctx, lines.get(repo, Lines(repo)), key)
    return Wish(name, team, tuple(lines.values()))


def _lines(ctx: Context, now: Lines, key: str) -> Lines:
    text = st.text_area(
        "Paths", "\n".join(now.patterns), key=f"component_paths_{key}_{now.repo_id}", help=HELP,
        placeholder="services/billing/\n!services/billing/docs/", height=130,
    )  # fmt: skip
    named = next((view for view in codeowners.owners(ctx) if view.repo_id == now.repo_id), None)
    offered = list(dict.fromkeys((*(one.owner for one in named.owners if named), *now.owners))) if named else now.owners
    owners = now.owners
    if offered:
        owners = tuple(
            st.multiselect(
                "And what CODEOWNERS gives to", offered, list(now.owners),
                key=f"component_owners_{key}_{now.repo_id}", placeholder="Nobody",
            )
        )  # fmt: skip
    return replace(now, patterns=tuple(text.splitlines()), owners=owners)


def _tried(ctx: Context, wish: Wish, chosen: str) -> None:
    if not wish.name.strip():
        st.caption("Give it a name; what it would be is shown before anything is kept.")
        return
    found = service.preview(ctx, wish, chosen)
    st.markdown(f"**{plain(wish.name)}** would be {found.words}")
    _listed(found)
    if st.button("Keep it", type="primary", icon=":material/save:", key="component_keep"):
        do(
            lambda: service.save(ctx, wish, chosen),
            f"'{wish.name}' is kept; every number of it is counted anew, in all history.",
        )


def _listed(found: Preview) -> None:
    if found.idle:
        idle = ", ".join(f"`{rule.text}`" for rule in found.idle[:8])
        st.warning(f"These lines match nothing: {idle}", icon=":material/help:")
    if found.rules:
        with st.expander("Lines and examples"):
            st.dataframe(
                [{"Repository": rule.repo, "Line": rule.text, "Paths": rule.hits} for rule in found.rules],
                hide_index=True,
            )
            for path in found.examples:
                st.caption(f"`{path}`")
