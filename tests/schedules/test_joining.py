"""A reader has a scheduled report sent to themselves too, or no more, without asking its owner."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.base.errors import BadInput, NotAllowed, NotFound
from core.base.settings import settings
from core.context import Context
from core.delivery import domains
from core.people import service as people
from core.people.views import Seen
from core.reports import service as reports
from core.schedules import service
from tests.pages import framed
from tests.schedules.conftest import Stage, join

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
def vic(quick: Stage) -> Context:
    """Who may look at reports, and change nothing."""
    return join(quick.house, quick.ctx, "vic", "viewer")


def due(stage: Stage, weeks: int = 0) -> None:
    stage.hands.now = MONDAY + timedelta(weeks=weeks)
    stage.tick()
    stage.work()


def test_a_viewer_gets_it_too_then_no_more_then_again(quick, vic, office):
    made = quick.schedule(formats=())
    assert not service.get(vic, made.id).reaches_you

    assert service.join(vic, made.id).recipients == ["team@example.org", "vic@example.org"]
    assert service.join(vic, made.id).recipients == ["team@example.org", "vic@example.org"]
    due(quick)
    left = service.leave(vic, made.id)
    due(quick, weeks=1)

    assert (len(office.to("vic@example.org")), len(office.to("team@example.org"))) == (1, 2)
    assert (left.reaches_you, left.unsubscribed) == (False, ["vic@example.org"])
    assert service.join(vic, made.id).reaches_you
    due(quick, weeks=2)
    assert len(office.to("vic@example.org")) == 2


def test_a_member_leaves_what_the_team_gets(quick, vic):
    system = quick.house.context(quick.ctx.workspace)
    people.register(system, [Seen("vic@example.org", "Vic"), Seen("bo@example.com", "Bo")])
    team = people.create_team(system, "Platform").id
    for person in people.people(system):
        people.set_membership(system, person.id, team, date(2026, 1, 1))
    made = quick.schedule(recipients=["team:Platform"])

    assert service.get(vic, made.id).reaches_you
    left = service.leave(vic, made.id)
    assert (left.reaches_you, left.recipients) == (False, made.recipients)
    back = service.join(vic, made.id)
    assert (back.reaches_you, back.recipients, back.unsubscribed) == (True, made.recipients, [])


def test_where_each_gets_their_own_team_somebody_without_one_is_told_why(quick, vic):
    system = quick.house.context(quick.ctx.workspace)
    people.register(system, [Seen("bo@example.com", "Bo")])
    team = people.create_team(system, "Platform").id
    people.set_membership(system, people.people(system)[0].id, team, date(2026, 1, 1))
    made = quick.schedule(recipients=["team:Platform"], bursts=True)

    with pytest.raises(BadInput, match=r"vic@example\.org is in no team and leads none"):
        service.join(vic, made.id)
    assert service.get(vic, made.id).recipients == made.recipients


def test_what_does_not_go_by_mail_or_not_to_them_is_said(quick, vic, monkeypatch):
    made = quick.schedule()
    domains.choose(quick.house.context(quick.ctx.workspace), ["example.net"])
    assert service.join(vic, made.id).reaches_you, "members may always be written to"

    monkeypatch.setenv("SIGHTLINE_SMTP_HOST", "")
    settings.cache_clear()
    with pytest.raises(BadInput, match="SIGHTLINE_SMTP_HOST"):
        service.join(join(quick.house, quick.ctx, "wil", "viewer"), made.id)
    settings.cache_clear()


def test_nobody_joins_what_they_may_not_read(quick, vic):
    made = quick.schedule()
    reports.update(quick.ctx, quick.report_id, visibility="private")

    with pytest.raises(NotFound):
        service.join(vic, made.id)
    with pytest.raises(NotAllowed):
        service.update(vic, made.id, recipients=["vic@example.org"])


def test_the_buttons_are_on_the_card_of_whoever_may_only_look(
    quick: Stage, vic: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = quick.schedule()

    def opened() -> AppTest:
        return framed(quick.house, vic, monkeypatch, "reports/schedules")

    def press(label: str) -> AppTest:
        return next(button for button in opened().button if button.label == label).click().run()

    labels = {button.label for button in opened().button}
    assert "To me too" in labels and not labels & {"Pause", "Change", "Not to me"}
    assert not press("To me too").exception
    assert service.get(vic, made.id).reaches_you
    assert not press("Not to me").exception
    assert not service.get(vic, made.id).reaches_you
