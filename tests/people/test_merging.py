"""Merging and undoing: nothing is lost, whatever the order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.access import workspaces
from core.access.models import AuditEntry, DataChange, User, WorkspaceMember
from core.base.errors import Conflict, NotAllowed, NotFound
from core.bootstrap import House
from core.context import Context
from core.people import service
from core.people.identities import identity_id
from core.people.models import Identity, Person
from core.people.service import Seen
from tests.people.test_registering import published

TABLES = ("identity_people", "team_members", "work_schedules", "days_off")


def state(ctx: Context) -> dict[str, object]:
    """Everything a merge could change: rows here, and what is published."""
    with ctx.app.reading() as session:
        people = session.execute(sa.select(Person.__table__).order_by(Person.id)).all()
        identities = session.execute(sa.select(Identity.__table__).order_by(Identity.id)).all()
    return {
        "people": people,
        "identities": identities,
        "views": service.people(ctx, include_bots=True),
        "teams": service.teams(ctx),
        "suggestions": service.suggestions(ctx),
        **{table: published(ctx, table) for table in TABLES},
    }


@pytest.fixture
def four(ctx: Context) -> dict[str, str]:
    """Four persons with teams, schedules and leave, by first name."""
    service.register(
        ctx,
        [
            Seen("ada@one.org", "Ada Lovelace", count=9),
            Seen("ada@two.org", "Ada Lovelace"),
            Seen("ada.l@three.org", "A. Lovelace"),
            Seen("grace@one.org", "Grace Hopper"),
        ],
    )
    ids = {email: service.person(ctx, email).id for email in ("ada@one.org", "ada@two.org", "ada.l@three.org")}
    people = dict(zip(("one", "two", "three"), ids.values(), strict=True))
    core, web = service.create_team(ctx, "Core"), service.create_team(ctx, "Web")
    service.set_membership(ctx, people["one"], core.id, date(2026, 1, 1))
    service.set_membership(ctx, people["two"], core.id, date(2025, 6, 1), date(2026, 2, 1))
    service.set_membership(ctx, people["three"], web.id, date(2025, 6, 1))
    service.set_schedule(
        ctx, people["two"], working_weekdays=(1, 2, 3), start_minute=480, end_minute=900, time_zone="Asia/Tokyo"
    )
    service.add_leave(ctx, people["three"], date(2026, 2, 2), date(2026, 2, 6))
    return people


def commits(ctx: Context, email: str, days: list[date]) -> None:
    """Commits of this identity, one a day."""
    ctx.metrics.insert_rows(
        "commits",
        [
            {"workspace_id": ctx.workspace.id, "repo_id": "r", "sha": f"{email}{day}", "author_id": identity_id(email),
             "authored_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC), "version": 1}
            for day in days
        ],
    )  # fmt: skip


def test_a_merge_moves_identities_teams_and_leave(ctx: Context, four: dict[str, str]) -> None:
    service.merge(ctx, four["one"], four["two"])
    service.merge(ctx, four["one"], four["three"])

    one = service.person(ctx, "ada@two.org")
    assert one.id == four["one"]
    assert len(one.identities) == 3
    assert one.time_zone == "Asia/Tokyo"
    assert {row[2] for row in published(ctx)} == {four["one"], service.person(ctx, "Grace Hopper").id}
    assert len(published(ctx, "team_members")) == 2, "the two spans in Core touch and become one"
    assert len(published(ctx, "days_off")) == 5
    assert len(published(ctx, "work_schedules")) == 2


def test_undoing_a_merge_gives_the_first_state_back_to_the_last_row(ctx: Context, four: dict[str, str]) -> None:
    before = state(ctx)

    service.unmerge(ctx, service.merge(ctx, four["one"], four["two"]))

    assert state(ctx) == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_undoing_works_in_any_order_after_further_merges(
    ctx: Context, four: dict[str, str], order: tuple[int, int]
) -> None:
    before = state(ctx)
    made = [service.merge(ctx, four["two"], four["three"]), service.merge(ctx, four["one"], four["two"])]
    assert len(service.person(ctx, four["three"]).identities) == 3

    service.unmerge(ctx, made[order[0]])
    kept = four["two"] if order[0] == 1 else four["three"]
    assert service.person(ctx, kept).id == kept
    service.unmerge(ctx, made[order[1]])

    assert state(ctx) == before


def test_the_preview_says_which_numbers_move_and_changes_nothing(ctx: Context, four: dict[str, str]) -> None:
    commits(ctx, "ada@one.org", [date(2026, 1, 5), date(2026, 1, 6)])
    commits(ctx, "ada@two.org", [date(2025, 12, 1), date(2025, 12, 24), date(2026, 1, 6)])
    before = state(ctx)

    preview = service.preview_merge(ctx, four["one"], four["two"])

    (number,) = preview.numbers
    assert (number.what, number.into_now, number.from_now, number.into_after) == ("commits", 2, 3, 5)
    assert (preview.first_day, preview.last_day) == (date(2025, 12, 1), date(2026, 1, 6))
    assert state(ctx) == before


def test_a_merge_makes_the_days_it_touches_old_and_stands_in_the_audit_log(ctx: Context, four: dict[str, str]) -> None:
    commits(ctx, "ada@two.org", [date(2025, 12, 1), date(2026, 1, 6)])

    merge = service.merge(ctx, four["one"], four["two"])
    service.unmerge(ctx, merge)

    with ctx.app.reading() as session:
        changes = session.scalars(sa.select(DataChange).order_by(DataChange.id.desc()).limit(2)).all()
        audit = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.at)).all()
    assert [change.cause for change in changes] == ["unmerge", "merge"]
    for change in changes:
        assert change.first_day == date(2025, 11, 30)
        assert change.last_day is not None and change.last_day >= date(2026, 1, 6) + timedelta(days=90)
    assert {"people.merge", "people.unmerge"} <= set(audit)


def test_a_merged_person_cannot_be_merged_again(ctx: Context, four: dict[str, str]) -> None:
    service.merge(ctx, four["one"], four["two"])

    with pytest.raises(Conflict, match="part of another person"):
        service.merge(ctx, four["three"], four["two"])


def test_an_undone_merge_cannot_be_undone_again(ctx: Context, four: dict[str, str]) -> None:
    merge = service.merge(ctx, four["one"], four["two"])
    service.unmerge(ctx, merge)

    with pytest.raises(Conflict, match="undone already"):
        service.unmerge(ctx, merge)
    with pytest.raises(NotFound, match="no merge 'nothing'"):
        service.unmerge(ctx, "nothing")


def test_ids_of_merged_persons_still_find_their_person(ctx: Context, four: dict[str, str]) -> None:
    service.merge(ctx, four["one"], four["two"])

    assert service.current_ids(ctx, [four["two"], four["three"], "gone"]) == {
        four["two"]: four["one"],
        four["three"]: four["three"],
    }
    assert service.person(ctx, four["two"]).id == four["one"]


def test_a_user_stays_the_person_they_are_through_merges(ctx: Context, four: dict[str, str]) -> None:
    def person_of_user() -> str | None:
        with ctx.app.reading() as session:
            return session.scalar(sa.select(WorkspaceMember.person_id))

    with ctx.app.session() as session:
        user = User(username="ada", email="ada@one.org", created_at=ctx.clock())
        session.add(user)
        session.flush()
        session.add(
            WorkspaceMember(workspace_id=ctx.workspace.id, user_id=user.id, role="member", person_id=four["three"])
        )
    made = [service.merge(ctx, four["two"], four["three"]), service.merge(ctx, four["one"], four["two"])]
    assert person_of_user() == four["one"]

    service.unmerge(ctx, made[0])
    assert person_of_user() == four["three"]
    service.unmerge(ctx, made[1])
    assert person_of_user() == four["three"]


def test_a_member_changes_nobody(acting: Callable[[str], Context], four: dict[str, str]) -> None:
    for change in (
        lambda ctx: service.merge(ctx, four["one"], four["two"]),
        lambda ctx: service.set_bot(ctx, four["one"], True),
        lambda ctx: service.create_team(ctx, "Mine"),
        service.suggestions,
    ):
        with pytest.raises(NotAllowed):
            change(acting("member"))


def test_a_person_of_another_workspace_is_not_found(house: House, ctx: Context, four: dict[str, str]) -> None:
    other = house.context(workspaces.create(ctx.app, name="Other", now=ctx.clock()))
    for attempt in (
        lambda: service.merge(other, four["one"], four["two"]),
        lambda: service.person(other, four["one"]),
        lambda: service.add_leave(other, four["one"], date(2026, 1, 1), date(2026, 1, 2)),
        lambda: service.set_bot(other, four["one"], True),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert service.people(other) == []
