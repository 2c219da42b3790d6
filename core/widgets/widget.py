"""What a widget is: settings in, one finished figure out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.base.errors import NotFound
from core.base.fields import accepted
from core.base.registry import Registry
from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Figure
from core.widgets.asking import Question


def _known_metric(key: str) -> str:
    try:
        return METRICS.get(key).key
    except NotFound as error:
        raise ValueError(error.message) from error


MetricKey = Annotated[str, AfterValidator(_known_metric), Field(json_schema_extra={"choices": "metrics"})]
"""The key of a metric in the catalogue; forms offer the catalogue."""


class Params(BaseModel):
    """A widget's settings. `person`, `team` and `component` narrow the scope it is drawn in, by id or name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field("", max_length=200, description="Heading; empty for the widget's own.")
    person: str = Field("", description="Only this person.", json_schema_extra={"choices": "people"})
    team: str = Field("", description="Only this team.", json_schema_extra={"choices": "teams"})
    component: str = Field("", description="Only this component.", json_schema_extra={"choices": "components"})


P = TypeVar("P", bound=Params)


def _no_metrics(params: Any) -> Sequence[str]:
    return ()


def _no_questions(ctx: Context, scope: Scope, params: Any) -> Iterable[Question]:
    return ()


@dataclass(frozen=True)
class Widget(Generic[P]):
    """A kind of tile or report block."""

    key: str
    title: str
    about: str
    """One sentence for the gallery that people choose from."""
    shape: str
    """Shape of the figure it builds: stat, series, table, …"""
    params: type[P]
    build: Callable[[Context, Scope, P], Figure]
    metrics: Callable[[P], Sequence[str]] = _no_metrics
    """Metric keys that a widget with these settings draws."""
    questions: Callable[[Context, Scope, P], Iterable[Question]] = _no_questions
    """What `build` is going to ask, so that a board may ask for several widgets at once. May be left empty."""
    names_people: bool = False
    """Its figure names people to whoever may see them, though none of its questions is by person."""

    individual: bool = False
    """Names people whatever its settings: reports hide it from whoever may not see individuals."""

    def accept(self, given: Mapping[str, Any]) -> P:
        """The settings checked; BadInput that names the widget, the field and what is wrong with it."""
        return accepted(self.params, given, self.title)


WIDGETS: Registry[Widget[Any]] = Registry("widget", "sightline.widgets")
