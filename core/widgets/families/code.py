"""Code: hotspots, who owns what, what it is made of, and how much is changed again soon."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import Field

from core.base.counted import counted
from core.catalogue import METRICS, code
from core.catalogue.code import Found, Hotspot, Kind, Owned, Place
from core.catalogue.metrics.code import HALF_LIFE_DAYS, REWORK_DAYS
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import (
    Axis,
    Cell,
    Column,
    Line,
    PointMark,
    Provenance,
    Series,
    SeriesStyle,
    State,
    Table,
    Unit,
    number_text,
)
from core.widgets.asking import Question, ask
from core.widgets.buckets import Grain, covering, numbers, running_note, values
from core.widgets.finish import provenance, state_of
from core.widgets.focus import focused, namer
from core.widgets.widget import Params, Widget

REWORK = ("code_rework_own_ratio", "code_rework_others_ratio")
OTHER = "Other"
HANDS = ((1, "By one person"), (3, "By 2 or 3"), (9, "By 4 to 9"), (10**9, "By 10 or more"))
"""Up to how many people, and what that is called."""
NAMED, DRAWN = 5, 60
NEAR = 0.12
"""Of the farthest named disc's distance: within it, two names would lie on each other."""
HOW_HOT = (
    "Heat: churn × people × complexity, beside the hottest file. Complexity: each line that is not blank counts one,"
    " and one more for each level it is indented; it is that of the file as it is now. Files that are gone,"
    " generated or vendored are left out."
)
HOW_OWNED = (
    "A line that somebody added is theirs; it weighs half as much every"
    f" {HALF_LIFE_DAYS} days. Bus factor: the fewest people who own half of the lines, when the period ended."
)


class PlaceParams(Params):
    repo: str = Field("", description="Only this repository.", json_schema_extra={"choices": "repositories"})
    path: str = Field("", max_length=1000, description="Only this folder or file of it, as in src/api.")


class HotspotParams(PlaceParams):
    limit: int = Field(25, ge=1, le=500)


class OwnersParams(PlaceParams):
    limit: int = Field(100, ge=1, le=500)


class ReworkParams(PlaceParams):
    grain: Grain = "auto"


def hotspots(ctx: Context, scope: Scope, params: HotspotParams) -> Table:
    found, place = _hot(ctx, scope, params, params.limit)
    name, hottest = namer(ctx, "repo"), max((one.score or 0 for one in found.rows), default=0)
    state, why = _state(found, "No file changed twice in this period.")
    repo = [] if place.repo_id else [Column(key="repo", label="Repository")]
    return Table(
        title=params.title or _titled("Hotspots", place),
        description="Files that change often, by many hands, and are hard to change: where a clean-up pays off.",
        note=HOW_HOT,
        cols=[
            Column(key="path", label="File"),
            *repo,
            Column(key="heat", label="Heat", kind="percent", help="Beside the hottest file here."),
            Column(key="churn", label="Lines changed", kind="integer"),
            Column(key="changes", label="Commits", kind="integer"),
            Column(key="people", label="People", kind="integer"),
            Column(key="complexity", label="Complexity", kind="integer", help="Not known where no clone was measured."),
            Column(key="lines", label="Lines now", kind="integer", help="That are not blank."),
            Column(key="last", label="Last change", kind="date"),
        ],
        rows=[_hot_row(one, hottest, None if place.repo_id else name(one.repo_id)) for one in found.rows],
        total_rows=found.total,
        state=state,
        state_text=why,
        provenance=_origin(found, HOTSPOTS_WIDGET.key),
    )


