"""The gallery in docs shows every view and every shape, and stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.delivery.outputs.slack_blocks import messages
from core.documents import RENDERERS
from core.documents.renderers import email
from core.documents.renderers.png import Png
from core.views.registry import BUILT_IN
from tests.gallery.subjects import Subject, subjects

DOCS = Path(__file__).parents[2] / "docs"
EVERY = list(subjects())


def test_every_view_and_every_shape_is_in_it():
    assert {one.plugin for one in EVERY if one.plugin} == set(BUILT_IN)
    shapes = {figure.shape for one in EVERY for figure in one.document().figures()}
    assert shapes == {"stat", "series", "table", "network", "prose", "notice"}


def test_each_entry_has_its_picture_and_words():
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")

    assert {path.stem for path in (DOCS / "gallery").glob("*.png")} == {one.name for one in EVERY}
    assert all(f"(gallery/{one.name}.png)" in page for one in EVERY), "run: python -m tests.gallery"
    assert sum(path.stat().st_size for path in (DOCS / "gallery").iterdir()) < 2_000_000


@pytest.mark.parametrize("subject", EVERY, ids=lambda subject: subject.name)
def test_each_entry_is_written_in_every_format(subject: Subject):
    document = subject.document()

    assert all(renderer.render(document).content for renderer in RENDERERS)
    assert Png().render(document).content.startswith(b"\x89PNG")
    assert email.render(document).text
    assert messages(document, lambda picture: {"image_url": "https://x.example/x.png"})
