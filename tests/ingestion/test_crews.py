"""Teams of a provider become teams here, from the day on which they are taken over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core.base.errors import NotFound
from core.context import Context
from core.ingestion import crews, service
from core.people import service as people
from tests.conftest import NOW
from tests.ingestion.provided import account, follow
from tests.servers import github_data as data
from tests.servers.github_replies import TOKEN, GitHubReplies, github

TODAY = NOW.date()


def crew(name: str, *logins: str, parent: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "slug": name.casefold(),
        "parentTeam": {"name": parent} if parent else None,
        "members": [{"login": login} for login in logins],
    }


@pytest.fixture
def hub() -> Iterator[GitHubReplies]:
    with github(data.repository("acme/api", 10)) as server:
        server.most = 2
        server.teams["acme"] = [crew("Checkout", "Ada", "ben", "newcomer", parent="Shop"), crew("Shop", "cleo")]
        yield server


def test_teams_are_looked_at_and_taken_over_from_today_on(ctx: Context, hub: GitHubReplies) -> None:
    connection = account(ctx, hub.url, TOKEN)
    service.sync(ctx, follow(ctx, connection, "acme/api")[0].id)
    who = {person.name: person.id for person in people.people(ctx)}
    shop = people.create_team(ctx, "shop")
    people.set_membership(ctx, who["Dan"], shop.id, TODAY - timedelta(days=90))
    people.register(ctx, [people.Seen(email="outside@example.org", name="Out Side")])
    outside = next(person.id for person in people.people(ctx) if person.name == "Out Side")
    people.set_membership(ctx, outside, shop.id, TODAY - timedelta(days=90))

    seen = {one.team: one for one in crews.preview(ctx, connection, "acme")}

    assert (seen["Checkout"].is_new, seen["Checkout"].joining) == (True, ("Ada", "ben", "newcomer"))
    assert (seen["Shop"].is_new, seen["Shop"].joining, seen["Shop"].leaving) == (False, ("cleo",), ("Dan",))
    assert crews.take_over(ctx, connection, "acme") == 5
    now = {team.name: set(team.member_ids) for team in people.teams(ctx)}
    assert now["shop"] == {who["Cleo"], outside}
    assert {who["Ada"], who["Ben"]} < now["Checkout"] and len(now["Checkout"]) == 3
    assert people.team(ctx, "Checkout").parent_id == shop.id
    before = {team.name: set(team.member_ids) for team in people.teams(ctx, TODAY - timedelta(days=1))}
    assert (before["shop"], before["Checkout"]) == ({who["Dan"], outside}, set())
    assert crews.take_over(ctx, connection, "acme") == 0


def test_an_organisation_that_is_not_there_is_named(ctx: Context, hub: GitHubReplies) -> None:
    with pytest.raises(NotFound, match="There is no organisation 'nobody'"):
        crews.preview(ctx, account(ctx, hub.url, TOKEN), "nobody")
