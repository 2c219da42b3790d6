"""A repository to push to, and what the store holds of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from core.catalogue.models import Repository
from core.context import Context
from core.ingestion.records import service
from core.ingestion.records.service import Push, Pushed

Told = Callable[..., Pushed]


@pytest.fixture
def repo(ctx: Context) -> str:
    with ctx.app.session() as session:
        row = Repository(workspace_id=ctx.workspace.id, name="app", created_at=ctx.clock())
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def told(ctx: Context, repo: str) -> Told:
    """`told("deployment", b"key,started_at\\n…")` pushes that as CSV to the repository."""

    def push(kind: str, content: bytes | str, fmt: str = "csv", **how: Any) -> Pushed:
        raw = content.encode() if isinstance(content, str) else content
        return service.push(ctx, io.BytesIO(raw), fmt, Push(kind, **{"repo": "app", "source": "file", **how}))

    return push


def rows(ctx: Context, table: str, order: str = "ALL") -> list[dict[str, Any]]:
    return ctx.metrics.rows(
        f"SELECT * EXCEPT (version) FROM {table} FINAL WHERE workspace_id = {{w:String}} ORDER BY {order}",
        {"w": ctx.workspace.id},
    )
