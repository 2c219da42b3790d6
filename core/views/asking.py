"""Arguments that views with one question share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from core.datasources.datasource import Query
from core.views.view import View, ViewArgs


def _address(text: str) -> str:
    if text and not text.lower().startswith(("http://", "https://")):
        raise ValueError(f"'{text}' is no web address. Begin it with https://.")
    return text


Address = Annotated[str, AfterValidator(_address)]
"""Where a link leads: http or https, or empty."""


def _texts(value: Any) -> Any:
    """Names that YAML took for numbers or dates are names."""
    return {str(key): str(said) for key, said in value.items()} if isinstance(value, Mapping) else value


Labels = Annotated[dict[str, str], BeforeValidator(_texts)]
"""Names as a datasource has them, and what readers see instead."""


class AskingArgs(ViewArgs):
    """A datasource and a question. What is given as null is as if it were not given."""

    datasource: str = Field(min_length=1, description="Id of the datasource to ask.")
    query: str = Field(min_length=1, description="What to ask it.")
    query_args: dict[str, Any] = Field({}, description="More that the datasource understands.")

    @model_validator(mode="before")
    @classmethod
    def _given(cls, given: Any) -> Any:
        return {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else given


class AskingView(View):
    """A view with one question."""

    Args = AskingArgs

    def queries(self) -> Iterable[Query]:
        yield self.question()

    def question(self) -> Query:
        """What is asked."""
        return Query(self.args.datasource, self.args.query, self.args.query_args)


def sentences(*parts: str) -> str:
    """Notes after one another, empty ones left out."""
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)