def hotspot_map(ctx: Context, scope: Scope, params: HotspotParams) -> Series:
    """Each file a disc: how much it changed, how complex it is, and by how many people."""
    found, place = _hot(ctx, scope, params, DRAWN)
    known = [one for one in found.rows if one.score is not None]
    state, why = _state(found, "No file changed twice in this period.")
    if found.rows and not known:
        state, why = State.NOT_COLLECTED, "How complex files are is not known: a worker measures them in a clone."
    return Series(
        title=params.title or _titled("Churn and complexity", place),
        description="Up and to the right is what changes much and is hard to change.",
        note=f"{_unknown(len(found.rows) - len(known))}The hottest {len(known)} files.",
        mark="point",
        x=Axis(kind="quantitative", label="Lines changed", unit=Unit.LINES),
        y=Axis(label="Complexity", unit=Unit.COUNT),
        lines=_discs(known),
        style=SeriesStyle(
            height=360,
            marks=_apart(
                [
                    PointMark(x=one.churn, y=one.complexity or 0, text=name)
                    for one, name in zip(known, _short([one.path for one in known[:NAMED]]), strict=False)
                ]
            ),
        ),
        state=state,
        state_text=why,
        alt="; ".join(f"{one.path}: {counted(one.churn, 'line')} changed by {one.people}" for one in known[:NAMED])
        or "No hotspots to draw.",
        provenance=[] if state is State.NOT_COLLECTED else _origin(found, HOTSPOT_MAP_WIDGET.key),
    )


def _apart(marks: list[PointMark]) -> list[PointMark]:
    """The names, the hottest first, without those that would lie on one before: the table below has them all."""
    kept: list[PointMark] = []
    wide = max(map(_x, marks), default=0.0)
    high = max((one.y for one in marks), default=0.0)
    for mark in marks:
        if all(abs(_x(mark) - _x(one)) > NEAR * wide or abs(mark.y - one.y) > NEAR * high for one in kept):
            kept.append(mark)
    return kept


def _x(mark: PointMark) -> float:
    return float(mark.x) if isinstance(mark.x, int | float) else 0.0


def owners(ctx: Context, scope: Scope, params: OwnersParams) -> Table:
    scope, place = _placed(ctx, scope, params)
    found = code.owned(ctx, scope, place, params.limit)
    shows = any(one.owners for one in found.rows)
    called = namer(ctx, "person") if shows else None
    state, why = _state(found, "Nobody added a line here up to the end of this period.")
    hidden = "" if shows or not found.rows else " Whose the lines are is not shown to you in this workspace."
    return Table(
        title=params.title or _titled("Who owns the code", place),
        description="How few people know what is in each place.",
        note=f"{HOW_OWNED}{hidden}",
        cols=[
            Column(key="name", label="File or folder" if place.repo_id else "Repository"),
            Column(key="bus_factor", label="Bus factor", kind="integer", help=METRICS.get("bus_factor").about),
            Column(key="people", label="People", kind="integer", help="Who added lines that are weighed."),
            *([Column(key="owners", label="Own most", help="With their share of the lines.")] if shows else []),
            Column(key="weight", label="Lines, weighed", kind="integer", help="Newer lines weigh more."),
            Column(key="files", label="Files", kind="integer"),
            Column(key="churn", label="Lines changed", kind="integer", help="In the period, in files that are there."),
            Column(key="changes", label="Commits", kind="integer", help="In the period."),
            Column(key="last", label="Last line", kind="date"),
        ],
        rows=[_owned_row(one, called) for one in found.rows],
        total_rows=found.total,
        state=state,
        state_text=why,
        provenance=_origin(found, OWNERS_WIDGET.key),
    )  # fmt: skip


def mix(ctx: Context, scope: Scope, params: PlaceParams) -> Table:
    scope, place = _placed(ctx, scope, params)
    found = code.kinds(ctx, scope, place)
    changed, there = sum(one.churn for one in found.rows), any(one.files is not None for one in found.rows)
    state, why = _state(found, "Nothing changed in this period.")
    return Table(
        title=params.title or _titled("File types", place),
        description="What is changed, and what is there, by language.",
        note="Generated and vendored files are left out."
        + ("" if there or not found.rows else " What is there now is told by a clone alone, and none was measured."),
        cols=[
            Column(key="language", label="Language"),
            Column(key="churn", label="Lines changed", kind="integer"),
            Column(key="share", label="Share of changes", kind="percent"),
            Column(key="changes", label="Commits", kind="integer"),
            Column(key="people", label="People", kind="integer"),
            *([Column(key="files", label="Files now", kind="integer"),
               Column(key="lines", label="Lines now", kind="integer", help="That are not blank.")] if there else []),
        ],
        rows=[_kind_row(one, changed, there=there) for one in found.rows],
        total_rows=found.total,
        state=state,
        state_text=why,
        provenance=_origin(found, MIX_WIDGET.key),
    )  # fmt: skip


