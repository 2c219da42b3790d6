"""Who becomes one person by itself, and who does not."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from core.context import Context
from core.people import service
from core.people.identities import identity_id
from core.people.service import Seen


def published(ctx: Context, table: str = "identity_people") -> list[tuple[object, ...]]:
    rows = ctx.metrics.rows(
        f"SELECT * EXCEPT (version, deleted) FROM {table} FINAL WHERE workspace_id = {{w:String}}",
        {"w": ctx.workspace.id},
    )
    return sorted(tuple(str(value) for value in row.values()) for row in rows)


def test_the_same_email_in_other_letters_is_one_person(ctx: Context) -> None:
    service.register(ctx, [Seen("Ada@Example.org", "Ada"), Seen("ada@example.ORG", "Ada Lovelace", count=9)])

    (ada,) = service.people(ctx)
    assert ada.name == "Ada Lovelace"
    assert len(ada.identities) == 1


def test_a_malformed_email_joins_nobody(ctx: Context) -> None:
    service.register(ctx, [Seen("root@localhost", "Ada"), Seen("root@localhost", "Grace"), Seen("", "Grace")])

    assert len(service.people(ctx)) == 3


def test_a_github_no_reply_address_gives_the_login(ctx: Context) -> None:
    service.register(
        ctx,
        [
            Seen("12+Ada@users.noreply.github.com", "Ada L", count=50),
            Seen("ada@users.noreply.github.com", "ada"),
            Seen("ada@example.org", "Ada Lovelace", login="ada", provider="github"),
            Seen("ada@other.org", "Ada", login="ada", provider="gitlab"),
        ],
    )

    found = {len(p.identities): p for p in service.people(ctx)}
    assert set(found) == {3, 1}
    assert found[3].email == "ada@example.org"


def test_a_shared_name_joins_nobody(ctx: Context) -> None:
    service.register(ctx, [Seen("jane@one.org", "Jane Doe"), Seen("jane@two.org", "Jane Doe")])

    assert len(service.people(ctx)) == 2


def test_seeing_the_same_twice_changes_nothing(ctx: Context) -> None:
    seen = [Seen("ada@example.org", "Ada", count=3, last_seen_at=datetime(2026, 1, 1, tzinfo=UTC))]
    service.register(ctx, seen)
    before = service.people(ctx), published(ctx), published(ctx, "work_schedules")

    service.register(ctx, seen)

    assert (service.people(ctx), published(ctx), published(ctx, "work_schedules")) == before


def test_a_login_learnt_later_joins_two_persons_and_can_be_undone_for_good(ctx: Context) -> None:
    service.register(ctx, [Seen("ada@example.org", "Ada", count=5), Seen("1+ada@users.noreply.github.com", "ada")])
    assert len(service.people(ctx)) == 2
    learnt = [Seen("ada@example.org", "Ada", login="ada", provider="github")]

    service.register(ctx, learnt)

    assert len(service.people(ctx)) == 1
    (merge,) = service.merges(ctx)
    assert merge.is_automatic and merge.reason == "Same github login 'ada'."

    service.unmerge(ctx, merge.id)
    service.register(ctx, [*learnt, Seen("ada@example.org", "Ada Lovelace", last_seen_at=ctx.clock())])
    assert len(service.people(ctx)) == 2


def test_a_locked_person_gets_no_identity_by_automation(ctx: Context) -> None:
    service.register(ctx, [Seen("1+ada@users.noreply.github.com", "Ada")])
    (ada,) = service.people(ctx)
    service.lock(ctx, ada.id)

    service.register(ctx, [Seen("ada@users.noreply.github.com", "Ada"), Seen("2+x@bot.noreply.org", "x[bot]")])

    assert len(service.person(ctx, ada.id).identities) == 1
    assert len(service.people(ctx)) == 2
    (suggested,) = service.suggestions(ctx)
    assert suggested.reasons[0] == "Both have the github login 'ada'."


def test_a_new_identity_of_a_merged_person_counts_for_the_whole_and_leaves_with_its_home(ctx: Context) -> None:
    service.register(ctx, [Seen("1+ada@users.noreply.github.com", "Ada"), Seen("lovelace@example.org", "A. L.")])
    ada, lovelace = service.person(ctx, "1+ada@users.noreply.github.com"), service.person(ctx, "lovelace@example.org")
    merge = service.merge(ctx, lovelace.id, ada.id)

    service.register(ctx, [Seen("ada@users.noreply.github.com", "Ada")])

    assert len(service.person(ctx, lovelace.id).identities) == 3
    service.unmerge(ctx, merge)
    assert len(service.person(ctx, ada.id).identities) == 2
    assert len(service.person(ctx, lovelace.id).identities) == 1


def test_two_persons_of_one_name_are_told_apart_by_their_address(ctx: Context) -> None:
    service.register(ctx, [Seen("jane@one.org", "Jane Doe"), Seen("jane@two.org", "Jane Doe"), Seen("a@b.org", "Bo")])

    assert sorted(service.names(ctx).values()) == ["Bo", "Jane Doe (jane@one.org)", "Jane Doe (jane@two.org)"]


def test_five_thousand_identities_are_registered_by_as_few_statements_as_fifty(ctx: Context) -> None:
    service.register(ctx, [Seen("first@example.org", "First")])
    seen = [Seen(f"dev{i}@example{i % 50}.org", f"Dev {i}", count=i % 7) for i in range(5050)]

    few, many = _statements(ctx, seen[:50]), _statements(ctx, seen[50:])

    assert len(published(ctx)) == 5051
    assert many <= few + 20  # a driver may send a thousand rows at a time


def _statements(ctx: Context, seen: list[Seen]) -> int:
    """How many statements it takes to register them."""
    ran: list[str] = []

    def count(connection: object, cursor: object, statement: str, *more: object) -> None:
        ran.append(statement)

    sa.event.listen(ctx.app.engine, "before_cursor_execute", count)
    service.register(ctx, seen)
    sa.event.remove(ctx.app.engine, "before_cursor_execute", count)
    return len(ran)


def test_facts_find_their_person_in_the_metrics_store(ctx: Context) -> None:
    service.register(ctx, [Seen("ada@example.org", "Ada")])
    (ada,) = service.people(ctx)

    assert published(ctx) == [(ctx.workspace.id, str(identity_id("ada@example.org")), ada.id, "0")]
