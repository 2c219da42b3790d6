"""The frame and the scope bar, run by Streamlit itself for users of a real house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.navigation import PAGES, ROOT, is_listed
from core import bootstrap
from core.access import sessions, users, workspaces
from core.bootstrap import House, models
from core.context import ROLES, Context
from core.people import service as people
from core.stores.app import Base
from core.stores.metrics import MetricsStore

FRAME = str(ROOT.parent / "components" / "frame.py")

Enter = Callable[[str], AppTest]


@pytest.fixture(scope="module")
def ctx(home: Path, metrics: MetricsStore) -> Iterator[Context]:
    """This process's own house, as the web app would open it, with a workspace that has a user of each role."""
    bootstrap.house.cache_clear()
    models()
    house: House = bootstrap.house()
    Base.metadata.create_all(house.app.engine)
    made = house.context(workspaces.create(house.app, name="Acme", now=house.clock(), time_zone="Europe/Berlin"))
    for role in ROLES:
        users.add(made, username=role, email=f"{role}@example.org", role=role)
    people.create_team(made, "Atlas")
    yield made
    Base.metadata.drop_all(house.app.engine)
    house.close()
    bootstrap.house.cache_clear()


@pytest.fixture
def enter(ctx: Context) -> Enter:
    """`enter("viewer")` is the app as this user's browser runs it, after its first run."""

    def signed_in(name: str) -> AppTest:
        session_id, _ = sessions.start(ctx.app, users.named(ctx.app, name).id, now=ctx.clock())
        app = AppTest.from_file(FRAME, default_timeout=60)
        app.session_state["_session_id"] = session_id
        return app.run()

    return signed_in


def words(app: AppTest) -> str:
    said = [*app.title, *app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    return "\n".join(str(element.value) for element in said)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_every_page_of_the_table_is_a_file(entry) -> None:
    assert (ROOT / entry.file).is_file()


def test_every_file_under_pages_is_in_the_table() -> None:
    files = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if path.name != "__init__.py"}

    assert files == {entry.file for entry in PAGES}


def test_addresses_are_unique_and_one_word() -> None:
    paths = [entry.url_path for entry in PAGES]

    assert len(set(paths)) == len(paths)
    assert not any("/" in path for path in paths)


@pytest.mark.parametrize("entry", [e for e in PAGES if e.capability is not None], ids=lambda entry: entry.url_path)
def test_a_page_run_without_the_frame_shows_nothing(ctx: Context, entry) -> None:
    app = AppTest.from_file(str(ROOT / entry.file), default_timeout=60).run()

    assert not app.exception
    assert words(app) == "Sign in to see this page."
    assert not app.button and not app.selectbox and not app.dataframe


@pytest.mark.parametrize("role", list(ROLES))
def test_the_menu_names_what_the_role_may_open_and_no_more(ctx: Context, role: str) -> None:
    session_id, _ = sessions.start(ctx.app, users.named(ctx.app, role).id, now=ctx.clock())
    reader = sessions.look(ctx.app, session_id, ctx.clock())

    for entry in PAGES:
        assert is_listed(entry, reader) is (entry.in_menu and entry.capability in ROLES[role])


@pytest.mark.parametrize("role", list(ROLES))
def test_whoever_comes_to_a_page_of_others_by_its_address_is_told_why(enter: Enter, role: str) -> None:
    for entry in PAGES:
        if entry.capability is not None and entry.capability not in ROLES[role]:
            app = enter(role)
            app.switch_page(str(ROOT / entry.file)).run()

            assert not app.title and not app.dataframe and not app.text_input
            assert f"may not {entry.capability.value}" in words(app)


def test_a_session_that_was_revoked_shows_the_sign_in_at_the_next_click(ctx: Context, enter: Enter) -> None:
    app = enter("viewer")
    with ctx.app.session() as session:
        sessions.revoke_all(session, users.named(ctx.app, "viewer").id)

    app.run()

    assert [one.label for one in app.text_input] == ["User name or e-mail", "Password"]
    assert app.title[0].value == "Sightline"


