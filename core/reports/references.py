"""What a report refers to: metrics, teams, repositories, components, people. Checked at the door and at each run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.base.errors import BadInput, did_you_mean
from core.base.period import named, zone_of
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.components import service as components
from core.context import Context
from core.documents import RENDERERS
from core.people import service as people
from core.reports.plan import (
    Block,
    Parameters,
    PlanDatasource,
    PlanOutput,
    PlanScope,
    ReportPlan,
    WidgetBlock,
    Window,
)
from core.reports.windows import resolved
from core.widgets import WIDGETS

LONGEST_OUTPUT = 100
UNIT_ENDINGS = ("_hours", "_ratio", "_count", "_score", "_days", "_rate")


def metric_key(word: str) -> str:
    """The key of a metric by its key, its label, or its key without the unit; BadInput with the nearest name."""
    wanted = _plain(word)
    labels = {_plain(metric.label): metric.key for metric in METRICS}
    if wanted in METRICS or wanted in labels:
        return wanted if wanted in METRICS else labels[wanted]
    for ending in UNIT_ENDINGS:
        if wanted + ending in METRICS:
            return wanted + ending
    starting = [key for label, key in labels.items() if label.startswith(wanted + "_")]
    if len(starting) == 1:
        return starting[0]
    known = [*METRICS.keys(), *(metric.label for metric in METRICS)]
    raise BadInput(f"There is no metric named '{word}'.{did_you_mean(word, known)} See `sightline metrics list`.")


@dataclass(frozen=True)
class Known:
    """Everything a report of this workspace may refer to: names by id."""

    teams: Mapping[str, str]
    repos: Mapping[str, str]
    people: Mapping[str, str]
    components: Mapping[str, str]
    owned: Mapping[str, str]
    """All that a team owns, by what stands for it among the components of a scope."""
    emails: Mapping[str, str]

    @classmethod
    def of(cls, ctx: Context, *, emails: bool = False) -> Known:
        """`emails` also lets people be named by their address, which costs a larger question."""
        return cls(
            teams={team.id: team.name for team in people.teams(ctx)},
            repos={repo.id: repo.name for repo in catalogue.repositories(ctx)},
            people=people.names(ctx),
            components=components.names(ctx),
            owned=components.owned(ctx),
            emails={one.email.casefold(): one.id for one in people.people(ctx, include_bots=True)} if emails else {},
        )

    @property
    def called(self) -> dict[str, Mapping[str, str]]:
        """Names by id of what may stand in each field of a scope."""
        return {"teams": self.teams, "repos": self.repos, "people": self.people, "components": self.parts}

    @property
    def parts(self) -> dict[str, str]:
        """What stands among the components of a scope."""
        return {**self.components, **self.owned}

    def find(self, noun: str, ref: str, names: Mapping[str, str], remembered: Mapping[str, str]) -> str:
        """The id of what `ref` names; BadInput with the nearest name."""
        if ref in names:
            return ref
        if noun == "person" and ref.casefold() in self.emails:
            return self.emails[ref.casefold()]
        called = remembered.get(ref, ref)
        same = [found for found, name in names.items() if name.casefold() == called.casefold()]
        if len(same) == 1:
            return same[0]
        if len(same) > 1:
            raise BadInput(f"There are {len(same)} of the name '{called}'. Name the {noun} by its id or address.")
        raise BadInput(f"There is no {noun} named '{called}'.{did_you_mean(called, names.values())}")


def checked_parameters(ctx: Context, given: Parameters) -> Parameters:
    """The parameters with every reference resolved to ids and remembered by name; BadInput at the first that fails."""
    metrics = tuple(dict.fromkeys(metric_key(word) for word in given.metrics))
    named(given.date_range, ctx.clock(), given.time_zone or ctx.workspace.time_zone)
    check_formats(given.formats)
    scope = checked_scope(ctx, _scope_of(given))
    wanted: dict[str, tuple[str, ...]] = {"team": scope.teams, "repo": scope.repos, "person": scope.people}
    if given.scope != "org" and not wanted[given.scope]:
        noun = {"team": "team", "repo": "repository", "person": "person"}[given.scope]
        raise BadInput(f"Choose at least one {noun}, or make the scope the whole organization.")
    kept: dict[str, Any] = {
        "teams": scope.teams if given.scope == "team" else (),
        "repos": scope.repos if given.scope == "repo" else (),
        "people": scope.people if given.scope == "person" else (),
    }
    kept["components"] = scope.components
    inside = {ref for refs in kept.values() for ref in refs}
    names = {ref: name for ref, name in scope.names.items() if ref in inside}
    return given.model_copy(update={"metrics": metrics, "names": names, **kept})


def checked_plan(ctx: Context, plan: ReportPlan) -> ReportPlan:
    """The plan with its widgets' settings and its scope checked; BadInput at the first that fails."""
    check_window(ctx, plan.window)
    check_sources(plan)
    check_outputs(plan)
    check_theme(plan)
    sections = tuple(
        section.model_copy(update={"blocks": tuple(_checked_block(ctx, plan, block) for block in section.blocks)})
        for section in plan.sections
    )
    return plan.model_copy(update={"scope": checked_scope(ctx, plan.scope), "sections": sections})


def _checked_block(ctx: Context, plan: ReportPlan, block: Block) -> Block:
    if not isinstance(block, WidgetBlock):
        return block
    WIDGETS.get(block.widget).accept(block.params)
    if block.range:
        check_window(
            ctx, plan.window.model_copy(update={"range": block.range, "start": "", "end": "", "interval_days": None})
        )
    return block.model_copy(update={"scope": checked_scope(ctx, block.scope)}) if block.scope else block


