"""What counts as a deployment or an incident is chosen, tried first, and taken back when another is chosen."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from core.access import workspaces
from core.base.errors import BadInput, NotAllowed, NotFound
from core.base.period import Period
from core.bootstrap import House
from core.catalogue import service as catalogue
from core.catalogue.models import Feed, Repository
from core.catalogue.scope import Scope
from core.context import Context
from core.entrypoints.cli import assembled, out
from core.figures import State
from core.ingestion import service as sources
from core.ingestion.records import service as records
from core.ingestion.records.service import Push
from core.ingestion.rules import service
from core.ingestion.rules.kinds import RULES
from core.ingestion.writing import FactWriter
from tests.conftest import NOW
from tests.ingestion import clones
from tests.pages import entered

DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""A Monday."""
JANUARY = Scope(Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)))


@pytest.fixture
def clone(tmp_path: Path) -> clones.Clone:
    return clones.new(tmp_path / "app")


@pytest.fixture
def repo(ctx: Context) -> str:
    with ctx.app.session() as session:
        row = Repository(workspace_id=ctx.workspace.id, name="app", created_at=NOW, default_branch="main")
        session.add(row)
        session.flush()
        for fact in ("releases", "workflow_runs", "pull_requests", "issues", "deployments"):
            session.add(Feed(workspace_id=ctx.workspace.id, repo_id=row.id, fact=fact, source="github",
                             complete_until=NOW, updated_at=NOW))  # fmt: skip
        return row.id


@pytest.fixture
def told(ctx: Context, repo: str) -> None:
    """What a provider tells: releases, runs, pull requests, issues and deployments of January."""
    with FactWriter(ctx, repo, "github", 1) as writer:
        for n, (tag, early, draft) in enumerate((("v1", 0, 0), ("v2-rc1", 1, 0), ("v2", 0, 0), ("v3", 0, 1))):
            writer.add("releases", {"release_key": str(n), "tag": tag, "is_prerelease": early, "is_draft": draft,
                                    "published_at": DAY + timedelta(days=n)})  # fmt: skip
        for n, (name, branch, conclusion) in enumerate(
            (("Deploy", "main", "success"), ("Deploy", "topic", "success"), ("Deploy", "main", "failure"),
             ("Deploy", "main", "cancelled"), ("Test", "main", "success"), ("Deploy", "main", ""))
        ):  # fmt: skip
            at, end = DAY + timedelta(days=n), DAY + timedelta(days=n, minutes=5)
            writer.add("workflow_runs", {"run_key": str(n), "name": name, "path": ".github/workflows/ci.yml",
                                         "branch": branch, "conclusion": conclusion, "event": "push",
                                         "started_at": at, "finished_at": end if conclusion else None})  # fmt: skip
        for n, (base, title) in enumerate((("main", "One"), ("main", 'Revert "One"'), ("topic", "Aside")), 1):
            writer.add("pull_requests", {"number": n, "title": title, "base_branch": base, "state": "merged",
                                         "opened_at": DAY, "first_commit_at": DAY,
                                         "merged_at": DAY + timedelta(days=n)})  # fmt: skip
        writer.add("pull_requests", {"number": 9, "title": "Open", "base_branch": "main", "opened_at": DAY})
        for n, labels in enumerate((["Incident", "api"], ["bug"], ["sev1"]), 1):
            writer.add("issues", {"number": n, "title": f"Issue {n}", "labels": labels, "opened_at": DAY,
                                  "closed_at": DAY + timedelta(hours=n)})  # fmt: skip
        for n, environment in enumerate(("production", "staging", "Production EU")):
            writer.add("deployments", {"deployment_key": f"d{n}", "environment": environment, "status": "success",
                                       "is_production": 1, "started_at": DAY + timedelta(days=n),
                                       "finished_at": DAY + timedelta(days=n)})  # fmt: skip


