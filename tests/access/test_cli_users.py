"""`sightline users`, as somebody types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core import bootstrap
from core.access import signing_in, users, workspaces
from core.base.errors import Conflict, NotFound
from core.bootstrap import House
from core.entrypoints.cli import assembled
from core.stores.metrics import MetricsStore

from .conftest import PASSWORD


@pytest.fixture(scope="module")
def rooms(home: Path, metrics: MetricsStore) -> Iterator[House]:
    """This process's own house with two workspaces."""
    bootstrap.house.cache_clear()
    house = bootstrap.house()
    house.migrate()
    for name in ("Ours", "Theirs"):
        workspaces.create(house.app, name=name, now=house.clock())
    yield house
    house.close()
    bootstrap.house.cache_clear()
    for path in home.glob("app.db*"):
        path.unlink()


def said(*words: str, given: str = "") -> str:
    result = CliRunner().invoke(assembled(["users"]), ["users", *words], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(*words: str) -> list[dict[str, Any]]:
    return list(json.loads(said(*words, "--json"))["rows"])


def test_a_user_is_added_listed_changed_and_removed(rooms: House) -> None:
    (made,) = rows("add", "ada", "ada@example.org", "--role", "viewer", "-w", "ours")
    assert "/set-password?token=" in made["link"]

    said("role", "ada", "manager", "-w", "ours")
    assert [(one["username"], one["role"]) for one in rows("list", "-w", "ours")] == [("ada", "manager")]

    said("remove", "ada", "-w", "ours", "--yes")
    assert rows("list", "-w", "ours") == []


def test_one_workspace_neither_lists_nor_changes_users_of_another(rooms: House) -> None:
    said("add", "olga", "olga@example.org", "-w", "theirs")

    assert "olga" not in said("list", "-w", "ours")
    with pytest.raises(NotFound):
        said("role", "olga", "admin", "-w", "ours")
    with pytest.raises(NotFound):
        said("remove", "olga", "-w", "ours", "--yes")
    assert [one["username"] for one in rows("list", "-w", "theirs")] == ["olga"]


def test_a_password_from_standard_input_works_at_once(rooms: House) -> None:
    said("add", "grace", "grace@example.org", "-w", "ours")

    said("passwd", "grace", "--stdin", given=f"{PASSWORD}\n")

    assert signing_in.authenticate(rooms.app, "grace", PASSWORD, now=rooms.clock(), address="10.0.0.1", loopback=False)


def test_a_typed_password_is_asked_for_twice(rooms: House) -> None:
    said("add", "edsger", "edsger@example.org", "-w", "ours")

    assert "is set" in said("passwd", "edsger", given=f"{PASSWORD}\n{PASSWORD}\n")


def test_a_disabled_user_is_enabled_again(rooms: House) -> None:
    said("add", "barbara", "barbara@example.org", "-w", "ours")

    said("disable", "barbara", "-w", "ours", "--yes")
    assert not next(one for one in rows("list", "-w", "ours") if one["username"] == "barbara")["active"]
    said("enable", "barbara", "-w", "ours")

    assert users.named(rooms.app, "barbara").is_active


def test_a_name_that_is_taken_is_said_with_its_exit_code(rooms: House) -> None:
    said("add", "alan", "alan@example.org", "-w", "ours")

    with pytest.raises(Conflict, match="already") as refused:
        said("add", "alan", "alan@example.org", "-w", "ours")
    assert refused.value.exit_code == 6


def test_the_first_admin_gets_a_link_before_the_app_ever_ran(rooms: House) -> None:
    (made,) = rows("link", "admin")

    assert "/set-password?token=" in made["link"]