def checked_scope(ctx: Context, scope: PlanScope) -> PlanScope:
    """The scope with ids in place of names; BadInput for a team, repository, person or component that is not there."""
    known = Known.of(ctx, emails=bool(scope.people))
    teams = tuple(known.find("team", ref, known.teams, scope.names) for ref in scope.teams)
    repos = tuple(known.find("repository", ref, known.repos, scope.names) for ref in scope.repos)
    persons = tuple(known.find("person", ref, known.people, scope.names) for ref in scope.people)
    for person_id in persons:
        ctx.require_person(person_id)
    parts = tuple(known.find("component", ref, known.parts, scope.names) for ref in scope.components)
    called = {**known.teams, **known.repos, **known.people, **known.parts}
    names = {ref: called[ref] for ref in (*teams, *repos, *persons, *parts)}
    found = {"teams": teams, "repos": repos, "people": persons, "components": parts, "names": names}
    return scope.model_copy(update=found)


def _scope_of(given: Parameters) -> PlanScope:
    return PlanScope(
        teams=given.teams, repos=given.repos, people=given.people, components=given.components, names=given.names
    )


def check_window(ctx: Context, window: Window) -> None:
    zone_of(window.time_zone or ctx.workspace.time_zone)
    resolved(window, ctx.clock(), window.time_zone or ctx.workspace.time_zone)


def check_sources(plan: ReportPlan) -> None:
    """Return quietly if every datasource is a registered connection or our own metrics; BadInput at the first other.

    What is saved here runs on the server for whoever wrote it: where it may reach, and
    with which password, is for those who manage sources to say.
    """
    for name, source in plan.datasources.items():
        if sentence := unregistered(name, source):
            raise BadInput(sentence)


def check_outputs(plan: ReportPlan) -> None:
    """Return quietly if every output is a registered connection or files kept with the run; BadInput if not."""
    for name, output in plan.outputs.items():
        if sentence := unconnected(name, output):
            raise BadInput(sentence)


def unconnected(name: str, output: PlanOutput) -> str:
    """Why a saved report may not be sent to this output; empty if it may."""
    if len(name) > LONGEST_OUTPUT:
        return f"The name of an output is longer than {LONGEST_OUTPUT} letters. Shorten it."
    if output.connection or output.plugin == "static":
        return ""
    return (
        f"In the app an output names a connection, and '{name}' ({output.plugin}) brings settings of its own. Add it"
        " under Connections and write 'connection: NAME' in place of its plugin and args; or run the file by the"
        " command, where its own settings are used."
    )


def check_theme(plan: ReportPlan) -> None:
    """Return quietly if the plan names no folder of this machine; BadInput if it does."""
    if plan.theme and plan.theme.theme_dir:
        raise BadInput(
            "'theme_dir' is for runs of a file by the command: here it would be a folder of the server's."
            " Leave it out; colours, fonts and columns work here too."
        )


def unregistered(name: str, source: PlanDatasource) -> str:
    """Why a saved report may not ask this datasource; empty if it may."""
    if source.connection or source.plugin == "metrics":
        return ""
    return (
        f"The datasource '{name}' ({source.plugin}) is not registered here. Add it under Connections,"
        f" where its password is kept safe, and write 'connection: NAME' in place of its plugin and args."
    )


def check_formats(formats: Iterable[str]) -> None:
    """Return quietly if every format can be written; BadInput with the nearest name."""
    for name in formats:
        if name not in RENDERERS:
            known = RENDERERS.keys()
            raise BadInput(f"There is no format '{name}'.{did_you_mean(name, known)} Choose of {', '.join(known)}.")


@dataclass(frozen=True)
class Standing:
    """A scope as it stands at a run: what is still there, and what is gone, by name."""

    scope: PlanScope
    gone: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        one = len(self.gone) == 1
        gone = ", ".join(f"'{name}'" for name in self.gone)
        return f"{gone} no longer exist{'s' if one else ''} and {'is' if one else 'are'} left out. Edit the report."


def standing(ctx: Context, scope: PlanScope) -> Standing:
    """What of the scope is still there. BadInput if nothing is left: a team's report must not turn into everybody's."""
    known = Known.of(ctx)
    merged = people.current_ids(ctx, scope.people)
    scope = scope.model_copy(
        update={
            "people": tuple(dict.fromkeys(merged.get(ref, ref) for ref in scope.people)),
            "names": {**{merged.get(ref, ref): name for ref, name in scope.names.items()}, **scope.names},
        }
    )
    gone: list[str] = []
    kept: dict[str, tuple[str, ...]] = {}
    for field, refs, names in (
        ("teams", scope.teams, known.teams),
        ("repos", scope.repos, known.repos),
        ("people", scope.people, known.people),
        ("components", scope.components, known.parts),
    ):
        kept[field] = tuple(ref for ref in refs if ref in names)
        missing = [scope.names.get(ref, ref) for ref in refs if ref not in names]
        if missing and not kept[field]:
            noun = {"teams": "team", "repos": "repository", "people": "person", "components": "component"}[field]
            raise BadInput(
                f"Of the {noun} that this report is about, nothing is left: "
                f"{', '.join(repr(name) for name in missing)} no longer exists. Edit the report and choose another."
            )
        gone += missing
    return Standing(scope.model_copy(update=kept), tuple(gone))


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", word.casefold()).strip("_")
