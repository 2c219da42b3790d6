"""Signed-in browsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.access import sessions, users, workspaces
from core.access.models import User, WebSession
from core.base.errors import NotFound
from core.bootstrap import House
from core.context import Context

Member = Callable[..., User]


@pytest.fixture
def browser(house: House, member: Member) -> tuple[str, str]:
    """Ada's session: its id and its cookie."""
    session_id, ticket = sessions.start(house.app, member("ada").id, now=house.clock(), browser="Firefox/1 Linux")
    cookie = sessions.redeem(house.app, ticket, house.clock())
    assert cookie
    return session_id, cookie


def test_a_ticket_is_good_for_one_cookie(house: House, member: Member) -> None:
    _, ticket = sessions.start(house.app, member("ada").id, now=house.clock())

    assert sessions.redeem(house.app, ticket, house.clock())
    assert sessions.redeem(house.app, ticket, house.clock()) is None


def test_a_late_ticket_is_worth_nothing(house: House, member: Member) -> None:
    _, ticket = sessions.start(house.app, member("ada").id, now=house.clock())

    assert sessions.redeem(house.app, ticket, house.clock() + timedelta(minutes=3)) is None


def test_the_table_holds_neither_cookie_nor_ticket(house: House, browser: tuple[str, str]) -> None:
    with house.app.reading() as session:
        row = session.scalars(sa.select(WebSession)).one()

    assert browser[1] not in (row.id, row.cookie_hash, row.ticket_hash)


def test_the_cookie_leads_to_its_user_and_workspace(house: House, ctx: Context, browser: tuple[str, str]) -> None:
    session_id = sessions.of_cookie(house.app, browser[1], house.clock())
    assert session_id == browser[0]

    here = sessions.look(house.app, session_id, house.clock())

    assert here and here.actor and here.workspace
    assert (here.username, here.actor.role, here.workspace.id) == ("ada", "member", ctx.workspace.id)


def test_a_browser_unseen_for_two_weeks_is_signed_out(house: House, browser: tuple[str, str]) -> None:
    assert sessions.look(house.app, browser[0], house.clock() + timedelta(days=13))
    assert sessions.look(house.app, browser[0], house.clock() + timedelta(days=26))
    assert sessions.look(house.app, browser[0], house.clock() + timedelta(days=41)) is None


def test_no_session_lasts_longer_than_ninety_days(house: House, browser: tuple[str, str]) -> None:
    for day in range(10, 90, 10):
        assert sessions.look(house.app, browser[0], house.clock() + timedelta(days=day))

    assert sessions.look(house.app, browser[0], house.clock() + timedelta(days=91)) is None


def test_sign_out_ends_the_session_for_page_and_cookie(house: House, browser: tuple[str, str]) -> None:
    sessions.revoke_cookie(house.app, browser[1])

    assert sessions.look(house.app, browser[0], house.clock()) is None
    assert sessions.of_cookie(house.app, browser[1], house.clock()) is None


def test_one_user_cannot_revoke_the_browser_of_another(house: House, member: Member, browser: tuple[str, str]) -> None:
    bob = member("bob")

    sessions.revoke(house.app, browser[0], bob.id)

    assert sessions.look(house.app, browser[0], house.clock())


def test_disabling_a_user_signs_them_out_at_once(
    house: House, ctx: Context, member: Member, browser: tuple[str, str]
) -> None:
    users.set_active(ctx, "ada", False)
    users.set_active(ctx, "ada", True)

    assert sessions.look(house.app, browser[0], house.clock()) is None


def test_a_change_of_role_holds_from_the_next_click(house: House, ctx: Context, browser: tuple[str, str]) -> None:
    users.set_role(ctx, "ada", "viewer")

    here = sessions.look(house.app, browser[0], house.clock())

    assert here and here.actor and here.actor.role == "viewer"


def test_the_chosen_workspace_is_remembered_for_the_next_sign_in(
    house: House, ctx: Context, browser: tuple[str, str]
) -> None:
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    users.add(other, username="ada", email="ada@example.org", role="viewer")

    sessions.choose_workspace(house.app, browser[0], other.workspace.id)
    again, _ = sessions.start(house.app, users.named(house.app, "ada").id, now=house.clock())

    here = sessions.look(house.app, again, house.clock())
    assert here and here.workspace and here.actor
    assert (here.workspace.slug, here.actor.role) == ("other", "viewer")


def test_a_workspace_of_others_cannot_be_chosen(house: House, browser: tuple[str, str]) -> None:
    other = workspaces.create(house.app, name="Other", now=house.clock())

    with pytest.raises(NotFound):
        sessions.choose_workspace(house.app, browser[0], other.id)


def test_a_session_that_ended_meanwhile_chooses_nothing(house: House, ctx: Context, browser: tuple[str, str]) -> None:
    sessions.revoke(house.app, browser[0], users.named(house.app, "ada").id)

    sessions.choose_workspace(house.app, browser[0], ctx.workspace.id)

    assert sessions.look(house.app, browser[0], house.clock()) is None


def test_whoever_is_removed_from_the_chosen_workspace_falls_back_to_another(
    house: House, ctx: Context, member: Member, browser: tuple[str, str]
) -> None:
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    users.add(other, username="ada", email="ada@example.org", role="viewer")
    sessions.choose_workspace(house.app, browser[0], other.workspace.id)
    users.remove(other, "ada")

    here = sessions.look(house.app, browser[0], house.clock())

    assert here and here.workspace and here.workspace.id == ctx.workspace.id


def test_a_browser_is_told_in_words(house: House, browser: tuple[str, str]) -> None:
    ada = users.named(house.app, "ada")

    (line,) = sessions.of_user(house.app, ada.id, house.clock())

    assert line.label.startswith("Firefox on Linux")
