"""Mails keep to what mail programs can lay out, and are 600 pixels wide whatever the window."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from core.documents import Document, Section
from core.documents.choice import ThemeChoice
from core.documents.drawing.look import FONT_SIZE
from core.documents.renderers import email
from core.documents.theme import DARK, LIGHT, contrast
from tests.documents import sample
from tests.documents.test_looks import HARMFUL, plugged

THEMES = {
    "house": None,
    "dark": ThemeChoice(mode="dark"),
    "own": ThemeChoice(ui_colors=("#222222", "#555555", "#cccccc", "#eeeeee", "#ffffff"), num_columns=24),
}


def document(theme: ThemeChoice | None) -> Document:
    whole = sample.document(rows=20)
    own = Section(title="Own", blocks=[plugged(HARMFUL), plugged("<p>x</p>")])
    columns = theme.num_columns if theme else 6
    return whole.model_copy(update={"theme": theme, "columns": columns, "sections": [*whole.sections, own]})


@pytest.fixture(params=list(THEMES), scope="module")
def mail(request: pytest.FixtureRequest) -> email.MailBody:
    return email.render(document(THEMES[request.param]))


def test_it_is_laid_out_by_tables_with_styles_of_their_own(mail: email.MailBody):
    assert mail.html.startswith("<!DOCTYPE html>")
    sheets = re.findall(r"<style[^>]*>(.*?)</style>", mail.html, re.DOTALL)
    assert all(sheet.startswith("@media (prefers-color-scheme:dark){") for sheet in sheets)
    assert not re.search(r"(?<!!important)[;}]", re.sub(r"^@media[^{]*{|}$", "", "".join(sheets).replace("\n", "")))
    assert not re.search(r"style=\"[^\"]*(position|float|flex|grid-template|var\(|@media)", mail.html)


def test_nothing_is_loaded_from_afar(mail: email.MailBody):
    assert set(re.findall(r"<img[^>]*src=\"([^\"]+)\"", mail.html)) == {f"cid:{cid}" for cid in mail.images}
    assert not re.search(r"(?i)<(script|link|iframe|object|embed|form|video|audio|svg)|url\(", mail.html)


def test_every_picture_says_what_it_shows_and_how_wide_it_is(mail: email.MailBody):
    for tag in re.findall(r"<img[^>]*>", mail.html):
        assert "alt=" in tag
        width = re.search(r'width="(\d+)"', tag)
        assert width
        assert int(width[1]) <= 560


@pytest.mark.browser
@pytest.mark.parametrize("width", [600, 700, 1200])
def test_it_is_600_pixels_wide_and_centred(mail: email.MailBody, chromium: Browser, width: int):
    tab = _opened(mail, chromium, width)
    box = "(b => [b.left, b.width])(document.querySelector('table table').getBoundingClientRect())"
    left, wide = tab.evaluate(box)
    tab.close()

    assert wide == 600
    assert abs(left - (width - 600) / 2) <= 1


@pytest.mark.browser
def test_no_word_and_no_picture_leaves_its_cell(mail: email.MailBody, chromium: Browser):
    tab = _opened(mail, chromium, 700)
    cells = "[...document.querySelectorAll('td')].filter(c => c.scrollWidth > c.clientWidth + 1).length"
    outside = tab.evaluate(cells)
    tab.close()

    assert outside == 0


@pytest.mark.browser
def test_a_mail_with_tables_of_six_columns_is_no_wider_than_a_telephone(mail: email.MailBody, chromium: Browser):
    tab = _opened(mail, chromium, 380)
    beyond = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    scrolled = tab.evaluate("[...document.querySelectorAll('div')].filter(d => d.scrollWidth > d.clientWidth).length")
    tab.close()

    assert beyond <= 0
    assert scrolled == 0


@pytest.mark.browser
@pytest.mark.parametrize("width", [380, 640])
def test_words_in_charts_are_read_on_a_telephone_and_on_a_screen(mail: email.MailBody, chromium: Browser, width: int):
    tab = _opened(mail, chromium, width)
    charts = "[...document.images].filter(i => i.alt.startsWith('Chart')).map(i => [i.clientWidth, i.naturalWidth])"
    sizes = [FONT_SIZE * shown / (natural / email.SHARP) for shown, natural in tab.evaluate(charts)]
    tab.close()

    assert len(sizes) == 8
    assert min(sizes) >= 10.95
    assert max(sizes) <= 14.5


@pytest.mark.browser
@pytest.mark.parametrize(("width", "beside"), [(380, False), (640, True)])
def test_figures_beside_each_other_move_below_each_other_on_a_telephone(chromium: Browser, width: int, *, beside: bool):
    blocks = [sample.band(), sample.bars()]
    shown = Document(title="A", generated_at=sample.NOW, sections=[Section(blocks=blocks)])
    tab = _opened(email.render(shown), chromium, width)
    tops = tab.evaluate("[...document.images].map(i => i.getBoundingClientRect()).map(b => [b.top, b.width])")
    tab.close()

    assert (abs(tops[0][0] - tops[1][0]) < 30) is beside
    assert tops[0][1] == pytest.approx(262 if beside else 330, abs=1)


PAINTED = """() => {
  const solid = at => getComputedStyle(at).backgroundColor.match(/[\\d.]+/g).map(Number)
  const hex = parts => '#' + parts.slice(0, 3).map(part => part.toString(16).padStart(2, '0')).join('')
  return [...document.querySelectorAll('body *')].filter(at => at.offsetWidth
      && [...at.childNodes].some(node => node.nodeType === 3 && node.data.trim())).map(at => {
    let ground = at
    while ((solid(ground)[3] ?? 1) === 0) ground = ground.parentElement
    return [at.textContent.slice(0, 40), hex(solid(ground)),
            hex(getComputedStyle(at).color.match(/[\\d.]+/g).map(Number))]
  })
}"""
"""Each element with words: the words, the colour of the ground below them, and their own."""


@pytest.mark.browser
@pytest.mark.parametrize(("mode", "dark"), [("auto", True), ("light", False)])
def test_every_word_is_read_on_a_dark_ground_where_the_reader_has_one(chromium: Browser, mode: str, *, dark: bool):
    made = email.render(sample.document(rows=20).model_copy(update={"theme": ThemeChoice(mode=mode)}))
    page = _opened(made, chromium, 700, scheme="dark")

    painted = page.evaluate(PAINTED)

    page.context.close()
    assert len(painted) > 40
    assert [said for said in painted if contrast(said[1], said[2]) < 4.5] == []
    grounds = {ground for _, ground, _ in painted}
    assert (DARK.background in grounds, LIGHT.background in grounds) == (dark, not dark)


def test_an_author_who_lays_mails_out_anew_keeps_their_colours(tmp_path: Path):
    made = email.render(document(ThemeChoice(theme_dir=str(tmp_path))))

    assert "prefers-color-scheme" not in made.html and "class=" not in made.html
    assert '<meta name="color-scheme" content="light">' in made.html


def test_what_stands_side_by_side_is_a_table_for_programs_that_know_no_blocks_in_lines(mail: email.MailBody):
    ghosts = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", mail.html)

    assert ghosts.count("</tr></table>") == sum("<table" in ghost for ghost in ghosts) > 0
    assert sum("<td" in ghost for ghost in ghosts) == mail.html.count("inline-block")


def _opened(mail: email.MailBody, chromium: Browser, width: int, scheme: Any = "light") -> Page:
    body = mail.html
    for cid, content in mail.images.items():
        body = body.replace(f"cid:{cid}", f"data:image/png;base64,{b64encode(content).decode()}")
    tab = chromium.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)
    tab.set_content(body)
    return tab
