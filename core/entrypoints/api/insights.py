"""`/api/v1/insights/…`: the section Insights for programs, with the same services, the same rights, figures as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.access import insights
from core.alerts import service as alerts
from core.alerts.wish import Wish
from core.base.errors import BadInput, SightlineError, did_you_mean
from core.base.period import named
from core.boards import service as boards
from core.boards.board import Board, BoardSection, Tile
from core.boards.standard import CATEGORIES
from core.bootstrap import house
from core.catalogue import exclusions, milestones, shipping
from core.catalogue import service as catalogue
from core.catalogue.listing import Listed
from core.catalogue.scope import Scope
from core.components import service as components
from core.context import Context, Rooms
from core.entrypoints.api import bearer
from core.entrypoints.api.reading import json_of, object_of, value_of, whole
from core.narrative.voice import settings as voice
from core.people import service as people
from core.snapshots import service as snapshots

ROOT = "/api/v1/insights"
MOST_BYTES = 100_000
PLAIN: TypeAdapter[Any] = TypeAdapter(Any)

Asked = Mapping[str, str]
"""Path and query: {"person": …, "period": "last_30_days"}."""
Several = Mapping[str, Sequence[str]]
Verb = Callable[[Context, Asked, Any], Any]


def routes(house: Callable[[], Rooms] = house) -> list[Route]:
    """Every route of this module."""
    return [Route(ROOT + path, door(house, verb), methods=[method]) for (method, path), verb in VERBS.items()]


def developer(ctx: Context, asked: Asked, body: Any) -> Any:
    """All five categories of a person, or the one that is named."""
    person = people.person(ctx, asked["person"]).id
    ctx.require_person(person)
    chosen = _categories(asked.get("category", ""))
    scope = scope_of(ctx, asked, person_ids=(person,))
    return {
        "person": person,
        **period(scope),
        "categories": {name: values(ctx, keys, scope) for name, keys in chosen},
    }


def team(ctx: Context, asked: Asked, body: Any) -> Any:
    """All five categories of a team as a whole."""
    found = people.team(ctx, asked["team"])
    scope = scope_of(ctx, asked, team_ids=(found.id,))
    rolled = {name: values(ctx, keys, scope) for name, keys in _categories(asked.get("category", ""))}
    return {
        "team": found.id,
        "name": found.name,
        "people": len(found.member_ids),
        **period(scope),
        "categories": rolled,
    }


def workload(ctx: Context, asked: Asked, body: Any) -> Any:
    scope = scope_of(ctx, asked, team_ids=(people.team(ctx, asked["team"]).id,))
    return figures(ctx, boards.standard(ctx, "workload"), scope)


def leaderboard(ctx: Context, asked: Asked, body: Any) -> Any:
    scope = scope_of(ctx, asked, team_ids=(people.team(ctx, asked["team"]).id,) if asked.get("team") else ())
    tile = Tile(widget="people.leaderboard", params={"metric": asked["metric"]})
    return figures(ctx, Board(name="leaderboard", title="Leaderboard", sections=(BoardSection(tiles=(tile,)),)), scope)


def code(ctx: Context, asked: Asked, body: Any) -> Any:
    """The page Code, or one part of it (hotspots, owners, mix, rework), of ?repo= and of ?path= in it."""
    board = boards.standard(ctx, "code", repo=asked.get("repo", ""), path=asked.get("path", "").strip("/"))
    scope = scope_of(ctx, asked, team_ids=(people.team(ctx, asked["team"]).id,) if asked.get("team") else ())
    if asked.get("repo"):
        folder = asked.get("path", "").strip("/")
        scope = replace(scope, repo_ids=(catalogue.repository(ctx, asked["repo"]).id,), folder=folder)
    if part := asked.get("part", ""):
        if part not in PARTS_OF_CODE:
            raise BadInput(f"There is no part '{part}'.{did_you_mean(part, PARTS_OF_CODE)}")
        tiles = tuple(tile for tile in board.tiles if tile.widget == f"code.{part}")
        board = Board(name=f"code-{part}", title=board.title, sections=(BoardSection(tiles=tiles),))
    return figures(ctx, board, scope)


def compare(ctx: Context, asked: Asked, body: Any) -> Any:
    """People (?people=a,b), teams (?teams=a,b) or components (?components=a,b) beside each other."""
    given = next((asked[kind] for kind in ("people", "teams", "components") if asked.get(kind)), "")
    names = [name.strip() for name in given.split(",") if name.strip()]
    if len(names) < 2:
        raise BadInput("Name two or more to compare: ?people=ada@example.org,bob@example.org or ?teams=Atlas,Beam.")
    keys = [key for _, metrics in _categories("") for key in metrics]
    if asked.get("people"):
        ids = [people.person(ctx, name).id for name in names]
        return {one: values(ctx, keys, scope_of(ctx, asked, person_ids=(one,))) for one in ids}
    if asked.get("teams"):
        ids = [people.team(ctx, name).id for name in names]
        return {one: values(ctx, keys, scope_of(ctx, asked, team_ids=(one,))) for one in ids}
    ids = [components.component_id(ctx, name) for name in names]
    return {one: values(ctx, keys, replace(scope_of(ctx, asked), component_ids=(one,))) for one in ids}


def history(ctx: Context, asked: Asked, body: Any) -> Any:
    """What was kept of ?person= or ?team= by ?period_type= (weekly) of ?metric=."""
    if bool(asked.get("person")) == bool(asked.get("team")):
        raise BadInput("Say either ?person= or ?team=.")
    kind = "person" if asked.get("person") else "team"
    subject = people.person(ctx, asked["person"]).id if kind == "person" else people.team(ctx, asked["team"]).id
    points = snapshots.history(
        ctx, kind, subject, asked.get("period_type", "weekly"), asked.get("metric", "commits_count")
    )
    return [asdict(point) for point in points]


def generate(ctx: Context, asked: Asked, body: Any) -> Any:
    """Ask a worker for snapshots: {"kinds": ["weekly"], "first": "2026-01-01", "last": "2026-01-31"}."""
    given = value_of(Generation, _fields(body, {"kinds", "first", "last"}))
    return {"run_id": snapshots.request(ctx, given.kinds, given.first, given.last, triggered_by="api")}


def set_schedule(ctx: Context, asked: Asked, body: Any) -> Any:
    """{"working_weekdays": [1,2,3,4,5], "start_minute": 540, "end_minute": 1020, "time_zone": …, "country": "DE"}"""
    person = _person(ctx, asked)
    wanted = {field.name for field in fields(WorkingHours)}
    now = asdict(people.schedule(ctx, person))
    given = value_of(WorkingHours, {name: now[name] for name in wanted} | _fields(body, wanted))
    people.set_schedule(ctx, person, **asdict(given))
    return asdict(people.schedule(ctx, person))


def change_voice(ctx: Context, asked: Asked, body: Any) -> Any:
    """{"allowed": true, "base_url": …, "model": …, "pseudonyms": true, "timeout_s": 30, "key": …}"""
    given = object_of(body)
    key = given.pop("key", None)
    if key is not None and not isinstance(key, str):
        raise BadInput("The key of a language model is a text.")
    return voice.change(ctx, given, key=key)


def rule_named(ctx: Context, asked: Asked) -> str:
    return alerts.get(ctx, asked["rule"]).id


def update_rule(ctx: Context, asked: Asked, body: Any) -> Any:
    """What is named of a rule; {"is_active": false} turns it off, {"muted_until": "…"} mutes it."""
    given, rule = dict(_fields(body, {*_WISH, "is_active"})), rule_named(ctx, asked)
    active = given.pop("is_active", None)
    value_of(Wish, given)
    if active not in (None, True, False):
        raise BadInput("'is_active' is true or false.")
    if active is not None:
        (alerts.enable if active else alerts.disable)(ctx, rule)
    return alerts.update(ctx, rule, **_tuples(given)) if given else alerts.get(ctx, rule)


def delete_rule(ctx: Context, asked: Asked, body: Any) -> Any:
    alerts.delete(ctx, rule_named(ctx, asked))
    return {"deleted": asked["rule"]}


def tried(ctx: Context, asked: Asked, body: Any) -> Any:
    """What a rule would have found: {"sentence": …, "fired": […]}."""
    days = asked.get("days", "90")
    if not days.isascii() or not days.isdecimal() or not 1 <= int(days[:5]) <= 3700:
        raise BadInput(f"'{days}' is no number of days: say 1 to 3700.")
    trial = alerts.trial(ctx, _wish(body), int(days))
    fired = [
        {"subject": one.subject.name, "first": hit.point.first, "value": hit.point.value, "why": hit.verdict.sentence}
        for one in trial.subjects
        for hit in one.fired
    ]
    return {"sentence": trial.sentence, "fired": fired}


@dataclass(frozen=True, slots=True)
class Generation:
    """Which snapshots to make."""

    kinds: list[str] | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When somebody works."""

    working_weekdays: tuple[int, ...]
    start_minute: int
    end_minute: int
    time_zone: str
    country: str