def keys(ctx: Context, fact: str = "deployments", source: str = "rule") -> list[str]:
    column = "deployment_key" if fact == "deployments" else "incident_key"
    found = ctx.metrics.rows(
        f"SELECT {column} AS key FROM {fact} FINAL WHERE workspace_id = {{w:String}} AND source = {{s:String}}"
        " ORDER BY 1",
        {"w": ctx.workspace.id, "s": source},
    )
    return [row["key"] for row in found]


def value(ctx: Context, key: str, scope: Scope = JANUARY) -> Any:
    fresh = replace(ctx, workspace=workspaces.find(ctx.app, ctx.workspace.id))
    return catalogue.measure(fresh, [key], scope).values[0]


@pytest.mark.parametrize(
    ("kind", "settings", "found"),
    [
        ("releases", {}, ["release:0", "release:2"]),
        ("releases", {"prereleases": True}, ["release:0", "release:1", "release:2"]),
        ("releases", {"pattern": "v1, v3"}, ["release:0"]),
        ("workflow_runs", {}, ["run:0", "run:1", "run:2", "run:3", "run:5"]),
        ("workflow_runs", {"branch": "main"}, ["run:0", "run:2", "run:3", "run:5"]),
        ("workflow_runs", {"pattern": "ci.yml"}, [f"run:{n}" for n in range(6)]),
        ("merges", {}, ["merge:1", "merge:2"]),
        ("merges", {"branch": "top*"}, ["merge:3"]),
        ("environments", {}, ["told:d0", "told:d2"]),
        ("as_told", {}, []),
    ],
)
def test_each_rule_finds_what_it_says(
    ctx: Context, repo: str, told: None, kind: str, settings: dict[str, Any], found: list[str]
) -> None:
    assert service.preview(ctx, "deployments", kind, settings, repo).count == len(found)
    assert keys(ctx) == []

    service.choose(ctx, "deployments", kind, settings, "app")

    assert keys(ctx) == found


def test_while_a_rule_stands_only_what_it_finds_counts(ctx: Context, repo: str, told: None) -> None:
    assert value(ctx, "deployments_count").value == 3

    service.choose(ctx, "deployments", "releases", {})
    assert value(ctx, "deployments_count").value == 2
    service.choose(ctx, "deployments", "merges", {})
    assert value(ctx, "deployments_count").value == 2 and keys(ctx) == ["merge:1", "merge:2"]
    service.back_to_default(ctx, "deployments")

    assert keys(ctx) == [] and len(keys(ctx, source="github")) == 3
    assert value(ctx, "deployments_count").value == 3


def test_choosing_the_same_again_changes_nothing(ctx: Context, repo: str, told: None) -> None:
    def rows() -> list[dict[str, Any]]:
        return ctx.metrics.rows("SELECT * FROM deployments FINAL WHERE workspace_id = {w:String} ORDER BY ALL",
                                {"w": ctx.workspace.id})  # fmt: skip

    assert service.choose(ctx, "deployments", "releases", {}) == 2
    before = rows()

    assert service.choose(ctx, "deployments", "releases", {}) == 0
    assert rows() == before


def test_how_runs_ended_is_told_as_deployments_end(ctx: Context, repo: str, told: None) -> None:
    service.choose(ctx, "deployments", "workflow_runs", {"branch": "main"}, "app")

    found = ctx.metrics.rows(
        "SELECT status, isNull(finished_at) AS runs FROM deployments FINAL WHERE workspace_id = {w:String}"
        " AND source = 'rule' ORDER BY deployment_key",
        {"w": ctx.workspace.id},
    )
    assert [(row["status"], row["runs"]) for row in found] == [
        ("success", 0), ("failure", 0), ("cancelled", 0), ("in_progress", 1)]  # fmt: skip


def test_a_deployment_that_the_next_one_reverts_failed_until_then(ctx: Context, repo: str, told: None) -> None:
    service.choose(ctx, "deployments", "merges", {"hotfix": "hotfix*"}, "app")

    (failed,) = ctx.metrics.rows(
        "SELECT deployment_key, failure_link, restored_at FROM deployments FINAL"
        " WHERE workspace_id = {w:String} AND failed",
        {"w": ctx.workspace.id},
    )
    assert (failed["deployment_key"], failed["failure_link"]) == ("merge:1", "revert")
    assert failed["restored_at"].day == (DAY + timedelta(days=2)).day
    # Two deployments of which one failed; service was back a day after it.
    assert value(ctx, "change_failure_rate").value == 0.5
    assert value(ctx, "recovery_time_hours").value == 24


