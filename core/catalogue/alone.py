"""Teams of one, whose numbers are somebody's own, and teams too small for figures of wellbeing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.base.errors import NotAllowed
from core.base.period import Period
from core.context import Context

ALWAYS = date(1970, 1, 1), date(2106, 1, 1)

_MEMBERS = """SELECT team_id, groupUniqArray(person_id) AS people
FROM team_members FINAL
WHERE workspace_id = {workspace:String} AND valid_from <= {last:Date} AND valid_to > {first:Date}
    AND person_id NOT IN (
        SELECT person_id FROM identity_people FINAL WHERE workspace_id = {workspace:String} AND is_bot = 1)
GROUP BY team_id"""


def kept_back(
    ctx: Context, team_ids: Sequence[str], by: Sequence[str], period: Period | None, time_zone: str
) -> tuple[str, ...]:
    """Teams that must not stand in an answer for this actor; NotAllowed if the question is about one person alone."""
    if ctx.sees_individuals() or not (team_ids or "team" in by):
        return ()
    people, led = _members(ctx, period, time_zone), ctx.actor.led_team_ids
    asked = frozenset[str]().union(*(people.get(team, frozenset()) for team in team_ids))
    if len(asked) == 1 and not asked <= ctx.own_people and not set(team_ids) <= led:
        raise NotAllowed(
            f"This team has one member, and '{ctx.workspace.name}' does not show individuals' numbers to your role."
            " Choose a larger team, or more than one."
        )
    mine = ctx.own_people
    return tuple(sorted(team for team, its in people.items() if len(its) == 1 and not its <= mine and team not in led))


def shows_fewer(
    ctx: Context, team_ids: Sequence[str], by: Sequence[str], period: Period | None, time_zone: str, least: int = 2
) -> bool:
    """Whether an answer shows a team of fewer people than `least`, whoever asks: of one, where nothing is said."""
    if not (team_ids or "team" in by):
        return False
    people = _members(ctx, period, time_zone)
    asked = frozenset[str]().union(*(people.get(team, frozenset()) for team in team_ids))
    shown = [its for team, its in people.items() if not team_ids or team in team_ids]
    return 0 < len(asked) < least or ("team" in by and any(len(its) < least for its in shown))


def too_few(
    ctx: Context, team_ids: Sequence[str], by: Sequence[str], period: Period | None, time_zone: str
) -> tuple[str, ...]:
    """Teams of fewer people than a wellbeing figure needs, for an actor who may not see each of them.

    A question about teams that are too few together names them all.
    """
    if ctx.sees_individuals() or not (team_ids or "team" in by):
        return ()
    people, least = _members(ctx, period, time_zone), ctx.workspace.least_group
    asked = frozenset[str]().union(*(people.get(team, frozenset()) for team in team_ids))
    open_ones = ctx.actor.led_team_ids
    if "team" not in by:
        return tuple(sorted(team_ids)) if len(asked) < least and not set(team_ids) <= open_ones else ()
    return tuple(sorted(team for team, its in people.items() if len(its) < least and team not in open_ones))


def _members(ctx: Context, period: Period | None, time_zone: str) -> dict[str, frozenset[str]]:
    """The people of each team in these days; bots are nobody."""
    first, last = period.dates(time_zone) if period else ALWAYS
    rows = ctx.metrics.rows(_MEMBERS, {"workspace": ctx.workspace.id, "first": first, "last": last})
    return {row["team_id"]: frozenset(row["people"]) for row in rows}
