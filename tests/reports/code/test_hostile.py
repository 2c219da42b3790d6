"""Files written to do harm, by the real command and by the app: each is refused or bounded, with its sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.base.errors import BadInput
from core.context import Context
from core.figures import Stat
from core.reports import service
from core.reports.code import drafts
from core.reports.plan import ReportPlan
from tests.catalogue.factories import History
from tests.datasources.test_sql_reading import REFUSED
from tests.reports.code.conftest import each
from tests.reports.code.hostile import MEBIBYTE, Hostile, Ran, asking
from tests.reports.code.test_drafts import FILE
from tests.servers import free_port
from tests.servers.mariadb import mariadb
from tests.servers.replies import Replies, Reply

# -- too much

LAUGHS = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
VIEWS = "views:\n" + "".join(f"  v{n}: {{plugin: text}}\n" for n in range(100_000))
FEWER_VIEWS = "views:\n" + "".join(f"  v{n}: {{plugin: text}}\n" for n in range(20_000))
DEEP = "title: " + "[" * 100_000
TOO_MUCH = {
    "laughs": (LAUGHS, "The file holds more than 100,000 values, with what its aliases stand for. Make it smaller."),
    "views": (VIEWS, "The file holds more than 100,000 values, with what its aliases stand for. Make it smaller."),
    "fewer views": (FEWER_VIEWS, "The report has more than 2,000 views. Split it into several."),
    "depth": (DEEP, "The file is nested deeper than 100 levels."),
    "size": ("title: " + "x" * 6_000_000, "The file is larger than 5 MB. A report file is a few pages."),
    "code": ("title: !!python/object/apply:os.system [id]\n", "python/object"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_file_of_too_much_is_refused_with_its_sentence(hostile: Hostile, name: str) -> None:
    text, sentence = TOO_MUCH[name]

    ran = hostile(text)

    assert ran.code == 2
    assert sentence in ran.err
    assert len(ran.err) < 1000


@pytest.mark.parametrize("name", TOO_MUCH)
def test_the_app_refuses_it_as_well(ctx: Context, name: str) -> None:
    text, sentence = TOO_MUCH[name]

    draft = drafts.drafted(ctx, text)

    assert not draft.ready
    assert sentence in " ".join(problem.sentence for problem in draft.problems)


# -- questions without end

LATE = "The query took longer than 2 s and was stopped. Let it read less, or raise 'timeout_s'."
ENDLESS = "with recursive c(n) as (select 1 union all select n + 1 from c) select {} from c"
MILLION = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 1000000) select {} from c"


def test_a_query_that_never_ends_is_stopped(hostile: Hostile, folder: Path) -> None:
    ran = hostile(asking(ENDLESS.format("count(*)"), "single_stat"))

    assert (ran.code, f"Lost: {LATE}" in ran.err) == (3, True)
    assert ran.seconds < 30
    assert "Lost" in (folder / "_build/2026-03-02_2026-03-09_hostile/index.html").read_text()


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        ("table", "of 1,000,000"),
        ("plot", "as they fill 64 MiB (max_bytes)."),
        ("single_stat", "500,000,500,000"),  # SQLite adds up, so nothing has to be cut
    ],
)
def test_ten_gigabytes_of_rows_are_cut_and_told(hostile: Hostile, folder: Path, plugin: str, said: str) -> None:
    more = {"plot": {"time_column": "n"}, "table": {"max_rows": 2000}, "single_stat": {}}[plugin]
    source = "{plugin: sql, args: {driver: sqlite, database: ':memory:'}}"

    ran = hostile(asking(MILLION.format("n, n as v, hex(zeroblob(5000)) as s"), plugin, source, **more))

    assert ran.code == 0
    page = (folder / "_build/2026-03-02_2026-03-09_hostile/index.html").read_text()
    assert said in page
    assert len(page) < 20 * MEBIBYTE


def test_rows_of_megabytes_each_are_cut_and_told(hostile: Hostile, folder: Path) -> None:
    """Two megabytes a row; a page shows the beginning of each."""
    source = "{plugin: sql, args: {driver: sqlite, database: ':memory:'}}"
    ran = hostile(asking(MILLION.format("hex(zeroblob(1000000)) as s"), source=source, max_rows=5000))

    assert ran.code == 0
    page = (folder / "_build/2026-03-02_2026-03-09_hostile/index.html").read_text()
    assert "as they fill 64 MiB (max_bytes)." in page
    assert len(page) < MEBIBYTE


def test_one_value_of_a_gigabyte_is_refused(hostile: Hostile) -> None:
    ran = hostile(asking("select hex(zeroblob(450000000)) as s"))

    assert ran.code == 3
    assert "A value in the query is larger than 64 MiB. Take a part of it, with substr()." in ran.err


def test_many_questions_do_not_fill_the_memory_together(hostile: Hostile) -> None:
    head, _, _ = asking("").partition("views:")
    view = "  v{n}: {{plugin: plot, title: Lost, args: {{datasource: db, time_column: n, query: {query}}}}}\n"
    query = MILLION.format("n, {n} as v, zeroblob(10000) as s")
    views = "".join(view.format(n=n, query=json.dumps(query.format(n=n))) for n in range(12))

    ran = hostile(f"{head.replace('timeout_s: 2', 'max_bytes: 60000000')}views:\n{views}")

    assert ran.code == 3
    assert "The answers of this report fill more than 144 MiB. Let its queries sum up." in ran.err
    assert re.search(r"[1-9] of 12 views", ran.out), "those that fit are shown"
    assert ran.memory < 450 * MEBIBYTE


def test_servers_stop_what_never_ends_and_cut_what_is_too_much(hostile: Hostile, pg_url: str) -> None:
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(pg_url)
    where = {"host": parse_qs(parts.query)["host"][0], "user": parts.username, "database": "postgres"}
    slow, huge = "select pg_sleep(600)", "select repeat('x', 10000), a from generate_series(1, 1000000) a"
    _stopped(hostile, {"driver": "postgresql", **where}, slow, huge)
    source = json.dumps({"plugin": "sql", "args": {"driver": "postgresql", **where}})
    ran = hostile(asking("select repeat('x', 1000000000)", source=source))
    assert "A row of the query is larger than 64 MiB." in ran.err
    assert ran.memory < 200 * MEBIBYTE
    with mariadb() as server:
        slow, huge = "select sleep(600)", "select repeat('x', 10000), seq from seq_1_to_1000000"
        _stopped(hostile, {"driver": "mysql", **server.args}, slow, huge)


def _stopped(hostile: Hostile, where: dict[str, object], slow: str, huge: str) -> None:
    source = json.dumps({"plugin": "sql", "args": {**where, "timeout_s": 2}})
    assert LATE in hostile(asking(slow, source=source)).err
    source = json.dumps({"plugin": "sql", "args": where})
    assert hostile(asking(huge, "single_stat", source)).code == 0


# -- statements that write


@pytest.mark.parametrize("driver", ["mysql", "postgresql", "clickhouse", "sqlite"])
def test_no_statement_that_writes_reaches_a_database(hostile: Hostile, driver: str, folder: Path) -> None:
    """The server is not there: what is refused in these words was never sent."""
    where = (
        {"database": "signups.db"} if driver == "sqlite" else {"host": "127.0.0.1", "port": free_port(), "user": "u"}
    )
    source = json.dumps({"plugin": "sql", "args": {"driver": driver, **where}})
    head, _, _ = asking("", source=source).partition("views:")
    queries = [query for query, _ in REFUSED] + ["select 1; drop table signups", "select 1;;delete from signups"]
    views = "".join(
        f"  v{n}: {{plugin: table, title: Q{n}, args: {json.dumps({'datasource': 'db', 'query': query})}}}\n"
        for n, query in enumerate(queries)
    )
    before = (folder / "signups.db").read_bytes()

    ran = hostile(f"{head}views:\n{views}")

    assert ran.code == 3
    told = [line for line in ran.err.splitlines() if ": Q" in line]
    assert len(told) == len(queries)
    for line in told:
        assert "Only statements that read are allowed here" in line or "only one is allowed" in line
    assert (folder / "signups.db").read_bytes() == before
    assert not (folder / "x.db").exists()


# -- the machine's own metadata

METADATA = [
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xA9FEA9FE/",
    "http://169.254.43518/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://100.100.100.200/",
    "http://0/",
    "http://[::]/",
    "http://[64:ff9b::a9fe:a9fe]/",
]


def test_the_machines_own_metadata_are_not_reached(hostile: Hostile) -> None:
    sources = "".join(
        f"  db{n}: {{plugin: http, args: {{api_host: '{address}'}}}}\n" for n, address in enumerate(METADATA)
    )
    views = "".join(
        f"  v{n}: {{plugin: table, title: From {n}, args: {{datasource: db{n}, query: x}}}}\n"
        for n in range(len(METADATA))
    )

    ran = hostile(f"title: Hostile\ndatasources:\n{sources}views:\n{views}")

    assert ran.code == 3
    told = [line for line in ran.err.splitlines() if ": From " in line]
    assert len(told) == len(METADATA)
    for line in told:
        assert "which reports may not reach: machines serve their own secrets there." in line


def test_an_address_in_octal_is_none(hostile: Hostile) -> None:
    ran = hostile(
        asking("x", source=json.dumps({"plugin": "http", "args": {"api_host": "http://0251.0376.0251.0376/"}}))
    )

    assert (ran.code, "'http://0251.0376.0251.0376' is no web address" in ran.err) == (3, True)


@pytest.mark.parametrize("kind", ["prometheus", "jenkins"])
def test_neither_by_another_plugin(hostile: Hostile, kind: str) -> None:
    view = "prometheus.alert_summary" if kind == "prometheus" else "jenkins.build_summary"
    login = {"user": "u", "api_token": "t"} if kind == "jenkins" else {}
    source = json.dumps({"plugin": kind, "args": {"host": "2852039166", **login}})

    ran = hostile(f"datasources: {{db: {source}}}\nviews: {{v: {{plugin: {view}, args: {{datasource: db}}}}}}\n")

    assert "which reports may not reach" in ran.err


def test_a_redirect_does_not_lead_there(hostile: Hostile, replies: Replies) -> None:
    for address in METADATA[:3]:
        replies.routes["/go"] = Reply("", 302, {"Location": address})

        ran = hostile(asking("/go", source=json.dumps({"plugin": "http", "args": {"api_host": replies.url}})))

        assert "which reports may not reach" in ran.err


def test_a_reply_without_end_is_cut_off(hostile: Hostile, replies: Replies) -> None:
    replies.routes["/big"] = Reply(b"[" + b"{}," * (20 * MEBIBYTE // 3) + b"{}]")

    ran = hostile(asking("/big", source=json.dumps({"plugin": "http", "args": {"api_host": replies.url}})))

    assert "sent more than 16 MB. Ask for less." in ran.err


# -- templates


TEMPLATES = [
    "{% include '/etc/passwd' %}",
    "{% include '../good.yaml' %}",
    "{{ document.__class__.__mro__ }}",
    "{{ ''.__class__.__base__.__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ (document.title|attr('__class__')) }}",
    "{{ 'x' * 10000000000 }}",
    "{{ '%10000000000d' | format(1) }}",
    "{{ '{:>10000000000}'.format(1) }}",
    "{{ 'x'.ljust(10000000000) }}",
    "{{ 'x' | center(10000000000) }}",
    "{{ ('x' * 900000).replace('x', 'x' * 900000) }}",
    "{{ ('x' * 900000).join('aaaaaaaa') }}",
    "{{ '%*d' % (10000000000, 1) }}",
    "{{ '{:{w}}'.format(1, w=10000000000) }}",
    "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
]
THEMED = "title: T\ntheme: {{theme_dir: theme{}}}\nviews: {{v: {{plugin: text, args: {{markdown: hi}}}}}}\n"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """What became of a report with each of these templates, by the template."""
    folder = tmp_path_factory.mktemp("templates")
    names = [f"{number}.yaml" for number in range(len(TEMPLATES))]
    for number, text in enumerate(TEMPLATES):
        (folder / f"theme{number}").mkdir()
        (folder / f"theme{number}" / "document.html.j2").write_text(f"one\n{text}")
        (folder / names[number]).write_text(THEMED.format(number))
    return dict(zip(TEMPLATES, each(folder, names).values(), strict=True))


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_reaches_neither_files_nor_pythons_insides(drawn: dict[str, Ran], text: str) -> None:
    ran = drawn[text]

    assert ran.code == 3
    assert "root:" not in ran.out + ran.err
    assert "template" in ran.err


def test_a_template_that_never_ends_is_stopped(hostile: Hostile, folder: Path) -> None:
    (folder / "theme").mkdir()
    loops = "{% for a in range(90000) %}{% for b in range(90000) %}{{ a }}{% endfor %}{% endfor %}"
    (folder / "theme" / "document.html.j2").write_text(f"one\n{loops}")

    ran = hostile(THEMED.format(""))

    assert ran.code == 3
    assert "The template 'document.html.j2' is wrong in line 2: " in ran.err
    assert ran.seconds < 60


def test_the_app_takes_no_folder_of_the_servers_machine(ctx: Context) -> None:
    text = FILE.replace("title: Ours", "title: Ours\ntheme: {theme_dir: /etc}")

    draft = drafts.drafted(ctx, text)

    assert not draft.ready
    assert any("'theme_dir' is for runs of a file by the command" in one.sentence for one in draft.problems)
    sound = drafts.drafted(ctx, FILE).plan
    assert isinstance(sound, ReportPlan)
    with pytest.raises(BadInput, match="'theme_dir' is for runs of a file by the command"):
        service.create(ctx, "Sly", plan=ReportPlan(**{**sound.model_dump(), "theme": {"theme_dir": "/etc"}}))


# -- and the app stays up


def test_after_all_of_it_a_preview_in_the_app_still_works(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-03 09:00")
    acting = history.ingest()
    for text, _ in TOO_MUCH.values():
        drafts.drafted(acting, text)
    for source in (
        "{plugin: http, args: {url: 'http://2852039166/'}}",
        "{plugin: sql, args: {driver: sqlite, database: /etc/passwd}}",
    ):
        with pytest.raises(BadInput, match="is not registered here"):
            drafts.preview(acting, drafts.drafted(acting, FILE.replace("{plugin: metrics}", source)))

    (figure,) = drafts.preview(acting, drafts.drafted(acting, FILE)).document.figures()

    assert isinstance(figure, Stat)
    assert figure.value == 1
