"""Jenkins' jobs and builds, from replies in the shape of its JSON API."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from core.base.errors import BadInput, SourceUnreachable
from core.base.period import Period
from core.datasources import Desk, Window
from core.datasources.kinds.jenkins import Jenkins
from core.figures import State, Table
from core.views.making import Made, Wanted, make
from core.views.view import Face
from tests.servers.replies import Asked, Replies, Reply, replying

WINDOW = Window(Period(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)), "Europe/Berlin")
AT = 1772960400000
"""8 March 2026 09:00 UTC, in milliseconds."""


def build(number: int, result: str | None, at: int = AT, building: bool = False) -> dict[str, Any]:
    return {
        "_class": "hudson.model.FreeStyleBuild",
        "number": number,
        "result": result,
        "building": building,
        "timestamp": at,
        "duration": 0 if building else 61_500,
        "url": f"http://jenkins/{number}/",
    }


def job(name: str, builds: list[dict[str, Any]], *scores: int) -> dict[str, Any]:
    health = [{"score": score, "description": f"Build stability: {score}"} for score in scores]
    url = f"http://jenkins/job/{name.replace('/', '/job/')}/"
    return {"fullName": name, "url": url, "color": "blue", "healthReport": health, "builds": builds}


SHOP = job("shop-app", [build(12, "FAILURE"), build(11, "SUCCESS"), build(10, "SUCCESS")], 66, 100)
PAY = job("teams/pay-app", [build(4, "SUCCESS")], 100)
DOCS = job("docs", [build(8, None, building=True), build(7, "UNSTABLE")], 80)
NEW = job("teams/deep/new-app", [])
TREE = {
    "jobs": [
        SHOP,
        {"fullName": "teams", "jobs": [PAY, {"fullName": "teams/deep", "jobs": [NEW]}]},
        {"fullName": "empty", "jobs": []},
        DOCS,
    ]
}


@pytest.fixture
def server() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes |= {"/api/json": Reply(TREE), "/job/teams/job/pay-app/api/json": Reply(PAY)}
        yield replies


def asked(server: Replies, text: str, **options: Any) -> Any:
    source = Jenkins(Jenkins.Args(host=server.url, user="ann", api_token="secret-token"), WINDOW)
    try:
        given = source.query(text, **options)
    finally:
        source.close()
    return getattr(given, "table", given)


def summary(server: Replies, **args: Any) -> Made:
    desk = Desk(WINDOW, {"jenkins": lambda window: Jenkins(Jenkins.Args(host=server.url), window)})
    (made,) = make([Wanted(Face("builds", "Builds"), "jenkins.build_summary", args)], desk)
    desk.close()
    return made


def table_of(made: Made) -> Table:
    (figure,) = made.figures
    assert isinstance(figure, Table), made.failure
    return figure


def test_jobs_in_folders_are_found_with_their_whole_name(server: Replies) -> None:
    jobs = asked(server, "get_all_jobs")

    assert jobs.column("fullname").to_pylist() == ["shop-app", "teams/pay-app", "teams/deep/new-app", "docs"]
    assert jobs.column("url").to_pylist()[1] == "http://jenkins/job/teams/job/pay-app/"


def test_the_user_signs_in_with_the_token(server: Replies) -> None:
    asked(server, "get_all_jobs")

    assert server.asked[0].headers["authorization"] == "Basic " + b64encode(b"ann:secret-token").decode()


def test_a_job_in_a_folder_tells_its_builds(server: Replies) -> None:
    builds = asked(server, "get_job_info", job_name="teams/pay-app").to_pylist()

    assert [(one["status"], one["number"], one["seconds"]) for one in builds] == [("SUCCESS", 4, 61.5)]
    assert builds[0]["time"] == datetime(2026, 3, 8, 9, 0, tzinfo=UTC)


def test_all_builds_take_one_question(server: Replies) -> None:
    builds = asked(server, "get_all_builds", builds=3)

    assert len(server.asked) == 1
    assert "builds[number,url,result,building,timestamp,duration]{0,3}" in server.asked[0].params["tree"]
    assert builds.num_rows == 3 + 1 + 1 + 2
    assert builds.column("health").to_pylist()[0] == 0.66


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("get_jobs", {}, "Jenkins has no question 'get_jobs'. Did you mean 'get_all_jobs'?"),
        ("get_job_info", {"job_name": "nothing"}, "did not understand the question (404"),
    ],
)
def test_a_wrong_question_is_named(server: Replies, text: str, options: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput) as raised:
        asked(server, text, **options)

    assert said in str(raised.value)


def test_a_refused_login_says_so_without_the_token(server: Replies) -> None:
    server.routes["/api/json"] = Reply("<html>Unauthorized</html>", 401)

    with pytest.raises(SourceUnreachable, match=r"refused the login \(401\)") as raised:
        asked(server, "get_all_jobs")

    assert "secret-token" not in str(raised.value)


def test_what_passes_is_asked_again(server: Replies) -> None:
    server.routes["/api/json"] = [
        Reply("", 503, {"Retry-After": "0"}),
        Reply("", 429, {"Retry-After": "0"}),
        Reply(TREE),
    ]

    assert asked(server, "get_all_jobs").num_rows == 4
    assert len(server.asked) == 3


def test_a_page_of_html_is_not_taken_for_an_answer(server: Replies) -> None:
    server.routes["/api/json"] = Reply("<html>a proxy's page")

    with pytest.raises(SourceUnreachable, match="did not answer with JSON but with '<html>a proxy's page'"):
        asked(server, "get_all_jobs")


def test_the_summary_has_a_row_a_job_the_broken_first(server: Replies) -> None:
    rows = table_of(summary(server)).rows

    assert [row[:3] for row in rows] == [
        ["shop-app", "failed", 12],
        ["docs", "running", 8],
        ["teams/deep/new-app", "never built", None],
        ["teams/pay-app", "succeeded", 4],
    ]
    assert rows[0][3:6] == [datetime(2026, 3, 8, 9, 0, tzinfo=UTC), 0.66, "✗ ✓ ✓"]
    assert table_of(summary(server)).note == "1 of 4 jobs did not succeed at their last build."


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"name": "-app"}, ["shop-app", "teams/deep/new-app", "teams/pay-app"]),
        ({"name": "-app", "invert": True}, ["docs"]),
        ({"name": ["^shop", "^docs$"]}, ["shop-app", "docs"]),
        ({"name": ["^shop", "^docs$"], "invert": True}, ["teams/deep/new-app", "teams/pay-app"]),
        ({"invert": True}, ["shop-app", "docs", "teams/deep/new-app", "teams/pay-app"]),
        ({"name": "APP"}, []),
        ({}, ["shop-app", "docs", "teams/deep/new-app", "teams/pay-app"]),
    ],
)
def test_filters_choose_by_name(server: Replies, filters: dict[str, Any], names: list[str]) -> None:
    assert [row[0] for row in table_of(summary(server, filters=filters)).rows] == names


def test_a_filter_that_takes_nothing_says_so(server: Replies) -> None:
    table = table_of(summary(server, filters={"name": "zzz"}))

    assert (table.state, table.state_text) == (State.NO_DATA, "no job has a name that the filter takes")


def test_a_server_without_jobs_says_so(server: Replies) -> None:
    server.routes["/api/json"] = Reply({"jobs": []})

    assert table_of(summary(server)).state_text == "the server has no jobs that this user can see"


def test_two_summaries_ask_once(server: Replies) -> None:
    desk = Desk(WINDOW, {"jenkins": lambda window: Jenkins(Jenkins.Args(host=server.url), window)})
    faces = [Face("app"), Face("other")]
    wanted = [Wanted(face, "jenkins.build_summary", {"filters": {"name": "-app", "invert": i == 1}})
              for i, face in enumerate(faces)]  # fmt: skip

    made = make(wanted, desk)
    desk.close()

    assert [len(table_of(one).rows) for one in made] == [3, 1]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"filters": {"name": "("}}, "'filters.name': '(' is no regular expression"),
        ({"filters": {"named": "x"}}, "there is no argument named 'filters.named'."),
        ({"filters": "x"}, "'filters' must hold keys and values."),
        ({"datasource": "ci"}, "There is no datasource named 'ci' in this report."),
    ],
)
def test_wrong_arguments_are_named(server: Replies, args: dict[str, Any], said: str) -> None:
    assert said in summary(server, **args).failure


def test_a_redirect_to_the_machines_own_metadata_is_not_followed(server: Replies) -> None:
    def away(asked: Asked) -> Reply:
        return Reply("", 302, {"Location": "http://169.254.169.254/latest/meta-data/"})

    server.routes["/api/json"] = away

    with pytest.raises(BadInput, match="which reports may not reach"):
        asked(server, "get_all_jobs")
