"""What may count as a deployment or an incident: each a small model, from which its form and flags are drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from core.base.errors import BadInput, NotFound, did_you_mean

AS_TOLD = "as_told"
FACTS = ("deployments", "incidents")


def _some(text: str) -> str:
    if not patterns(text):
        raise ValueError("is empty: write a pattern such as v* or several with commas")
    return text


Patterns = Annotated[str, AfterValidator(_some)]


class Settings(BaseModel):
    """What a rule is set to."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Shipping(Settings):
    """What all rules for deployments have."""

    hotfix: str = Field(
        "",
        title="A hotfix is",
        description="Titles or branches of pull requests, or subjects of commits, by pattern: hotfix*, fix/urgent*. The"
        " deployment before one that brings such a change, or a revert, failed. Empty: no deployment fails by this.",
    )


class Tags(Shipping):
    """Tags of the repository, by their names."""

    pattern: Patterns = Field("v*", title="Names", description="v*, release-*: several with commas; * is any text.")


class Releases(Shipping):
    """Releases on the repository's host."""

    pattern: Patterns = Field("*", title="Tags", description="Of the release's tag; several with commas.")
    prereleases: bool = Field(False, title="Prereleases too")


class WorkflowRuns(Shipping):
    """Runs of workflows, by the workflow's name or file."""

    pattern: Patterns = Field("*deploy*", title="Workflows", description="Name or file; several with commas.")
    branch: str = Field("", title="Branches", description="Only runs on these; empty for all.")


class Merges(Shipping):
    """Every pull request that is merged into a branch."""

    branch: str = Field("", title="Branches", description="main, release/*; empty for the default branch.")


class Environments(Shipping):
    """Deployments that sources tell, to the environments that count as production."""

    pattern: Patterns = Field("prod*, live", title="Environments", description="Several with commas.")


class Labels(Settings):
    """Issues with one of these labels; open ones are incidents that last."""

    pattern: Patterns = Field("incident, outage", title="Labels", description="Several with commas; * is any text.")


class AsTold(Settings):
    """Whatever sources, webhooks and pushed records tell."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of rule for one fact."""

    key: str
    fact: str
    label: str
    settings: type[Settings]
    needs: str = ""
    """The fact that it reads."""


RULES = (
    Rule(AS_TOLD, "deployments", "What sources and records tell", AsTold),
    Rule("tags", "deployments", "Tags", Tags, "tags"),
    Rule("releases", "deployments", "Releases", Releases, "releases"),
    Rule("workflow_runs", "deployments", "Workflow runs", WorkflowRuns, "workflow_runs"),
    Rule("merges", "deployments", "Merges to a branch", Merges, "pull_requests"),
    Rule("environments", "deployments", "Deployments to environments", Environments, "deployments"),
    Rule(AS_TOLD, "incidents", "What sources, webhooks and records tell", AsTold),
    Rule("labels", "incidents", "Issues with a label", Labels, "issues"),
)


def rule_of(fact: str, key: str) -> Rule:
    """The rule of this name for the fact; NotFound with the nearest."""
    if fact not in FACTS:
        raise NotFound(f"There are rules for {' and '.join(FACTS)}; '{fact}' is neither.{did_you_mean(fact, FACTS)}")
    known = {rule.key: rule for rule in RULES if rule.fact == fact}
    word = key.replace("-", "_")
    if word not in known:
        raise NotFound(f"There is no rule '{key}' for {fact}.{did_you_mean(word, known)} Rules: {', '.join(known)}.")
    return known[word]


def settled(rule: Rule, given: dict[str, Any]) -> Settings:
    """The settings checked; BadInput with the first fault."""
    try:
        return rule.settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        said = first["msg"].removeprefix("Value error, ")
        raise BadInput(f"'{name}' of the rule '{rule.key}': {said}.{_near(name, rule)}") from error


def patterns(text: str) -> list[str]:
    """The patterns of a list with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def expression(text: str) -> str:
    """One regular expression for a list of patterns, as the store reads it; matches nothing if there are none."""
    parts = [".*".join(re.escape(piece) for piece in pattern.split("*")) for pattern in patterns(text)]
    return f"(?i)^(?:{'|'.join(parts)})$" if parts else "^$a"


def _near(name: str, rule: Rule) -> str:
    return did_you_mean(name, rule.settings.model_fields) if name not in rule.settings.model_fields else ""
