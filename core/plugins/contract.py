"""What every datasource, view and output must hold to, as classes of tests to be subclassed.

    from core.plugins.contract import ViewContract

    class TestCard(ViewContract):
        kind = Card
        args = {"datasource": "orchard", "query": "harvest"}
        answers = {"orchard": [{"tree": "Apple", "kilos": 12}]}

They need pytest alone, which they do not import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from core.base.errors import BadInput, SightlineError
from core.base.fields import accepted
from core.base.period import Period
from core.datasources.datasource import Answer, Datasource, DatasourceArgs, Query
from core.datasources.desk import Desk
from core.datasources.tables import answered
from core.datasources.window import Window
from core.delivery.outputs.output import Output, OutputArgs, Parcel
from core.documents import RENDERERS, Document, Section
from core.documents.choice import ThemeChoice
from core.figures import Axis, Blob, Column, Figure, Line, Notice, Prose, Series, Stat, Table
from core.views.making import Made, Wanted, make
from core.views.view import Face, View, ViewArgs

WINDOW = Window(Period(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)), "UTC", 7)
"""The week that kinds are tried over."""

ODD = {"an_argument_that_nobody_has": 1}


def refused(kind: Any, args: Mapping[str, Any]) -> str:
    """The sentence by which arguments are refused; a failure if they are taken."""
    try:
        accepted(kind.Args, args, "The plugin", "argument")
    except BadInput as error:
        return error.message
    raise AssertionError(f"{kind.__name__} took arguments that are wrong: {args}")


class _Kind:
    """What all three kinds share."""

    kind: ClassVar[type[Any]]
    args: ClassVar[Mapping[str, Any]] = {}
    """Arguments that work, as a report file writes them."""
    base: ClassVar[type[Any]]
    settings: ClassVar[type[Any]]

    def test_it_says_what_it_is(self) -> None:
        assert issubclass(self.kind, self.base), f"{self.kind.__name__} is not made of {self.base.__name__}"
        assert self.kind.key, "the kind has no key"
        assert self.kind.label, "the kind has no label"

    def test_its_settings_are_a_model_in_which_everything_is_described(self) -> None:
        assert issubclass(self.kind.Args, self.settings), f"Args is not made of {self.settings.__name__}"
        silent = [name for name, field in self.kind.Args.model_fields.items() if not field.description]
        assert not silent, f"arguments without a description: {', '.join(silent)}"

    def test_arguments_that_work_are_taken_and_unknown_ones_named(self) -> None:
        accepted(self.kind.Args, self.args, "The plugin", "argument")
        assert next(iter(ODD)) in refused(self.kind, {**self.args, **ODD})


class DatasourceContract(_Kind):
    """A kind of datasource."""

    kind: ClassVar[type[Datasource]]
    base = Datasource
    settings = DatasourceArgs
    query: ClassVar[str]
    """A question that works."""
    options: ClassVar[Mapping[str, Any]] = {}
    """`query_args` that go with it."""
    wrong_query: ClassVar[str] = ""
    """A question that must be refused with a sentence; none where any text will do."""

    def opened(self) -> Datasource:
        """The kind, opened for the week that kinds are tried over."""
        return self.kind(accepted(self.kind.Args, self.args, "The datasource", "argument"), WINDOW)

    def test_it_can_be_checked(self) -> None:
        source = self.opened()
        try:
            assert source.check().strip(), "check says nothing"
        finally:
            source.close()

    def test_a_question_is_answered_with_a_table(self) -> None:
        source = self.opened()
        try:
            answer = answered(source.query(self.query, **self.options))
        finally:
            source.close()
        assert answer.table.num_columns, "the answer has no column"

    def test_it_sends_no_more_rows_than_are_wanted_or_says_so(self) -> None:
        source = self.opened()
        try:
            whole = answered(source.query(self.query, **self.options))
            one = answered(source.query(self.query, rows=1, **self.options))
        finally:
            source.close()
        assert one.rows <= 1 or one.rows == whole.rows, "with rows=1 it sends neither one row nor all"

    def test_a_wrong_question_is_refused_with_a_sentence(self) -> None:
        if not self.wrong_query:
            return
        source = self.opened()
        try:
            source.query(self.wrong_query)
        except SightlineError as error:
            assert error.message.strip()
        else:
            raise AssertionError(f"'{self.wrong_query}' was answered")
        finally:
            source.close()

    def test_it_may_be_closed_twice(self) -> None:
        source = self.opened()
        source.close()
        source.close()


class _Prepared(Datasource):
    """Answers that a test wrote."""

    key = "prepared"
    label = "Prepared"

    def __init__(self, rows: Sequence[Mapping[str, Any]], window: Window) -> None:
        super().__init__(DatasourceArgs(), window)
        self.rows = rows

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Answer:
        return answered(list(self.rows))


class ViewContract(_Kind):
    """A kind of view."""

    kind: ClassVar[type[View]]
    base = View
    settings = ViewArgs
    answers: ClassVar[Mapping[str, Sequence[Mapping[str, Any]]]] = {}
    """By the datasource's id, the rows that it answers any question with."""

    def drawn(self, answers: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> Made:
        """What the kind draws from these answers."""
        given = self.answers if answers is None else answers
        desk = Desk(WINDOW, {name: _opener(rows) for name, rows in given.items()})
        view = _Registered(self.kind)
        with view:
            (made,) = make([Wanted(Face("tried", "Tried"), view.name, dict(self.args))], desk, ThemeChoice())
        return made

    def test_it_draws_figures_with_its_id_and_title(self) -> None:
        made = self.drawn()
        assert not made.failure, made.failure
        assert made.figures[0].key == "tried"
        assert made.figures[0].title == "Tried"

    def test_what_it_draws_is_written_in_every_format(self) -> None:
        document = _document(self.drawn().figures)
        for renderer in RENDERERS:
            assert renderer.render(document).content, renderer.key

    def test_what_it_draws_can_be_kept(self) -> None:
        document = _document(self.drawn().figures)
        assert Document.thawed(document.frozen()) == document

    def test_it_says_beforehand_what_it_will_ask(self) -> None:
        asked: list[Query] = []
        desk = Desk(WINDOW, {name: _opener(rows) for name, rows in self.answers.items()})
        view = self.kind(
            Face("tried"), accepted(self.kind.Args, self.args, "The view", "argument"), desk, ThemeChoice()
        )
        asked.extend(view.queries())
        assert all(query.datasource in self.answers for query in asked)

    def test_no_rows_are_no_fault(self) -> None:
        if not self.answers:
            return
        made = self.drawn({name: [] for name in self.answers})
        assert made.error is None or isinstance(made.error, SightlineError), made.failure


class OutputContract(_Kind):
    """A kind of output. `args` must lead to a place where the test may really send."""

    kind: ClassVar[type[Output]]
    base = Output
    settings = OutputArgs

    def parcel(self) -> Parcel:
        """A report with a figure of each shape that views draw."""
        return Parcel(_document(sample()), date(2026, 3, 2), date(2026, 3, 9))

    def test_it_sends_and_says_where_the_report_is(self) -> None:
        output = self.kind("tried", accepted(self.kind.Args, self.args, "The output", "argument"))
        assert output.send(self.parcel()).strip(), "send says nothing"

    def test_it_sends_a_report_without_figures(self) -> None:
        output = self.kind("tried", accepted(self.kind.Args, self.args, "The output", "argument"))
        empty = Parcel(_document(()), date(2026, 3, 2), date(2026, 3, 9))
        assert output.send(empty).strip()


class _Registered:
    """Makes a kind known by a name of its own for as long as a test needs it."""

    def __init__(self, kind: type[View]) -> None:
        self.name = f"tried.{kind.__module__}.{kind.__qualname__}"
        self.kind = kind

    def __enter__(self) -> None:
        from core.views.registry import VIEWS

        VIEWS.lend(self.name, self.kind)

    def __exit__(self, *gone: object) -> None:
        from core.views.registry import VIEWS

        VIEWS.take_back(self.name)


def sample() -> Sequence[Figure]:
    """A figure of each shape that views draw."""
    days = [date(2026, 3, 2 + day) for day in range(7)]
    return (
        Stat(key="number", title="Number", value=1204, text="1,204", columns=2),
        Series(
            key="chart",
            title="Chart",
            columns=4,
            x=Axis(kind="temporal"),
            lines=[Line(name="Line", x=list(days), y=[1.0, 2, None, 4, 3, 5, 8])],
        ),
        Table(key="table", title="Table", cols=[Column(key="a", label="A")], rows=[["x"], ["<b>"]]),
        Prose(
            key="text",
            title="Text",
            html='<p>Words</p><img src="blob:dot.svg" alt="">',
            blobs=[
                Blob.of("dot.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "image/svg+xml")
            ],
        ),
        Notice(key="notice", title="Notice", level="warning", text="Something is missing."),
    )


def _document(figures: Sequence[Figure]) -> Document:
    return Document(
        title="Tried",
        period_label="2 Mar 2026 – 8 Mar 2026",
        generated_at=datetime(2026, 3, 9, 6, 0, tzinfo=UTC),
        sections=[Section(blocks=list(figures))],
    )


def _opener(rows: Sequence[Mapping[str, Any]]) -> Any:
    return lambda window: _Prepared(rows, window)
