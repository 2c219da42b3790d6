"""The declarative base, our column types, and the shape that every run row shares."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.base.errors import BadInput
from core.base.settings import settings


def new_id() -> str:
    """A fresh row id: 32 hexadecimal digits."""
    return uuid4().hex


class Moment(sa.TypeDecorator[datetime]):
    """An aware UTC instant. SQLite forgets zones, so they are put on and taken off here."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(sa.TypeDecorator[str]):
    """Text that is unreadable without the instance's secret key."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else sealed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unsealed(value)


def sealed(text: str) -> str:
    """`text` as it is kept, unreadable without the instance's secret key."""
    return _fernet().encrypt(text.encode()).decode()


def unsealed(text: str) -> str:
    """What was sealed; BadInput if that was done with another key."""
    try:
        return _fernet().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise BadInput(
            "A stored secret cannot be read: the secret key has changed. Restore secret.key or enter it anew."
        ) from error


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"sightline.column:" + settings().key().encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class Base(DeclarativeBase):
    """Every row of the app store."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Moment, dict[str, Any]: sa.JSON, list[Any]: sa.JSON, list[str]: sa.JSON}


class WorkRow:
    """What sync, snapshot, report, export and delivery runs share; see `core.stores.app.work` for the verbs.

    A worker owns the row while `lease_until` lies ahead, and writes only with the
    `fence` it was given: one that comes back late finds a higher fence and stops.
    """

    task: ClassVar[str] = ""
    """Name of the task that runs it with (workspace id, run id); the worker's clock puts lost runs again by it."""

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    status: Mapped[str] = mapped_column(sa.String(16), default="pending", index=True)
    """pending, running, success, partial, failed or cancelled."""
    triggered_by: Mapped[str] = mapped_column(sa.String(16), default="manual")
    """manual, scheduler, cli, api, import or demo."""
    actor_id: Mapped[str | None] = mapped_column(sa.String(32))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    duration_seconds: Mapped[float | None]
    attempt: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(sa.String(64))
    fault: Mapped[str | None] = mapped_column(sa.String(8))
    error: Mapped[str | None] = mapped_column(sa.Text)
    """One sentence for people."""
    error_traceback: Mapped[str | None] = mapped_column(sa.Text)
    """For operators only."""
    progress: Mapped[float] = mapped_column(default=0.0)
    """0 to 1."""
    progress_text: Mapped[str] = mapped_column(sa.String(200), default="")