PARTS_OF_CODE = ("owners", "hotspots", "rework", "mix")
_WISH = {field.name for field in fields(Wish)}

VERBS: dict[tuple[str, str], Verb] = {
    ("GET", "/developers/compare"): compare,
    ("GET", "/developers/{person}"): developer,
    ("GET", "/developers/{person}/{category}"): developer,
    ("GET", "/teams/{team}"): team,
    ("GET", "/teams/{team}/workload"): workload,
    ("GET", "/workspace/health"): lambda ctx, asked, body: _named(ctx, asked, "health"),
    ("GET", "/leaderboards/{metric}"): leaderboard,
    ("GET", "/code"): code,
    ("GET", "/code/{part}"): code,
    ("GET", "/snapshots/history"): history,
    ("POST", "/snapshots/generate"): generate,
    ("GET", "/settings"): lambda ctx, asked, body: insights.settings(ctx).model_dump(),
    ("PUT", "/settings"): lambda ctx, asked, body: insights.change(ctx, object_of(body)).model_dump(),
    ("GET", "/language-model"): lambda ctx, asked, body: voice.settings(ctx),
    ("PUT", "/language-model"): change_voice,
    ("GET", "/working-schedules/{person}"): lambda ctx, asked, body: people.schedule(ctx, _person(ctx, asked)),
    ("PUT", "/working-schedules/{person}"): set_schedule,
    ("GET", "/sync-status"): lambda ctx, asked, body: _named(ctx, asked, "data-status"),
    ("GET", "/alert-rules"): lambda ctx, asked, body: alerts.rules(ctx),
    ("POST", "/alert-rules"): lambda ctx, asked, body: alerts.create(ctx, _wish(body)),
    ("POST", "/alert-rules/test"): tried,
    ("PUT", "/alert-rules/{rule}"): update_rule,
    ("DELETE", "/alert-rules/{rule}"): delete_rule,
    ("GET", "/exclusions"): lambda ctx, asked, body: exclusions.rules(ctx),
    ("GET", "/delivery"): lambda ctx, asked, body: _named(ctx, asked, "delivery"),
    ("GET", "/deployments"): lambda ctx, asked, body: _listed(shipping.deployments, ctx, asked),
    ("GET", "/milestones"): lambda ctx, asked, body: _listed(milestones.milestones, ctx, asked),
    ("GET", "/deployments/left"): lambda ctx, asked, body: _listed(shipping.left, ctx, asked),
    ("GET", "/components"): lambda ctx, asked, body: components.components(ctx),
    ("GET", "/alert-findings"): lambda ctx, asked, body: alerts.findings(ctx),
}
"""What each door does."""


