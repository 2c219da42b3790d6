"""A report's definition as text: what lives in git, and what two versions are compared by. It loses nothing."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.base.fields import sentence
from core.reports.code.composing import composed
from core.reports.code.nodes import Node, place_of
from core.reports.code.problems import BadFile, Findings, Place, Problem
from core.reports.plan import Parameters, ReportPlan

FORMAT: Literal["report/1"] = "report/1"
KEY = "sightline"
"""The key that tells such a file from one in KPI Reporter's format."""
WIDTH = 110
_REFS = ("teams", "repos", "people", "components")


class Definition(BaseModel):
    """A report as a file has it. Teams, repositories, people and components are named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sightline: Literal["report/1"] = FORMAT
    id: str = Field("", max_length=32)
    """The report that it is; empty for one that is to be made."""
    version: int = Field(0, ge=0)
    """The version that it was pulled as, so that nobody else's change is lost."""
    name: str = Field(min_length=1, max_length=200)
    description: str = ""
    visibility: Literal["workspace", "private"] = "workspace"
    template: bool = False
    parameters: Parameters = Parameters()
    plan: ReportPlan | None = None
    file: str = ""
    """A report file in KPI Reporter's format, where the report is written as one."""

    @property
    def content(self) -> dict[str, Any]:
        """What versions keep of it."""
        plan = self.plan.model_dump(mode="json") if self.plan else None
        return {
            "name": self.name, "description": self.description,
            "parameters": self.parameters.model_dump(mode="json"), "report_plan": plan,
        }  # fmt: skip

    @classmethod
    def of(cls, content: Mapping[str, Any], **more: Any) -> Definition:
        """What versions keep, as a definition again."""
        plan = ReportPlan.model_validate(content["report_plan"]) if content["report_plan"] else None
        parameters = Parameters.model_validate(content["parameters"])
        if plan and plan.file:
            more, plan = {"file": plan.file, **more}, None
        return cls(name=content["name"], description=content["description"], parameters=parameters, plan=plan, **more)


def is_definition(text: str) -> bool:
    """Whether a text is one of these, however broken, and not a report file of another format."""
    return any(line.startswith(f"{KEY}:") for line in text.splitlines())


Called = Mapping[str, Mapping[str, str]]
"""Names by id, as they are now, of what may stand in each field of a scope."""
_NOTHING: Called = {}


def told(one: Definition, called: Called = _NOTHING) -> str:
    """The definition as YAML: only what differs from what is meant without it.

    What is not `called` anything now goes by the name that it had when the report was saved.
    """
    import yaml

    body = {KEY: FORMAT, **one.model_dump(mode="json", exclude_defaults=True, exclude={KEY, "parameters", "plan"})}
    parameters = _by_name(one.parameters.model_dump(mode="json", exclude_defaults=True), called)
    if parameters:
        body["parameters"] = parameters
    if one.plan:
        body["plan"] = _plan(one.plan, called)
    return yaml.dump(body, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=WIDTH)


def read(text: str, name: str) -> Definition:
    """A definition from a file; BadFile that names each place and what is wrong there."""
    findings = Findings()
    root = composed(text, name, findings)
    if root is None or not isinstance(root.value, dict):
        raise BadFile([Problem("error", f"This is no report. It begins with '{KEY}: {FORMAT}'.", Place(name))])
    try:
        found = Definition.model_validate(root.data())
    except ValidationError as error:
        raise BadFile([*findings.errors, *_problems(error, root)]) from error
    if findings.errors:
        raise BadFile(findings.errors)
    return found


def difference(before: str, after: str, names: tuple[str, str]) -> str:
    """What changed from one text to the other, line by line; empty where nothing did."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="")
    return "\n".join(lines)


def _problems(error: ValidationError, root: Node) -> list[Problem]:
    found = []
    for one in error.errors():
        path = [part for part in one["loc"] if isinstance(part, str | int)]
        said = sentence(Definition, {**one, "loc": tuple(path)}, "key")
        place = place_of(root, path, key=one["type"] == "extra_forbidden")
        found.append(Problem("error", said[:1].upper() + said[1:], place, ".".join(map(str, path))))
    return found


def _plan(plan: ReportPlan, called: Called) -> dict[str, Any]:
    body = plan.model_dump(mode="json", exclude_defaults=True, exclude={"sections"})
    if "scope" in body:
        body["scope"] = _by_name(body["scope"], called)
    body["sections"] = [
        {
            **section.model_dump(mode="json", exclude_defaults=True, exclude={"blocks"}),
            "blocks": [
                {
                    **({} if block.kind == "widget" else {"kind": block.kind}),
                    **block.model_dump(mode="json", exclude_defaults=True),
                }
                for block in section.blocks
            ],
        }
        for section in plan.sections
    ]
    return body


def _by_name(scope: dict[str, Any], called: Called) -> dict[str, Any]:
    """Names in place of ids; an id stays where two share a name, with the name beside it."""
    then = dict(scope.pop("names", {}))
    kept: dict[str, str] = {}
    for field in _REFS:
        now = called.get(field, {})
        names = {ref: now.get(ref, then.get(ref, ref)) for ref in scope.get(field, [])}
        count = Counter(name.casefold() for name in {**now, **names}.values())
        unclear = {ref: name for ref, name in names.items() if count[name.casefold()] > 1 and ref != name}
        kept |= unclear
        if names:
            scope[field] = [ref if ref in unclear else name for ref, name in names.items()]
    return {**scope, "names": kept} if kept else scope


def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Long texts as they were written, and lists that stand out."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, value: str) -> Any:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper
