"""Teams with dates, working schedules, holidays and leave."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.access.models import DataChange
from core.base.errors import BadInput, Conflict, NotFound
from core.context import Context
from core.people import service
from core.people.service import Seen
from tests.people.test_registering import published


@pytest.fixture
def ada(ctx: Context) -> str:
    service.register(ctx, [Seen("ada@example.org", "Ada")])
    return service.person(ctx, "ada@example.org").id


def last_change(ctx: Context) -> tuple[object, object]:
    with ctx.app.reading() as session:
        change = session.scalars(sa.select(DataChange).order_by(DataChange.id.desc())).first()
        assert change
        return change.first_day, change.last_day


def test_a_move_today_does_not_rewrite_last_quarter(ctx: Context, ada: str) -> None:
    web, core = service.create_team(ctx, "Web"), service.create_team(ctx, "Core")
    service.set_membership(ctx, ada, web.id, date(2025, 1, 1))

    service.move(ctx, ada, core.id, date(2026, 3, 1))

    then = {t.name: t.member_ids for t in service.teams(ctx, date(2026, 2, 28))}
    now = {t.name: t.member_ids for t in service.teams(ctx, date(2026, 3, 1))}
    assert then == {"Core": (), "Web": (ada,)}
    assert now == {"Core": (ada,), "Web": ()}
    assert last_change(ctx) == (date(2026, 2, 28), None)
    assert {row[3:] for row in published(ctx, "team_members")} == {
        ("2025-01-01", "2026-03-01"),
        ("2026-03-01", "2149-06-06"),
    }


def test_spans_of_one_team_that_touch_become_one(ctx: Context, ada: str) -> None:
    web = service.create_team(ctx, "Web")
    service.set_membership(ctx, ada, web.id, date(2025, 1, 1), date(2025, 6, 1))
    service.set_membership(ctx, ada, web.id, date(2025, 6, 1), date(2025, 9, 1))
    service.set_membership(ctx, ada, web.id, date(2026, 1, 1))

    spans = [(m.from_day, m.to_day) for m in service.memberships(ctx, team_id=web.id)]

    assert spans == [(date(2025, 1, 1), date(2025, 9, 1)), (date(2026, 1, 1), None)]


def test_a_membership_can_end_or_go_wholly(ctx: Context, ada: str) -> None:
    web = service.create_team(ctx, "Web")
    span = service.set_membership(ctx, ada, web.id, date(2025, 1, 1))

    service.end_membership(ctx, span.id, date(2025, 2, 1))
    assert published(ctx, "team_members")[0][4] == "2025-02-01"
    service.end_membership(ctx, span.id, None)

    assert published(ctx, "team_members") == []
    with pytest.raises(NotFound):
        service.end_membership(ctx, span.id, None)


def test_teams_need_names_of_their_own_and_cannot_contain_themselves(ctx: Context) -> None:
    web = service.create_team(ctx, "Web")
    shop = service.create_team(ctx, "Shop", web.id)

    with pytest.raises(Conflict, match="named 'web' already"):
        service.create_team(ctx, "web")
    with pytest.raises(BadInput, match="inside itself"):
        service.change_team(ctx, web.id, "Web", shop.id)
    with pytest.raises(BadInput, match="needs a name"):
        service.create_team(ctx, " ")


def test_a_deleted_team_leaves_no_members_behind(ctx: Context, ada: str) -> None:
    web = service.create_team(ctx, "Web")
    shop = service.create_team(ctx, "Shop", web.id)
    service.set_membership(ctx, ada, web.id, date(2025, 1, 1))

    service.delete_team(ctx, web.id)

    assert published(ctx, "team_members") == []
    assert [(t.id, t.parent_id) for t in service.teams(ctx)] == [(shop.id, None)]


def test_a_person_without_a_schedule_works_as_the_workspace_does(ctx: Context, ada: str) -> None:
    service.set_schedule(
        ctx, "", working_weekdays=(7, 1, 2, 3, 4), start_minute=480, end_minute=960, time_zone="Asia/Jerusalem"
    )

    own = service.schedule(ctx, ada)
    assert own.is_default and own.working_weekdays == (1, 2, 3, 4, 7)
    assert published(ctx, "work_schedules")[0][2:4] == ("[1, 2, 3, 4, 7]", "Asia/Jerusalem")

    service.set_schedule(ctx, ada, working_weekdays=(1, 2), start_minute=0, end_minute=1440, time_zone="Asia/Tokyo")
    assert service.person(ctx, ada).time_zone == "Asia/Tokyo"
    service.clear_schedule(ctx, ada)
    assert service.schedule(ctx, ada).time_zone == "Asia/Jerusalem"


def test_leave_is_published_day_by_day_and_can_be_taken_back(ctx: Context, ada: str) -> None:
    leave = service.add_leave(ctx, ada, date(2026, 2, 2), date(2026, 2, 4), "parental")

    assert [row[2:] for row in published(ctx, "days_off")] == [
        ("2026-02-02", "parental"), ("2026-02-03", "parental"), ("2026-02-04", "parental"),
    ]  # fmt: skip
    assert last_change(ctx) == (date(2026, 2, 1), date(2026, 2, 5))

    service.remove_leave(ctx, leave.id)
    assert published(ctx, "days_off") == []
    assert service.leave(ctx) == []


def test_public_holidays_of_the_country_are_free(ctx: Context, ada: str) -> None:
    service.set_schedule(
        ctx, ada, working_weekdays=(1, 2, 3, 4, 5), start_minute=540, end_minute=1080, time_zone="Europe/Berlin",
        country="de",
    )  # fmt: skip

    assert ("2026-12-25", "holiday") in {row[2:] for row in published(ctx, "days_off")}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"working_weekdays": ()}, "one working weekday"),
        ({"working_weekdays": (8,)}, "one working weekday"),
        ({"start_minute": 900, "end_minute": 800}, "begin before they end"),
        ({"time_zone": "Mars/Olympus"}, "no time zone"),
        ({"country": "Atlantis"}, "public holidays"),
    ],
)
def test_a_wrong_schedule_says_so_and_changes_nothing(
    ctx: Context, ada: str, change: dict[str, object], sentence: str
) -> None:
    good: dict[str, object] = {
        "working_weekdays": (1,), "start_minute": 0, "end_minute": 60, "time_zone": "UTC", "country": "",
    }  # fmt: skip

    with pytest.raises(BadInput, match=sentence):
        service.set_schedule(ctx, ada, **(good | change))  # type: ignore[arg-type]

    assert service.schedule(ctx, ada).is_default


def test_leave_that_ends_before_it_starts_is_refused(ctx: Context, ada: str) -> None:
    with pytest.raises(BadInput, match="before it starts"):
        service.add_leave(ctx, ada, date(2026, 2, 4), date(2026, 2, 2))
    assert published(ctx, "days_off") == []
