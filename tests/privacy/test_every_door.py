"""Every door there is, found by itself: pages by the navigation, HTTP by its routes, widgets by their registry.

Whoever may not see an individual meets that name at no door beside a number. A door that is new is walked like the
others; one that shows names for a reason of its own says it here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from components.navigation import PAGES, PageEntry
from core.access import tokens
from core.base.errors import SightlineError
from core.boards import service as boards
from core.boards.standard import STANDARD
from core.catalogue import service as catalogue
from core.context import ROLES, Capability, Context
from core.entrypoints.api import analytics, insights, routes
from core.entrypoints.api.graphql.answering import answer
from core.entrypoints.api.rest.operations import OPERATIONS
from core.reports import exporting, looking, reading
from core.reports import service as reports
from core.widgets import WIDGETS
from tests.catalogue.factories import WEEK, History
from tests.pages import PAGES as FOLDER
from tests.privacy.conftest import Home
from tests.privacy.test_pages import opened
from tests.privacy.test_whose_numbers import MODES, ROLES_HERE, SEES, board_of
from tests.widgets.test_widgets import SETTINGS

CIRCLE = ("ann", "bob", "cid", "dan")
NAMES_ALONE = {
    "people": "who is whom and who is in which team: names, and no figure",
    "users": "the accounts of the workspace",
    "alerts": "whom a rule of one's own may be about, as teams are chosen",
    "set-password": "nobody is signed in",
}
"""Pages that name people whose numbers they do not show."""
OTHERWISE = {
    "/session", "/session/end", "/overview", "/download/{token}",  # a session, and files that a service gave a link to
    "/api/me", "/healthz", "/readyz", "/metrics",  # oneself, and the house
    "/api/graphql", *(one.path for one in OPERATIONS),  # reports, whose results are asked below
    "/api/v1/openapi.json", "/api/{rest:path}",  # what doors there are
}  # fmt: skip
"""Doors beside those for programs: none of them answers with figures of people."""
WRITTEN_TO = ("/api/v1/records", "/hooks/", "/letters/", "/api/v1/hooks", "/unsubscribe", "/mail/", "/file/")
"""Doors that something is brought to, or that a letter leads to."""
WALKS = [("self", "admin"), ("leads", "lead"), ("leads", "ann"), ("open", "viewer")]
"""One for each answer that the scope check gives: nobody, the led, oneself, everybody. The admin opens every page."""
HERE = "2026-03-02..2026-03-08"


@pytest.fixture(scope="module")
def busy(shared: Home) -> Home:
    """Everybody also opens, reviews and merges something, and is asked to."""
    history = History(shared.root, repos={one.name: one.id for one in catalogue.repositories(shared.root)})
    for number, name in enumerate(CIRCLE, 1):
        other = CIRCLE[number % 4]
        history.pr(name, number, first_commit="2026-03-02 08:00", opened="2026-03-02 09:00",
                   merged="2026-03-03 09:00", merged_by=other)  # fmt: skip
        history.review(other, number, "2026-03-02 12:00", comments=2)
        history.pr(name, 10 + number, opened="2026-03-04 09:00")
        history.request(other, 10 + number, "2026-03-04 10:00")
        history.file(name, "2026-03-02 08:00", f"src/{name}.py", language="Python")
    history.deploy("2026-03-02 00:00")
    history.deploy("2026-03-05 00:00")
    history.ingest()
    return shared


@pytest.mark.parametrize("mode", MODES)
def test_the_scope_check_gives_each_role_in_each_mode_one_of_the_answers_that_are_walked(
    shared: Home, mode: str
) -> None:
    shared.mode(mode)
    atlas, everybody = {shared.people["ann"], shared.people["bob"], shared.atlas}, {"everybody"}
    answers = {"": set(), "ann": {shared.people["ann"]}, "ann bob": atlas, "ann bob cid": everybody}

    given = {role: shared.as_user(role).seen_as() for role in ROLES_HERE}

    assert given == {role: ",".join(sorted(answers[SEES[mode][role]])) for role in ROLES_HERE}
    assert {SEES[mode][role] for mode, role in WALKS} == answers.keys()


def hidden(mode: str, role: str) -> re.Pattern[str]:
    """The names that somebody of this role must not meet; Dan's, whom nobody leads, goes with Cid's."""
    seen = SEES[mode][role].split()
    return named(name for name in CIRCLE if ("cid" if name == "dan" else name) not in seen)


def open_to(mode: str, role: str) -> set[str]:
    """The names that they must meet somewhere, but for one's own, which stands there as "you"."""
    seen = SEES[mode][role].split()
    return {name.title() for name in CIRCLE if ("cid" if name == "dan" else name) in seen and name != role}