def test_incidents_are_issues_with_a_label(ctx: Context, repo: str, told: None) -> None:
    found = service.preview(ctx, "incidents", "labels", {"pattern": "incident, sev*"}, repo)
    service.choose(ctx, "incidents", "labels", {"pattern": "incident, sev*"})

    assert [row["title"] for row in found.last] == ["Issue 3", "Issue 1"]
    assert keys(ctx, "incidents") == ["issue:1", "issue:3"]
    # They lasted an hour and three.
    assert value(ctx, "incident_time_to_resolve_hours").value == 2


def test_a_repositorys_own_rule_goes_before_the_default(ctx: Context, repo: str, told: None) -> None:
    service.choose(ctx, "deployments", "releases", {})
    service.choose(ctx, "deployments", "merges", {}, "app")

    assert keys(ctx) == ["merge:1", "merge:2"]
    service.back_to_default(ctx, "deployments", "app")
    assert keys(ctx) == ["release:0", "release:2"]
    with pytest.raises(NotFound, match="No rule for deployments was chosen for 'app'"):
        service.back_to_default(ctx, "deployments", "app")


def test_a_preview_tells_the_last_ten_and_every_week(ctx: Context, repo: str) -> None:
    with FactWriter(ctx, repo, "github", 1) as writer:
        for n in range(15):
            writer.add("releases", {"release_key": str(n), "tag": f"v{n}", "published_at": DAY + timedelta(days=n)})

    found = service.preview(ctx, "deployments", "releases", {"pattern": "v*"}, repo)

    assert found.count == 15 and [row["title"] for row in found.last] == [f"v{n}" for n in range(14, 4, -1)]
    assert found.weeks[-3:] == ((date(2026, 1, 5), 7), (date(2026, 1, 12), 7), (date(2026, 1, 19), 1))
    assert len(found.weeks) == 12 and found.weeks[0][1] == 0


def test_what_is_not_collected_is_told_as_that(ctx: Context, repo: str) -> None:
    found = service.preview(ctx, "deployments", "tags", {}, repo)

    assert found.count == 0 and "git fetch --tags" in found.note
    assert service.preview(ctx, "deployments", "releases", {}, repo).note == "Nothing here fits the rule."


def test_dora_works_on_a_plain_git_repository_with_tags(ctx: Context, clone: clones.Clone) -> None:
    clone.commit("Begin", {"a.py": "0\n"}, at="2026-01-01T08:00:00Z")
    clone.git("tag", "v1")
    clone.commit("Add a door (#1)", {"a.py": "1\n"}, at="2026-01-05T09:00:00Z", committed="2026-01-06T09:00:00Z")
    clone.git("tag", "-a", "v2", "-m", "2", GIT_COMMITTER_DATE="2026-01-07T09:00:00Z")
    source = sources.add_git(ctx, clone.path)
    sources.sync(ctx, source.id)
    before = value(ctx, "deployment_frequency")
    assert before.state is State.NOT_COLLECTED and "Choose under Rules what counts as a deployment" in before.state_text

    service.choose(ctx, "deployments", "tags", {"pattern": "v*"})

    # Two deployments; the first is the baseline, and the change of #1 ran two days after its commit was written.
    assert value(ctx, "deployments_count").value == 2
    assert value(ctx, "lead_time_hours").value == 48
    clone.commit("Add a roof (#2)", {"a.py": "2\n"}, at="2026-01-08T09:00:00Z", committed="2026-01-08T09:00:00Z")
    clone.git("tag", "-a", "v3", "-m", "3", GIT_COMMITTER_DATE="2026-01-09T09:00:00Z")
    sources.sync(ctx, source.id)
    assert value(ctx, "deployments_count").value == 3
    sources.remove(ctx, source.id)
    assert keys(ctx) == []


