"""What a view is: settings in, questions to datasources, finished figures out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from core.datasources.datasource import Answer, Query
from core.datasources.desk import Desk
from core.datasources.discreet import names
from core.datasources.window import Window
from core.documents.choice import ThemeChoice
from core.figures import Figure, Provenance


class ViewArgs(BaseModel):
    """`args` of a view in a report file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    datasource: str = Field("", description="Id of the datasource to ask.")


@dataclass(frozen=True, slots=True)
class Face:
    """What every view has, whatever its kind."""

    id: str
    """Unique in its report."""
    title: str = ""
    description: str = ""
    columns: int = 6


class View:
    """A kind of view; an instance is one of them in one report.

    `draw` asks by `self.ask` and returns finished figures. What it raises becomes a
    notice in the view's place: a SightlineError with its sentence, anything else as
    a fault of the plugin.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    about: ClassVar[str] = ""
    """One sentence for galleries and docs."""
    Args: ClassVar[type[ViewArgs]] = ViewArgs

    def __init__(self, face: Face, args: Any, desk: Desk, theme: ThemeChoice) -> None:
        self.face = face
        self.args = args
        self.theme = theme
        self._desk = desk
        self._asked: list[tuple[Query, Answer]] = []

    @property
    def window(self) -> Window:
        return self._desk.window

    def queries(self) -> Iterable[Query]:
        """What `draw` will ask, as far as it is known beforehand."""
        return ()

    def draw(self) -> Figure | Sequence[Figure]:
        """The figure, without key, columns and provenance, which are put on afterwards."""
        raise NotImplementedError

    def ask(self, query: Query) -> Answer:
        """The answer of a datasource; asked once in a report."""
        answer = self._desk.ask(query)
        self._asked.append((query, answer))
        return answer

    def individual(self) -> bool:
        """Whether an answer showed individuals' numbers."""
        return bool(self.whose())

    def whose(self) -> list[tuple[Sequence[str], Sequence[str]]]:
        """People and teams of each answer that showed individuals' numbers."""
        return [answer.whose for _, answer in self._asked if answer.individual]

    def provenance(self) -> list[Provenance]:
        """Where this view's numbers come from, one record a question."""
        return [_record(self.face.title or self.face.id, query, answer) for query, answer in self._asked]


def _record(block: str, query: Query, answer: Answer) -> Provenance:
    statement = answer.statement or query.text
    whole = json.dumps([*query.key, statement, answer.parameters], sort_keys=True, default=str)
    parameters = {**names(query.options), **answer.parameters}
    return Provenance(
        block=block,
        query_hash=hashlib.sha256(whole.encode()).hexdigest(),
        query=statement,
        parameters=json.loads(json.dumps(parameters, default=str)),
        datasource=query.datasource,
        rows=answer.rows if answer.total is None else answer.total,
        duration_ms=answer.seconds * 1000,
    )
