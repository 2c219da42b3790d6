"""One palette, readable on both grounds, the same in the app's settings."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from core.documents.theme import DARK, LIGHT, Theme, contrast, font_folder

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["text", "muted", "primary", "good", "bad"])
def test_text_can_be_read_on_its_ground(theme: Theme, name: str):
    assert contrast(getattr(theme, name), theme.background) >= 4.5
    assert contrast(getattr(theme, name), theme.surface) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["info", "warning", "error"])
def test_notices_can_be_read(theme: Theme, name: str):
    assert contrast(theme.text, getattr(theme, name)) >= 7


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_much_stands_out_more_than_little(theme: Theme):
    steps = [contrast(colour, theme.background) for colour in theme.sequential]

    assert steps == sorted(steps)
    assert len(steps) == 10


def test_the_app_has_the_same_colours():
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]

    assert tuple(theme["chartCategoricalColors"]) == LIGHT.categorical
    assert tuple(theme["dark"]["chartCategoricalColors"]) == DARK.categorical
    assert theme["primaryColor"] == LIGHT.button
    assert theme["dark"]["primaryColor"] == DARK.button
    for section, own in (("light", LIGHT), ("dark", DARK)):
        told = theme[section]
        assert told["backgroundColor"] == own.background
        assert told["secondaryBackgroundColor"] == own.surface
        assert told["textColor"] == own.text


def test_the_font_comes_with_a_package():
    assert (font_folder() / "SourceSansPro-Regular.ttf").exists()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_white_words_can_be_read_on_buttons(theme: Theme):
    assert contrast("#ffffff", theme.button) >= 4.5
