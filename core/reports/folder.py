"""Reports as files of a folder, so that they live in git: written out, compared, and taken in again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from core.base.errors import BadInput, Conflict, NotFound, SightlineError
from core.context import Capability, Context
from core.reports import library, service, versions
from core.reports.code import drafts
from core.reports.definition import Called, Definition, difference, read, told
from core.reports.references import Known, checked_parameters, checked_plan
from core.reports.views import ReportView

State = Literal["same", "changed", "new", "behind", "elsewhere", "wrong"]
STATES: dict[State, str] = {
    "same": "as in the app",
    "changed": "changed in the file",
    "new": "only in the file",
    "behind": "changed in the app since it was pulled",
    "elsewhere": "only in the app",
    "wrong": "cannot be taken",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A file, or a report without one, beside how it stands in the app."""

    file: str
    name: str
    state: State
    difference: str = ""
    """From the app to the file, line by line."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a file."""

    file: str
    name: str
    done: Literal["made", "changed", "same", "refused"]
    text: str = ""
    """The file as it is to stand from now on: with the report's id and version."""
    problem: str = ""


def text_of(ctx: Context, report_id: str) -> str:
    """One report as its file would have it."""
    ctx.require(Capability.VIEW_REPORTS)
    return told(versions.definition(ctx, report_id), Known.of(ctx).called)


def pulled(ctx: Context, search: str = "") -> dict[str, str]:
    """Every report in use and every template that the actor may see, as a text by the name of its file."""
    ctx.require(Capability.VIEW_REPORTS)
    found = [*library.listed(ctx, search).items, *library.listed(ctx, search, shelf="templates").items]
    texts, called = dict[str, str](), Known.of(ctx).called
    for report in sorted(found, key=lambda one: (one.created_at, one.id)):
        texts[_free(report, texts)] = told(versions.definition(ctx, report.id), called)
    return texts


def compare(ctx: Context, texts: Mapping[str, str]) -> list[Compared]:
    """Each file beside the app, then the reports that no file tells of."""
    ctx.require(Capability.VIEW_REPORTS)
    seen, called = set[str](), Known.of(ctx).called
    told_of = [_compared(ctx, file, text, seen, called) for file, text in texts.items()]
    return [*told_of, *(Compared("", one.name, "elsewhere") for one in library.reports(ctx) if one.id not in seen)]


def push(ctx: Context, texts: Mapping[str, str], *, force: bool = False) -> list[Pushed]:
    """Save each file's report. One that is wrong, or that somebody changed in the app since, is refused by itself.

    `force` saves over what was changed in the app; the versions in between are kept.
    """
    ctx.require(Capability.EDIT_REPORTS)
    done, called = list[Pushed](), Known.of(ctx).called
    for file, text in texts.items():
        try:
            done.append(_pushed(ctx, file, text, force, called))
        except SightlineError as error:
            done.append(Pushed(file, _name_in(text), "refused", problem=error.message))
    return done


def check(ctx: Context, file: str, text: str) -> Definition:
    """The definition in a file, if a report could be made of it now; BadInput with what is wrong."""
    ctx.require(Capability.VIEW_REPORTS)
    one = read(text, file)
    try:
        checked_parameters(ctx, one.parameters)
        if one.plan:
            checked_plan(ctx, one.plan)
    except SightlineError as error:
        raise BadInput(f"{file}: {error.message}") from error
    if one.file and (wrong := [str(p) for p in drafts.drafted(ctx, one.file).problems if p.level == "error"]):
        raise BadInput(f"{file}: in the report file that it holds: {wrong[0]}")
    return one


def _compared(ctx: Context, file: str, text: str, seen: set[str], called: Called) -> Compared:
    try:
        one = read(text, file)
        now = _standing(ctx, one)
    except SightlineError as error:
        return Compared(file, _name_in(text), "wrong", problem=error.message)
    if now is None:
        return Compared(file, one.name, "new", difference("", told(one), ("the app", file)))
    seen.add(now.id)
    before, after = _plain(now, called), _plain(one, called)
    if before == after:
        return Compared(file, one.name, "same")
    state: State = "changed" if one.version in (0, now.version) else "behind"
    return Compared(file, one.name, state, difference(before, after, ("the app", file)))


def _pushed(ctx: Context, file: str, text: str, force: bool, called: Called) -> Pushed:
    one = read(text, file)
    now = _standing(ctx, one)
    if now and _plain(now, called) == _plain(one, called):
        return Pushed(file, one.name, "same", told(now, called))
    if now and one.version not in (0, now.version) and not force:
        raise Conflict(
            f"'{now.name}' was changed in the app since this file was pulled (version {now.version}, not"
            f" {one.version}). Pull it, or push with --force: no version is lost."
        )
    report = _saved(ctx, one, now)
    text = told(versions.definition(ctx, report.id), called)
    return Pushed(file, one.name, "changed" if now else "made", text)


def _saved(ctx: Context, one: Definition, now: Definition | None) -> ReportView:
    if now and now.template != one.template:
        raise BadInput("Whether it is a template is settled when it is made. Take the key 'template' back, or the id.")
    if one.file:
        made = drafts.save(ctx, one.file, report_id=now.id if now else "", visibility=one.visibility)
        return service.update(ctx, made.id, parameters=one.parameters, visibility=one.visibility)
    if now:
        return service.update(
            ctx, now.id, name=one.name, description=one.description, parameters=one.parameters, plan=one.plan or {},
            visibility=one.visibility,
        )  # fmt: skip
    return service.create(
        ctx, one.name, one.parameters, description=one.description, plan=one.plan, visibility=one.visibility,
        is_template=one.template,
    )  # fmt: skip


def _standing(ctx: Context, one: Definition) -> Definition | None:
    """The report that a file tells of, as it stands; None if it is to be made."""
    if not one.id:
        return None
    try:
        return versions.definition(ctx, one.id)
    except NotFound as error:
        raise NotFound(
            f"The report '{one.name}' with the id {one.id} is not in '{ctx.workspace.name}', or it was deleted."
            " Take the line 'id' out to make it anew."
        ) from error


def _plain(one: Definition, called: Called) -> str:
    return told(one.model_copy(update={"version": 0}), called)


def _free(report: ReportView, taken: Mapping[str, str]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", report.name.casefold()).strip("-")[:80] or "report"
    return f"{slug}.yaml" if f"{slug}.yaml" not in taken else f"{slug}-{report.id[:8]}.yaml"


def _name_in(text: str) -> str:
    return next(_names(text), "")


def _names(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith("name:"):
            yield line.removeprefix("name:").strip()[:200]
