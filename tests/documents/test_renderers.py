"""What every format promises, proved for each format and each shape."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pypdf
import pytest

from core.base.errors import NotFound
from core.documents import RENDERERS, Document, Rendered, Renderer, Section, render
from core.documents.document import DEMO
from core.documents.renderers import email
from core.figures import Column, Figure, Stat, State, Table
from tests.documents import sample


def words(made: Rendered) -> str:
    """All that can be read in a file."""
    match made.filename_suffix:
        case ".zip":
            with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
                return "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
        case ".xlsx":
            book = openpyxl.load_workbook(io.BytesIO(made.content))
            return "\n".join(
                str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
            )
        case ".pdf":
            pages = pypdf.PdfReader(io.BytesIO(made.content)).pages
            return " ".join(" ".join(page.extract_text() for page in pages).split())
        case _:
            return made.content.decode("utf-8-sig")


def alone(*figures: Figure, is_demo: bool = False) -> Document:
    """A document of these figures."""
    section = Section(title="Only", blocks=list(figures))
    return Document(title="Alone", workspace="Acme", is_demo=is_demo, generated_at=sample.NOW, sections=[section])


every_format = pytest.mark.parametrize("renderer", list(RENDERERS), ids=lambda renderer: renderer.key)


@every_format
@pytest.mark.parametrize("figure", sample.every_figure(), ids=lambda figure: f"{figure.shape}-{figure.key}")
def test_every_renderer_writes_every_figure(renderer: Renderer, figure: Figure):
    made = renderer.render(alone(figure))

    assert made.content
    assert made.media_type
    if made.filename_suffix != ".csv":  # whose title is its name
        assert figure.title in words(made).replace("\\", "")


@every_format
def test_every_file_says_where_its_numbers_come_from(renderer: Renderer):
    said = words(renderer.render(sample.document())).replace("\\", "")

    for told in ("commits_count@1", "definitionally. Formula: count", "9f2c1e5b7a3d4c6e"):
        assert told in said, told
    assert "1,204" in said or "1204" in said
    assert "31" in said


@every_format
def test_a_demo_says_so_in_every_format(renderer: Renderer):
    said = words(renderer.render(alone(sample.people(), is_demo=True)))

    assert DEMO in said or {"csv": ",demo\r\n", "json": '"is_demo": true'}[renderer.key] in said


@every_format
def test_a_document_of_real_data_does_not_call_itself_a_demo(renderer: Renderer):
    assert DEMO not in words(renderer.render(alone(sample.people())))


@every_format
@pytest.mark.parametrize("state", [State.NO_DATA, State.NOT_COLLECTED, State.UNSUPPORTED])
def test_a_state_is_told_and_never_a_zero(renderer: Renderer, state: State):
    missing = Stat(title="Pull requests", key="prs", state=state, state_text="connect a source first.")
    said = words(renderer.render(alone(missing)))

    assert {"no_data": "no data", "not_collected": "not collected", "unsupported": "not supported"}[state] in said or (
        renderer.key == "json" and state.value in said
    )
    assert "connect a source first." in said.lower()
    assert ">0<" not in said
    assert "Pull requests: 0" not in said


@every_format
def test_an_empty_table_says_why(renderer: Renderer):
    table = sample.people(0).model_copy(update={"state": State.NOT_COLLECTED, "state_text": "nothing was synced yet."})

    assert "nothing was synced yet." in words(renderer.render(alone(table)))


@every_format
def test_a_table_without_rows_keeps_its_headings(renderer: Renderer):
    cols = [Column(key="day", label="Day of the week"), Column(key="n", label="New accounts", kind="integer")]
    said = words(renderer.render(alone(Table(title="The days", cols=cols, state_text="No rows."))))

    assert said.index("Day of the week") < said.index("New accounts")
    assert "No rows." in said


def test_a_mail_of_a_table_without_rows_keeps_its_headings():
    cols = [Column(key="day", label="Day of the week"), Column(key="n", label="New accounts", kind="integer")]
    mail = email.render(alone(Table(title="The days", cols=cols, state_text="No rows.")))

    for said in (mail.html, mail.text):
        assert said.index("Day of the week") < said.index("New accounts") < said.index("No rows.")


def test_a_mail_names_files_only_where_there_are_some():
    cols = [Column(key=str(place), label=f"C{place}") for place in range(7)]
    long = alone(Table(title="The days", cols=cols, rows=[["a"] * 7]))

    assert "6 of 7 columns; the files have all" in email.render(long).html
    assert "6 of 7 columns</p>" in email.render(long, files=False).html


def test_a_mail_says_what_a_number_is_about():
    mail = email.render(alone(Stat(title="New", value=1, text="1", description="Against the interval before.")))

    assert "Against the interval before." in mail.html
    assert "Against the interval before." in mail.text


@every_format
def test_notices_of_the_document_are_told(renderer: Renderer):
    said = words(renderer.render(sample.document()))

    assert "One of twelve blocks failed" in said
    assert "PagerDuty refused the token" in said


@every_format
def test_an_empty_document_is_written(renderer: Renderer):
    assert renderer.render(Document(title="Nothing yet", generated_at=sample.NOW)).content


@every_format
def test_accents_greek_and_cyrillic_survive(renderer: Renderer):
    said = words(renderer.render(alone(sample.people(8))))

    for name in ("Zoë Müller", "Łukasz Żak", "Ιωάννης", "Дмитрий"):
        assert name in said


@every_format
def test_a_frozen_document_gives_the_same_words_later(renderer: Renderer):
    document = sample.document()

    assert words(renderer.render(Document.thawed(document.frozen()))) == words(renderer.render(document))


def test_an_unknown_format_is_answered_with_the_nearest():
    with pytest.raises(NotFound, match="Did you mean 'xlsx'"):
        render(sample.document(), "xls")


@every_format
def test_rows_cut_are_told(renderer: Renderer):
    table = Table(title="Files", cols=sample.people().cols[:1], rows=[["a"], ["b"]], total_rows=1204)
    said = words(renderer.render(alone(table)))

    assert "2 of 1,204 rows" in said or renderer.key in ("csv", "json")
