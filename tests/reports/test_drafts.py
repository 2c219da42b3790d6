"""Drafts are kept until they are saved or thrown away, and nobody overwrites what another saved unseen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.base.errors import Conflict, NotAllowed
from core.context import Context
from core.reports import drafts, editing, service
from core.reports.drafts import Draft
from tests.reports.conftest import World

Users = Callable[..., Context]


def titled(draft: Draft, title: str) -> Draft:
    return draft.model_copy(update={"name": title, "plan": editing.change_report(draft.plan, title=title)})


def test_a_draft_is_kept_for_its_maker_alone_and_becomes_the_report(world: World, user: Users) -> None:
    mia, bob = user("mia"), user("ben")
    begun = drafts.begin(mia)
    draft = titled(begun.draft, "Weekly")

    drafts.keep(mia, "", draft, begun.based_on)
    drafts.keep(mia, "", titled(draft, "Weekly health"), begun.based_on)

    found = drafts.kept(mia)
    assert found and found.draft.name == "Weekly health"
    assert drafts.kept(bob) is None
    report = drafts.save(mia, "", found.draft, "")
    assert (report.name, report.report_plan) == ("Weekly health", found.draft.plan)
    assert report.parameters.metrics[:2] == ("commits_count", "prs_merged")
    assert drafts.kept(mia) is None


def test_a_report_of_choices_is_opened_in_blocks_and_stays_one_until_it_is_saved(world: World, user: Users) -> None:
    mia = user("mia")
    chosen = {"scope": "team", "teams": ["Atlas"], "date_range": "last_7_days", "metrics": ["commits_count"]}
    report = service.create(mia, "Atlas", {**chosen, "formats": ["csv"]})

    begun = drafts.begin(mia, report.id)

    assert begun.is_made
    assert begun.draft.plan.scope.teams == (world.teams["Atlas"],)
    assert (begun.draft.plan.window.range, begun.draft.formats) == ("last_7_days", ("csv",))
    assert next(begun.draft.plan.widgets()).params == {"metric": "commits_count"}
    assert service.get(mia, report.id).report_plan is None
    saved = drafts.save(mia, report.id, begun.draft, begun.based_on)
    assert saved.report_plan == begun.draft.plan
    assert (saved.parameters.scope, saved.parameters.date_range, saved.parameters.formats) == (
        "team",
        "last_7_days",
        ("csv",),
    )


def test_what_another_saved_meanwhile_is_told_and_not_overwritten_unasked(world: World, user: Users) -> None:
    mia, ada = user("mia"), user("ada", "admin")
    report = service.create(mia, "Weekly", {"metrics": ["commits_count"]})
    mine, theirs = drafts.begin(mia, report.id), drafts.begin(ada, report.id)
    assert drafts.meanwhile(mia, report.id, mine.based_on) == ""

    drafts.save(ada, report.id, titled(theirs.draft, "Hers"), theirs.based_on)

    assert drafts.meanwhile(mia, report.id, mine.based_on) == "ada saved 'Hers' while you were changing it."
    with pytest.raises(Conflict, match="was saved by somebody else meanwhile"):
        drafts.save(mia, report.id, titled(mine.draft, "Mine"), mine.based_on)
    assert service.get(mia, report.id).name == "Hers"
    assert drafts.save(mia, report.id, titled(mine.draft, "Mine"), "").name == "Mine"


def test_a_draft_goes_when_it_is_thrown_away_or_its_report_goes_for_good(world: World, user: Users) -> None:
    mia = user("mia")
    report = service.create(mia, "Weekly")
    begun = drafts.begin(mia, report.id)
    drafts.keep(mia, report.id, begun.draft, begun.based_on)
    drafts.keep(mia, "", begun.draft, "")

    drafts.throw_away(mia, report.id)

    assert drafts.kept(mia, report.id) is None
    assert drafts.kept(mia) is not None
    with pytest.raises(NotAllowed):
        drafts.begin(user("vic", "viewer"), report.id)
