"""Where and when a distributed team works: people by time zone, their hours, and the hours that zones share.

Off until a workspace turns it on. Nobody is named, and a zone of fewer people than the smallest group is not shown
alone, to anybody: those few stand together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone, tzinfo
from statistics import median_low
from typing import Any

from core.access import insights
from core.analysis import asked, places
from core.base.errors import NotAllowed
from core.base.period import zone_of
from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.figures import Column, Provenance, Table
from core.people import calendars

QUARTERS = 96
"""Of a day, in UTC."""
OFF = (
    "The map of time zones is off, as it is in every new workspace: where people are is theirs to tell."
    " An admin can turn it on under Insight settings."
)
ABOUT = (
    "A person's zone is that of their own working time on the page People; of whoever has none, the offset that most of"
    " their commits of the period carry; else the workspace's. Hours are those of working time, on the day that the"
    " period ends with."
)


@dataclass(frozen=True, slots=True)
class Zone:
    """The people of one time zone, as a whole."""

    name: str
    """ "Europe/Berlin", "UTC+02:00" where only commits tell, or `REST`."""
    people: int
    point: tuple[float, float] | None
    """Longitude and latitude; None where the zone is no place, or several."""
    offset_minutes: int
    """On the period's last day; of several zones, meaningless."""
    start_minute: int
    """When the middle one of them begins and ends, in local time."""
    end_minute: int
    at_work: tuple[float, ...]
    """Share of them at work in each quarter of an hour of a working day in UTC."""
    commits: tuple[int, ...]
    """Commits by hour of the day in UTC."""

    def overlap_hours(self, other: Zone) -> float:
        """Hours of a day in which half of each, or more, are at work."""
        both = zip(self.at_work, other.at_work, strict=True)
        return sum(1 for one, two in both if one >= 0.5 and two >= 0.5) * 24 / QUARTERS

    def hours_from(self, other: Zone) -> float:
        """How far apart the clocks of both are, the shorter way around."""
        apart = abs(self.offset_minutes - other.offset_minutes) / 60
        return min(apart, 24 - apart)


REST = "Other time zones"


@dataclass(frozen=True, slots=True)
class Zones:
    """Zones from west to east, the gathered ones last."""

    zones: tuple[Zone, ...]
    least: int
    """The smallest group."""
    unshown: int
    """People of small zones who are fewer than that even together."""
    provenance: tuple[Provenance, ...] = ()

    @property
    def apart(self) -> tuple[Zone, ...]:
        """Those that are one place in time."""
        return tuple(zone for zone in self.zones if zone.name != REST)


@dataclass(frozen=True, slots=True)
class _Person:
    zone: str
    tz: tzinfo
    start: int
    end: int
    hours: dict[int, int]


def zones(ctx: Context, scope: Scope) -> Zones:
    """Everybody active in the period, by zone; NotAllowed while the workspace has not turned it on."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    if not insights.settings(ctx).zone_map:
        raise NotAllowed(OFF)
    scope = replace(scope, compare=None, person_ids=())
    return asked.remembered(ctx, "zones", (scope,), lambda: _zones(ctx, scope))


def zones_table(found: Zones) -> Table:
    """Each zone in numbers."""
    rows: list[list[Any]] = [
        [
            zone.name, zone.people, None if zone.name == REST else offset_text(zone.offset_minutes),
            None if zone.name == REST else f"{clock(zone.start_minute)} – {clock(zone.end_minute)}",
            sum(zone.commits),
        ]
        for zone in found.zones
    ]  # fmt: skip
    return Table(
        title="Time zones",
        description=ABOUT,
        note=note(found),
        cols=[
            Column(key="zone", label="Time zone"),
            Column(key="people", label="People", kind="integer"),
            Column(key="offset", label="Offset"),
            Column(key="hours", label="Usual hours there"),
            Column(key="commits", label="Commits", kind="integer"),
        ],
        rows=rows,
        provenance=list(found.provenance),
    )


def overlap_table(found: Zones) -> Table:
    """Hours that each two zones share."""
    rows: list[list[Any]] = [
        [one.name, two.name, one.hours_from(two), one.overlap_hours(two)]
        for place, one in enumerate(found.apart)
        for two in found.apart[place + 1 :]
    ]
    rows.sort(key=lambda row: (row[3], row[0], row[1]))
    return Table(
        title="Hours that zones share",
        description="Hours of a working day in which at least half of the people of both zones are at work.",
        note="The least first." if rows else "",
        cols=[
            Column(key="one", label="Time zone"),
            Column(key="two", label="And"),
            Column(key="apart", label="Hours apart", kind="decimal", decimals=1),
            Column(key="shared", label="Hours shared", kind="decimal", decimals=1),
        ],
        rows=rows,
        provenance=list(found.provenance),
    )


def note(found: Zones) -> str:
    parts = [f"Zones of fewer than {found.least} people are not shown alone."]
    if found.unshown:
        parts.append("A few people elsewhere are too few to be shown even together.")
    return " ".join(parts)


def offset_text(minutes: int) -> str:
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


_PEOPLE = "{sql}\nSELECT DISTINCT person FROM asked WHERE NOT is_bot"
_COMMITS = """{sql}
SELECT
    person,
    toInt32(topK(1)(dateDiff('minute', at, local_at))[1]) AS offset,
    sumMap([toHour(at)], [toUInt64(1)]) AS hours
