"""Following repositories of a provider: by name or pattern, with a look at what is meant before anything is read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import guard, navigation
from components.draw.words import plain
from components.forms.people_done import do
from core.base.errors import SightlineError
from core.connections import service as connections
from core.connections.service import ConnectionView
from core.context import Context
from core.ingestion import following, providers, service
from core.ingestion.providers import Candidate

_LOOKED = "source_looked"


def form(ctx: Context) -> None:
    """Choose an account and repositories, look, follow."""
    accounts = [view for view in connections.connections(ctx) if view.is_account]
    if not accounts:
        st.info(
            "Pull requests, reviews, issues and deployments are read with an account. Add it under Connections, for"
            " “Sources are read with it”; a token that may read is enough.",
            icon=":material/key:",
        )
        st.page_link(navigation.page("connections"), label="Add an account", icon=":material/add:")
        return
    with st.form("follow", border=False):
        account, wanted, without = _fields(accounts)
        asked = st.form_submit_button("Look what that means", icon=":material/search:")
    chosen = (account, wanted.strip(), without.strip())
    if asked:
        _look(ctx, chosen)
    looked = st.session_state.get(_LOOKED)
    if looked and looked[0] == chosen:
        _meant(ctx, looked[1], chosen)


def _fields(accounts: Sequence[ConnectionView]) -> tuple[str, str, str]:
    names = {view.id: f"{view.name} ({view.label})" for view in accounts}
    account = st.selectbox("Account", list(names), format_func=names.__getitem__, key="follow_account")
    left, right = st.columns(2)
    wanted = left.text_input(
        "Repositories", placeholder="acme/* or acme/api", key="follow_wanted",
        help="owner/name, or a pattern. Several, with spaces between. A pattern is kept: what is made later and matches"
        " is found by itself.",
    )  # fmt: skip
    without = right.text_input("Leave out", placeholder="acme/old-*", key="follow_without")
    return account, wanted, without


def _look(ctx: Context, chosen: tuple[str, str, str]) -> None:
    st.session_state.pop(_LOOKED, None)
    account, wanted, without = chosen
    if not wanted:
        st.warning("Name a repository as owner/name, or all of an owner as owner/*.", icon=":material/info:")
        return
    with guard.errors(), st.spinner("Asking …"):
        st.session_state[_LOOKED] = (chosen, providers.preview(ctx, account, [wanted], [without]))


def _meant(ctx: Context, found: Sequence[Candidate], chosen: tuple[str, str, str]) -> None:
    new = [one for one in found if not one.left_out and not one.is_followed]
    if found:
        st.dataframe([_line(one) for one in found], hide_index=True, width="stretch", height=_height(len(found)))
    if not new:
        st.info("Nothing new is meant." if found else "No repository is meant. Check the pattern.")
        return
    label = f"Follow {len(new):,} {'repository' if len(new) == 1 else 'repositories'}"
    if st.button(label, type="primary", icon=":material/add:", key="follow_do"):
        do(lambda: _followed(ctx, chosen), f"{len(new):,} will be read now.")


def _height(rows: int) -> int:
    return min(36 + 35 * rows, 320)


def _line(one: Candidate) -> dict[str, str]:
    what = one.left_out or ("is followed already" if one.is_followed else "will be followed")
    return {"Repository": one.path, "What happens": what, "Archived": "yes" if one.is_archived else ""}


def _followed(ctx: Context, chosen: tuple[str, str, str]) -> None:
    account, wanted, without = chosen
    for source_id in providers.add(ctx, account, [wanted], [without]):
        service.request_sync(ctx, source_id)
    st.session_state.pop(_LOOKED, None)


def patterns(ctx: Context) -> None:
    """The patterns that are kept, and letting go of them; reading everything now."""
    names = {view.id: view.name for view in connections.connections(ctx)}
    for one in providers.followed(ctx):
        with st.container(horizontal=True, vertical_alignment="center", key=f"pattern_{one.connection_id}"):
            without = f", without {', '.join(one.excluded)}" if one.excluded else ""
            text = plain(f"{', '.join(one.patterns)}{without}")
            st.caption(f":material/all_inclusive: {plain(names.get(one.connection_id, ''))}: {text}", width="content")
            with st.popover("Let go", icon=":material/link_off:"):
                st.write("Repositories that are made later are not found any more. Those that are sources stay.")
                if st.button("Let go of the pattern", type="primary", key=f"pattern_do_{one.connection_id}"):
                    do(lambda account=one.connection_id: providers.unfollow(ctx, account), "The pattern is forgotten.")  # type: ignore[misc]


def everything(ctx: Context, sources: int) -> None:
    """Reading all sources at once."""
    if sources > 1 and st.button("Sync all", icon=":material/sync:", key="sync_all"):
        try:
            count = following.sync_all(ctx)
        except SightlineError as error:
            guard.show(error)
            return
        st.toast(f"{count:,} sources will be read now.", icon=":material/check:")
        st.rerun()
