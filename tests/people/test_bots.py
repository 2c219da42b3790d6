"""Bots: what makes one, and what does not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.access.models import DataChange
from core.base.errors import BadInput
from core.context import Context
from core.people import service
from core.people.service import Seen
from tests.people.test_registering import published


def bots(ctx: Context) -> list[str]:
    return [p.name for p in service.people(ctx, include_bots=True) if p.is_bot]


@pytest.mark.parametrize(
    "seen",
    [
        Seen("49699333+dependabot[bot]@users.noreply.github.com", "dependabot[bot]"),
        Seen("ci@example.org", "Acme Builder[bot]"),
        Seen("bot@renovateapp.com", "Renovate"),
        Seen("x@example.org", "Dependabot"),
        Seen("y@example.org", "Roy", login="roy", provider="github", is_bot=True),
    ],
)
def test_provider_suffix_and_list_make_a_bot(ctx: Context, seen: Seen) -> None:
    service.register(ctx, [seen])

    (found,) = service.people(ctx, include_bots=True)
    assert found.is_bot and found.bot_reason
    assert service.people(ctx) == []
    assert published(ctx)[0][3] == "1"


@pytest.mark.parametrize("name", ["Robert Abbott", "Botond Nagy", "Talbot", "Chatbot Team Lead", "Jane Bot"])
def test_bot_inside_a_name_makes_no_bot(ctx: Context, name: str) -> None:
    service.register(ctx, [Seen("someone@example.org", name)])

    assert bots(ctx) == []


def test_what_looks_like_a_bot_waits_for_somebody_to_look(ctx: Context) -> None:
    service.register(
        ctx,
        [
            Seen("release@acme.org", "Release Automation"),
            Seen("ci@acme.org", "Build Server"),
            Seen("abbott@acme.org", "Robert Abbott"),
        ],
    )

    assert {found.name for found in service.bot_candidates(ctx)} == {"Release Automation", "Build Server"}

    service.set_bot(ctx, service.person(ctx, "release@acme.org").id, True)
    service.set_bot(ctx, service.person(ctx, "ci@acme.org").id, False)
    assert bots(ctx) == ["Release Automation"]
    assert service.bot_candidates(ctx) == []


def test_what_a_person_decided_no_rule_changes(ctx: Context) -> None:
    service.register(ctx, [Seen("1+x[bot]@users.noreply.github.com", "x[bot]")])
    (found,) = service.people(ctx, include_bots=True)

    service.set_bot(ctx, found.id, False)
    service.register(ctx, [Seen("1+x[bot]@users.noreply.github.com", "x[bot]", is_bot=True, last_seen_at=ctx.clock())])
    service.set_bot_patterns(ctx, ["x*"])

    assert bots(ctx) == []


def test_the_list_can_be_edited_and_applies_at_once(ctx: Context) -> None:
    service.register(ctx, [Seen("a@acme.org", "acme-sync"), Seen("b@acme.org", "Renovate"), Seen("c@acme.org", "Cy")])
    assert bots(ctx) == ["Renovate"]

    changed = service.set_bot_patterns(ctx, ["ACME-*", " "])

    assert changed == 2
    assert service.bot_patterns(ctx) == ["acme-*"]
    assert bots(ctx) == ["acme-sync"]
    assert [row[3] for row in published(ctx)].count("1") == 1


def test_a_list_that_fits_a_crowd_makes_everything_old(ctx: Context) -> None:
    service.register(ctx, [Seen(f"u{i}@acme.org", f"acme-{i}") for i in range(600)])

    assert service.set_bot_patterns(ctx, ["acme-*"]) == 600

    with ctx.app.reading() as session:
        change = session.scalars(sa.select(DataChange).order_by(DataChange.id.desc())).first()
    assert change and (change.first_day, change.last_day) == (None, None)


def test_an_entry_that_fits_everybody_is_refused(ctx: Context) -> None:
    with pytest.raises(BadInput, match="everybody"):
        service.set_bot_patterns(ctx, ["*"])


def test_a_locked_person_is_not_taken_for_a_bot(ctx: Context) -> None:
    service.register(ctx, [Seen("a@acme.org", "acme-sync")])
    service.lock(ctx, service.person(ctx, "a@acme.org").id)

    service.set_bot_patterns(ctx, ["acme-sync"])

    assert bots(ctx) == []
