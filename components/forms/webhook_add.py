"""Making a webhook: who sends, for which repository, and where each field stands in a message."""

from __future__ import annotations

import streamlit as st

from components import choices, guard
from core.base.errors import BadInput, SightlineError
from core.context import Context
from core.ingestion.webhooks import service
from core.ingestion.webhooks.kinds import KINDS
from core.ingestion.webhooks.service import Made

_MADE = "_webhook_made"
GENERIC = ("deployments", "incidents")


def made() -> None:
    """Show the address and the secret of the newest webhook, once."""
    told: Made | None = st.session_state.pop(_MADE, None)
    if told is None:
        return
    st.success("Copy these into the other tool now: they are not shown again.")
    st.caption("Address")
    st.code(told.address, language=None)
    if told.secret:
        st.caption("Secret")
        st.code(told.secret, language=None)


def form(ctx: Context) -> None:
    """The form; generic kinds take a path for each field."""
    with st.expander("Add a webhook", icon=":material/add:", expanded=not service.webhooks(ctx)):
        kind = st.selectbox("Who sends", list(KINDS), format_func=lambda key: KINDS[key].label, key="hook_kind")
        st.caption(KINDS[kind].about)
        left, right = st.columns(2)
        name = left.text_input("Name", key="hook_name", placeholder=kind)
        repos = list(choices.repositories(ctx).values())
        repo = right.selectbox(
            "Repository", ["", *repos], format_func=lambda one: one or "As the message says", key="hook_repo"
        )
        text = ""
        if kind in GENERIC:
            text = st.text_area(
                "Where each field stands", key="hook_map", placeholder="key = build.id\nstarted_at = build.started_at",
                help="FIELD = JSON path, one a line; `each = items` for lists; FIELD = =text for a text. Empty: the"
                " message has the fields' own names.",
            )  # fmt: skip
        sign = KINDS[kind].signs and st.checkbox(
            "Signed with a secret", True, key="hook_sign", disabled=kind == "github",
            help="Generic ones send X-Sightline-Signature; see the documentation.",
        )  # fmt: skip
        if st.button("Make its address", type="primary", key="hook_add"):
            _add(ctx, name, kind, repo, text, sign=sign)


def _add(ctx: Context, name: str, kind: str, repo: str, text: str, *, sign: bool) -> None:
    try:
        told = service.add(ctx, name or kind, kind, repo, _paths(text), sign=sign)
    except SightlineError as error:
        guard.show(error)
        return
    st.session_state[_MADE] = told
    st.rerun()


def _paths(text: str) -> dict[str, str]:
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, path = line.partition("=")
        if not equals or not path.strip():
            raise BadInput(f"'{line}' maps nothing. Write FIELD = PATH, such as key = build.id.")
        found[name.strip()] = path.strip()
    return found