def named(names: Iterable[str]) -> re.Pattern[str]:
    """Any of these names, as a word; of nobody, what stands nowhere."""
    return re.compile(rf"\b({'|'.join(name.title() for name in names) or '(?!)'})\b")


def shown(page: AppTest) -> str:
    """Everything that a page sends to the browser, tables and charts too."""
    blocks = (page.main, page.sidebar)
    return "\n".join(bytes_of(node).decode("utf-8", "replace") for block in blocks for node in block)


def bytes_of(node: Any) -> bytes:
    proto = getattr(node, "proto", None)
    return proto.SerializeToString() if proto is not None and hasattr(proto, "SerializeToString") else b""


def within(entry: PageEntry, ctx: Context) -> bool:
    return entry.capability is None or ctx.may(entry.capability)


@pytest.mark.parametrize(("mode", "role"), WALKS[:3])
def test_no_page_shows_anybody_whom_its_reader_may_not_see(
    busy: Home, monkeypatch: pytest.MonkeyPatch, mode: str, role: str
) -> None:
    busy.mode(mode)
    ctx, names = busy.as_user(role), hidden(mode, role)
    address = {"period": HERE, "person": busy.people["cid"], "team": busy.beam, "people": busy.people["cid"]}

    met, seen = {}, set[str]()
    for entry in PAGES:
        if entry.url_path in NAMES_ALONE or not within(entry, ctx):
            continue
        told = shown(opened(busy, ctx, monkeypatch, entry.file.removesuffix(".py"), **address))
        seen.update(named(CIRCLE).findall(told))
        if found := names.findall(told):
            met[entry.url_path] = sorted(set(found))

    assert met == {}
    assert seen >= open_to(mode, role)


