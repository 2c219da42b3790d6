"""The app store: SQLAlchemy over SQLite (WAL) or PostgreSQL, one schema by alembic for both."""

from core.stores.app.base import Base, Encrypted, Moment, WorkRow, new_id, sealed, unsealed
from core.stores.app.heartbeats import WorkerHeartbeat
from core.stores.app.store import AppStore

__all__ = ["AppStore", "Base", "Encrypted", "Moment", "WorkRow", "WorkerHeartbeat", "new_id", "sealed", "unsealed"]
