"""Passwords, throttling and one-time links."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from streamlit_authenticator.utilities import Hasher

from core.access import first_start, links, passwords, sessions, signing_in, throttle, users, workspaces
from core.access.models import SignInAttempt, User, WorkspaceMember
from core.access.signing_in import WrongPassword
from core.access.throttle import TooManyTries
from core.base.errors import BadInput, NotAllowed
from core.bootstrap import House
from core.context import Context
from core.entrypoints.supervisor.first_start import open_up

from .conftest import PASSWORD

Member = Callable[..., User]
SignIn = Callable[..., User]


def test_a_user_signs_in_by_name_or_by_address(member: Member, sign_in: SignIn) -> None:
    ada = member("ada")

    assert sign_in("Ada ").id == ada.id
    assert sign_in("ADA@example.org").id == ada.id


def test_a_wrong_password_and_an_unknown_name_read_the_same(member: Member, sign_in: SignIn) -> None:
    member("ada")

    with pytest.raises(WrongPassword) as wrong:
        sign_in("ada", "not her password")
    with pytest.raises(WrongPassword) as unknown:
        sign_in("nobody", "not her password")

    assert wrong.value.message == unknown.value.message


def test_an_unknown_name_costs_what_a_known_one_costs(member: Member, sign_in: SignIn, dear_hashes: int) -> None:
    member("ada")
    passwords.matches("warm the dummy hash", "")

    def cost(name: str) -> float:
        before = time.thread_time()
        with pytest.raises(WrongPassword):
            sign_in(name, "not her password")
        return time.thread_time() - before

    known, unknown = (min(cost(name) for _ in range(3)) for name in ("ada", "nobody"))

    assert 0.5 < unknown / known < 2


def test_five_wrong_passwords_make_the_right_one_wait_too(member: Member, sign_in: SignIn) -> None:
    member("ada")
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in("ada", "wrong wrong wrong")

    with pytest.raises(TooManyTries, match="Wait 60 seconds"):
        sign_in("ada")


def test_a_users_name_and_address_share_five_tries(house: House, member: Member, sign_in: SignIn) -> None:
    member("ada")
    for name in ("ada", "ada@example.org", "ADA", "ada@example.org", "ada"):
        with pytest.raises(WrongPassword):
            sign_in(name, "wrong wrong wrong")

    with pytest.raises(WrongPassword):
        sign_in("ada@example.org")
    later = house.clock() + timedelta(seconds=61)
    assert signing_in.authenticate(
        house.app, "ada@example.org", PASSWORD, now=later, address="10.0.0.1", loopback=False
    )
    with house.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def test_whoever_waits_by_name_is_answered_by_address_as_somebody_unknown_is(member: Member, sign_in: SignIn) -> None:
    member("ada")

    def answers(*names: str) -> list[tuple[type, str]]:
        said = []
        for name in names:
            with pytest.raises((WrongPassword, TooManyTries)) as caught:
                sign_in(name, "wrong wrong wrong", address=f"10.0.0.{len(said)}")
            said.append((caught.type, caught.value.message))
        return said

    known = answers(*["ada"] * 7, *["ada@example.org"] * 7)

    assert known == answers(*["eve"] * 7, *["eve@example.org"] * 7)
    assert [kind for kind, _ in known] == ([WrongPassword] * 5 + [TooManyTries] * 2) * 2


def test_waiting_costs_a_known_address_what_it_costs_an_unknown_one(
    member: Member, sign_in: SignIn, dear_hashes: int
) -> None:
    member("ada")
    passwords.matches("warm the dummy hash", "")
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in("ada", "not her password")

    def cost(name: str) -> float:
        before = time.thread_time()
        with pytest.raises(WrongPassword):
            sign_in(name, "not her password", address="10.0.0.2")
        return time.thread_time() - before

    waiting, unknown = (min(cost(name) for _ in range(3)) for name in ("ada@example.org", "eve@example.org"))

    assert 0.5 < unknown / waiting < 2


def test_tries_that_had_to_wait_do_not_make_the_wait_longer(house: House, member: Member, sign_in: SignIn) -> None:
    member("ada")
    for name in (*["ada"] * 5, *["ada@example.org"] * 4):
        with pytest.raises(WrongPassword):
            sign_in(name, "wrong wrong wrong")

    later = house.clock() + timedelta(seconds=61)
    assert signing_in.authenticate(house.app, "ada", PASSWORD, now=later, address="10.0.0.1", loopback=False)


def test_a_name_of_any_length_is_only_a_wrong_one(sign_in: SignIn) -> None:
    with pytest.raises(WrongPassword):
        sign_in("a" * 5000)


def test_after_the_wait_the_right_password_works_and_forgives(house: House, member: Member, sign_in: SignIn) -> None:
    member("ada")
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in("ada", "wrong wrong wrong")

    later = house.clock() + timedelta(seconds=61)
    signing_in.authenticate(house.app, "ada", PASSWORD, now=later, address="10.0.0.1", loopback=False)

    with house.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def test_each_further_try_doubles_the_wait_up_to_a_quarter_of_an_hour(house: House) -> None:
    now = house.clock()
    with house.app.session() as session:
        session.add_all(SignInAttempt(username="ada", address=f"10.0.0.{n}", at=now) for n in range(7))
    with house.app.session() as session, pytest.raises(TooManyTries, match="Wait 4 minutes"):
        throttle.begin(session, "ada", None, "10.9.9.9", now)
    with house.app.session() as session:
        session.add_all(SignInAttempt(username="ada", address=f"10.0.1.{n}", at=now) for n in range(50))
    with house.app.session() as session, pytest.raises(TooManyTries, match="Wait 15 minutes"):
        throttle.begin(session, "ada", None, "10.9.9.9", now)


def test_an_address_that_tries_many_names_waits(house: House, member: Member, sign_in: SignIn) -> None:
    member("ada")
    now = house.clock()
    with house.app.session() as session:
        session.add_all(SignInAttempt(username=f"name{n}", address="10.6.6.6", at=now) for n in range(25))

    with pytest.raises(TooManyTries):
        sign_in("ada", address="10.6.6.6")
    assert sign_in("ada", address="10.7.7.7")


def test_a_disabled_user_cannot_sign_in(ctx: Context, member: Member, sign_in: SignIn) -> None:
    member("root", role="admin")
    member("ada")
    users.set_active(ctx, "ada", False)

    with pytest.raises(WrongPassword):
        sign_in("ada")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 10 characters"),
        ("x" * 73, "at most 72 bytes"),
        (" leading space", "begin or end with a space"),
        ("aaaaaaaaaaaa", "too easy to guess"),
    ],
)
def test_a_bad_new_password_is_refused_with_its_reason(password: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        passwords.check_new(password)


def test_a_password_may_have_more_than_twenty_characters(member: Member, sign_in: SignIn) -> None:
    assert len(PASSWORD) > 20
    member("ada")
    assert sign_in("ada")


def test_a_hash_is_dear_enough_to_guess_at(dear_hashes: int) -> None:
    assert dear_hashes >= 12
    assert passwords.hashed("four words and more").startswith(f"$2b${dear_hashes}$")


def test_a_password_longer_than_bcrypt_reads_never_matches_its_beginning() -> None:
    whole = passwords.hashed("y" * 72)

    assert passwords.matches("y" * 72, whole)
    assert not passwords.matches("y" * 73, whole)


def test_the_library_reads_our_hashes_and_we_read_its() -> None:
    assert Hasher.check_pw(PASSWORD, passwords.hashed(PASSWORD))
    assert passwords.matches(PASSWORD, Hasher.hash(PASSWORD))


def test_changing_the_password_needs_the_current_one(house: House, member: Member) -> None:
    ada = member("ada")

    with pytest.raises(WrongPassword):
        signing_in.change_password(
            house.app, ada.id, "a guess of hers", "another sentence here", now=house.clock(), address="10.0.0.1"
        )


def test_guessing_the_current_password_is_throttled_too(house: House, member: Member) -> None:
    ada = member("ada")

    def guess() -> None:
        signing_in.change_password(
            house.app, ada.id, "a guess of hers", "another sentence here", now=house.clock(), address="10.0.0.1"
        )

    for _ in range(5):
        with pytest.raises(WrongPassword):
            guess()
    with pytest.raises(TooManyTries):
        guess()


def test_whoever_changes_a_password_is_told_of_wrong_ones_by_address_too(
    house: House, member: Member, sign_in: SignIn
) -> None:
    ada = member("ada")
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in("ada@example.org", "wrong wrong wrong")

    with pytest.raises(TooManyTries, match="Wait 60 seconds"):
        signing_in.change_password(
            house.app, ada.id, PASSWORD, "another sentence here", now=house.clock(), address="10.0.0.1"
        )


def test_a_change_of_password_signs_every_browser_out(house: House, member: Member) -> None:
    ada, now = member("ada"), house.clock()
    session_id, ticket = sessions.start(house.app, ada.id, now=now)
    cookie = sessions.redeem(house.app, ticket, now)
    assert cookie

    signing_in.change_password(house.app, ada.id, PASSWORD, "another sentence here", now=now, address="10.0.0.1")

    assert sessions.look(house.app, session_id, now) is None
    assert sessions.of_cookie(house.app, cookie, now) is None


def test_a_link_sets_the_password_once(ctx: Context, sign_in: SignIn) -> None:
    path = users.add(ctx, username="ada", email="ada@example.org", role="viewer")
    token = path.partition("token=")[2]

    signing_in.use_link(ctx.app, token, PASSWORD)

    assert sign_in("ada")
    with pytest.raises(BadInput, match="has been used"):
        signing_in.use_link(ctx.app, token, "another sentence here")


def test_a_made_up_link_opens_nothing(ctx: Context) -> None:
    with pytest.raises(BadInput, match="incomplete"):
        links.owner(ctx.app, "made-up")


def test_a_user_without_a_password_cannot_sign_in_with_an_empty_one(ctx: Context, sign_in: SignIn) -> None:
    users.add(ctx, username="ada", email="ada@example.org", role="viewer")

    with pytest.raises(WrongPassword):
        sign_in("ada", "")


def test_single_sign_on_lets_in_only_whom_somebody_added(ctx: Context, member: Member) -> None:
    ada = member("ada")

    assert signing_in.by_email(ctx.app, "Ada@Example.org", now=ctx.clock()).id == ada.id
    with pytest.raises(NotAllowed, match="Nobody has added"):
        signing_in.by_email(ctx.app, "stranger@example.org", now=ctx.clock())


# ------------------------------------------------------------------ the first start


def test_the_first_start_makes_an_admin_who_must_set_a_password(house: House, ctx: Context, sign_in: SignIn) -> None:
    path = first_start.first_admin(house.app, house.clock())
    assert path
    signing_in.use_link(house.app, path.partition("token=")[2], PASSWORD)

    assert sign_in("admin")
    assert first_start.first_admin(house.app, house.clock()) is None
    assert users.actor_for(house.app, users.named(house.app, "admin").id, ctx.workspace.id).role == "admin"


def test_a_second_start_prints_a_link_to_the_same_admin(house: House) -> None:
    first = first_start.first_admin(house.app, house.clock())
    second = first_start.first_admin(house.app, house.clock())

    assert first and second
    assert links.owner(house.app, first.partition("=")[2]).id == links.owner(house.app, second.partition("=")[2]).id


def test_the_first_admin_joins_workspaces_made_later(house: House) -> None:
    first_start.first_admin(house.app, house.clock())

    later = workspaces.create(house.app, name="Later", now=house.clock())

    assert users.actor_for(house.app, users.named(house.app, "admin").id, later.id).role == "admin"


def test_a_first_start_without_the_demo_leaves_a_room_for_the_admin(house: House) -> None:
    open_up(house, print, demo=False)
    open_up(house, print, demo=False)

    (own,) = workspaces.every(house.app)
    assert own.name == "My workspace" and not own.is_demo
    assert users.actor_for(house.app, users.named(house.app, "admin").id, own.id).role == "admin"


def test_the_demo_user_signs_in_on_loopback_only(house: House, sign_in: SignIn) -> None:
    workspaces.create(house.app, name="Demo", is_demo=True, now=house.clock())
    told = first_start.demo_user(house.app, house.clock())
    assert told

    assert sign_in(*told, loopback=True)
    with pytest.raises(WrongPassword, match="only on the machine"):
        sign_in(*told, loopback=False)


def test_without_a_demo_workspace_there_is_no_demo_user(house: House) -> None:
    assert first_start.demo_user(house.app, house.clock()) is None


def test_the_demo_user_loses_real_workspaces_once_a_real_user_can_sign_in(house: House, ctx: Context) -> None:
    demo = workspaces.create(house.app, name="Demo", is_demo=True, now=house.clock())
    first_start.demo_user(house.app, house.clock())
    real = workspaces.create(house.app, name="Own history", now=house.clock())
    user = users.named(house.app, "demo")
    assert users.actor_for(house.app, user.id, real.id)

    users.add(ctx, username="ada", email="ada@example.org", role="admin", password=PASSWORD)

    with house.app.reading() as session:
        left = session.scalars(sa.select(WorkspaceMember.workspace_id).where(WorkspaceMember.user_id == user.id)).all()
    assert left == [demo.id]
    assert first_start.demo_user(house.app, house.clock())
    with pytest.raises(NotAllowed):
        users.actor_for(house.app, user.id, real.id)


def test_the_demo_password_cannot_be_changed_from_the_page(house: House) -> None:
    workspaces.create(house.app, name="Demo", is_demo=True, now=house.clock())
    first_start.demo_user(house.app, house.clock())
    user = users.named(house.app, "demo")

    with pytest.raises(NotAllowed, match="fixed"):
        signing_in.change_password(
            house.app, user.id, first_start.DEMO_PASSWORD, PASSWORD, now=house.clock(), address="127.0.0.1"
        )


def test_an_old_link_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path = first_start.first_admin(house.app, house.clock())
    assert path
    monkeypatch.setattr(links, "LASTS", timedelta(seconds=-1))

    with pytest.raises(BadInput, match="too old"):
        links.owner(house.app, path.partition("token=")[2])
