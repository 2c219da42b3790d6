"""What a report is made of: a plan of sections and blocks. Nothing in a plan is code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from core.base.errors import BadInput
from core.base.fields import sentences
from core.documents.choice import ThemeChoice
from core.figures import MOST_COLUMNS
from core.narration import PARTS, Part

Compare = Literal["previous", "year", "none"]
ScopeKind = Literal["org", "team", "repo", "person"]
SCOPES: dict[str, str] = {"org": "Organization", "team": "Team", "repo": "Repository", "person": "Person"}
COMPARISONS: dict[str, str] = {"previous": "Period before", "year": "Same dates a year before", "none": "Nothing"}
FORMATS = ("pdf", "xlsx")
"""Files that a report's run keeps unless its parameters say otherwise."""


Model = TypeVar("Model", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(_Part):
    """Which days, compared with which."""

    range: str = "last_30_days"
    """A name of `core.base.period.RANGES`, or 2026-01-01..2026-01-31."""
    compare: Compare = "previous"
    time_zone: str = ""
    """IANA name; empty for the workspace's."""
    start: str = ""
    """ISO date or wall time; with it or one of the next two, the rules of report files hold instead of `range`."""
    end: str = ""
    """ISO date or wall time, exclusive; empty for today's midnight."""
    interval_days: int | None = Field(None, ge=1, le=36_600)
    """Length where `start` is not given."""


class PlanScope(_Part):
    """Ids that a report is narrowed to; empty lists mean all."""

    teams: tuple[str, ...] = ()
    repos: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    include_bots: bool = False
    names: dict[str, str] = {}
    """What each id was called when the report was saved, to name one that is gone."""


class WidgetBlock(_Part):
    """A widget with its settings."""

    kind: Literal["widget"] = "widget"
    widget: str
    params: dict[str, Any] = {}
    columns: int = Field(6, ge=1, le=MOST_COLUMNS)
    title: str = Field("", max_length=200)
    """Empty for the widget's own."""
    description: str = Field("", max_length=2000)
    """Empty for the widget's own."""
    scope: PlanScope | None = None
    """What this block alone is about: each kind that it names stands in place of the report's."""
    range: str = ""
    """Days of this block alone, as in `Window`; empty for the report's."""
    compare: Compare | None = None
    """What this block alone is compared with."""


class ProseBlock(_Part):
    """Words of the author, in Markdown. `{{ title }}`, `{{ period }}` and so on stand for what the report is about."""

    kind: Literal["prose"] = "prose"
    title: str = ""
    markdown: str
    columns: int = Field(6, ge=1, le=MOST_COLUMNS)


class ViewBlock(_Part):
    """A view over a datasource of the plan: what a report file declares under `views`."""

    kind: Literal["view"] = "view"
    id: str
    view: str
    """Key of the view's plugin."""
    title: str = ""
    description: str = ""
    args: dict[str, Any] = {}
    columns: int = Field(6, ge=1, le=MOST_COLUMNS)


class NarrativeBlock(_Part):
    """Sentences about the report's other figures, or its section's: what is, what changed, what to look at."""

    kind: Literal["narrative"] = "narrative"
    title: str = ""
    about: Literal["report", "section"] = "report"
    parts: tuple[Part, ...] = Field(tuple(PARTS), min_length=1)
    voice: Literal["auto", "rules"] = "auto"
    """auto: by a language model where the workspace has one; rules: always by rules."""
    columns: int = Field(6, ge=1, le=MOST_COLUMNS)


class PageBreak(_Part):
    """What follows begins on a new page, in formats that have pages."""

    kind: Literal["page_break"] = "page_break"


def _kind(given: Any) -> str:
    """A block that does not say what it is is a widget."""
    return str(given.get("kind", "widget") if isinstance(given, dict) else getattr(given, "kind", "widget"))


Block = Annotated[
    Annotated[WidgetBlock, Tag("widget")]
    | Annotated[ViewBlock, Tag("view")]
    | Annotated[ProseBlock, Tag("prose")]
    | Annotated[NarrativeBlock, Tag("narrative")]
    | Annotated[PageBreak, Tag("page_break")],
    Discriminator(_kind),
]


class PlanDatasource(_Part):
    """Where views ask: a plugin with its settings, or a connection that an admin registered."""

    plugin: str = ""
    connection: str = ""
    args: dict[str, Any] = {}


class PlanOutput(_Part):
    """Where a finished report goes: a plugin with its settings, or a connection that an admin registered."""

    plugin: str = ""
    connection: str = ""
    args: dict[str, Any] = {}


class PlanSection(_Part):
    """A heading with blocks on a grid."""

    title: str = ""
    intro: str = ""
    blocks: tuple[Block, ...] = ()


class ReportPlan(_Part):
    """The whole of a report, before any number is known."""

    version: Literal[1] = 1
    """Raised when an older reader could no longer understand the JSON."""
    title: str
    description: str = ""
    audience: str = ""
    window: Window = Window()
    scope: PlanScope = PlanScope()
    file: str = ""
    """The report file that it was compiled of, as its author wrote it; empty where there is none."""
    theme: ThemeChoice | None = None
    datasources: dict[str, PlanDatasource] = {}
    outputs: dict[str, PlanOutput] = {}
    sections: tuple[PlanSection, ...] = Field(min_length=1)

    def views(self) -> Iterator[ViewBlock]:
        """Every view block in reading order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, ViewBlock))

    def widgets(self) -> Iterator[WidgetBlock]:
        """Every widget block in reading order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, WidgetBlock))


class Parameters(_Part):
    """What a person chooses for a report without a plan of its own: the default plan is made of it at each run."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    scope: ScopeKind = "org"
    teams: tuple[str, ...] = ()
    repos: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    """Parts of repositories, by name or id; narrows whatever the scope is. 'unassigned' is what lies outside all."""
    date_range: str = Field("last_30_days", validation_alias=AliasChoices("date_range", "dateRange"))
    compare: Compare = "previous"
    time_zone: str = Field("", validation_alias=AliasChoices("time_zone", "timeZone"))
    metrics: tuple[str, ...] = ()
    """Keys; empty for the headline metrics."""
    formats: tuple[str, ...] = FORMATS
    include_bots: bool = Field(False, validation_alias=AliasChoices("include_bots", "includeBots"))
    name_people: bool = Field(True, validation_alias=AliasChoices("name_people", "namePeople"))
    """Break down by person where the report's owner may see individuals."""
    names: dict[str, str] = {}
    """What each team, repository, person and component was called when the report was saved."""


def schema() -> dict[str, Any]:
    """The JSON schema of a plan."""
    return ReportPlan.model_json_schema()


def read_plan(given: Any) -> ReportPlan:
    """A plan from outside; BadInput that names the place and what is wrong there."""
    return _read(ReportPlan, given, "The report plan")


def read_parameters(given: Any) -> Parameters:
    """Parameters from outside; BadInput that names the field and what is wrong with it."""
    return _read(Parameters, given, "The report's parameters")


def _read(model: type[Model], given: Any, what: str) -> Model:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise BadInput(f"{what}: {'; '.join(sentences(model, error, 'field')[:5])}") from error
