"""The Report Center over GraphQL: its documented texts unchanged, every verb by every role, and limits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.access import tokens, workspaces
from core.bootstrap import House
from core.chats import service as chats
from core.context import Context
from core.entrypoints.api.graphql import limits
from core.reports import exporting, runs
from core.reports import service as reports
from core.schedules import service as schedules
from core.schedules.wish import Wish
from tests.api.conftest import ROLES, Ask, Served, a_refused_letter, done, refusal
from tests.fresh import NOW


@pytest.fixture(scope="module")
def house(served: Served) -> House:
    return served.house


@pytest.fixture(scope="module")
def acme(served: Served) -> Context:
    return served.acme


def test_the_documented_texts_run_unchanged(ask: Ask, acme: Context, house: House) -> None:
    made = done(
        ask("""
# Create a report
mutation {
createSavedReport(orgId: "__", input: {
name: "Weekly Health"
description: "DORA metrics summary"
scheduleCron: "0 9 * * 1"
parameters: { scope: "org", dateRange: "last_7_days", metrics: ["Lead Time"] }
}) {
id name
}
}""")
    )
    assert set(made) == {"id", "name"} and made["name"] == "Weekly Health"
    run = done(
        ask(
            """
# Trigger execution
mutation {
triggerReport(orgId: "__", reportId: "uuid") {
id status startedAt
}
}""".replace("uuid", made["id"])
        )
    )
    assert run == {"id": run["id"], "status": "PENDING", "startedAt": None}
    runs.execute(house, acme.workspace.id, run["id"])

    listed = done(
        ask("""
# List all reports for an org
query {
savedReports(orgId: "__", limit: 50) {
items { id name lastRunStatus lastRunAt }
total
}
}""")
    )
    told = {"id": made["id"], "name": "Weekly Health", "lastRunStatus": "SUCCESS", "lastRunAt": NOW.isoformat()}
    assert told in listed["items"] and listed["total"] == len(listed["items"])
    one = done(
        ask(
            """
# Get a single report with full details
query {
savedReport(orgId: "__", reportId: "uuid") {
id name description parameters scheduleId
lastRunAt lastRunStatus
}
}""".replace("uuid", made["id"])
        )
    )
    assert one["description"] == "DORA metrics summary"
    told = {name: one["parameters"][name] for name in ("scope", "dateRange", "metrics")}
    assert told == {"scope": "org", "dateRange": "last_7_days", "metrics": ["lead_time_hours"]}
    schedule = schedules.get(acme, one["scheduleId"])
    assert (schedule.rhythm.cron, schedule.recipients, schedule.is_active) == ("0 9 * * 1", [], True)
    history = done(
        ask(
            """
