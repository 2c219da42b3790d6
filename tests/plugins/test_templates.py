"""Templates of views: beside the class, beside the classes above it, and in the author's own folder first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.base.errors import BadInput
from core.datasources.desk import Desk
from core.documents.choice import ThemeChoice
from core.figures import Prose
from core.plugins.contract import WINDOW
from core.views.view import Face, View

ROWS = [{"tree": "<b>Apple</b> *x*", "kilos": 3}]


class _Source:
    parallel = 1

    def query(self, text: str, **options: Any) -> Any:
        return ROWS

    def close(self) -> None:
        """Nothing to give back."""


def drawn(kind: type[View], theme_dir: str = "", **args: Any) -> Prose:
    desk = Desk(WINDOW, {"trees": lambda window: _Source()})  # type: ignore[dict-item, return-value]
    given = kind.Args.model_validate({"datasource": "trees", **args})
    figure = kind(Face("card", "Card"), given, desk, ThemeChoice(theme_dir=theme_dir)).draw()
    assert isinstance(figure, Prose)
    return figure


@pytest.fixture
def card(orchard: Path) -> type[View]:
    from orchard.card import Card

    return Card


@pytest.fixture
def golden(orchard: Path) -> type[View]:
    from orchard.golden import GoldenCard

    return GoldenCard


def test_each_format_has_its_template(card: type[View]):
    made = drawn(card)

    assert "3 kilos" in made.html
    assert '<img src="blob:bars.svg" alt="Kilos a tree">' in made.html
    assert "![Kilos a tree](blob:bars.svg)" in made.markdown
    assert made.texts["slack"].startswith(":deciduous_tree: ")
    assert [blob.id for blob in made.blobs] == ["bars.svg"]


def test_text_of_strangers_is_escaped_as_each_format_needs_it(card: type[View]):
    made = drawn(card)

    assert "&lt;b&gt;Apple&lt;/b&gt;" in made.html
    assert r"\<b\>Apple\</b\> \*x\*" in made.markdown


def test_what_a_class_does_not_bring_the_class_above_it_does(golden: type[View]):
    made = drawn(golden)

    assert "Gold!" in made.html
    assert "kilos:" in made.markdown
    assert "slack" in made.texts


def test_the_authors_folder_comes_first(card: type[View], tmp_path: Path):
    (tmp_path / "card.html").write_text("<p>Mine: {{ kilos.values() | sum }}</p><script>alert(1)</script>")
    made = drawn(card, str(tmp_path))

    assert made.html == "<p>Mine: 3</p>"
    assert "kilos:" in made.markdown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n{{ nothing }}", "The template 'card.html' is wrong in line 2: 'nothing' is undefined."),
        ("{{ 'bar.svg' | blob }}", "line 1: there is no blob named 'bar.svg'. Did you mean 'bars.svg'?"),
        ("{% include '../secret.html' %}", "There is no template named '../secret.html'."),
        ("{{ view.__class__ }}", "is wrong in line 1"),
        ("{% for x in %}", "is wrong in line 1"),
    ],
)
def test_a_faulty_template_is_named(card: type[View], tmp_path: Path, text: str, said: str):
    (tmp_path / "secret.html").write_text("SECRET")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "card.html").write_text(text)

    with pytest.raises(BadInput) as caught:
        drawn(card, str(tmp_path / "theme"))
    assert said in caught.value.message


def test_a_view_without_its_template_says_what_it_looked_for(card: type[View], monkeypatch: pytest.MonkeyPatch):
    from core.views import templates

    view = card(Face("card"), card.Args(datasource="trees"), Desk(WINDOW, {}), ThemeChoice())  # type: ignore[call-arg]
    with pytest.raises(BadInput) as caught:
        templates.templated(view, "cart")
    assert caught.value.message == (
        "The view 'card' has no template named 'cart': neither 'cart.html' nor 'cart.md' lies in 'templates'"
        " beside Card. Did you mean 'card'?"
    )