def door(house: Callable[[], Rooms], verb: Verb) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        try:
            ctx = await run_in_threadpool(bearer.context_of, house(), request)
            body = await bearer.body_of(request, MOST_BYTES)
        except SightlineError as error:
            return bearer.refused(error)
        asked = {**request.query_params, **request.path_params}
        return await bearer.answered(lambda: _plain(verb(ctx, _whole(asked), json_of(body))))

    return answer


def _whole(asked: Asked) -> Asked:
    """What was asked; BadInput for a word that no store could keep."""
    return {name: whole(value) for name, value in asked.items()}


def _plain(answer: Any) -> Response:
    return JSONResponse(PLAIN.dump_python(answer, mode="json"))


def _fields(body: Any, known: set[str]) -> dict[str, Any]:
    given = object_of(body)
    for name in given:
        if name not in known:
            raise BadInput(
                f"There is no field '{name}'.{did_you_mean(name, known)} Fields: {', '.join(sorted(known))}."
            )
    return given


def _tuples(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def _wish(body: Any) -> Wish:
    return value_of(Wish, _tuples(_fields(body, _WISH)))


def _person(ctx: Context, asked: Asked) -> str:
    """The person named; "default" is the workspace's own schedule."""
    return "" if asked["person"] == "default" else people.person(ctx, asked["person"]).id


def scope_of(ctx: Context, asked: Asked, person_ids: tuple[str, ...] = (), team_ids: tuple[str, ...] = ()) -> Scope:
    zone = ctx.workspace.time_zone
    period = named(asked.get("period", "last_30_days"), ctx.clock(), zone)
    wanted = [name.strip() for name in asked.get("component", "").split(",") if name.strip()]
    return Scope(
        period, compare=period.previous(zone), person_ids=person_ids, team_ids=team_ids,
        component_ids=components.chosen(ctx, wanted), time_zone=zone,
    )  # fmt: skip


def period(scope: Scope) -> dict[str, Any]:
    assert scope.period
    first, last = scope.period.dates(scope.time_zone)
    return {"first": first, "last": last}


def _categories(only: str) -> list[tuple[str, tuple[str, ...]]]:
    known = {name.lower(): keys for name, (keys, _) in CATEGORIES.items()}
    if only and only not in known:
        raise BadInput(f"There is no category '{only}'.{did_you_mean(only, known)} Use one of {', '.join(known)}.")
    return [(name, keys) for name, keys in known.items() if not only or name == only]


def values(ctx: Context, keys: Sequence[str], scope: Scope) -> dict[str, Any]:
    answer = catalogue.measure(ctx, keys, scope)
    return {
        key: {"value": one.value, "n": one.n, "state": one.state.value, "why": one.state_text, "left_out": one.excluded}
        for key in keys
        for one in [answer.get(key)]
    }


def _named(ctx: Context, asked: Asked, name: str) -> Any:
    return figures(ctx, boards.standard(ctx, name), scope_of(ctx, asked))


def _listed(listing: Callable[..., Listed], ctx: Context, asked: Asked) -> Any:
    """Deployments, what none took, or milestones: of ?period=, and with ?q= in them."""
    scope = scope_of(ctx, asked)
    found = listing(ctx, scope, asked.get("q", ""))
    return {**period(scope), "figures": [found.table.model_dump(mode="json", exclude={"columns", "key"})]}


def figures(ctx: Context, board: Board, scope: Scope) -> Any:
    boards.looked(ctx, board, scope)
    built = boards.build(ctx, board, scope)
    return {
        **period(scope),
        "figures": [figure.model_dump(mode="json", exclude={"columns", "key"}) for figure in built],
    }
