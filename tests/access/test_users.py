"""Members of a workspace and their roles."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from core.access import users, workspaces
from core.access.models import User
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.bootstrap import House
from core.context import ROLES, Capability, Context
from core.people import service as people
from core.people.views import Seen

Member = Callable[..., User]
Acting = Callable[[str], Context]


def test_roles_grow_from_viewer_to_admin() -> None:
    order = [ROLES[name] for name in ("viewer", "member", "manager", "admin")]

    assert all(less < more for less, more in pairwise(order))
    assert ROLES["admin"] == frozenset(Capability)


@pytest.mark.parametrize("role", ["viewer", "member", "manager"])
def test_only_an_admin_keeps_users(acting: Acting, role: str) -> None:
    ctx = acting(role)

    for verb in (
        lambda: users.members(ctx),
        lambda: users.add(ctx, username="eve", email="eve@example.org", role="admin"),
        lambda: users.set_role(ctx, "eve", "admin"),
        lambda: users.remove(ctx, "eve"),
        lambda: users.set_active(ctx, "eve", False),
        lambda: users.new_link(ctx, "eve"),
        lambda: workspaces.change(ctx, name="x", time_zone="UTC", individuals="open"),
        lambda: workspaces.audit(ctx),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_a_name_that_is_taken_is_refused(ctx: Context, member: Member) -> None:
    member("ada")

    with pytest.raises(Conflict, match="taken"):
        users.add(ctx, username="ada", email="other@example.org", role="viewer")
    with pytest.raises(Conflict, match="already"):
        users.add(ctx, username="ada", email="ada@example.org", role="viewer")


@pytest.mark.parametrize(("name", "email"), [("", "a@b"), ("ada lovelace", "a@b"), ("ada", "nowhere")])
def test_bad_names_and_addresses_are_refused(ctx: Context, name: str, email: str) -> None:
    with pytest.raises(BadInput):
        users.add(ctx, username=name, email=email, role="viewer")


def test_an_unknown_role_is_refused_with_the_nearest(ctx: Context, member: Member) -> None:
    member("ada")

    with pytest.raises(BadInput, match="Did you mean 'manager'"):
        users.set_role(ctx, "ada", "manger")


def test_the_last_admin_stays(ctx: Context, member: Member) -> None:
    member("root", role="admin")

    with pytest.raises(Conflict, match="last admin"):
        users.set_role(ctx, "root", "viewer")
    with pytest.raises(Conflict, match="last admin"):
        users.remove(ctx, "root")
    with pytest.raises(Conflict, match="last admin"):
        users.set_active(ctx, "root", False)


def test_an_unknown_member_is_named_with_the_nearest(ctx: Context, member: Member) -> None:
    member("margaret")

    with pytest.raises(NotFound, match="Did you mean 'margaret'"):
        users.remove(ctx, "margret")


def test_an_admin_cannot_reset_or_disable_a_user_of_another_workspace(
    house: House, ctx: Context, member: Member
) -> None:
    root = member("root", role="admin")
    member("ada")
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    users.add(other, username="ada", email="ada@example.org", role="viewer")
    as_root = ctx.as_actor(users.actor_for(house.app, root.id, ctx.workspace.id))

    with pytest.raises(NotAllowed, match="other workspaces too"):
        users.new_link(as_root, "ada")
    with pytest.raises(NotAllowed, match="other workspaces too"):
        users.set_active(as_root, "ada", False)


def test_an_admin_gets_no_password_link_of_somebody_from_another_workspace(
    house: House, ctx: Context, member: Member
) -> None:
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    assert users.add(other, username="sue", email="sue@example.org", role="admin").startswith("/set-password")
    root = member("root", role="admin")
    as_root = ctx.as_actor(users.actor_for(house.app, root.id, ctx.workspace.id))

    assert users.add(as_root, username="sue", email="sue@example.org", role="viewer") == ""
    assert "sue" in [one.username for one in users.members(as_root)]


def test_an_admin_sees_only_members_of_their_own_workspace(house: House, ctx: Context, member: Member) -> None:
    member("ada")
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    member("bob", where=other)

    assert [user.username for user in users.members(ctx)] == ["ada"]
    with pytest.raises(NotFound):
        users.set_role(ctx, "bob", "viewer")


def test_whoever_left_is_nobody_to_run_as(house: House, ctx: Context, member: Member) -> None:
    ada = member("ada")
    users.remove(ctx, "ada")

    with pytest.raises(NotAllowed, match="no longer a member"):
        users.actor_for(house.app, ada.id, ctx.workspace.id)


def test_a_member_is_said_to_be_only_a_person_of_this_workspace(house: House, ctx: Context, member: Member) -> None:
    member("ada")
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    people.register(ctx, [Seen("ada@example.org", "Ada"), Seen("al@example.org", "Al")])
    people.register(other, [Seen("eve@example.org", "Eve")])
    hers, als = (person.id for person in people.people(ctx))
    theirs = people.people(other)[0].id

    for nobody in (theirs, "made-up"):
        with pytest.raises(NotFound, match="no person"):
            users.link_person(ctx, "ada", nobody)
    assert users.members(ctx)[0].person_id is None

    users.link_person(ctx, "ada", hers)
    assert users.members(ctx)[0].person_id == hers
    people.merge(ctx, hers, als)
    with pytest.raises(NotFound, match="no person"):
        users.link_person(ctx, "ada", als)
    users.link_person(ctx, "ada", None)
    assert users.members(ctx)[0].person_id is None


def test_changes_are_written_to_the_audit_log(ctx: Context, member: Member) -> None:
    member("ada")
    users.set_role(ctx, "ada", "viewer")

    assert {(line["What"], line["Which"]) for line in workspaces.audit(ctx)} == {
        ("user.add", "ada"),
        ("user.role", "ada"),
    }


def test_moving_the_workspace_to_another_zone_makes_its_figures_old(house: House, ctx: Context) -> None:
    workspaces.change(ctx, name="Acme", time_zone="Asia/Tokyo", individuals="managers")

    found = workspaces.find(house.app, "acme")
    assert (found.time_zone, found.individuals, found.data_version) == ("Asia/Tokyo", "managers", 1)


def test_a_workspace_refuses_an_unknown_rule_about_individuals(ctx: Context) -> None:
    with pytest.raises(BadInput, match="open, members, managers, leads, self"):
        workspaces.change(ctx, name="Acme", time_zone="UTC", individuals="everyone")