# Get run history
query {
reportRuns(orgId: "__", reportId: "uuid", limit: 10) {
items { id status startedAt durationSeconds renderedMarkdown triggeredBy }
total
}
}""".replace("uuid", made["id"])
        )
    )
    (item,) = history["items"]
    assert (item["id"], item["status"], item["triggeredBy"], history["total"]) == (run["id"], "SUCCESS", "manual", 1)
    assert item["renderedMarkdown"].startswith("# Weekly Health") and item["durationSeconds"] is not None


def test_a_report_is_changed_cloned_deleted_and_brought_back(ask: Ask, acme: Context) -> None:
    one = done(ask('mutation { createSavedReport(ORG, input: {name: "Changed"}) { id scheduleId } }'))["id"]

    changed = done(ask(
        f'mutation($p: JSON) {{ updateSavedReport(ORG, reportId: "{one}", input: {{name: "Renamed",'
        ' scheduleCron: "daily", parameters: $p, visibility: "private"}) { name scheduleId parameters visibility } }',
        variables={"p": {"metrics": ["commits_count"], "namePeople": False}},
    ))  # fmt: skip
    assert (changed["name"], changed["visibility"], changed["parameters"]["namePeople"]) == (
        "Renamed",
        "private",
        False,
    )
    assert schedules.get(acme, changed["scheduleId"]).rhythm.preset == "daily"
    ended = done(
        ask(f'mutation {{ updateSavedReport(ORG, reportId: "{one}", input: {{scheduleCron: ""}}) {{scheduleId name}}}}')
    )
    assert ended == {"scheduleId": None, "name": "Renamed"}
    copy = done(ask(f'mutation {{ cloneSavedReport(ORG, reportId: "{one}", name: "Twin") {{ id name }} }}'))
    assert copy["name"] == "Twin" and copy["id"] != one
    assert done(ask(f'mutation {{ deleteSavedReport(ORG, reportId: "{one}") }}')) is True
    gone = ask(f'{{ savedReport(ORG, reportId: "{one}") {{ id }} }}')
    assert gone["data"] == {"savedReport": None} and refusal(gone)[0] == "NOT_FOUND"
    assert done(ask(f'mutation {{ restoreSavedReport(ORG, reportId: "{one}") {{ id }} }}')) == {"id": one}


def test_a_failed_schedule_leaves_no_report_behind(ask: Ask, acme: Context) -> None:
    before = len(reports.reports(acme))

    code, said = refusal(ask('mutation { createSavedReport(ORG, input: {name: "X", scheduleCron: "soon"}) { id } }'))

    assert code == "BAD_INPUT" and "soon" in said and len(reports.reports(acme)) == before


def test_a_run_is_cancelled_and_its_states_are_those_of_the_seed(ask: Ask) -> None:
    one = done(ask('mutation { createSavedReport(ORG, input: {name: "Stopped"}) { id } }'))["id"]
    run = done(ask(f'mutation {{ triggerReport(ORG, reportId: "{one}") {{ id }} }}'))["id"]

    stopped = done(ask(f'mutation {{ cancelReportRun(ORG, runId: "{run}") {{ status }} }}'))

    assert stopped == {"status": "CANCELLED"}
    asked = f'{{ reportRun(ORG, runId: "{run}") {{ status renderedMarkdown document provenanceRecords }} }}'
    assert done(ask(asked)) == {
        "status": "CANCELLED", "renderedMarkdown": None, "document": None, "provenanceRecords": None,
    }  # fmt: skip


def test_schedules_are_made_changed_paused_and_ended(ask: Ask) -> None:
    one = done(ask('mutation { createSavedReport(ORG, input: {name: "Sent"}) { id } }'))["id"]
    made = done(ask(
        f'mutation {{ createSchedule(ORG, reportId: "{one}", input: {{cron: "0 9 * * 1", timeZone: "Europe/Berlin",'
        ' recipients: ["ada@example.org"], formats: ["pdf"], jitterSeconds: 5})'
        " { id sentence recipients recipientNames bursts isActive jitterSeconds } }"
    ))  # fmt: skip
    assert (made["sentence"], made["recipients"]) == ("every Monday at 09:00 Europe/Berlin", ["ada@example.org"])
    assert (made["isActive"], made["jitterSeconds"]) == (False, 5)  # no mail server here
    assert (made["recipientNames"], made["bursts"]) == (["ada@example.org"], False)
    sched = f'ORG, scheduleId: "{made["id"]}"'
    other = f'mutation {{ updateSchedule({sched}, input: {{cron: "daily"}}) {{ cron recipients }} }}'
    assert done(ask(other)) == {"cron": "0 9 * * *", "recipients": ["ada@example.org"]}
    page = done(ask(f'{{ schedules(ORG, reportId: "{one}") {{ total items {{ id pausedReason }} }} }}'))
    assert page["total"] == 1 and page["items"][0]["id"] == made["id"]
    days = f'ORG, reportId: "{one}", from: "2026-11-28", to: "2026-12-01", timeZone: "Europe/Berlin"'
    sends = done(ask(f"{{ scheduleCalendar({days}, limit: 2) {{ total cutAt items {{ dueAt state scheduleId }} }} }}"))
    assert (sends["total"], sends["cutAt"]) == (3, None)
    assert [(at["dueAt"], at["state"], at["scheduleId"]) for at in sends["items"]] == [
        (f"2026-11-{day}T08:00:00+00:00", "paused", made["id"]) for day in (28, 29)
    ]
    assert refusal(ask('{ scheduleCalendar(ORG, month: "May") { total } }')) == (
        "BAD_INPUT", "'May' is no month. Write it as 2026-12.",
    )  # fmt: skip
    said = refusal(ask(f'mutation {{ resumeSchedule(ORG, scheduleId: "{made["id"]}") {{ id }} }}'))
    assert said[0] == "BAD_INPUT" and "SIGHTLINE_SMTP_HOST" in said[1]
    paused = f'mutation {{ pauseSchedule(ORG, scheduleId: "{made["id"]}", reason: "Holidays.") {{ pausedReason }} }}'
    assert done(ask(paused)) == {"pausedReason": "Holidays."}
    assert done(ask(f'mutation {{ deleteSchedule(ORG, scheduleId: "{made["id"]}") }}')) is True
    assert done(ask(f'{{ schedules(ORG, reportId: "{one}") {{ total }} }}')) == {"total": 0}


def test_an_export_is_asked_for_followed_and_told_where_it_lies(ask: Ask, acme: Context, house: House) -> None:
    one = done(ask('mutation { createSavedReport(ORG, input: {name: "Filed"}) { id } }'))["id"]
    run = done(ask(f'mutation {{ triggerReport(ORG, reportId: "{one}") {{ id }} }}'))["id"]
    runs.execute(house, acme.workspace.id, run)
    made = done(ask(
        f'mutation {{ createExport(ORG, input: {{format: "html", runId: "{run}"}}) {{ id status downloadUrl }} }}'
    ))  # fmt: skip
    assert (made["status"], made["downloadUrl"]) == ("PENDING", None)
    exporting.execute(house, acme.workspace.id, made["id"])
    asked = f'{{ exportJob(ORG, exportId: "{made["id"]}") {{ status fileName fileSizeBytes downloadUrl }} }}'
    job = done(ask(asked))
    assert job["status"] == "SUCCESS" and job["fileName"].endswith(".html") and job["fileSizeBytes"] > 1000
    assert job["downloadUrl"].endswith(f"/api/v1/reports/exports/{made['id']}/download")
    whole = done(ask(f'{{ exportJobs(ORG, runId: "{run}", limit: 2) {{ total nextCursor items {{ id }} }} }}'))
    rest = done(ask(
        f'{{ exportJobs(ORG, runId: "{run}", after: "{whole["nextCursor"]}") {{ nextCursor items {{ id }} }} }}'
    ))  # fmt: skip
    assert whole["total"] == 3 and rest["nextCursor"] is None
    assert len({item["id"] for item in (*whole["items"], *rest["items"])}) == 3
    rows = done(ask(
        'mutation { createExport(ORG, input: {format: "xlsx", exportType: "rows",'
        ' parameters: {metric: "Commits", dateRange: "last_7_days"}}) { id exportType } }'
    ))  # fmt: skip
    stopped = done(ask(f'mutation {{ cancelExport(ORG, exportId: "{rows["id"]}") {{ status }} }}'))
    assert (rows["exportType"], stopped) == ("rows", {"status": "CANCELLED"})
    lacking = ask('mutation { createExport(ORG, input: {format: "pdf", exportType: "team_analytics"}) { id } }')
    assert refusal(lacking) == ("BAD_INPUT", "An export 'team_analytics' is of a team: say team.")


VERBS = {
    "createSavedReport(ORG, input: {name: \"R\"}) { id }": "member",
    "updateSavedReport(ORG, reportId: \"REPORT\", input: {name: \"R\"}) { id }": "member",
    "cloneSavedReport(ORG, reportId: \"REPORT\") { id }": "member",
    "triggerReport(ORG, reportId: \"REPORT\") { id }": "member",
    "cancelReportRun(ORG, runId: \"RUN\") { id }": "member",
    "createExport(ORG, input: {format: \"pdf\", runId: \"RUN\"}) { id }": "member",
    "cancelExport(ORG, exportId: \"EXPORT\") { id }": "member",
    "createSchedule(ORG, reportId: \"REPORT\", input: {recipients: [\"a@example.org\"]}) { id }": "manager",
    "updateSchedule(ORG, scheduleId: \"SCHEDULE\", input: {cron: \"daily\"}) { id }": "manager",
    "pauseSchedule(ORG, scheduleId: \"SCHEDULE\") { id }": "manager",
    "resumeSchedule(ORG, scheduleId: \"SCHEDULE\") { id }": "manager",
    "deleteSchedule(ORG, scheduleId: \"SCHEDULE\")": "manager",
    "archiveReport(ORG, reportId: \"REPORT\") { id }": "member",
    "unarchiveReport(ORG, reportId: \"REPORT\") { id }": "member",
    "restoreReportVersion(ORG, reportId: \"REPORT\", number: 1) { id }": "member",
    "shareReport(ORG, reportId: \"REPORT\", username: \"viewer\") { role }": "member",
    "unshareReport(ORG, reportId: \"REPORT\", username: \"viewer\")": "member",
    "deleteSavedReport(ORG, reportId: \"REPORT\")": "member",
    "restoreSavedReport(ORG, reportId: \"REPORT\") { id }": "member",
    "createReportFromTemplate(ORG, templateId: \"dora-monthly\") { id }": "member",
    "saveReportAsTemplate(ORG, reportId: \"REPORT\") { id }": "member",
    "runReportAgain(ORG, runId: \"RESULT\") { id }": "member",
    "askReport(ORG, runId: \"RESULT\", question: \"How many commits?\") { id }": "viewer",
    "sendDeliveryAgain(ORG, deliveryId: \"DELIVERY\") { status }": "manager",
    "deleteReportQuestion(ORG, questionId: \"QUESTION\")": "viewer",
    "transferReport(ORG, reportId: \"REPORT\", username: \"HEIR\") { id }": "member",
}  # fmt: skip
"""Every mutation, and the least role that may."""
READS = (
    "{ savedReports(ORG) { total } }",
    '{ savedReport(ORG, reportId: "REPORT") { id } }',
    '{ reportRuns(ORG, reportId: "REPORT") { total } }',
    '{ reportRun(ORG, runId: "RUN") { id } }',
    '{ comparedRuns(ORG, runId: "RESULT", otherId: "RESULT") { same } }',
    '{ reportQuestions(ORG, runId: "RESULT") { total } }',
    "{ reportTemplates(ORG) { total } }",
    "{ reportQuota(ORG) { used } }",
    '{ reportMembers(ORG, reportId: "REPORT") { total } }',
    '{ reportVersions(ORG, reportId: "REPORT") { total } }',
    '{ reportVersion(ORG, reportId: "REPORT") { text } }',
    '{ reportDifference(ORG, reportId: "REPORT", before: 1) { text } }',
    "{ schedules(ORG) { total } }",
    "{ scheduleCalendar(ORG) { total cutAt } }",
    "{ exportJobs(ORG) { total } }",
    '{ exportJob(ORG, exportId: "EXPORT") { id } }',
    '{ deliveries(ORG, runId: "RESULT") { total } }',
)


@pytest.fixture
def of_role(served: Served, acme: Context) -> Callable[[str], Callable[[str], str]]:
    """`of_role("member")(text)` names a report, run, schedule and file of that role in the text."""

    def made(role: str) -> Callable[[str], str]:
        owner = role if role != "viewer" else "admin"
        report = reports.create(served.as_role(owner), f"Of {role}")
        result = reports.run_now(acme, report.id)
        runs.execute(served.house, acme.workspace.id, result.id)
        question = chats.answer(served.as_role(role), result.id, "How many commits?").id
        run = reports.run_now(acme, report.id)
        schedule = schedules.create(acme, report.id, Wish(kept_only=True))
        export = exporting.request_report(acme, run.id, "pdf")
        ids = {
            "RESULT": result.id,
            "QUESTION": question,
            "REPORT": report.id,
            "RUN": run.id,
            "SCHEDULE": schedule.id,
            "EXPORT": export,
            "DELIVERY": a_refused_letter(acme, schedule.id, result.id),
            "HEIR": "manager" if owner == "member" else "member",
        }

        def named(text: str) -> str:
            for word, given in ids.items():
                text = text.replace(word, given)
            return text

        return named

    return made


@pytest.mark.parametrize("role", ROLES)
def test_every_verb_asks_what_the_role_may(ask: Ask, role: str, of_role: Any) -> None:
    named, rank = of_role(role), ROLES.index(role)

    for text in READS:
        done(ask(named(text), role))
    for text, least in VERBS.items():
        answer = ask(named("mutation { " + text + " }"), role)
        if rank >= ROLES.index(least):
            done(answer)
        else:
            assert refusal(answer)[0] == "FORBIDDEN", text


def test_ids_of_another_workspace_are_not_found(ask: Ask, house: House, of_role: Any) -> None:
    named, other = of_role("admin"), house.context(workspaces.create(house.app, name="Other", slug="else", now=NOW))
    stranger = tokens.make(other, "stranger", list(tokens.OFFERED))

    for text in (*READS, *("mutation { " + verb + " }" for verb in VERBS)):
        answer = ask(named(text).replace("ORG", 'orgId: "else"'), token=stranger)
        if any(word in text for word in ("REPORT", "RUN", "RESULT", "QUESTION", "SCHEDULE", "EXPORT", "DELIVERY")):
            assert refusal(answer)[0] == "NOT_FOUND", text
        code, said = refusal(ask(named(text), token=stranger))
        assert code == "NOT_FOUND" and "no organisation 'acme'" in said


def test_a_token_may_no_more_than_it_was_made_for(ask: Ask, acme: Context) -> None:
    reads = tokens.make(acme, "reads", ["reports:read"])

    assert done(ask("{ savedReports(ORG) { total } }", token=reads))["total"] >= 1
    for text in VERBS:
        code, said = refusal(ask("mutation { " + text + " }", token=reads))
        assert code in ("FORBIDDEN", "NOT_FOUND")
    code, said = refusal(ask('mutation { createSavedReport(ORG, input: {name: "R"}) { id } }', token=reads))
    assert code == "FORBIDDEN" and "Token 'reads'" in said
    nothing = ask("{ x }", token="sl_made_up", status=401)
    assert refusal(nothing)[0] == "UNAUTHENTICATED"


def test_pages_follow_each_other_while_reports_come_and_go(ask: Ask, acme: Context) -> None:
    names = {reports.create(acme, f"Paged {number}").id for number in range(5)}
    asked = (
        'query($after: String) { savedReports(ORG, search: "Paged", limit: 2, after: $after)'
        " { total nextCursor items { id } } }"
    )
    seen: list[str] = []
    after = None
    for turn in range(3):
        page = done(ask(asked, variables={"after": after}))
        seen += [item["id"] for item in page["items"]]
        after = page["nextCursor"]
        if turn == 0:
            reports.delete(acme, seen[0])

    assert set(seen) == names and len(seen) == 5 and after is None
    second = done(ask('{ savedReports(ORG, search: "Paged", limit: 2, offset: 2) { items { id } total } }'))
    assert second["total"] == 4 and len(second["items"]) == 2
    for wrong in ("limit: 0", "limit: 201", "offset: -1", 'after: "nonsense"', 'after: "YQ", offset: 1'):
        assert refusal(ask(f"{{ savedReports(ORG, {wrong}) {{ total }} }}"))[0] == "BAD_INPUT", wrong


def test_what_is_wrong_is_a_sentence_with_a_code(ask: Ask) -> None:
    assert refusal(ask("{ savedReports"))[0] == "GRAPHQL_INVALID"
    assert refusal(ask("{ nonsense }"))[0] == "GRAPHQL_INVALID"
    assert "data" not in ask("{ nonsense }", status=400, headers={"Accept": "application/graphql-response+json"})
    code, said = refusal(ask(
        'mutation { createSavedReport(ORG, input: {name: "R", parameters: {metrics: ["Led Time"]}}) { id } }'
    ))  # fmt: skip
    assert code == "BAD_INPUT" and "There is no metric named 'Led Time'. Did you mean" in said
    for given in ("[1]", '"x"', "3"):
        text = f'mutation {{ createSavedReport(ORG, input: {{name: "R", parameters: {given}}}) {{ id }} }}'
        assert refusal(ask(text)) == ("BAD_INPUT", "The parameters must be an object: {…}.")
    assert refusal(ask("x", variables=[1], status=400))[0] == "BAD_INPUT"


def test_queries_that_ask_too_much_are_refused_before_they_are_looked_at(ask: Ask) -> None:
    deep = "{ a " * 13 + "}" * 13
    assert "more than 12 deep" in refusal(ask(deep))[1]
    many = " ".join(f"a{number}: savedReports(ORG, limit: 1) {{ total }}" for number in range(21))
    assert "21 aliases" in refusal(ask("{ " + many + " }"))[1]
    dear = '{ reportRuns(ORG, reportId: "x", limit: 200) { items { renderedMarkdown document provenanceRecords } } }'
    assert "points, more than 20,000" in refusal(ask(dear))[1]
    limited = "query($n: Int!) " + dear.replace("200", "$n")
    assert "points" in refusal(ask(limited, variables={"n": 200}))[1]
    doubling = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(90))
    assert {error["extensions"]["code"] for error in ask("{ ...f0 } " + doubling)["errors"]} == {"GRAPHQL_INVALID"}
    circle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"
    assert {error["extensions"]["code"] for error in ask(circle)["errors"]} == {"GRAPHQL_INVALID"}
    assert refusal(ask("{ " + "a " * (limits.MOST_TOKENS + 1) + "}"))[0] == "GRAPHQL_INVALID"
    around = "{ _schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"
    assert refusal(ask(around.replace("_schema", "_" * 2 + "schema")))[0] == "GRAPHQL_INVALID"


def test_tools_may_ask_what_the_schema_is_and_it_is_the_one_in_the_docs(served: Served) -> None:
    from graphql import build_client_schema, build_schema, get_introspection_query

    signed = {"Authorization": f"Bearer {served.shown['viewer']}"}
    answer = served.client.post("/api/graphql", json={"query": get_introspection_query()}, headers=signed)

    written = (Path(__file__).resolve().parents[2] / "docs/api-schema.graphql").read_text()
    told, expected = build_client_schema(answer.json()["data"]), build_schema(written)
    assert told.type_map.keys() == expected.type_map.keys()
    assert told.query_type.fields.keys() == expected.query_type.fields.keys()