def test_a_demoted_admin_loses_the_page_they_are_on(ctx: Context, enter: Enter) -> None:
    users.add(ctx, username="temp", email="temp@example.org", role="admin")
    app = enter("temp")
    app.switch_page(str(ROOT / "admin" / "workspace.py")).run()
    assert app.title[0].value == "Workspace"

    users.set_role(ctx, "temp", "viewer")
    app.run()

    assert not app.title
    assert "may not manage the workspace" in words(app)


def test_the_scope_bar_begins_with_thirty_days_and_the_period_before(enter: Enter) -> None:
    app = enter("viewer")

    assert app.selectbox(key="scope_period").value == "last_30_days"
    assert app.selectbox(key="scope_compare").value == "previous"
    assert app.multiselect(key="scope_team").value == []
    assert dict(app.query_params) == {}


def test_a_choice_is_written_into_the_address(ctx: Context, enter: Enter) -> None:
    app, team = enter("viewer"), people.teams(ctx)[0]

    app.selectbox(key="scope_period").set_value("last_90_days").run()
    app.multiselect(key="scope_team").set_value([team.id]).run()

    assert app.query_params == {"period": "last_90_days", "team": team.id}


def test_choosing_the_default_again_takes_it_out_of_the_address(enter: Enter) -> None:
    app = enter("viewer")

    app.selectbox(key="scope_period").set_value("last_90_days").run()
    app.selectbox(key="scope_period").set_value("last_30_days").run()

    assert dict(app.query_params) == {}


def test_an_address_written_by_hand_is_followed(ctx: Context, enter: Enter) -> None:
    app, team = enter("viewer"), people.teams(ctx)[0]
    app.selectbox(key="scope_period").set_value("last_7_days").run()

    app.query_params["period"] = "2026-01-01..2026-01-31"
    app.query_params["team"] = [team.id]
    app.run()

    assert app.selectbox(key="scope_period").value == "custom"
    assert app.multiselect(key="scope_team").value == [team.id]
    assert [str(day) for day in app.date_input[0].value] == ["2026-01-01", "2026-01-31"]


def test_filters_go_along_to_the_next_page(enter: Enter) -> None:
    app = enter("viewer")
    app.selectbox(key="scope_period").set_value("last_90_days").run()

    app.query_params.clear()
    app.switch_page(str(ROOT / "dashboards" / "activity.py")).run()

    assert app.selectbox(key="scope_period").value == "last_90_days"
    assert app.query_params == {"period": "last_90_days"}


@pytest.mark.parametrize(
    "address",
    [{"period": "nonsense"}, {"period": "2026-02-01..2026-01-01"}, {"team": "unknown"}, {"compare": "x"}],
    ids=str,
)
def test_a_bad_address_is_no_fault_of_ours(enter: Enter, address: dict[str, str]) -> None:
    app = enter("viewer")
    for name, value in address.items():
        app.query_params[name] = value

    app.run()

    assert not app.exception
    assert "fault of ours" not in words(app)


def test_another_workspace_begins_with_no_filters(ctx: Context, enter: Enter) -> None:
    other = bootstrap.house().context(workspaces.create(ctx.app, name="Other", now=ctx.clock()))
    users.add(ctx, username="both", email="both@example.org", role="viewer")
    users.add(other, username="both", email="both@example.org", role="admin")
    app, team = enter("both"), people.teams(ctx)[0]
    app.multiselect(key="scope_team").set_value([team.id]).run()

    app.selectbox(key=f"workspace_{ctx.workspace.id}").set_value(other.workspace.id).run()

    assert app.multiselect(key="scope_team").value == []
    assert app.multiselect(key="scope_team").options == []
    assert dict(app.query_params) == {}