FROM asked
WHERE NOT is_bot AND NOT is_merge
GROUP BY person"""


def _zones(ctx: Context, scope: Scope) -> Zones:
    day = asked.last_day(scope, ctx.clock().astimezone(zone_of(scope.time_zone)).date())
    sql, params = asked.relation(ctx, "activity", scope)
    active = [str(row["person"]) for row in ctx.metrics.rows(_PEOPLE.format(sql=sql), params)]
    sql, params = asked.relation(ctx, "authored_commits", scope)
    statement = _COMMITS.format(sql=sql)
    told = {str(row["person"]): row for row in ctx.metrics.rows(statement, params)}
    with ctx.app.reading() as session:
        known = calendars.schedules(session, ctx)
    everybody = [_person(known, person, told.get(person)) for person in active]
    gathered: dict[str, list[_Person]] = defaultdict(list)
    for one in everybody:
        gathered[one.zone].append(one)
    least = ctx.workspace.least_group
    shown = {name: those for name, those in gathered.items() if len(those) >= least}
    rest = [one for name, those in gathered.items() if name not in shown for one in those]
    found = sorted((_zone(name, those, day) for name, those in shown.items()), key=lambda zone: zone.offset_minutes)
    found += [_zone(REST, rest, day)] if len(rest) >= least else []
    origin = asked.origin(ctx, "zones.hours", ABOUT, ("commits",), statement, params, len(told))
    return Zones(tuple(found), least, len(rest) if len(rest) < least else 0, (_counted(origin),))


COUNTED = ("active_people", "commits_count")
"""What the people and the commits of all zones add up to."""


def _counted(origin: Provenance) -> Provenance:
    told = [METRICS.get(key) for key in COUNTED]
    definitions = [*(one.about for one in told), *origin.definitions]
    return origin.model_copy(
        update={"metrics": [f"{one.key}@{one.version}" for one in told], "definitions": definitions}
    )


def _person(known: dict[str, Any], person: str, told: dict[str, Any] | None) -> _Person:
    schedule = calendars.schedule_of(known, person)
    hours = dict(zip(*told["hours"], strict=True)) if told else {}
    if person in known or told is None:
        zone, tz = schedule.time_zone, zone_of(schedule.time_zone)
        return _Person(zone, tz, schedule.start_minute, schedule.end_minute, hours)
    minutes = int(told["offset"])
    fixed = timezone(timedelta(minutes=minutes))
    return _Person(offset_text(minutes) if minutes else "UTC", fixed, schedule.start_minute, schedule.end_minute, hours)


def _zone(name: str, those: Sequence[_Person], day: date) -> Zone:
    commits: Counter[int] = Counter()
    for one in those:
        commits.update(one.hours)
    offset = _offset(those[0].tz, day)
    quarters = Counter(quarter for one in those for quarter in _quarters(one, day))
    return Zone(
        name=name,
        people=len(those),
        point=None if name == REST else places.point(name) or _meridian(name, offset),
        offset_minutes=offset,
        start_minute=median_low(one.start for one in those),
        end_minute=median_low(one.end for one in those),
        at_work=tuple(quarters[quarter] / len(those) for quarter in range(QUARTERS)),
        commits=tuple(commits[hour] for hour in range(24)),
    )


def _meridian(name: str, offset: int) -> tuple[float, float] | None:
    """Where only an offset is known, a point on its meridian, on the equator."""
    return (offset / 4, 0.0) if name.startswith(("UTC+", "UTC−")) else None


def _offset(tz: tzinfo, day: date) -> int:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=tz)
    return int((noon.utcoffset() or timedelta()) / timedelta(minutes=1))


def _quarters(one: _Person, day: date) -> Iterable[int]:
    """The quarters of an hour of a UTC day in which somebody works."""
    start, end = one.start - _offset(one.tz, day), one.end - _offset(one.tz, day)
    for quarter in range(round(start / 15), round(end / 15)):
        yield quarter % QUARTERS