def test_pushed_issues_become_incidents_at_once(ctx: Context, repo: str) -> None:
    service.choose(ctx, "incidents", "labels", {"pattern": "outage"})

    text = b"number,labels,opened_at\n1,outage,2026-01-05\n2,bug,2026-01-05\n"
    pushed = records.push(ctx, io.BytesIO(text), "csv", Push("issue", "app", "file"))

    assert keys(ctx, "incidents") == ["issue:1"]
    records.remove(ctx, pushed.upload_id)
    assert keys(ctx, "incidents") == []


@pytest.mark.parametrize(
    ("fact", "kind", "settings", "why"),
    [
        ("deployment", "tags", {}, "Did you mean 'deployments'"),
        ("deployments", "tag", {}, "Did you mean 'tags'"),
        ("incidents", "tags", {}, "no rule 'tags' for incidents"),
        ("deployments", "tags", {"patern": "v*"}, "Did you mean 'pattern'"),
        ("deployments", "tags", {"pattern": " , "}, "is empty"),
    ],
)
def test_what_is_no_rule_is_refused(ctx: Context, fact: str, kind: str, settings: dict[str, Any], why: str) -> None:
    with pytest.raises((BadInput, NotFound), match=why):
        service.choose(ctx, fact, kind, settings)


def test_a_viewer_chooses_nothing_and_other_workspaces_see_nothing(
    ctx: Context, acting: Any, house: House, repo: str
) -> None:
    other = house.context(workspaces.create(house.app, name="Other", now=NOW))
    with pytest.raises(NotAllowed):
        service.choose(acting("member"), "deployments", "tags", {})
    with pytest.raises(NotFound):
        service.preview(other, "deployments", "tags", {}, repo)
    with pytest.raises(NotFound):
        service.choose(other, "deployments", "tags", {}, "app")


def test_every_setting_has_a_name_for_people() -> None:
    unnamed = [(r.key, name) for r in RULES for name, field in r.settings.model_fields.items() if not field.title]

    assert unnamed == []


@pytest.fixture
def ran(house: House, monkeypatch: pytest.MonkeyPatch, ctx: Context) -> Callable[..., tuple[int, str]]:
    monkeypatch.setattr(out, "ready", lambda: house)

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(assembled(list(words)), [*words, "--workspace", ctx.workspace.slug])
        if isinstance(result.exception, BadInput):
            raise result.exception
        return result.exit_code, result.output

    return run


def test_rules_are_tried_and_chosen_by_command(ran: Callable[..., tuple[int, str]], ctx: Context, told: None) -> None:
    code, text = ran("rules", "preview", "deployments", "releases", "--repo", "app", "--json")
    assert code == 0 and json.loads(text)["rows"][0]["count"] == 2
    assert "2 deployments changed." in ran("rules", "choose", "deployments", "releases", "--set", "pattern=v*")[1]
    listed = json.loads(ran("rules", "list", "--json")[1])["rows"]
    assert [(row["repository"], row["rule"], row["own"]) for row in listed[:2]] == [
        ("Default", "releases", True), ("app", "releases", False)]  # fmt: skip
    assert "2 deployments changed." in ran("rules", "default", "deployments")[1]
    with pytest.raises(BadInput, match="NAME=VALUE"):
        ran("rules", "choose", "deployments", "tags", "--set", "v*")


def test_a_rule_is_seen_before_it_counts_on_the_page(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch, told: None
) -> None:
    page: AppTest = entered(house, ctx, monkeypatch, "data/rules").run()
    assert not page.exception

    page.selectbox(key="rule_kind_deployments_").set_value("releases").run()
    assert any("2 deployments" in text.value for text in page.markdown) and keys(ctx) == []
    page.button(key="rule_choose").click().run()

    assert not page.exception and keys(ctx) == ["release:0", "release:2"]
    page.button(key="rule_default").click().run()
    assert keys(ctx) == []