def test_pages_show_names_to_whoever_may_see_them(busy: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the walk above would look at empty pages."""
    page = opened(busy, busy.as_user("admin"), monkeypatch, "insights/workload", period=HERE, team=busy.beam)

    assert re.search(r"\bCid\b", shown(page))


def test_every_page_that_is_let_off_is_there() -> None:
    assert {entry.url_path for entry in PAGES} >= NAMES_ALONE.keys()
    assert all((FOLDER / entry.file).exists() for entry in PAGES)


PLACES = {"person": "cid", "category": "velocity", "team": "Beam", "metric": "commits_count", "rule": "none",
          "part": "owners"}  # fmt: skip


NO_FIGURES = {"/working-schedules/{person}": "when somebody works, which others plan by"}
"""Doors about one person that tell no figure."""


def doors() -> Iterator[tuple[str, bool]]:
    """Every door for programs that is read from, asked about somebody of another team, and whether it is about one."""
    paths = [insights.ROOT + path for method, path in insights.VERBS if method == "GET" and path not in NO_FIGURES]
    for path in (*paths, *(analytics.ROOT + path for path in analytics.VERBS)):
        yield path.format(**PLACES), "{person}" in path


@pytest.mark.parametrize(("mode", "role"), WALKS)
def test_no_door_for_programs_tells_of_anybody_whom_the_tokens_maker_may_not_see(
    busy: Home, mode: str, role: str
) -> None:
    busy.mode(mode)
    maker, names = busy.as_user(role), hidden(mode, role)
    making = maker.as_actor(replace(maker.actor, capabilities=ROLES["admin"]))
    token = tokens.make(making, f"{mode} {role}", list(tokens.OFFERED))
    client = TestClient(Starlette(routes=[*insights.routes(lambda: busy.house), *analytics.routes(lambda: busy.house)]))

    met, seen = {}, set[str]()
    theirs = [busy.people[name] for name in ("cid", "dan")] if names.search("Cid") else []
    for path, is_of_one in doors():
        got = client.get(path, params={"period": HERE}, headers={"Authorization": f"Bearer {token}"})
        assert got.status_code < 500, (path, got.text)
        told = got.text if got.status_code == 200 else ""
        seen.update(named(CIRCLE).findall(told))
        if names.search(told) or any(one in told for one in theirs) or (theirs and is_of_one and told):
            met[path] = told[:200]

    assert met == {}
    assert seen >= open_to(mode, role)


def test_every_door_over_http_is_walked_or_says_why_not() -> None:
    walked = {insights.ROOT + path for _, path in insights.VERBS} | {analytics.ROOT + path for path in analytics.VERBS}
    found = {route.path for route in routes() if isinstance(route, Route)}

    assert {path for path in found - walked - OTHERWISE if not path.startswith(WRITTEN_TO)} == set()


@pytest.mark.parametrize(("mode", "role"), WALKS)
def test_no_widget_draws_anybody_whom_its_reader_may_not_see(busy: Home, mode: str, role: str) -> None:
    assert SETTINGS.keys() == {widget.key for widget in WIDGETS}
    busy.mode(mode)
    ctx, names = busy.as_user(role), hidden(mode, role)

    met, seen = {}, set[str]()
    for key, params in SETTINGS.items():
        for figure in boards.build(ctx, board_of(key, **params), WEEK):
            told = json.dumps(figure.model_dump(mode="json", exclude={"provenance"}), default=str)
            seen.update(named(CIRCLE).findall(told))
            if found := names.findall(told):
                met[key] = sorted(set(found))

    assert met == {}
    assert SEES[mode][role] != "ann bob cid" or seen >= open_to(mode, role)


def by_graphql(ctx: Context, run_id: str) -> Any:
    """All that the door for reports tells of a run."""
    fields = "error failures renderedMarkdown document"
    return answer(ctx, f'{{ reportRun(orgId: "{ctx.workspace.id}", runId: "{run_id}") {{ {fields} }} }}', {}, None)


def test_no_file_of_a_report_shows_a_reader_whom_they_may_not_see(busy: Home) -> None:
    """The report has every widget in it, made by an admin who sees everybody."""
    admin = busy.as_user("admin")
    blocks = [{"widget": key, "params": params} for key, params in SETTINGS.items()]
    plan = {"title": "All", "window": {"range": HERE}, "sections": [{"blocks": blocks}]}
    formats = ["json", "csv", "markdown", "html"]
    report = reports.create(admin, "All", {"formats": formats}, plan=plan, visibility="workspace")
    run = reports.run_now(admin, report.id)
    reports.execute(busy.house, admin.workspace.id, run.id)
    assert "Cid" in json.dumps(reading.document(admin, run.id).model_dump(mode="json"))

    busy.mode("leads")
    met = {}
    for role in ("viewer", "member", "lead", "manager"):
        ctx, names = busy.as_user(role), hidden("leads", role)
        for key, figure in zip(SETTINGS, reading.document(ctx, run.id).figures(), strict=True):
            if names.search(json.dumps(figure.model_dump(mode="json", exclude={"provenance"}), default=str)):
                met[role, key] = figure.title
        told = {"markdown": reading.markdown(ctx, run.id), "graphql": json.dumps(by_graphql(ctx, run.id))}
        if ctx.may(Capability.RUN_REPORTS):
            told["now"] = looking.figures(ctx, report.id).model_dump_json(exclude={"provenance"})
        for kind in formats:
            try:
                told[kind] = exporting.download(ctx, run.id, kind).content.decode("utf-8", "replace")
            except SightlineError:
                continue  # not for this role to take away
        met |= {(role, kind): found[0] for kind, text in told.items() if (found := names.search(text))}

    assert met == {}


def test_every_standard_board_is_made_of_widgets_that_are_walked() -> None:
    for name, make in STANDARD.items():
        assert {tile.widget for tile in make().tiles} <= SETTINGS.keys(), name
