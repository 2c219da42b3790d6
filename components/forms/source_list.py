"""The sources of a workspace as cards: how far each is read, reading it now, its runs, removing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from components import guard, jobs
from components.draw.words import sentence
from components.forms import source_follow, source_lines
from components.forms.people_done import do
from core.base.errors import SightlineError
from core.base.period import zone_of
from core.context import Context
from core.ingestion import overlaps, service
from core.ingestion.overlaps import Overlap
from core.ingestion.views import RunView, SourceView

WHERE = ("A clone on this machine", "GitHub or GitLab")
AT_ONCE = 20
"""Cards that are drawn; with more sources, a search finds the others."""
PLAIN = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#$|~:"})
"""Names come from outside: their characters are shown, not obeyed."""


def add(ctx: Context, *, first: bool) -> None:
    """The form for one more repository: of a clone here, or of a provider."""
    with st.expander("Add a repository", icon=":material/add:", expanded=first):
        where = st.segmented_control(
            "Where it is", WHERE, default=WHERE[0], required=True, key="source_where", label_visibility="collapsed"
        )
        if where == WHERE[1]:
            source_follow.form(ctx)
        else:
            _clone(ctx)


def _clone(ctx: Context) -> None:
    with st.form("source_add", border=False, clear_on_submit=False):
        path = st.text_input(
            "Folder of a clone on the machine that runs Sightline",
            placeholder="/home/me/code/app",
            help="A working copy or a bare repository. It is only read: nothing in it is changed or run.",
        )
        left, middle, right = st.columns(3)
        name = left.text_input("Name", placeholder="its origin's name", help="What people call it.")
        branch = middle.text_input("Branch", placeholder="what is checked out")
        since = right.date_input("Read from", value=None, help="Leave empty to read the whole history.")
        sent = st.form_submit_button("Add and read it", type="primary")
    if sent:
        _add(ctx, path, name, branch, since)


def _add(ctx: Context, path: str, name: str, branch: str, since: object) -> None:
    try:
        made = service.add_git(ctx, path, name=name.strip(), branch=branch, since=str(since) if since else "")
        service.request_sync(ctx, made.id)
    except SightlineError as error:
        guard.show(error)
        return
    st.rerun()


def cards(ctx: Context, found: Sequence[SourceView]) -> None:
    """Every source, or what to do when there is none."""
    if not found:
        made_up = " What this demo workspace shows is made up and needs none." if ctx.workspace.is_demo else ""
        st.info(
            f"Nothing is read yet.{made_up} Give the folder of a git clone above: its commits, people and languages"
            " show as soon as it is read. Pull requests and deployments come from GitHub or GitLab.",
            icon=":material/database:",
        )
    source_follow.patterns(ctx)
    source_follow.everything(ctx, len(found))
    shared = _shared(ctx, len(found))
    for view in _narrowed(found):
        with st.container(border=True, key=f"source_{view.id}"):
            _card(ctx, view, [overlap for overlap in shared if overlap.source_id == view.id])


def _narrowed(found: Sequence[SourceView]) -> Sequence[SourceView]:
    """Those that a search finds, where there are many; those that failed first."""
    if len(found) <= AT_ONCE:
        return found
    word = st.text_input("Find a source", placeholder="Part of its name", key="source_find").strip().casefold()
    meant = [view for view in found if word in view.name.casefold()]
    meant.sort(key=lambda view: view.status != "failed")
    if len(meant) > AT_ONCE:
        st.caption(f"{AT_ONCE} of {len(meant):,} are shown. Write part of a name to find another.")
    return meant[:AT_ONCE]


def _shared(ctx: Context, sources: int) -> list[Overlap]:
    """What sources share; a store that cannot tell costs nobody the cards."""
    try:
        return _overlaps(ctx.workspace.id, ctx.workspace.data_version, sources, ctx)
    except SightlineError as error:
        guard.show(error)
        return []


@st.cache_resource(max_entries=64, ttl="10m", show_spinner=False)
def _overlaps(workspace_id: str, data_version: int, sources: int, _ctx: Context) -> list[Overlap]:
    return overlaps.found(_ctx)


def _card(ctx: Context, view: SourceView, shared: Sequence[Overlap]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(view.name.translate(PLAIN), anchor=False, width="content")
        if view.status == "never":
            st.badge("Not read yet", color="gray")
        else:
            jobs.badge(view.status)
        if view.is_shallow:
            st.badge("Shallow clone", color="orange", icon=":material/content_cut:")
    _place(view)
    left, right = st.columns(2)
    left.metric(
        "Complete up to", _moment(ctx, view.complete_until), _lag(ctx, view), delta_color="off", delta_arrow="off",
        help=KNOWN if view.is_git else TOLD, border=False,
    )  # fmt: skip
    right.metric("Last read", _moment(ctx, view.synced_at), border=False)
    if view.error:
        st.error(sentence(view.error), icon=":material/error:")
    for note in view.notes:
        st.warning(sentence(note), icon=":material/info:")
    for overlap in shared:
        st.warning(overlap.sentence.translate(PLAIN), icon=":material/content_copy:")
    source_lines.line(ctx, view)
    _deeds(ctx, view)


def _place(view: SourceView) -> None:
    """Where it is, and what of it is read."""
    read = f", branch {view.branch}" if view.branch else ""
    since = f", from {view.since} on" if view.since else ""
    icon = "folder" if view.is_git else "cloud"
    st.caption(f":material/{icon}: {view.path.translate(PLAIN)}{read.translate(PLAIN)}{since}")


def _lag(ctx: Context, view: SourceView) -> str | None:
    """How long ago that moment was: what happened since is in no figure yet."""
    if view.complete_until is None:
        return None
    hours = max((ctx.clock() - view.complete_until).total_seconds(), 0) / 3600
    if hours < 1:
        return f"{hours * 60:.0f} min ago"
    return f"{hours:.0f} h ago" if hours < 48 else f"{hours / 24:.0f} days ago"


GOES = {
    True: "Its commits leave every figure. The clone itself stays as it is, and so do people.",
    False: "What was read from there leaves every figure. The repository itself stays as it is, and so do people.",
}
TOLD = (
    "The provider's own clock when the last complete reading began: everything that it knew then is in. A page that"
    " fails does not move it."
)
KNOWN = (
    "The last moment of which this clone is known to have told everything: its newest commit, fetch or change."
    " Run git fetch or git pull in it to bring it up to date, then sync."
)


def _deeds(ctx: Context, view: SourceView) -> None:
    history = service.runs(ctx, view.id, limit=10)
    active = next((run for run in history if run.status not in jobs.FINISHED), None)
    if not active and view.status not in ("never", *jobs.FINISHED):
        st.rerun()  # it has ended since the card's head was read, which would else say for good that it waits
    if active:
        run_id = active.id
        jobs.progress(ctx, lambda asking: service.run(asking, run_id), key=run_id)
    with st.container(horizontal=True):
        if not active and st.button("Sync now", icon=":material/sync:", key=f"sync_{view.id}"):
            do(lambda: service.request_sync(ctx, view.id), f"{view.name} will be read now.")
        if not active and view.kind == "git":
            with st.popover("Change", icon=":material/tune:", width="content"):
                _change(ctx, view)
        if not active:
            with st.popover("Remove", icon=":material/delete:"):
                st.write(GOES[view.is_git])
                if st.button("Remove it", type="primary", key=f"remove_{view.id}"):
                    do(lambda: service.remove(ctx, view.id), f"{view.name} was removed.")
    if history:
        with st.expander("Runs", icon=":material/history:"):
            st.dataframe([_line(ctx, view, run) for run in history], hide_index=True, width="stretch")


def _change(ctx: Context, view: SourceView) -> None:
    """The form for another branch or first day; a field that is emptied takes its setting back."""
    with st.form(f"source_change_{view.id}", border=False):
        branch = st.text_input("Branch", view.branch, placeholder="what is checked out", key=f"branch_{view.id}")
        since = st.date_input(
            "Read from", date.fromisoformat(view.since) if view.since else None, key=f"since_{view.id}",
            min_value=service.GIT_BEGINS, help="Empty it to read the whole history.",
        )  # fmt: skip
        st.caption("Its history is read again with these settings; figures change when that is done.")
        sent = st.form_submit_button("Save and read it again", type="primary")
    if sent:
        do(lambda: service.reread(ctx, view.id, branch, since), f"{view.name.translate(PLAIN)} will be read again.")


def _line(ctx: Context, view: SourceView, run: RunView) -> dict[str, object]:
    return {
        "Asked for": _moment(ctx, run.created_at),
        "State": jobs.WORDS.get(run.status, run.status),
        "By": run.triggered_by,
        "Took": f"{run.duration_seconds:,.1f} s" if run.duration_seconds is not None else "",
        **_brought(view, run),
        "What happened": run.error or " ".join(run.notes),
    }


def _brought(view: SourceView, run: RunView) -> dict[str, object]:
    """What a run changed: commits of a clone, rows by their kind of a provider."""
    if view.is_git:
        return {"New commits": run.commits_added, "Taken out": run.commits_removed}
    return {"Changed": ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in run.counts.items())}


def _moment(ctx: Context, moment: datetime | None) -> str:
    return f"{moment.astimezone(zone_of(ctx.workspace.time_zone)):%-d %b %Y, %H:%M}" if moment else "–"
