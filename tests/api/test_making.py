"""From a sentence to a plan, templates, quotas, comparisons and questions over REST and GraphQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.context import Context
from core.entrypoints.api.rest.operations import ROOT
from core.reports import exporting, quotas, runs
from core.reports import service as reports
from tests.api.conftest import Ask, Call, Served, done, refusal


@pytest.fixture(scope="module")
def member(served: Served) -> Context:
    return served.as_role("member")


def test_a_sentence_is_planned_and_what_it_says_can_be_saved(call: Call, ask: Ask, member: Context) -> None:
    before = len(reports.reports(member))
    sentence = "weekly DORA compared with last year for the blorb team"
    planned = call("POST", f"{ROOT}/plan", "member", json={"sentence": sentence, "name": "Ours"})

    pairs = [(one["what"], one["choice"]) for one in planned["understood"]]
    assert pairs[0] == ("Template", "DORA, monthly")
    assert ("Compared with", "Same dates a year before") in pairs
    assert [one["word"] for one in planned["unknown"]] == ["blorb"]
    assert (planned["rhythm"], planned["suggestion"]) == ("weekly", None)
    assert planned["report"]["name"] == planned["plan"]["title"] == "Ours"
    assert planned["plan"]["window"]["compare"] == "year"
    assert len(reports.reports(member)) == before

    made = call("POST", ROOT, "member", 201, json=planned["report"])
    assert made["report_plan"] == planned["plan"] and made["name"] == "Ours"
    text = (
        f'{{ reportFromSentence(ORG, sentence: "{sentence}") {{ unknown {{ word }} rhythm report {{ name }} plan }} }}'
    )
    told = done(ask(text, "member"))
    assert (told["unknown"], told["rhythm"]) == ([{"word": "blorb"}], "weekly")
    assert told["plan"]["sections"] == planned["plan"]["sections"]


def test_a_sentence_without_a_template_is_one_of_parameters(call: Call, ask: Ask) -> None:
    planned = call("POST", f"{ROOT}/plan", "member", json={"sentence": "commits of the last 7 days"})

    report = planned["report"]
    assert (report["report_plan"], report["parameters"]["metrics"]) == (None, ["commits_count"])
    assert report["parameters"]["date_range"] == planned["plan"]["window"]["range"] == "last_7_days"
    made = call("POST", ROOT, "member", 201, json=report)
    assert made["parameters"] == report["parameters"]
    wanted = done(ask(
        '{ reportFromSentence(ORG, sentence: "commits of the last 7 days") { report { name parameters reportPlan } } }'
    ))["report"]  # fmt: skip
    text = "mutation($name: String!, $parameters: JSON) { createSavedReport(ORG, input: {name: $name,"
    saved = done(ask(text + " parameters: $parameters}) { parameters } }", variables=wanted))
    assert saved["parameters"] == wanted["parameters"]


def test_a_sentence_that_cannot_be_planned_says_so(call: Call, ask: Ask) -> None:
    planned = call("POST", f"{ROOT}/plan", "member", json={"sentence": "onboarding"})

    assert (planned["report"], planned["plan"]) == (None, None)
    assert planned["remarks"] == ["This template is about one person. Name them."]
    for wrong in ({}, {"sentence": " "}, {"sentence": "x" * 501}, {"sentence": "dora", "save": True}):
        assert call("POST", f"{ROOT}/plan", "member", 400, json=wrong)["code"] == "BAD_INPUT", wrong
    assert call("POST", f"{ROOT}/plan", "viewer", 403, json={"sentence": "dora"})["code"] == "FORBIDDEN"
    assert refusal(ask('{ reportFromSentence(ORG, sentence: "dora") { rhythm } }', "viewer"))[0] == "FORBIDDEN"
    asked = " ".join(f'a{number}: reportFromSentence(ORG, sentence: "dora") {{ rhythm }}' for number in range(5))
    assert "points, more than 20,000" in refusal(ask("{ " + asked + " }"))[1]


def test_templates_are_listed_made_from_and_kept_by_graphql(call: Call, ask: Ask) -> None:
    there = done(ask("{ reportTemplates(ORG) { total items { key name contents asks ownerName } } }"))
    shown = call("GET", f"{ROOT}/templates/list", "viewer")

    assert [one["key"] for one in there["items"]] == [one["key"] for one in shown["items"]]
    text = 'mutation {{ createReportFromTemplate(ORG, templateId: "{}", input: {}) {{ id name reportPlan }} }}'
    made = done(ask(text.format("dora-monthly", '{name: "By GraphQL", visibility: "private"}'), "member"))
    assert made["name"] == made["reportPlan"]["title"] == "By GraphQL"
    kept = done(ask(
        f'mutation {{ saveReportAsTemplate(ORG, reportId: "{made["id"]}", name: "Kept") {{ id isTemplate }} }}',
        "member",
    ))  # fmt: skip
    assert kept["isTemplate"] and kept["id"] in str(done(ask("{ reportTemplates(ORG) { items { key } } }")))
    assert refusal(ask(text.format("one-to-one", "{}"), "member"))[0] == "BAD_INPUT"
    code, said = refusal(ask(text.format("dora-montly", "{}"), "member"))
    assert code == "NOT_FOUND" and "dora-monthly" in said
    long = "n" * 201
    assert "under 200 letters" in refusal(ask(text.format("dora-monthly", f'{{name: "{long}"}}'), "member"))[1]


def test_the_months_reports_are_told_before_they_are_used_up(served: Served, call: Call, ask: Ask) -> None:
    now = call("GET", f"{ROOT}/quota", "viewer")
    assert (now["plan"], now["limit"], now["left"], now["sentence"]) == ("scale", None, None, "")
    assert datetime.fromisoformat(now["renews_at"]) == datetime(2026, 4, 1, tzinfo=UTC)

    quotas.choose(served.acme, "custom", now["used"] + 1)
    try:
        told = done(ask("{ reportQuota(ORG) { plan limit used left renewsAt sentence } }", "viewer"))
        assert (told["plan"], told["limit"], told["left"]) == ("custom", now["used"] + 1, 1)
        assert told["sentence"].startswith(f"{now['used']:,} of {now['used'] + 1:,} reports of this month")
        last = call("POST", ROOT, "member", 201, json={"name": "The last one"})["id"]
        call("POST", f"{ROOT}/{last}/runs", "member", 202)
        other = call("POST", ROOT, "member", 201, json={"name": "One too many"})["id"]
        said = call("POST", f"{ROOT}/{other}/runs", "member", 409)
        assert "are used up" in said["detail"] and call("GET", f"{ROOT}/quota", "viewer")["left"] == 0
    finally:
        quotas.choose(served.acme, "scale")


def test_two_runs_are_compared_and_one_is_run_again(served: Served, call: Call, ask: Ask, member: Context) -> None:
    one = reports.create(member, "Compared", {"metrics": ["commits_count"], "date_range": "2026-03-01..2026-03-10"}).id
    first = runs.run_now(member, one).id
    assert call("GET", f"{ROOT}/runs/{first}/compare/{first}", "viewer", 404)["code"] == "NOT_FOUND"
    runs.execute(served.house, served.acme.workspace.id, first)
    reports.update(member, one, parameters={"metrics": ["commits_count"], "date_range": "2026-02-01..2026-02-10"})
    later = call("POST", f"{ROOT}/{one}/runs", "member", 202)["id"]
    runs.execute(served.house, served.acme.workspace.id, later)
    again = call("POST", f"{ROOT}/runs/{first}/again", "member", 202)
    assert (again["version"], again["status"]) == (1, "pending")
    runs.execute(served.house, served.acme.workspace.id, again["id"])

    found = call("GET", f"{ROOT}/runs/{later}/compare/{again['id']}", "viewer")
    assert {found["before"]["id"], found["after"]["id"]} == {later, again["id"]}
    found = call("GET", f"{ROOT}/runs/{first}/compare/{again['id']}", "viewer")
    assert (found["differences"], found["same"] > 0) == ([], True)
    found = call("GET", f"{ROOT}/runs/{first}/compare/{later}", "viewer")
    stat = next(one for one in found["differences"] if one["part"] == one["what"] == "Commits")
    assert (stat["before"], stat["after"], stat["change"]) == ("1", "–", "")
    text = f'{{ comparedRuns(ORG, runId: "{first}", otherId: "{later}")'
    told = done(ask(text + " { before { id version } same differences { part what before after change } } }", "viewer"))
    assert told["before"] == {name: found["before"][name] for name in ("id", "version")}
    assert told["differences"] == found["differences"]
    elsewhere = reports.create(member, "Compared elsewhere", {"metrics": ["commits_count"]}).id
    strange = runs.run_now(member, elsewhere).id
    said = call("GET", f"{ROOT}/runs/{first}/compare/{strange}", "viewer", 400)
    assert said["detail"] == "These are runs of two reports. Choose two runs of one."
    assert call("POST", f"{ROOT}/runs/{first}/again", "viewer", 403)["code"] == "FORBIDDEN"


def test_a_page_is_a_file_with_the_numbers_that_it_shows(served: Served, call: Call, ask: Ask) -> None:
    asked = {"page": "overview", "date_range": "2026-03-01..2026-03-10", "compare": "none"}
    job = call("POST", f"{ROOT}/exports", "member", 202, json={
        "export_type": "page", "format": "json", "parameters": asked,
    })  # fmt: skip
    exporting.execute(served.house, served.acme.workspace.id, job["id"])

    done_job = call("GET", f"{ROOT}/exports/{job['id']}", "member")
    assert (done_job["status"], done_job["export_type"], done_job["error_message"]) == ("success", "page", None)
    file = call("GET", f"{ROOT}/exports/{job['id']}/download", "member")
    figures = [figure for part in file["sections"] for figure in part["blocks"]]
    assert next(one["text"] for one in figures if one["title"] == "Commits") == "1"
    parameters = '{page: "compare", of: "period", dateRange: "last_7_days"}'
    text = (
        'mutation {{ createExport(ORG, input: {{format: "pdf", exportType: "page", parameters: {}}}) {{ id config }} }}'
    )
    made = done(ask(text.format(parameters), "member"))
    assert made["config"]["plan"]["title"] == "Compare"
    for wrong, said in (
        ("{}", "say which in its parameters, of overview, developer"),
        ('{page: "overviw"}', "Did you mean 'overview'?"),
        ('{page: "overview", grain: "day"}', "takes no 'grain'"),
        ('{page: "productivity", grain: "hour"}', "auto, day, week or month"),
        ('{page: "compare", of: "repo"}', "not 'repo'"),
        ('{page: "compare", of: "person"}', "Choose the people to compare"),
        ('{page: "developer"}', "about one person: name it in 'people'"),
        ('{page: "team", teams: ["Nobodies"]}', "no team named 'Nobodies'"),
        ('{page: "leaderboard", metric: "led_time"}', "no metric named 'led_time'"),
        ('{page: "overview", dateRange: "soon"}', "soon"),
        ('{page: "overview", shape: 1}', "shape"),
    ):
        code, sentence = refusal(ask(text.format(wrong), "member"))
        assert code in ("BAD_INPUT", "NOT_FOUND") and said in sentence, (wrong, sentence)
    assert refusal(ask(text.format('{page: "overview"}'), "viewer"))[0] == "FORBIDDEN"


def test_a_report_is_asked_by_graphql_and_its_answer_cites_its_blocks(
    served: Served, call: Call, ask: Ask, member: Context
) -> None:
    one = reports.create(member, "Asked", {"metrics": ["prs_merged"], "date_range": "2026-03-01..2026-03-10"}).id
    run = runs.run_now(member, one).id
    runs.execute(served.house, served.acme.workspace.id, run)
    text = f'mutation($q: String!) {{ askReport(ORG, runId: "{run}", question: $q)'
    fields = " { id runId sentences { text grounds { block title number } } sources { metric } model isMine }"

    told = done(ask(text + fields + " }", "viewer", variables={"q": "How many pull requests were merged?"}))
    assert (told["runId"], told["model"], told["isMine"]) == (run, "", True)
    (sentence, *_) = told["sentences"]
    block = sentence["grounds"][0]["block"]
    document = call("GET", f"{ROOT}/runs/{run}/document", "viewer")
    assert block in [figure["key"] for part in document["sections"] for figure in part["blocks"]]
    kept = done(ask(f'{{ reportQuestions(ORG, runId: "{run}") {{ total items {{ id }} }} }}', "viewer"))
    assert kept == {"total": 1, "items": [{"id": told["id"]}]}
    for wrong in (" ", "x" * 501):
        assert refusal(ask(text + " { id } }", "viewer", variables={"q": wrong}))[0] == "BAD_INPUT"
    gone = f'mutation {{ deleteReportQuestion(ORG, questionId: "{told["id"]}") }}'
    assert refusal(ask(gone, "member"))[0] == "NOT_FOUND"
    assert done(ask(gone, "viewer")) is True
