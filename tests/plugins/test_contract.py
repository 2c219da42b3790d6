"""The contract for plugins holds for a stranger's kinds, and catches those that break it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ConfigDict, Field

from core.base.errors import BadInput
from core.datasources.datasource import Datasource, DatasourceArgs
from core.delivery.outputs.static import Static
from core.figures import Figure
from core.plugins.contract import DatasourceContract, OutputContract, ViewContract
from core.views.kinds.single_stat import SingleStat
from core.views.kinds.table import TableView
from core.views.view import View, ViewArgs

ROWS = [{"day": "2026-03-02", "tree": "Apple", "kilos": 3}, {"day": "2026-03-03", "tree": "Pear", "kilos": 5}]


class TestSingleStat(ViewContract):
    kind = SingleStat
    args: ClassVar[dict[str, Any]] = {"datasource": "db", "query": "select 1"}
    answers: ClassVar[dict[str, Any]] = {"db": [{"n": 1204}]}


class TestTable(ViewContract):
    kind = TableView
    args: ClassVar[dict[str, Any]] = {"datasource": "db", "query": "select *"}
    answers: ClassVar[dict[str, Any]] = {"db": ROWS}


class TestStatic(OutputContract):
    kind = Static

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)


class TestOrchard(DatasourceContract):
    query = "harvest"
    wrong_query = "weather"

    @pytest.fixture(autouse=True)
    def _there(self, orchard: Path) -> None:
        from orchard.source import Orchard

        type(self).kind = Orchard


class TestCard(ViewContract):
    args: ClassVar[dict[str, Any]] = {"datasource": "trees"}
    answers: ClassVar[dict[str, Any]] = {"trees": ROWS}

    @pytest.fixture(autouse=True)
    def _there(self, orchard: Path) -> None:
        from orchard.card import Card

        type(self).kind = Card


class TestRipePlot(ViewContract):
    args: ClassVar[dict[str, Any]] = {
        "datasource": "trees",
        "query": "harvest",
        "time_column": "day",
        "groupby": "tree",
    }
    answers: ClassVar[dict[str, Any]] = {"trees": ROWS}

    @pytest.fixture(autouse=True)
    def _there(self, orchard: Path) -> None:
        from orchard.ripe import RipePlot

        type(self).kind = RipePlot


class TestNotebook(OutputContract):
    @pytest.fixture(autouse=True)
    def _there(self, orchard: Path, tmp_path: Path) -> Iterator[None]:
        from orchard.notebook import Notebook

        type(self).kind = Notebook
        type(self).args = {"book": str(tmp_path / "book.txt")}
        yield


class _Silent(ViewArgs):
    size: int = 3


class _Odd(View):
    key = "odd"
    label = "Odd"
    Args = _Silent

    def draw(self) -> Figure:
        raise RuntimeError("odd")


class _LaxArgs(DatasourceArgs):
    model_config = ConfigDict(extra="allow")
    host: str = Field("", description="Host.")


class _Lax(Datasource):
    key = "lax"
    label = ""
    Args = _LaxArgs

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Any:
        return [{}] if text == "nothing" else [{"a": 1}, {"a": 2}, {"a": 3}][: rows and rows + 1]


def broken(contract: type[Any], claim: str) -> str:
    with pytest.raises((AssertionError, BadInput, NotImplementedError)) as caught:
        getattr(contract(), claim)()
    return str(caught.value)


def test_the_contract_catches_what_breaks_it():
    view = type("Odd", (ViewContract,), {"kind": _Odd, "answers": {}})
    source = type("Lax", (DatasourceContract,), {"kind": _Lax, "query": "x", "wrong_query": "y"})

    assert "without a description: size" in broken(
        view, "test_its_settings_are_a_model_in_which_everything_is_described"
    )
    assert "RuntimeError: odd" in broken(view, "test_it_draws_figures_with_its_id_and_title")
    assert "no label" in broken(source, "test_it_says_what_it_is")
    assert "took arguments that are wrong" in broken(
        source, "test_arguments_that_work_are_taken_and_unknown_ones_named"
    )
    assert "'y' was answered" in broken(source, "test_a_wrong_question_is_refused_with_a_sentence")
    assert "neither one row nor all" in broken(source, "test_it_sends_no_more_rows_than_are_wanted_or_says_so")
    broken(source, "test_it_can_be_checked")