def mix_bars(ctx: Context, scope: Scope, params: PlaceParams) -> Series:
    scope, place = _placed(ctx, scope, params)
    found = code.kinds(ctx, scope, place)
    changed_ones = [one for one in found.rows if one.churn]
    shown = changed_ones[:12]
    changed = sum(one.churn for one in found.rows)
    state, why = _state(found, "Nothing changed in this period.")
    return Series(
        title=params.title or _titled("Changes by file type", place),
        description="Each language's share of the lines that changed.",
        note=f"The first {len(shown)} of {len(changed_ones)} languages." if len(changed_ones) > len(shown) else "",
        mark="horizontal_bar",
        x=Axis(kind="nominal", label="Language"),
        y=Axis(label="Share of changed lines", unit=Unit.RATIO),
        lines=[
            Line(name="Share", x=[one.language or OTHER for one in shown], y=[one.churn / changed for one in shown])
        ],
        state=state,
        state_text=why,
        alt="; ".join(
            f"{one.language or OTHER} {number_text(one.churn / changed, Unit.RATIO)}" for one in shown[:NAMED]
        )
        or "Nothing to draw.",
        provenance=_origin(found, MIX_BARS_WIDGET.key),
    )


def rework_questions(ctx: Context, scope: Scope, params: ReworkParams) -> Iterable[Question]:
    buckets = covering(_within(ctx, scope, params), params.grain, REWORK[0])
    yield Question(REWORK, buckets.scope, (buckets.grain,))


def rework(ctx: Context, scope: Scope, params: ReworkParams) -> Series:
    """Rework over time, that of one's own lines and that of others' on top of each other: together they are all."""
    buckets = covering(_within(ctx, scope, params), params.grain, REWORK[0])
    answer = ask(ctx, REWORK, buckets.scope, (buckets.grain,))
    state, why = state_of(value for key in REWORK for value in values(answer, key, buckets))
    return Series(
        title=params.title or "Rework",
        description=f"Of the lines that were changed or removed, those written at most {REWORK_DAYS} days before.",
        note=running_note(buckets, state),
        mark="stacked_bar",
        x=Axis(kind="temporal", label=buckets.grain.capitalize()),
        y=Axis(label="Share of changed lines", unit=Unit.RATIO),
        lines=[
            Line(name=name, x=list(buckets.starts), y=numbers(values(answer, key, buckets)))
            for key, name in zip(REWORK, ("Their own", "Somebody else's"), strict=True)
        ],
        better=METRICS.get("code_rework_ratio").better,
        state=state,
        state_text=why,
        alt=f"Rework by {buckets.grain}, of one's own lines and of others'.",
        provenance=provenance(REWORK_WIDGET.key, answer),
    )


def _hot(ctx: Context, scope: Scope, params: HotspotParams, limit: int) -> tuple[Found, Place]:
    scope, place = _placed(ctx, scope, params)
    return code.hotspots(ctx, scope, place, limit), place


def _within(ctx: Context, scope: Scope, params: PlaceParams) -> Scope:
    """The scope of the place that is named, or else of wherever one is."""
    scope, place = _placed(ctx, scope, params)
    return place.within(scope) if place.repo_id else scope


def _placed(ctx: Context, scope: Scope, params: PlaceParams) -> tuple[Scope, Place]:
    return focused(ctx, scope, params), code.place_of(ctx, params.repo, params.path)


def _state(found: Found, nothing: str) -> tuple[State, str]:
    if not found.covered.is_collected:
        return State.NOT_COLLECTED, found.covered.text
    return (State.MEASURED, "") if found.rows else (State.NO_DATA, nothing)


