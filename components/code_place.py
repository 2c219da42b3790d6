"""Where on the page Code one is: all repositories, one, or a folder or file of it; the address keeps it."""

from __future__ import annotations

import streamlit as st

from components import choices, guard
from core.base.errors import SightlineError
from core.catalogue import code
from core.catalogue.code import Owned, Place
from core.catalogue.scope import Scope
from core.context import Context

ALL = "All repositories"


def chosen(ctx: Context, scope: Scope) -> Place:
    """The place that the address names as ?in= and ?path=, with the way back and what can be opened in it."""
    known = choices.repositories(ctx)
    place = _named(known)
    if not known:
        return place
    with st.container(horizontal=True, vertical_alignment="center", key="code_place"):
        _way_back(known, place)
        _further(ctx, scope, known, place)
    return place


def _named(known: dict[str, str]) -> Place:
    written = st.query_params.get("in", "")
    repo_id = written if written in known else next((one for one, name in known.items() if name == written), "")
    if written and not repo_id:
        st.warning("The repository in the address is not there any more. All are shown.")
    return Place(repo_id, st.query_params.get("path", "").strip("/")) if repo_id else Place()


def _way_back(known: dict[str, str], place: Place) -> None:
    """A button for each place above this one."""
    steps = [(ALL, Place())]
    if place.repo_id:
        steps.append((known[place.repo_id], Place(place.repo_id)))
    parts = place.path.split("/") if place.path else []
    steps += [(part, Place(place.repo_id, "/".join(parts[: number + 1]))) for number, part in enumerate(parts)]
    for number, (name, there) in enumerate(steps):
        last = number == len(steps) - 1
        st.button(
            name if number == 0 else f"/ {name}",
            key=f"code_up_{number}_{there.path}",
            type="tertiary",
            disabled=last,
            on_click=_go,
            args=(there,),
        )


def _further(ctx: Context, scope: Scope, known: dict[str, str], place: Place) -> None:
    try:
        options = _options(ctx, scope, known, place)
    except SightlineError as error:
        guard.show(error)
        return
    if not options:
        return
    picked = st.selectbox(
        "Open",
        list(options),
        index=None,
        format_func=options.__getitem__,
        key=f"code_into_{place.repo_id}_{place.path}",
        label_visibility="collapsed",
        width=320,
        placeholder="Open a folder or file" if place.repo_id else "Open a repository",
    )
    if picked is not None:
        _go(picked)
        st.rerun()


def _options(ctx: Context, scope: Scope, known: dict[str, str], place: Place) -> dict[Place, str]:
    """What can be opened here, with what to call it."""
    if not place.repo_id:
        return {Place(one): name for one, name in known.items() if not scope.repo_ids or one in scope.repo_ids}
    key = ctx.workspace.id, ctx.workspace.data_version, ctx.seen_as(), repr((scope, place))
    inside = _inside(*key, ctx, scope, place)
    return {one.place: f"{one.name}/" if one.is_folder else one.name for one in inside if one.place != place}


def _go(place: Place) -> None:
    for name, value in (("in", place.repo_id), ("path", place.path)):
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


@st.cache_resource(ttl="10m", max_entries=256, show_spinner=False)
def _inside(
    workspace_id: str, data_version: int, seen: str, asked: str, _ctx: Context, _scope: Scope, _place: Place
) -> tuple[Owned, ...]:
    return code.owned(_ctx, _scope, _place).rows
