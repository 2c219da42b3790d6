"""Versions of reports, who may change them, shelves, templates, and reports as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.context import Context
from core.people import service as people
from core.people.views import Seen
from core.reports import comparing, definition, folder, library, reading, service, sharing, templates, versions
from core.reports.plan import ProseBlock, ReportPlan
from core.reports.views import RunView
from tests.reports.conftest import World

Users = Callable[..., Context]
Finish = Callable[..., RunView]
MARCH = {"date_range": "2026-03-01..2026-03-09", "metrics": ["commits_count"], "formats": ["markdown"]}


def plan(*texts: str, **more: object) -> ReportPlan:
    blocks = [{"kind": "prose", "markdown": text} for text in texts]
    return ReportPlan.model_validate({"title": "Weekly", "sections": [{"title": "Words", "blocks": blocks}], **more})


def test_each_save_that_changes_something_is_a_version_to_go_back_to(user: Users) -> None:
    mia = user("mia")
    report = service.create(mia, "Weekly", MARCH, description="One")
    service.update(mia, report.id, description="Two", plan=plan("Hello"))
    service.update(mia, report.id, description="Two")

    kept = versions.versions(mia, report.id)
    assert [(one.number, one.saved_by, one.is_current) for one in kept] == [(2, "mia", True), (1, "mia", False)]
    changed = versions.compared(mia, report.id, 1).splitlines()
    assert "-description: One" in changed
    assert "+description: Two" in changed
    assert any("+        - kind: prose" in line for line in changed)

    assert versions.go_back(mia, report.id, 1) == 3
    now = service.get(mia, report.id)
    assert (now.description, now.report_plan) == ("One", None)
    assert versions.versions(mia, report.id)[0].restored_from == 1
    assert versions.compared(mia, report.id, 1) == ""
    with pytest.raises(NotFound, match="has no version 9"):
        versions.compared(mia, report.id, 9)


def test_a_run_keeps_the_definition_that_it_ran_and_runs_it_again(user: Users, finish: Finish) -> None:
    mia = user("mia")
    report = service.create(mia, "Weekly", MARCH, plan=plan("As it was"))
    first = finish(mia, service.run_now(mia, report.id))
    service.update(mia, report.id, plan=plan("As it is"))
    second = finish(mia, service.run_now(mia, report.id))
    again = finish(mia, service.run_again(mia, first.id))

    assert (first.version, second.version, again.version) == (1, 2, 1)
    assert "As it was" in reading.markdown(mia, again.id)
    assert "As it is" in reading.markdown(mia, second.id)
    assert (again.as_of, again.period_end) == (first.as_of, first.period_end)


def test_a_private_report_is_for_whom_it_is_shared_with(user: Users) -> None:
    mia, ben, eve = user("mia"), user("ben"), user("eve", "viewer")
    report = service.create(mia, "Costs", MARCH, visibility="private")
    with pytest.raises(NotFound):
        service.get(ben, report.id)

    assert not {"mia"} & {*sharing.candidates(mia, report.owner_id)} and {"ben", "eve"} <= {*sharing.candidates(mia)}
    sharing.share(mia, report.id, "eve")
    sharing.share(mia, report.id, "ben", "editor")
    assert (service.get(eve, report.id).may_edit, service.get(ben, report.id).may_edit) == (False, True)
    assert service.get(ben, report.id).is_mine is False
    service.update(ben, report.id, description="By Ben")
    for verb in (service.delete, service.archive):
        with pytest.raises(NotAllowed, match="Only the owner of 'Costs' and admins"):
            verb(ben, report.id)
    with pytest.raises(NotAllowed):
        service.update(ben, report.id, visibility="workspace")
    with pytest.raises(BadInput, match="eve has the role 'viewer', which may not change reports"):
        sharing.share(mia, report.id, "eve", "editor")
    with pytest.raises(NotFound, match="Did you mean 'eve'"):
        sharing.share(mia, report.id, "evee")

    sharing.unshare(mia, report.id, "eve")
    assert [one.username for one in sharing.shared_with(mia, report.id)] == ["ben"]
    with pytest.raises(NotFound):
        service.get(eve, report.id)


def test_a_report_that_is_given_away_is_anothers_and_its_old_owner_edits_it(user: Users) -> None:
    mia, ben = user("mia"), user("ben")
    report = service.create(mia, "Costs", MARCH, visibility="private")
    sharing.transfer(mia, report.id, "ben")

    now = service.get(ben, report.id)
    assert (now.owner_name, now.is_mine) == ("ben", True)
    assert [(one.username, one.role) for one in sharing.shared_with(ben, report.id)] == [("mia", "editor")]
    with pytest.raises(NotAllowed):
        sharing.transfer(mia, report.id, "mia")


def test_what_is_archived_or_deleted_is_on_its_shelf_and_comes_back(user: Users) -> None:
    mia = user("mia")
    report = service.create(mia, "Weekly", MARCH)
    other = service.create(mia, "Monthly", MARCH)
    service.archive(mia, report.id)
    service.delete(mia, other.id)

    def on(shelf: str) -> list[str]:
        return [one.name for one in library.listed(mia, shelf=shelf).items]

    assert (on("reports"), on("archived"), on("deleted")) == ([], ["Weekly"], ["Monthly"])
    with pytest.raises(Conflict, match="Archived by mia"):
        service.run_now(mia, report.id)
    with pytest.raises(Conflict, match="Take it back from the archive first"):
        service.update(mia, report.id, is_active=True)
    service.unarchive(mia, report.id)
    service.restore(mia, other.id)
    assert (sorted(on("mine")), on("archived"), on("deleted")) == (["Monthly", "Weekly"], [], [])
    assert service.get(mia, report.id).is_active


def test_a_report_becomes_a_template_and_a_template_a_report(user: Users, world: World) -> None:
    mia, ben = user("mia"), user("ben")
    report = service.create(mia, "Weekly", MARCH, plan=plan("Hello"))
    kept = templates.save_as(mia, report.id, "Team weekly")
    assert [one.name for one in library.reports(mia)] == ["Weekly"]
    with pytest.raises(Conflict, match="is a template"):
        service.run_now(mia, kept.id)

    assert templates.templates(ben)[0].name == "Team weekly"
    made = templates.create_from(ben, kept.id, "Atlas weekly", teams=["Atlas"])
    assert (made.owner_name, made.is_template) == ("ben", False)
    assert made.report_plan is not None
    assert (made.report_plan.title, made.report_plan.scope.teams) == ("Atlas weekly", (world.teams["Atlas"],))
    with pytest.raises(NotFound, match="Did you mean 'dora-monthly'"):
        templates.create_from(ben, "dora-monthli")
    assert templates.create_from(ben, "dora, MONTHLY").name == "DORA, monthly"
    assert templates.create_from(ben, "team WEEKLY", "By its name").name == "By its name"
    two = templates.save_as(mia, report.id, "Team weekly")
    with pytest.raises(BadInput, match=f"2 templates named 'Team weekly'.*{two.id}"):
        templates.create_from(ben, "Team weekly")
    with pytest.raises(BadInput, match="is about one person"):
        templates.create_from(ben, "one-to-one")


def test_every_template_makes_a_report_that_runs(world: World, finish: Finish) -> None:
    ended = {}
    for key in templates.GALLERY[:-1]:
        made = templates.create_from(world.ctx, key, people=["Ann"] if key in templates.OF_ONE else [])
        run = finish(world.ctx, service.run_now(world.ctx, made.id))
        ended[key] = (run.status, run.error)

    assert ended == dict.fromkeys(templates.GALLERY[:-1], ("success", None))
    product = templates.create_from(world.ctx, "product-analytics-daily")
    with pytest.raises(NotFound, match="There is no connection named 'Google Analytics' in 'Acme'"):
        finish(world.ctx, service.run_now(world.ctx, product.id))


def test_a_file_says_all_that_a_report_is(user: Users, world: World) -> None:
    mia = user("mia")
    scope = {"teams": ["Atlas"], "people": ["Ann", "Bob"]}
    theme = {"theme": {"num_columns": 4}, "audience": "All", "window": {"range": "last_quarter", "compare": "year"}}
    made = service.create(
        mia, "Weekly: *all*", MARCH, description="Two\nlines", plan=plan("A\n\n- b", scope=scope, **theme)
    )
    text = folder.pulled(mia)["weekly-all.yaml"]

    assert "teams:\n      - Atlas" in text
    assert "    | " not in text
    pushed = folder.push(mia, {"new.yaml": text.replace(f"id: {made.id}\n", "")})
    assert [one.done for one in pushed] == ["made"]
    copy = next(one for one in library.reports(mia) if one.id != made.id)
    assert (copy.report_plan, copy.parameters) == (made.report_plan, made.parameters)
    assert definition.read(pushed[0].text, "new.yaml").id == copy.id


def test_a_file_is_pushed_once_and_never_over_anothers_change(user: Users) -> None:
    mia = user("mia")
    report = service.create(mia, "Weekly", MARCH, description="One")
    text = folder.pulled(mia)["weekly.yaml"]
    mine = text.replace("description: One", "description: Mine")

    assert [one.state for one in folder.compare(mia, {"weekly.yaml": text})] == ["same"]
    assert [one.done for one in folder.push(mia, {"weekly.yaml": text})] == ["same"]
    assert "+description: Mine" in folder.compare(mia, {"weekly.yaml": mine})[0].difference

    service.update(mia, report.id, description="Theirs")
    assert folder.compare(mia, {"weekly.yaml": mine})[0].state == "behind"
    refused = folder.push(mia, {"weekly.yaml": mine})[0]
    assert (refused.done, "version 2, not 1" in refused.problem) == ("refused", True)
    assert service.get(mia, report.id).description == "Theirs"
    assert folder.push(mia, {"weekly.yaml": mine}, force=True)[0].done == "changed"
    assert service.get(mia, report.id).description == "Mine"
    assert len(versions.versions(mia, report.id)) == 3
    assert [one.state for one in folder.compare(mia, {})] == ["elsewhere"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("name: Weekly", "nome: Weekly"), r"w.yaml:4:1: There is no key named 'nome'. Did you mean 'name'"),
        (("commits_count", "comits"), "There is no metric named 'comits'"),
        (("parameters:", "parameters: ["), r"w.yaml:\d+:\d+: "),
        (("report/1", "report/2"), r"w.yaml:1:12: 'sightline' must be report/1"),
    ],
)
def test_a_wrong_file_is_told_by_its_place_and_saves_nothing(user: Users, change: tuple[str, str], said: str) -> None:
    mia = user("mia")
    service.create(mia, "Weekly", MARCH)
    text = folder.pulled(mia)["weekly.yaml"].replace(*change)

    with pytest.raises(BadInput, match=said):
        folder.check(mia, "w.yaml", text)
    assert folder.push(mia, {"w.yaml": text})[0].done == "refused"
    assert len(versions.versions(mia, library.reports(mia)[0].id)) == 1


def test_a_prose_block_reads_back_as_prose() -> None:
    one = definition.Definition(name="Weekly", plan=plan("x"))
    back = definition.read(definition.told(one), "x")

    assert back == one
    assert back.plan is not None
    assert isinstance(back.plan.sections[0].blocks[0], ProseBlock)


def test_two_runs_are_compared_number_by_number(user: Users, world: World, finish: Finish) -> None:
    mia = user("mia")
    blocks = [
        {"widget": "metric.stat", "params": {"metric": "commits_count"}},
        {"widget": "metric.table", "params": {"metrics": ["commits_count"], "by": "repo"}},
    ]
    window = {"range": "2026-03-01..2026-03-09", "compare": "none"}
    whole = {"title": "Weekly", "window": window, "sections": [{"title": "All", "blocks": blocks}]}
    report = service.create(mia, "Weekly", plan=whole)
    first = finish(mia, service.run_now(mia, report.id))
    shorter = {**whole, "window": {**window, "range": "2026-03-01..2026-03-06"}}
    more = [*blocks, {"widget": "metric.stat", "params": {"metric": "net_lines"}}]
    shorter["sections"] = [{"title": "All", "blocks": more}]
    service.update(mia, report.id, plan=shorter)
    mia = replace(mia, clock=lambda: world.ctx.clock() + timedelta(minutes=1))
    second = finish(mia, service.run_now(mia, report.id))

    found = comparing.compared(mia, second.id, first.id)
    assert found.before.id == first.id
    assert [(one.what, one.before, one.after, one.change) for one in found.differences] == [
        ("Commits", "18", "12", "−33 %"), ("app: Commits", "9", "6", "−33 %"), ("site: Commits", "9", "6", "−33 %"),
    ]  # fmt: skip
    assert (found.same, found.gone, found.new) == (0, (), ("Net lines",))
    assert comparing.compared(mia, first.id, first.id).same == 3


def test_who_may_not_send_brings_no_output_back(user: Users, finish: Finish) -> None:
    mia, ada = user("mia"), user("ada", "manager")
    sent = plan("Hello", outputs={"ops": {"connection": "Ops"}})
    report = service.create(ada, "Weekly", MARCH, plan=sent)
    sharing.share(ada, report.id, "mia", "editor")
    run = finish(ada, service.run_now(ada, report.id))
    service.update(ada, report.id, plan=plan("Hello"))

    with pytest.raises(NotAllowed, match="schedule reports"):
        versions.go_back(mia, report.id, 1)
    with pytest.raises(NotAllowed, match="schedule reports"):
        service.run_again(mia, run.id)
    assert versions.go_back(ada, report.id, 1) == 3


def test_a_file_names_things_as_they_are_called_now(user: Users, world: World) -> None:
    mia = user("mia")
    scope = {"people": ["Ann"], "teams": ["Atlas", "Borealis"]}
    made = service.create(mia, "Two of a name", MARCH, plan=plan("Hello", scope=scope))
    people.register(world.ctx, [Seen("ann.other@example.com", "Ann")])
    people.change_team(world.ctx, world.teams["Atlas"], "Borealis 2")
    text = folder.pulled(mia)["two-of-a-name.yaml"]

    assert "- Ann (ann@example.com)" in text
    assert "- Borealis 2\n      - Borealis\n" in text
    assert [one.state for one in folder.compare(mia, {"two.yaml": text})] == ["same"]
    pushed = folder.push(mia, {"new.yaml": text.replace(f"id: {made.id}\n", "")})
    assert (pushed[0].done, pushed[0].problem) == ("made", "")
    copy = next(one for one in library.reports(mia) if one.id != made.id)
    assert copy.report_plan is not None
    assert made.report_plan is not None
    for field in ("people", "teams"):
        assert getattr(copy.report_plan.scope, field) == getattr(made.report_plan.scope, field)


def test_two_that_share_a_name_stay_with_their_ids_in_a_file() -> None:
    one = definition.Definition(name="Weekly", plan=plan("x", scope={"repos": ["r1", "r3"], "names": {"r3": "gone"}}))
    text = definition.told(one, {"repos": {"r1": "app", "r2": "App"}})

    assert "- r1\n      - gone\n    names:\n      r1: app\n" in text


def test_a_file_of_a_deleted_report_spoils_no_other(user: Users) -> None:
    mia = user("mia")
    gone, kept = service.create(mia, "Gone", MARCH), service.create(mia, "Kept", MARCH)
    texts = folder.pulled(mia)
    service.delete(mia, gone.id)

    found = {one.file: one for one in folder.compare(mia, texts)}
    assert (found["gone.yaml"].state, found["kept.yaml"].state) == ("wrong", "same")
    assert "Take the line 'id' out to make it anew" in found["gone.yaml"].problem
    assert {one.name: one.done for one in folder.push(mia, texts)} == {"Gone": "refused", "Kept": "same"}
    assert kept.id in {one.id for one in library.reports(mia)}
