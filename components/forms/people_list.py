"""The list of people, one of them in full, and merging by hand."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import choices, nothing
from components.draw.words import plain
from components.forms import people_files, people_time
from components.forms.people_done import do
from components.forms.people_preview import merging
from core.context import Context
from core.people import service
from core.people.service import PersonView


def draw(ctx: Context) -> None:
    """Search, the table, and whoever is chosen in it."""
    everybody = _everybody(ctx.workspace.id, ctx.workspace.data_version, ctx)
    if not everybody:
        said = "Nobody is known yet. Add a repository under **Sources**; everybody in its history appears here."
        nothing.show(ctx, said, "sources", ":material/group_add:")
        return
    people_files.identities(ctx)
    shown = _searched(everybody)
    chosen = _table(ctx, shown)
    if chosen:
        _details(ctx, chosen)
    elif shown:
        st.caption("Choose a row to see somebody's identities, and to rename, lock or merge them.")


@st.cache_resource(max_entries=16, ttl="10m", show_spinner=False)
def _everybody(workspace_id: str, data_version: int, _ctx: Context) -> list[PersonView]:
    return service.people(_ctx, include_bots=True)


def _searched(everybody: Sequence[PersonView]) -> list[PersonView]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input(
            "Search", placeholder="A name, an address or a login", key="people_search", bind="query-params"
        ).casefold()
        bots = st.toggle("Bots too", key="people_bots")
    shown = [
        one
        for one in everybody
        if (bots or not one.is_bot)
        and any(wanted in f"{text.name} {text.email} {text.login} {one.name}".casefold() for text in one.identities)
    ]
    st.caption(f"{len(shown)} of {len(everybody)}")
    return shown


def _table(ctx: Context, shown: Sequence[PersonView]) -> PersonView | None:
    teams = choices.teams(ctx)
    if not shown:
        st.info("Nobody fits this search.", icon=":material/search_off:")
        return None
    rows = [
        {
            "Name": one.name,
            "E-mail": one.email,
            "Teams": ", ".join(teams.get(id_, "") for id_ in one.team_ids),
            "Time zone": one.time_zone,
            "Identities": len(one.identities),
            "Last seen": max((i.last_seen_at for i in one.identities if i.last_seen_at), default=None),
            "Remark": "bot" if one.is_bot else "locked" if one.is_locked else "",
        }
        for one in shown
    ]
    event = st.dataframe(
        rows,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="people_table",
        placeholder="",
        height=min(420, 38 + 35 * len(rows)),
        column_config={"Last seen": st.column_config.DateColumn(format="D MMM YYYY")},
    )
    rows_chosen = event.selection.rows
    return shown[rows_chosen[0]] if rows_chosen and rows_chosen[0] < len(shown) else None


def _details(ctx: Context, one: PersonView) -> None:
    with st.container(border=True):
        st.subheader(plain(one.name), anchor=False)
        if one.bot_reason:
            st.caption(plain(one.bot_reason))
        st.dataframe(
            [
                {"Name": i.name, "E-mail": i.email, "Login": i.login, "Seen by": i.provider, "First": i.first_seen_at,
                 "Last": i.last_seen_at}
                for i in one.identities
            ],
            hide_index=True,
            placeholder="",
            column_config={name: st.column_config.DateColumn(format="D MMM YYYY") for name in ("First", "Last")},
        )  # fmt: skip
        left, right = st.columns(2, gap="large")
        with left:
            _change(ctx, one)
        with right:
            _merge(ctx, one)
        people_time.of_person(ctx, one)


def _change(ctx: Context, one: PersonView) -> None:
    with st.form(f"rename_{one.id}", border=False):
        name = st.text_input("Called", one.name)
        if st.form_submit_button("Rename"):
            do(lambda: service.rename(ctx, one.id, name), f"Now called {name}.")
    with st.container(horizontal=True):
        verb, icon = ("Unlock", ":material/lock_open:") if one.is_locked else ("Lock", ":material/lock:")
        if st.button(verb, key=f"lock_{one.id}", icon=icon, help="Automation leaves locked people as they are."):
            do(lambda: service.lock(ctx, one.id, not one.is_locked), f"{one.name}: {verb.lower()}ed.")
        word = "a person" if one.is_bot else "a bot"
        if st.button(f"This is {word}", key=f"bot_{one.id}", help="Bots are left out of every figure by default."):
            do(lambda: service.set_bot(ctx, one.id, not one.is_bot), f"{one.name} is {word}.")


def _merge(ctx: Context, one: PersonView) -> None:
    others = {id_: name for id_, name in choices.people(ctx).items() if id_ != one.id}
    chosen = st.selectbox(
        "Merge somebody into this person",
        list(others),
        index=None,
        placeholder="Choose who is the same person",
        format_func=lambda id_: others.get(id_, id_),
        key=f"merge_{one.id}",
    )
    if chosen:
        merging(ctx, one.id, chosen)