def _titled(title: str, place: Place) -> str:
    return f"{title}: {place.path}" if place.path else title


def _unknown(count: int) -> str:
    return f"Of {count} more the complexity is not known. " if count else ""


def _hot_row(one: Hotspot, hottest: float, repo: str | None) -> list[Cell]:
    heat = one.score / hottest if one.score is not None and hottest else None
    place: list[Cell] = [one.path] if repo is None else [one.path, repo]
    return [*place, heat, one.churn, one.changes, one.people, one.complexity, one.lines, one.last_at.date()]


def _discs(known: list[Hotspot]) -> list[Line]:
    """The files by how many people changed them."""
    lines, least = [], 0
    for most, name in HANDS:
        mine = [one for one in known if least < one.people <= most]
        least = most
        if mine:
            lines.append(
                Line(
                    name=name,
                    x=[one.churn for one in mine],
                    y=[one.complexity for one in mine],
                    names=[one.path for one in mine],
                )
            )
    return lines


def _short(paths: list[str]) -> list[str]:
    """Names of files, with their folder where two are called alike."""
    names = [path.rsplit("/", 1)[-1] for path in paths]
    return [
        name if names.count(name) == 1 else "/".join(path.split("/")[-2:])
        for name, path in zip(names, paths, strict=True)
    ]


def _owned_row(one: Owned, called: Callable[[str], str] | None) -> list[Cell]:
    name = f"{one.name}/" if one.is_folder and one.place.path else one.name
    told = [f"{called(owner.person)} {number_text(owner.share, Unit.RATIO)}" for owner in one.owners] if called else []
    whose: list[Cell] = [", ".join(told)] if called else []
    return [
        name, one.bus_factor, one.people, *whose, round(one.weight), one.files, one.churn, one.changes,
        one.last_at.date(),
    ]  # fmt: skip


def _kind_row(one: Kind, changed: int, *, there: bool) -> list[Cell]:
    share = one.churn / changed if changed else None
    row: list[Cell] = [one.language or OTHER, one.churn, share, one.changes, one.people]
    return [*row, one.files, one.lines] if there else row


def _origin(found: Found, block: str) -> list[Provenance]:
    return [one.model_copy(update={"block": block, "watermark": found.covered.watermark}) for one in found.provenance]


def _of_place(params: PlaceParams) -> tuple[str, ...]:
    return ("code_churn",)


HOTSPOTS_WIDGET = Widget(
    key="code.hotspots",
    title="Hotspots",
    about="Files that change often, by many hands, and are complex: churn × people × complexity.",
    shape="table",
    params=HotspotParams,
    build=hotspots,
    metrics=_of_place,
)
HOTSPOT_MAP_WIDGET = Widget(
    key="code.hotspot_map",
    title="Churn and complexity",
    about="Files as discs, by how much they changed, how complex they are, and by how many people.",
    shape="series",
    params=HotspotParams,
    build=hotspot_map,
    metrics=_of_place,
)
OWNERS_WIDGET = Widget(
    key="code.owners",
    names_people=True,
    title="Who owns the code",
    about="Repositories, or the folders and files of one, with their bus factor and who owns most lines.",
    shape="table",
    params=OwnersParams,
    build=owners,
    metrics=lambda params: ("bus_factor", "code_churn"),
)
MIX_WIDGET = Widget(
    key="code.mix",
    title="File types",
    about="What was changed and what is there, by language.",
    shape="table",
    params=PlaceParams,
    build=mix,
    metrics=_of_place,
)
MIX_BARS_WIDGET = Widget(
    key="code.mix_bars",
    title="Changes by file type",
    about="Each language's share of the lines that changed, as bars.",
    shape="series",
    params=PlaceParams,
    build=mix_bars,
    metrics=_of_place,
)
REWORK_WIDGET = Widget(
    key="code.rework",
    title="Rework over time",
    about="How much of what was changed was written at most 21 days before, by the same person or by somebody else.",
    shape="series",
    params=ReworkParams,
    build=rework,
    metrics=lambda params: REWORK,
    questions=rework_questions,
)
