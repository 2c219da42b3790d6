"""Components are tried first, kept in step with their repository, taken back, and offered by every door."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core.alerts import service as alerts
from core.alerts.wish import Wish as Alert
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.base.period import between
from core.boards import service as boards
from core.bootstrap import House
from core.catalogue import service as catalogue
from core.catalogue.scope import UNASSIGNED, Scope
from core.components import codeowners, service
from core.components.codeowners import Choice
from core.components.views import Lines, Wish
from core.context import Context
from core.datasources.kinds.metrics import Metrics
from core.entrypoints.cli import assembled, out
from core.ingestion import service as sources
from core.people import service as people
from core.reports import service as reports
from core.reports.build import build
from core.reports.plan import read_parameters
from core.reports.planner import default_plan
from core.reports.references import checked_parameters, standing
from core.stores.metrics import MetricsStore
from core.widgets.focus import asked, explained
from tests.catalogue.factories import WEEK, History, fresh
from tests.conftest import NOW
from tests.ingestion import clones
from tests.pages import entered
from tests.parts.test_golden_components import change


@pytest.fixture
def shop(ctx: Context) -> tuple[Context, str]:
    """A repository with two services and something else; a commit each, one of them long ago."""
    history = History(ctx)
    history.person("ann")
    change(history, "ann", "2026-03-02 09:00", {"services/billing/a.py": (10, 0), "services/billing/b.py": (1, 0)})
    change(history, "ann", "2026-03-03 09:00", {"services/stock/a.py": (5, 0)})
    change(history, "ann", "2025-01-03 09:00", {"services/billing/a.py": (1, 0), "README.md": (1, 0)})
    return history.ingest(), history.repo("app")


def wish(repo: str, *texts: str, name: str = "Billing", team: str = "") -> Wish:
    return Wish(name, team, (Lines(repo, tuple(texts)),))


def counted(ctx: Context, *ids: str) -> float | None:
    return catalogue.measure(fresh(ctx), ["commits_count"], replace(WEEK, component_ids=ids)).get("commits_count").value


def test_a_preview_tells_paths_commits_and_lines_that_match_nothing(shop: tuple[Context, str]) -> None:
    ctx, repo = shop
    service.save(ctx, wish(repo, "services/", name="Services"))

    seen = service.preview(ctx, wish(repo, "services/billing/", "!b.py", "nowhere/"))

    assert (seen.paths, seen.of, seen.commits, seen.shared, seen.unassigned) == (1, 4, 1, 1, 1)
    assert [rule.text for rule in seen.idle] == ["nowhere/"]
    assert "1 of 4 paths, 1 commit in the last 90 days" in seen.words
    assert [view.name for view in service.components(ctx)] == ["Services"]


def test_while_paths_are_written_others_change_the_workspace_and_a_rule_that_changed_meanwhile_wins(
    shop: tuple[Context, str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx, repo = shop
    made = service.save(ctx, wish(repo, "services/billing/"))
    insert, meanwhile = MetricsStore.insert_arrow, [wish(repo, "services/stock/")]

    def interrupted(store: MetricsStore, table: str, rows: Any) -> None:
        if table == "path_components" and meanwhile:
            service.save(ctx, meanwhile.pop(), made)  # waits for ever if whoever writes holds the app store
        insert(store, table, rows)

    monkeypatch.setattr(MetricsStore, "insert_arrow", interrupted)
    service.save(ctx, wish(repo, "README.md"), made)

    assert service.component(ctx, made).lines[0].patterns == ("services/stock/",)
    assert (service.component(ctx, made).paths, counted(ctx, made)) == (1, 1)
    assert [row["path"] for row in ctx.metrics.rows(
        "SELECT path FROM path_components FINAL WHERE workspace_id = {w:String} AND has(components, {c:String})",
        {"w": ctx.workspace.id, "c": made})] == ["services/stock/a.py"]  # fmt: skip


def test_a_component_is_changed_and_taken_back_removed_and_brought_back(shop: tuple[Context, str]) -> None:
    ctx, repo = shop
    made = service.save(ctx, wish(repo, "services/billing/"))
    assert counted(ctx, made) == 1

    service.save(ctx, wish(repo, "services/", name="Services"), "billing")
    assert (counted(ctx, made), service.names(ctx)[made]) == (2, "Services")
    service.undo(ctx, "Services")
    assert (counted(ctx, made), service.names(ctx)[made]) == (1, "Billing")

    service.remove(ctx, "Billing")
    assert counted(ctx, made) is None and counted(ctx, UNASSIGNED) == 2
    assert service.names(ctx) == {}
    service.save(ctx, wish(repo, "web/"))
    with pytest.raises(Conflict, match="already"):
        service.undo(ctx, made)
    service.remove(ctx, "Billing")
    service.undo(ctx, made)
    assert counted(ctx, made) == 1


def test_managers_edit_and_everybody_who_sees_dashboards_sees_them(
    shop: tuple[Context, str], acting: Callable[[str], Context]
) -> None:
    _, repo = shop
    service.save(acting("manager"), wish(repo, "services/billing/"))

    assert [view.name for view in service.components(acting("viewer"))] == ["Billing"]
    for deed in (
        lambda who: service.save(who, wish(repo, "x/", name="X")),
        lambda who: service.remove(who, "Billing"),
        lambda who: service.undo(who, "Billing"),
        lambda who: codeowners.give(who, "app", "* @a"),
    ):
        with pytest.raises(NotAllowed):
            deed(acting("member"))


def test_what_is_wrong_is_said_in_a_sentence(shop: tuple[Context, str]) -> None:
    ctx, repo = shop
    service.save(ctx, wish(repo, "services/billing/"))
    for bad, error in (
        (wish(repo, "a/", name=" "), "name"),
        (wish(repo, "a/", name="unassigned"), "outside every component"),
        (wish(repo, "a/", name="billing"), "already"),
        (wish(repo, "[a-", name="X"), "is no pattern"),
        (wish("gone", "a/", name="X"), "not there any more"),
        (wish(repo, "a/", name="X", team="gone"), "team is not there"),
    ):
        with pytest.raises((BadInput, Conflict, NotFound), match=error):
            service.save(ctx, bad)
    with pytest.raises(NotFound, match="Did you mean 'Billing'"):
        service.component_id(ctx, "Biling")


def test_a_sync_reads_codeowners_keeps_components_in_step_and_tells_what_changed(ctx: Context, tmp_path: Path) -> None:
    clone = clones.new(tmp_path / "app")
    clone.commit("Begin", {".github/CODEOWNERS": "/pay/ @acme/payments\n/web/ @acme/web\n", "pay/a.py": "1\n",
                           "web/a.ts": "1\n", "lib/a.py": "1\n"})  # fmt: skip
    team = people.create_team(ctx, "Payments").id
    source = sources.add_git(ctx, str(clone.path))
    sources.sync(ctx, source.id)
    (file,) = codeowners.owners(ctx)
    assert (file.path, file.dialect, file.change) == (".github/CODEOWNERS", "github", "")
    assert [(one.owner, one.paths, one.suggested_name, one.suggested_team) for one in file.owners] == [
        ("@acme/payments", 1, "Payments", "Payments"), ("@acme/web", 1, "Web", ""),
    ]  # fmt: skip

    codeowners.take(ctx, file.repo, {"@acme/payments": Choice("Payments", team), "@acme/web": Choice("Shop")})
    assert {view.name: (view.team, view.paths) for view in service.components(ctx)} == {
        "Payments": ("Payments", 1), "Shop": ("", 1),
    }  # fmt: skip

    clone.commit("Give lib away", {".github/CODEOWNERS": "/pay/ @acme/payments\n/lib/ @acme/payments @new\n",
                                   "pay/b.py": "1\n"})  # fmt: skip
    result = sources.sync(ctx, source.id)
    (file,) = codeowners.owners(ctx)
    assert any("in all history" in note for note in result.notes)
    assert (file.added, file.removed) == (("/lib/ @acme/payments @new",), ("/web/ @acme/web",))
    assert "came: 1, went: 1" in file.change and file.moved >= 2
    assert [(one.owner, one.component) for one in file.owners] == [("@acme/payments", "Payments"), ("@new", "")]
    assert {view.name: view.paths for view in service.components(ctx)} == {"Payments": 3, "Shop": 0}

    sources.remove(ctx, source.id)
    assert ctx.metrics.rows(
        "SELECT path FROM path_components FINAL WHERE workspace_id = {w:String}", {"w": ctx.workspace.id}
    ) == []  # fmt: skip


def test_a_file_is_handed_in_where_no_clone_is_read(shop: tuple[Context, str]) -> None:
    ctx, _ = shop
    with pytest.raises(BadInput, match="no line"):
        codeowners.give(ctx, "app", "# nothing\n")

    view = codeowners.give(ctx, "app", "services/stock/ stock@example.com\nnowhere/ @x\n")

    assert view.is_given and view.idle == ("2: nowhere/ @x",)
    assert codeowners.take(ctx, "app", {"stock@example.com": Choice("Stock")}) == ["Stock"]
    assert counted(ctx, service.component_id(ctx, "stock")) == 1


def test_every_door_narrows_to_components(shop: tuple[Context, str], house: House) -> None:
    ctx, repo = shop
    made = service.save(ctx, wish(repo, "services/billing/"))
    other = service.save(ctx, wish(repo, "services/stock/", name="Stock"))
    ctx = fresh(ctx)

    chosen = checked_parameters(ctx, read_parameters({"components": ["billing"], "metrics": ["commits_count"]}))
    assert (chosen.components, chosen.names) == ((made,), {made: "Billing"})
    built = build(ctx, default_plan(ctx, chosen, title="x"), NOW)
    assert built.scope.component_ids == (made,) and "Component: Billing" in built.document.filters
    whole = default_plan(ctx, read_parameters({"metrics": ["commits_count"]}), title="x")
    assert any(block.params.get("by") == "component" for block in whole.widgets())
    report = reports.create(ctx, "Of billing", {"components": ["Billing"]})
    assert reports.find(ctx, report.id).parameters.components == (made,)

    about = explained(replace(WEEK, component_ids=(made,)), "commits_count")
    assert about and asked(ctx, about).component_ids == (made,)
    table = next(tile for tile in boards.standard(ctx, "overview").tiles if tile.params.get("title") == "Components and"
                 " their numbers")  # fmt: skip
    assert table.params["by"] == "component"
    compare = boards.standard(ctx, "compare", of="component")
    for scope, names in (
        (WEEK, {"Billing", "Stock"}),
        (replace(WEEK, component_ids=(made, UNASSIGNED)), {"Billing", "Unassigned"}),
    ):
        lines = boards.build(ctx, compare, scope)[0].lines  # type: ignore[union-attr]
        assert {line.name for line in lines} == names

    rule = alerts.create(ctx, Alert(subject_kind="component", subject_ids=("Stock",), condition="above", threshold=0))
    assert tuple(alerts.get(ctx, rule.id).wish.subject_ids) == (other,)
    trial = alerts.trial(ctx, Alert(subject_kind="component", condition="above", threshold=0), 30)
    assert {one.subject.name: len(one.fired) for one in trial.subjects} == {"Billing": 1, "Stock": 1, "Unassigned": 0}

    gone = chosen
    service.remove(ctx, "Billing")
    with pytest.raises(BadInput, match="Of the component that this report is about, nothing is left: 'Billing'"):
        standing(ctx, default_plan(ctx, gone, title="x").scope)


def test_the_command_lists_tries_sets_imports_removes_and_takes_back(
    shop: tuple[Context, str], house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ctx, _ = shop
    monkeypatch.setattr(out, "house", lambda: house)
    monkeypatch.setattr(out, "prepare", lambda rooms: None)

    def run(*words: str) -> str:
        done = CliRunner().invoke(assembled(list(words)), [*words, "-w", ctx.workspace.slug])
        assert done.exit_code == 0, done.output
        return done.output

    seen = run("components", "preview", "Billing", "--repo", "app", "-p", "services/billing/", "-p", "no/", "--json")
    assert json.loads(seen)["rows"][0]["matches_nothing"] == ["no/"]
    assert "2 of 4 paths" in run("components", "set", "Billing", "--repo", "app", "-p", "services/billing/", "--yes")
    file = tmp_path / "CODEOWNERS"
    file.write_text("services/stock/ @acme/stock\n")
    assert "@acme/stock" in run("components", "import", "app", "--file", str(file))
    run("components", "import", "app", "--owner", "@acme/stock=Stock")
    rows = json.loads(run("components", "list", "--json"))["rows"]
    assert [(row["component"], row["made_of"], row["paths"]) for row in rows] == [
        ("Billing", ["services/billing/"], 2), ("Stock", ["@acme/stock"], 1),
    ]  # fmt: skip
    days = ("--from", "2026-03-02", "--to", "2026-03-09", "--json")
    shown = json.loads(run("metrics", "show", "commits_count", "--component", "stock", *days))["rows"]
    assert [row["value"] for row in shown] == [1]
    shown = json.loads(run("metrics", "show", "commits_count", "--by", "component", *days))["rows"]
    assert {row["label"]: row["value"] for row in shown} == {"Billing": 1, "Stock": 1}
    run("components", "remove", "Stock", "--yes")
    assert "is back" in run("components", "undo", "Stock")


def test_the_page_tries_keeps_and_removes(
    shop: tuple[Context, str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx, _ = shop
    page = entered(house, ctx, monkeypatch, "data/components").run()
    assert not page.exception and "no components yet" in page.info[0].value

    page.text_input(key="component_name_new").set_value("Billing").run()
    repo = page.selectbox(key="component_repo_new").value
    page.text_area(key=f"component_paths_new_{repo}").set_value("services/billing/\nnowhere/").run()
    assert any("2 of 4 paths, 1 commit" in one.value for one in page.markdown)
    assert "nowhere/" in page.warning[0].value
    page.button(key="component_keep").click().run()
    (made,) = service.components(ctx)
    assert (made.name, made.paths) == ("Billing", 2) and not page.exception

    page.button(key=f"component_remove_{made.id}").click().run()
    assert service.components(ctx) == [] and not page.exception
    page.button(key=f"component_back_{made.id}").click().run()
    assert [view.name for view in service.components(ctx)] == ["Billing"] and not page.exception

    looking = entered(house, ctx, monkeypatch, "data/components", "viewer").run()
    assert not looking.exception and not any(one.key == "component_keep" for one in looking.button)


def test_the_metrics_datasource_knows_components(shop: tuple[Context, str], house: House) -> None:
    ctx, repo = shop
    service.save(ctx, wish(repo, "services/billing/"))
    scope = Scope(between(WEEK.period.start.date(), WEEK.period.start.date(), "UTC")) if WEEK.period else WEEK

    assert "components" in Metrics.Args.model_fields
    assert catalogue.measure(fresh(ctx), ["commits_count"], scope, ("component",)).groups


def test_all_that_a_team_owns_is_chosen_under_its_name_and_follows_it(
    shop: tuple[Context, str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx, repo = shop
    platform = people.create_team(ctx, "Platform")
    below = people.create_team(ctx, "Payments", parent_id=platform.id)
    stock = service.save(ctx, wish(repo, "services/stock/", name="Stock"))
    assert service.owned(ctx) == {} and service.chosen(ctx, [stock, "unassigned"]) == (stock, UNASSIGNED)
    billing = service.save(ctx, wish(repo, "services/billing/", team=below.id))
    all_of = f"team:{platform.id}"
    assert list(service.offered(ctx).values()) == [
        "Billing",
        "Stock",
        "All of Payments",
        "All of Platform",
        "Unassigned",
    ]
    assert service.chosen(ctx, ["all of platform"]) == service.chosen(ctx, [all_of]) == (billing,)
    asked_for = checked_parameters(
        ctx, read_parameters({"components": ["all of platform"], "metrics": ["commits_count"]})
    )
    plan = default_plan(ctx, asked_for, title="x")
    assert plan.scope.components == (all_of,)

    service.save(ctx, wish(repo, "services/stock/", name="Stock", team=platform.id), stock)

    ctx = fresh(ctx)
    assert set(service.chosen(ctx, [all_of])) == {billing, stock}
    assert counted(ctx, *service.chosen(ctx, [all_of])) == 2
    assert "Component: All of Platform" in build(ctx, plan, NOW).document.filters
    page = entered(house, ctx, monkeypatch, "dashboards/overview")
    page.query_params.update({"component": all_of, "period": "2026-03-02..2026-03-08"})
    assert not page.run().exception and page.multiselect(key="scope_component").value == [all_of]
    service.remove(ctx, billing)
    service.remove(ctx, stock)
    with pytest.raises(BadInput, match="All of Platform"):
        standing(fresh(ctx), plan.scope)
