"""A page is read in windows of any width: words of charts stay readable, and none is cut."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from core.documents import Document, Section, render
from core.documents.renderers import html_sizes
from core.figures import Axis, Line, Series
from tests.documents import sample

LONG = "checkout-service-of-the-northern-warehouses / p99 of the nightly settlement, in seconds, all regions"
SEEN = """() => {
  const seen = {charts: 0, least: 99, most: 0, cut: []}
  for (const svg of document.querySelectorAll('svg.chart')) {
    const box = svg.getBoundingClientRect()
    if (!box.width) continue
    seen.charts += 1
    for (const words of svg.querySelectorAll('text')) {
      const at = words.getScreenCTM(), part = words.getBoundingClientRect()
      const size = parseFloat(getComputedStyle(words).fontSize) * Math.hypot(at.a, at.b)
      seen.least = Math.min(seen.least, size)
      seen.most = Math.max(seen.most, size)
      if (part.left < box.left - 2 || part.right > box.right + 2) seen.cut.push(words.textContent)
    }
  }
  seen.beyond = document.documentElement.scrollWidth - window.innerWidth
  return seen
}"""


def page() -> str:
    """Charts over the whole page, over half, and over a third, some with names that no telephone holds."""
    line = sample.trend().lines[0]
    named = Series(title="Named", lines=[line.model_copy(update={"name": name}) for name in (LONG, "short")])
    shapes = [sample.band(), sample.bars(), sample.stacked(), named]
    blocks = [one.model_copy(update={"columns": wide}) for wide in (6, 4, 3, 2) for one in shapes]
    return render(
        Document(title="A", generated_at=sample.NOW, sections=[Section(blocks=blocks)]), "html"
    ).content.decode()


@pytest.fixture(scope="module")
def written() -> str:
    return page()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 620, 640, 760, 861, 900, 1024, 1100, 1400])
def test_words_of_charts_are_neither_small_nor_cut(chromium: Browser, written: str, width: int):
    seen = _seen(chromium, written, width)

    assert seen["charts"] == 16, "of each chart one drawing is seen"
    assert seen["least"] >= 10.4
    assert seen["most"] <= 11 * html_sizes.STEP * 1.05
    assert seen["cut"] == []
    assert seen["beyond"] <= 0


@pytest.mark.browser
def test_the_narrowest_telephone_still_shows_nine_pixels(chromium: Browser, written: str):
    assert _seen(chromium, written, 320)["least"] >= 8.9


def _seen(chromium: Browser, written: str, width: int) -> dict[str, Any]:
    tab = chromium.new_page(viewport={"width": width, "height": 800})
    try:
        tab.set_content(written)
        found: dict[str, Any] = tab.evaluate(SEEN)
        return found
    finally:
        tab.close()


@pytest.mark.parametrize(
    ("full", "small", "every"),
    [
        (962, False, [962, 723, 544, 409, 308]),
        (464, True, [464, 349, 262]),
        (298, True, [527, 396, 298, 224]),
    ],
)
def test_a_drawing_takes_over_before_words_become_large_or_small(full: float, small: bool, every: list[int]):
    assert html_sizes.widths(full, small=small) == every
    assert html_sizes.ranges(every) == [
        (low if place < len(every) - 1 else 0, high)
        for place, (low, high) in enumerate(zip(every, [0, *every], strict=False))
    ]


def test_a_chart_far_narrower_than_any_page_is_drawn_a_few_times_only():
    assert len(html_sizes.widths(60, small=True)) <= 6


def test_a_reader_without_such_rules_sees_the_drawing_of_the_full_page():
    drawn = html_sizes.bundled([962, 723], 962, lambda width: f"<svg>{width}</svg>")

    assert drawn.count(" usual") == 1
    assert 'usual"><svg>962</svg>' in drawn


def test_axis_titles_stay_on_every_width():
    line = Line(name="a", x=[1, 2], y=[1, 2])
    chart = Series(x=Axis(kind="quantitative", label="Across"), y=Axis(label="Up"), lines=[line])
    text = render(Document(title="A", generated_at=sample.NOW, sections=[Section(blocks=[chart])]), "html")

    assert text.content.decode().count(">Across</text>") == 5
