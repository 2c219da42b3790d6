"""Documents as kept: frozen, thawed, described by a published schema."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from core.documents import Document, Section, schema
from core.figures import Axis, Column, Line, Notice, Series, Table
from tests.documents import sample


def test_a_frozen_document_comes_back_without_loss():
    document = sample.document(is_demo=True, rows=8)

    assert Document.thawed(document.frozen()) == document


def test_dates_and_moments_in_tables_come_back_as_dates_and_moments():
    table = Table(
        cols=[Column(key="d", label="Day", kind="date"), Column(key="m", label="At", kind="moment")],
        rows=[[date(2026, 3, 2), datetime(2026, 3, 2, 14, 5, tzinfo=UTC)], [None, None]],
    )

    thawed = Table.model_validate_json(table.model_dump_json())

    assert thawed.rows[0] == [date(2026, 3, 2), datetime(2026, 3, 2, 14, 5, tzinfo=UTC)]


def test_text_that_looks_like_a_date_stays_text_in_a_text_column():
    table = Table(cols=[Column(key="t", label="Tag")], rows=[["2026-03-02"]])

    assert Table.model_validate_json(table.model_dump_json()).rows == [["2026-03-02"]]


def test_not_a_number_is_a_gap():
    series = Series(lines=[Line(name="a", x=[sample.DAYS[0], sample.DAYS[1]], y=[float("nan"), 2.0])])
    table = Table(cols=[Column(key="v", label="v", kind="decimal")], rows=[[float("inf")]])

    assert series.lines[0].y == [None, 2.0]
    assert table.rows == [[None]]


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(ValidationError, match="2 cells"):
        Table(cols=[Column(key="a", label="a"), Column(key="b", label="b")], rows=[["only one"]])


def test_a_document_cannot_be_changed():
    with pytest.raises(ValidationError):
        sample.document().title = "other"


def test_the_published_schema_is_that_of_the_code():
    published = json.loads(schema.PUBLISHED.read_text(encoding="utf-8"))

    assert published == json.loads(json.dumps(schema.current())), "run: python -m core.documents.schema"


def test_a_sample_document_satisfies_the_published_schema():
    schema.validator().validate(json.loads(sample.document().frozen()))


def test_sources_are_named_after_their_blocks():
    assert [record.block for record in sample.document().origins()] == ["Commits", "Commits a day", "People"]


def test_a_question_asked_by_several_blocks_is_told_once():
    (source,) = sample.document().sources()

    assert source.block == "Commits, Commits a day, People"


def test_file_names_carry_title_and_period_in_plain_letters():
    document = Document(title="Übersicht: Q1/2026?", period_label="1 Jan 2026 – 31 Mar 2026", generated_at=sample.NOW)

    assert document.file_stem() == "ubersicht-q1-2026-1-jan-2026-to-31-mar-2026"
    assert document.model_copy(update={"is_demo": True}).file_stem().startswith("demo-")


def test_moments_are_told_in_the_zone_of_the_document():
    from core.documents.wording import facts

    assert ("Generated", "11 Mar 2026 13:00 CET") in facts(sample.document())


def test_the_dates_of_a_chart_come_back_as_dates():
    series = Series(x=Axis(kind="temporal"), lines=[Line(name="a", x=[date(2026, 3, 2)], y=[1.0])])

    assert Series.model_validate_json(series.model_dump_json()).lines[0].x == [date(2026, 3, 2)]


def test_an_empty_document_is_a_document():
    document = Document(title="Nothing", generated_at=sample.NOW, sections=[Section()], notices=[Notice(text="Empty.")])

    assert Document.thawed(document.frozen()) == document


def test_one_row_left_out_is_one():
    from core.documents.wording import left_out_text

    left_out = {"bots": 1, "merges": 2_000, "drafts": 0, "not deployed": 1}
    assert left_out_text(left_out) == "1 bot, 2,000 merges, 1 not deployed"
