"""A report's own looks: colours, columns, links and pictures in every format, and nothing that runs or loads."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pypdf
import pytest
from pydantic import ValidationError

from core.base.errors import BadInput, NotFound
from core.documents import Document, Section, grid, pace, render
from core.documents.choice import ThemeChoice
from core.documents.renderers import email
from core.documents.theme import DARK, LIGHT, contrast
from core.documents.themes import hard_to_read, look
from core.figures import Blob, Figure, Prose, Stat
from tests.documents import sample

DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
EVERY_COLOUR = ThemeChoice(
    ui_colors=("#111111", "#444444", "#cccccc", "#f0f0f0", "#fafafa"),
    error_colors=("#900000", "#ffeeee"),
    success_colors=("#006000", "#eeffee"),
    series_colors=("#123456", "#654321"),
    heading_font="Georgia, Times New Roman, serif",
)


def made(*figures: Figure, theme: ThemeChoice | None = None, columns: int = 6) -> Document:
    return Document(
        title="Looks", generated_at=sample.NOW, theme=theme, columns=columns, sections=[Section(blocks=list(figures))]
    )


def page(*figures: Figure, theme: ThemeChoice | None = None, columns: int = 6) -> str:
    return render(made(*figures, theme=theme, columns=columns), "html").content.decode()


def pdf(*figures: Figure, theme: ThemeChoice | None = None, columns: int = 6) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render(made(*figures, theme=theme, columns=columns), "pdf").content))


def plugged(html: str = "", markdown: str = "", **texts: str) -> Prose:
    return Prose(
        key="own",
        title="Own",
        html=html,
        markdown=markdown,
        texts=texts,
        blobs=[Blob.of("dot.svg", DOT, "image/svg+xml")],
    )


# -- colours


def test_without_a_theme_the_house_looks_as_ever():
    assert look(None).main is LIGHT
    assert look(None).other is DARK
    assert look(ThemeChoice()).main == LIGHT
    assert look(ThemeChoice()).other == DARK
    assert look(ThemeChoice()).width is None


def test_every_colour_of_a_theme_has_its_place():
    main = look(EVERY_COLOUR).main

    assert (main.text, main.muted, main.line, main.surface, main.background) == EVERY_COLOUR.ui_colors
    assert (main.bad, main.error) == ("#900000", "#ffeeee")
    assert main.good == "#006000"
    assert main.categorical[:3] == ("#123456", "#654321", LIGHT.categorical[2])


def test_colours_of_the_ground_hold_for_every_reader_and_others_have_a_dark_partner():
    assert look(EVERY_COLOUR).other is None
    dark = look(ThemeChoice(error_colors=("#900000", "#ffeeee"), series_colors=("#123456",))).other
    assert dark is not None
    assert dark.bad == "#ffeeee"
    assert contrast(dark.text, dark.error) >= 4.5
    assert contrast(dark.categorical[0], dark.background) >= 3


@pytest.mark.parametrize(("mode", "scheme"), [("auto", "light dark"), ("light", "light"), ("dark", "dark")])
def test_a_mode_decides_what_a_page_may_become(mode: str, scheme: str):
    text = page(sample.trend(), theme=ThemeChoice(mode=mode))

    assert f'<meta name="color-scheme" content="{scheme}">' in text
    assert ("prefers-color-scheme:dark" in text) is (mode == "auto")
    assert f"--background:{DARK.background if mode == 'dark' else LIGHT.background}" in text


def test_charts_take_the_series_colours_in_every_format():
    choice = ThemeChoice(series_colors=("#123456", "#654321"))
    text = page(sample.trend(), theme=choice)

    assert 'stroke="#123456"' in text
    assert 'stroke="#654321"' in text
    drawn = b"".join(sheet.get_contents().get_data() for sheet in pdf(sample.trend(), theme=choice).pages)
    red, green, blue = (f"{part / 255:.6f}".lstrip("0").rstrip("0") for part in (0x12, 0x34, 0x56))
    assert f"{red} {green} {blue} RG".encode() in drawn
    book = openpyxl.load_workbook(io.BytesIO(render(made(sample.bars(), theme=choice), "xlsx").content))
    chart = next(sheet for sheet in book if sheet._charts)._charts[0]
    assert [one.graphicalProperties.solidFill.srgbClr for one in chart.series] == ["123456", "654321"]


def test_a_heading_font_is_a_rule_of_the_page_and_of_the_mail():
    assert "h1,h2,h3,h4{font-family:Georgia, Times New Roman, serif}" in page(theme=EVERY_COLOUR)
    assert "Georgia, Times New Roman, serif" in email.render(made(theme=EVERY_COLOUR)).html


def test_a_page_is_as_wide_as_its_columns_and_paddings():
    text = page(theme=ThemeChoice(num_columns=10, column_width=70, padding_width=15), columns=10)

    assert "body{max-width:730px}" in text
    assert "padding-left:15px" in text


def test_what_is_hard_to_read_is_told_in_a_note():
    pale = EVERY_COLOUR.model_copy(update={"ui_colors": ("#111111", "#bbbbbb", "#cccccc", "#f0f0f0", "#ffffff")})

    assert hard_to_read(EVERY_COLOUR) == []
    assert hard_to_read(pale) == [
        "The theme's lighter text #bbbbbb on #ffffff has a contrast of 1.9 to 1: below 4.5 it is hard to read."
        " Choose a darker one."
    ]
    for said in (page(theme=pale), email.render(made(theme=pale)).html):
        assert "has a contrast of 1.9 to 1" in said


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("series_colors", ["red"], "'red' is no colour. Write it as #0072B2."),
        ("series_colors", ["#12345"], "'#12345' is no colour. Write it as #0072B2."),
        ("heading_font", "Arial; } body{display:none", "is no list of font names"),
        ("num_columns", 25, "less than or equal to 24"),
        ("num_columns", 0, "greater than or equal to 1"),
        ("mode", "black", "'auto', 'light' or 'dark'"),
        ("ui_colors", ["#111111"], "Field required"),
    ],
)
def test_a_theme_that_cannot_be_is_refused(field: str, value: object, sentence: str):
    with pytest.raises(ValidationError, match=re.escape(sentence)):
        ThemeChoice.model_validate({field: value})


# -- the grid


@pytest.mark.parametrize(
    ("widths", "columns", "rows"),
    [
        ([6, 2, 4, 6, 3, 3], 6, [[6], [2, 4], [6], [3, 3]]),
        ([4, 4], 6, [[4], [4]]),
        ([1] * 24, 24, [[1] * 24]),
        ([1] * 25, 24, [[1] * 24, [1]]),
        ([8, 8, 8, 1], 24, [[8, 8, 8], [1]]),
        ([9], 6, [[9]]),
        ([1, 1], 1, [[1], [1]]),
        ([5, 5, 2], 12, [[5, 5, 2]]),
    ],
)
def test_a_row_closes_when_it_is_full(widths: list[int], columns: int, rows: list[list[int]]):
    figures = [Stat(title=str(place), columns=width) for place, width in enumerate(widths)]

    assert [[figure.columns for figure in row] for row in grid.rows(figures, columns)] == rows


@pytest.mark.parametrize("columns", [1, 2, 5, 12, 24])
def test_any_grid_is_drawn_by_every_format(columns: int):
    figures = [
        figure.model_copy(update={"columns": 1 + place % columns}) for place, figure in enumerate(sample.every_figure())
    ]
    document = made(*figures, columns=columns, theme=ThemeChoice(num_columns=columns))

    text = render(document, "html").content.decode()
    assert f"--columns:{columns};" in text
    assert text.count('class="cell') == len(figures)
    sheets = pypdf.PdfReader(io.BytesIO(render(document, "pdf").content)).pages
    said = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    assert all(figure.title in said for figure in figures if isinstance(figure, Stat))
    assert email.render(document).html.count("<img") == 8


def test_a_number_beside_a_chart_shares_its_row_in_mail():
    number, chart = sample.stats()[0], sample.trend().model_copy(update={"columns": 4})
    html = email.render(made(chart, number)).html

    assert re.findall(r'<td[^>]*width="(\d+)" valign="top"', html) == ["381", "194"]
    assert 'width="355"' in html


# -- links


def test_a_block_leads_where_its_link_says():
    linked = sample.stats()[0].model_copy(update={"link": "https://example.org/a?b=1&c=2"})

    assert 'class="whole" href="https://example.org/a?b=1&amp;c=2"' in page(linked)
    assert 'href="https://example.org/a?b=1&amp;c=2"' in email.render(made(linked)).html
    uris = [note.get_object()["/A"]["/URI"] for sheet in pdf(linked).pages for note in sheet.get("/Annots", [])]
    assert "https://example.org/a?b=1&c=2" in uris
    assert "[Commits](<https://example.org/a?b=1&c=2>)" in render(made(linked), "markdown").content.decode()
    assert "https://example.org/a?b=1&c=2" in email.render(made(linked)).text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//host", "x"])
def test_a_link_that_is_none_of_the_web_leads_nowhere(address: str):
    for figure in (sample.stats()[0], sample.trend(), sample.people(), sample.prose()):
        linked = figure.model_copy(update={"link": address})
        assert 'class="whole"' not in page(linked)
        assert f'href="{address}' not in email.render(made(linked)).html
        assert not [
            note
            for sheet in pdf(linked).pages
            for note in sheet.get("/Annots", [])
            if note.get_object().get("/A", {}).get("/URI") == address
        ]


# -- a plugin's HTML


def test_a_number_may_carry_a_link_of_its_own():
    rich = sample.stats()[0].model_copy(
        update={"html": '<b>1,204</b> <a href="https://example.org">More</a><script>x</script>'}
    )

    for said in (page(rich), email.render(made(rich)).html):
        assert 'href="https://example.org"' in said
        assert "<script" not in said
    assert "1,204 More" in pdf(rich).pages[0].extract_text()


HARMFUL = (
    '<p onclick="steal()" style="position:fixed;color:#123456;background:url(http://evil.example/x)">Words</p>'
    '<script>alert(1)</script><iframe src="http://evil.example"></iframe><form action="http://evil.example"></form>'
    '<img src="http://evil.example/pixel.png" alt="pixel"><img src="blob:dot.svg" alt="dot"><img src="blob:gone.png">'
    '<a href="javascript:alert(1)">bad</a><svg onload="alert(1)"></svg><link rel="stylesheet" href="//evil.example">'
    '<object data="http://evil.example"></object><style>body{display:none}</style><base href="http://evil.example">'
)


def test_html_of_a_plugin_shows_and_neither_runs_nor_loads():
    for said in (page(plugged(HARMFUL)), email.render(made(plugged(HARMFUL))).html):
        assert "Words" in said
        assert "#123456" in said
        for harm in ("evil.example", "onclick", "steal", "onload", "javascript:", "<script", "<iframe", "<form"):
            assert harm not in said, harm
        assert "position:fixed" not in said


def test_a_picture_of_a_plugin_is_in_the_page_in_the_mail_on_paper_and_in_the_workbook():
    html = '<p>See <img src="blob:dot.svg" alt="A dot"></p>'

    assert 'src="data:image/svg+xml;base64,' in page(plugged(html))
    mail = email.render(made(plugged(html)))
    (cid,) = mail.images
    assert f'src="cid:{cid}"' in mail.html
    assert 'width="40"' in mail.html
    assert mail.images[cid].startswith(b"\x89PNG")
    assert [image for sheet in pdf(plugged(html)).pages for image in sheet.images]
    book = openpyxl.load_workbook(io.BytesIO(render(made(plugged(html)), "xlsx").content))
    assert len(book["Pictures"]._images) == 1


@pytest.mark.parametrize("text", ["![A dot](blob:dot.svg)", "no picture is placed"])
def test_a_picture_named_in_markdown_or_not_at_all_is_shown_once(text: str):
    shown = plugged(markdown=text)

    assert page(shown).count('src="data:image/svg+xml;base64,') == 1
    assert len(email.render(made(shown)).images) == 1
    assert sum(len(sheet.images) for sheet in pdf(shown).pages) == 1
    assert "blob:" not in render(made(shown), "markdown").content.decode()


def test_a_picture_may_be_asked_for_from_afar():
    mail = email.render(made(plugged('<img src="blob:dot.svg">'), sample.trend()), "https://example.org/latest/")

    assert mail.images == {}
    assert 'src="https://example.org/latest/figures/own/dot.svg"' in mail.html
    assert 'src="https://example.org/latest/figures/trend.png"' in mail.html


def test_each_format_says_its_own_words_where_a_plugin_has_some():
    said = plugged("<p>For <b>pages</b></p>", "For *most*", pdf="For paper", csv="For sheets")

    assert "<p>For <b>pages</b></p>" in page(said)
    assert "For *most*" in render(made(said), "markdown").content.decode()
    assert "For paper" in pdf(said).pages[0].extract_text()
    assert "For *most*" in email.render(made(said)).text
    with zipfile.ZipFile(io.BytesIO(render(made(said), "csv").content)) as archive:
        assert "For sheets" in archive.read("about.csv").decode()


def test_html_alone_becomes_words_where_there_is_no_html():
    only = plugged("<h2>Alerts</h2><ul><li>one &amp; two</li></ul><table><tr><td>a</td><td>b</td></tr></table>")

    assert "Alerts\none & two\na b" in email.render(made(only)).text
    assert "Alerts" in render(made(only), "markdown").content.decode()
    text = pdf(only).pages[0].extract_text()
    assert "one & two" in text


# -- templates of the author's own


def test_a_folder_of_templates_replaces_ours_by_name(tmp_path):
    (tmp_path / "document.html.j2").write_text(
        "<h1>{{ document.title | upper }}</h1>{{ draw(document.sections[0].blocks[0]) }}"
    )
    (tmp_path / "document.css").write_text("/* mine */")
    text = page(sample.stats()[0], theme=ThemeChoice(theme_dir=str(tmp_path)))

    assert text.startswith("<h1>LOOKS</h1>")
    assert "1,204" in text
    assert "<footer>" not in text


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(NotFound, match=re.escape("There is no folder '/nowhere/at/all' of templates.")):
        page(theme=ThemeChoice(theme_dir="/nowhere/at/all"))


@pytest.mark.parametrize(
    "text",
    [
        "{% include '/etc/passwd' %}",
        "{% include '../secret.txt' %}",
        "{% include 'link.txt' %}",
        "{{ document.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ document.parse_file('/etc/passwd') }}",
        "{{ document.sections[0].blocks.append(1) }}",
        "{{ stat_text.__globals__ }}",
        "{{ 'x' * 10000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% for i in range(10000000) %}{% endfor %}",
        "{{ document.frozen() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{% set a = 'x' * 900000 %}{% for i in range(100000) %}{{ a }}{% endfor %}",
        "{% set n = namespace(t='x') %}{% for i in range(60) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
        "{% set n = namespace(i=7) %}{% for i in range(60) %}{% set n.i = n.i * n.i %}{% endfor %}",
        "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a }}",
        "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a|tojson }}",
        "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ '%s' % n.a }}",
        "{{ (['x' * 900000] * 100000) | join }}",
        "{{ ([[1] * 9000] * 9000) | sum(start=[]) }}",
        "{{ [1] | batch(10000000000, 'x') | list }}",
        "{{ [1] | slice(10000000000) | list }}",
        "{{ 'x'.encode() * 10000000000 }}",
        "{{ 'x'.encode().ljust(10000000000) }}",
        "{{ (5).to_bytes(10000000000, 'big') }}",
        "{{ lipsum(n=10000000) }}",
    ],
)
def test_a_template_reaches_nothing_but_what_it_is_given(tmp_path, text: str):
    folder = tmp_path / "theme"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("SECRET")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "document.html.j2").write_text(f"one\n{text}")

    with pytest.raises(BadInput) as caught:
        page(sample.stats()[0], theme=ThemeChoice(theme_dir=str(folder)))
    assert "SECRET" not in caught.value.message
    assert "root:" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\ntwo {{ nothing.here }}", "The template 'document.html.j2' is wrong in line 2: 'nothing' is undefined."),
        ("{% if %}", "The template 'document.html.j2' is wrong in line 1: Expected an expression"),
        ("a\nb\n{{ 1 / 0 }}", "The template 'document.html.j2' is wrong in line 3: division by zero."),
    ],
)
def test_a_faulty_template_is_named_with_its_line(tmp_path, text: str, said: str):
    (tmp_path / "document.html.j2").write_text(text)

    with pytest.raises(BadInput) as caught:
        page(sample.stats()[0], theme=ThemeChoice(theme_dir=str(tmp_path)))
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{% for a in range(90000) %}{% for b in range(90000) if b < 0 %}{% endfor %}{% endfor %}",
        "{% for a in [[]] recursive %}{{ loop([[], []]) if loop.depth < 60 }}{% endfor %}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% set n = 60 - 1 %}{% if n %}{% include 'again' %}{% include 'again' %}{% endif %}",
    ],
)
def test_a_template_that_never_ends_is_stopped_and_named(tmp_path, monkeypatch, text: str):
    monkeypatch.setattr(pace, "MOST_SECONDS", 0.3)
    (tmp_path / "again").write_text(
        "{% set n = n - 1 %}{% if n %}{% include 'again' %}{% include 'again' %}{% endif %}"
    )
    (tmp_path / "document.html.j2").write_text(f"one\n{text}")

    with pytest.raises(BadInput) as caught:
        page(sample.stats()[0], theme=ThemeChoice(theme_dir=str(tmp_path)))
    assert "it was stopped after 0.3 s of work. Let its loops end sooner." in caught.value.message
    assert "The template '" in caught.value.message and "in line " in caught.value.message


def test_loops_know_their_places_as_ever(tmp_path):
    text = "{% for n in [4, 5, 6] if n > 4 %}{{ loop.index }}/{{ loop.length }}{{ '.' if loop.last }}{% endfor %}"
    (tmp_path / "document.html.j2").write_text(text)

    assert page(sample.stats()[0], theme=ThemeChoice(theme_dir=str(tmp_path))) == "1/22/2."


def test_a_template_of_mails_is_replaced_too(tmp_path):
    (tmp_path / "mail.html.j2").write_text(
        "<html><body>{% for s in document.sections %}{{ s.title }}{% endfor %}Hi</body></html>"
    )

    assert "Hi" in email.render(made(sample.trend(), theme=ThemeChoice(theme_dir=str(tmp_path)))).html
