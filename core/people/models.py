"""Rows of this room: persons, their identities, merges, teams with dates, schedules and leave.

A merge is one edge, `Person.merged_into_id`: nothing is copied or deleted, so undoing
it is removing the edge, in any order and after any number of further merges.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, new_id


def _workspace(**options: Any) -> Any:
    return mapped_column(sa.String(32), sa.ForeignKey("workspaces.id", ondelete="CASCADE"), **options)


def _person(**options: Any) -> Any:
    return mapped_column(sa.String(32), sa.ForeignKey("people.id", ondelete="CASCADE"), **options)


class Person(Base):
    """Somebody who makes software, or a bot that does. Its id is the same after a fresh import of the same data."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    workspace_id: Mapped[str] = _workspace(index=True)
    name: Mapped[str] = mapped_column(sa.String(240))
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    is_bot: Mapped[bool] = mapped_column(default=False)
    bot_reason: Mapped[str] = mapped_column(sa.String(240), default="")
    """Why it is taken for a bot; for people."""
    bot_by_hand: Mapped[bool] = mapped_column(default=False)
    """Somebody decided whether this is a bot: no rule changes it."""
    is_locked: Mapped[bool] = mapped_column(default=False)
    """Automation neither adds identities to this person nor merges it nor takes it for a bot."""
    merged_into_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    created_at: Mapped[datetime]


class Identity(Base):
    """One email, name or login, as sources show it."""

    __tablename__ = "identities"

    workspace_id: Mapped[str] = _workspace(primary_key=True)
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    """`core.people.identities.identity_id`: what facts carry."""
    home_id: Mapped[str] = _person(index=True)
    """The person it was registered with: where it returns when merges are undone."""
    person_id: Mapped[str] = _person(index=True)
    """The person it counts for now: the end of `home_id`'s chain of merges."""
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    name: Mapped[str] = mapped_column(sa.String(240), default="")
    provider: Mapped[str] = mapped_column(sa.String(40), default="git")
    login: Mapped[str] = mapped_column(sa.String(120), default="")
    is_bot: Mapped[bool | None]
    """What the provider says of the account; None if it says nothing."""
    first_seen_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    count: Mapped[int] = mapped_column(default=0)
    """The most sightings that one source reported at once."""


class PersonMerge(Base):
    """Who was merged into whom, by whom, and what moved. Kept for good, also when undone."""

    __tablename__ = "person_merges"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = _workspace(index=True)
    into_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    from_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    at: Mapped[datetime]
    actor_name: Mapped[str] = mapped_column(sa.String(240), default="")
    is_automatic: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(240), default="")
    moved: Mapped[list[str]]
    """Identity ids that changed their person, as text: JSON cannot hold 63 bits."""
    users: Mapped[list[str]]
    """Users who were said to be the merged person, and now are the other."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(sa.String(240), default="")


class KeptApart(Base):
    """Two persons that somebody said are two: not suggested again, never joined by automation."""

    __tablename__ = "people_kept_apart"

    workspace_id: Mapped[str] = _workspace(primary_key=True)
    one_id: Mapped[str] = _person(primary_key=True)
    other_id: Mapped[str] = _person(primary_key=True)
    """`one_id` < `other_id`."""
    at: Mapped[datetime]


class Team(Base):
    """A group of people, perhaps inside another."""

    __tablename__ = "teams"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = _workspace(index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    parent_id: Mapped[str | None] = mapped_column(sa.String(32))
    created_at: Mapped[datetime]


class TeamLead(Base):
    """A user who leads a team: where leads see their teams, they see its people's numbers."""

    __tablename__ = "team_leads"

    team_id: Mapped[str] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[str] = _workspace(index=True)


class Membership(Base):
    """A person in a team from one day until, but not on, another."""

    __tablename__ = "team_memberships"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = _workspace(index=True)
    team_id: Mapped[str] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[str] = _person(index=True)
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    """The first day that the person is no longer in the team; None while it lasts."""


class Schedule(Base):
    """When a person works, where it differs from the workspace's default (`person_id` empty)."""

    __tablename__ = "work_schedules"

    workspace_id: Mapped[str] = _workspace(primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    working_weekdays: Mapped[list[Any]]
    """1 is Monday, 7 is Sunday."""
    start_minute: Mapped[int]
    end_minute: Mapped[int]
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    country: Mapped[str] = mapped_column(sa.String(16), default="")
    """Whose public holidays are free: DE, IN, US-CA; empty for none."""


class Leave(Base):
    """Days that a person is away, both ends inside."""

    __tablename__ = "leave_days"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = _workspace(index=True)
    person_id: Mapped[str] = _person(index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(40), default="leave")


class BotList(Base):
    """The workspace's own list of bots: names, logins or emails, `*` for any text."""

    __tablename__ = "bot_lists"

    workspace_id: Mapped[str] = _workspace(primary_key=True)
    patterns: Mapped[list[str]]
