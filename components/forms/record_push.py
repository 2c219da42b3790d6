"""Pushing a file of records: choose, see what would change, then take it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import streamlit as st

from components import choices, guard
from components.forms.people_done import do
from core.context import Context
from core.ingestion.records import service, templates
from core.ingestion.records.checking import report
from core.ingestion.records.kinds import KINDS
from core.ingestion.records.reading import FORMATS, format_of
from core.ingestion.records.service import Push, Pushed

WORDS = {key: key.replace("_", " ") + "s" for key in KINDS}
ANOTHER = "Another one, by name"


def form(ctx: Context) -> None:
    """The kind, its template, the file, and what it would change."""
    kind = st.selectbox("Kind of records", list(KINDS), format_func=WORDS.__getitem__, key="record_kind")
    st.caption(KINDS[kind].model.__doc__ or "")
    _template(kind)
    file = st.file_uploader("File", type=["csv", "tsv", "txt", "json", "ndjson", "jsonl"], key="record_file")
    left, middle, right = st.columns(3)
    repo, is_new = _repository(ctx, left)
    source = middle.text_input(
        "Comes from", key="record_source", placeholder=file.name if file else "the file's name",
        help="Uploads of one source are listed, and can be removed, together.",
    )  # fmt: skip
    zone = right.text_input("Zone of times without an offset", ctx.workspace.time_zone, key="record_zone")
    ignore = st.checkbox("Leave unknown fields out", key="record_ignore", help="Otherwise they are refused.")
    if file is None:
        return
    how = Push(
        kind, repo, source or file.name, file.name, zone, create_repo=is_new, ignore_unknown=ignore, dry_run=True
    )
    with guard.errors():
        _checked(ctx, file.getvalue(), format_of(file.name), how)


def _template(kind: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for fmt in FORMATS:
            st.download_button(
                f"{fmt.upper()} template", templates.template(kind, fmt), f"{WORDS[kind].replace(' ', '_')}.{fmt}",
                templates.MEDIA[fmt], icon=":material/download:", key=f"template_{fmt}", on_click="ignore",
            )  # fmt: skip
        with st.popover("Fields", icon=":material/list:", width="content"):
            st.dataframe(list(templates.described(KINDS[kind])), hide_index=True, width="stretch")


def _repository(ctx: Context, place: Any) -> tuple[str, bool]:
    known = list(choices.repositories(ctx).values())
    chosen = place.selectbox("Repository", [*known, ANOTHER], key="record_repo", help="Of every row that names none.")
    if chosen != ANOTHER:
        return chosen, False
    return place.text_input("Its name", key="record_new_repo", placeholder="shop"), True


def _checked(ctx: Context, content: bytes, fmt: str, how: Push) -> None:
    found = service.push(ctx, io.BytesIO(content), fmt, how)
    _counts(found)
    if found.new_repositories:
        st.info(f"New repositories will be added: {', '.join(found.new_repositories)}.", icon=":material/add:")
    if found.refusals:
        _refusals(found)
    if found.samples:
        st.markdown("Some of the rows that would be added or changed")
        st.dataframe([_shown(row) for row in found.samples], hide_index=True)
    new = found.added + found.changed
    if not new:
        st.info("Nothing would change: every row that is well says what is known already.", icon=":material/check:")
    elif st.button(
        f"Take {new:,} {'row' if new == 1 else 'rows'}", type="primary", icon=":material/upload:", key="record_take"
    ):
        _taken(ctx, content, fmt, how, new)


def _taken(ctx: Context, content: bytes, fmt: str, how: Push, new: int) -> None:
    real = replace(how, dry_run=False)
    do(
        lambda: service.push(ctx, io.BytesIO(content), fmt, real),
        f"{new:,} {'row was' if new == 1 else 'rows were'} taken.",
    )


def _counts(found: Pushed) -> None:
    shown = {"Rows": found.rows, "Would be added": found.added, "Would change": found.changed,
             "Known already": found.unchanged, "Refused": found.refused}  # fmt: skip
    for column, (label, number) in zip(st.columns(len(shown)), shown.items(), strict=True):
        column.metric(label, f"{number:,}")


def _refusals(found: Pushed) -> None:
    what = "1 row is refused" if found.refused == 1 else f"{found.refused:,} rows are refused"
    st.warning(f"{what}. The others can be taken without them.", icon=":material/rule:")
    st.dataframe(
        [{"Row": one.row, "Field": one.field, "Why": one.reason} for one in found.refusals[:200]], hide_index=True
    )
    st.download_button(
        "All refusals as CSV", report(found.refusals), "refused.csv", "text/csv", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    left_out = {"repo_id", "deleted", "_stood", "source", "approximate"}
    told = {name: value for name, value in row.items() if name not in left_out and not name.endswith(("_id", "_ids"))}
    return {
        "": "changed" if row["_stood"] else "new",
        **{name: value for name, value in told.items() if value not in ("", [])},
    }
