"""What the store holds of a provider's repository, and a source that is read with an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.connections import service as connections
from core.context import Context
from core.ingestion import providers, service
from core.ingestion.kinds import PROVIDED
from core.ingestion.views import SourceView

LEFT_OUT = ("workspace_id", "repo_id", "version", "deleted", "ingested_at")


def account(ctx: Context, url: str, token: str, name: str = "hub", kind: str = "github") -> str:
    """The id of a connection to it."""
    return connections.create(ctx, name, kind, {"url": url, "token": token}).id


def follow(ctx: Context, connection_id: str, *patterns: str, without: Sequence[str] = ()) -> list[SourceView]:
    """Sources for what the patterns mean."""
    providers.add(ctx, connection_id, patterns, without)
    return [view for view in service.sources(ctx) if view.kind != "git"]


def rows(ctx: Context, repo_id: str, table: str, order: str = "") -> list[dict[str, Any]]:
    """The rows of a repository, without what every reading says anew."""
    names = [
        row["name"]
        for row in ctx.metrics.rows(
            "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {t:String}", {"t": table}
        )
        if row["name"] not in LEFT_OUT
    ]
    return ctx.metrics.rows(
        f"SELECT {', '.join(names)} FROM {table} FINAL WHERE workspace_id = {{w:String}} AND repo_id = {{r:String}}"
        f" ORDER BY {order or 'ALL'}",
        {"w": ctx.workspace.id, "r": repo_id},
    )


def everything(ctx: Context, repo_id: str) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(ctx, repo_id, table) for table in PROVIDED}


def people(ctx: Context) -> dict[int, tuple[str, str, bool]]:
    """Number of an identity → its login or address, its person's name, whether it is a bot."""
    import sqlalchemy as sa

    from core.people.models import Identity, Person

    with ctx.app.reading() as session:
        found = session.execute(
            sa.select(Identity.id, Identity.login, Identity.email, Person.name, Person.is_bot)
            .join(Person, Person.id == Identity.person_id)
            .where(Identity.workspace_id == ctx.workspace.id)
        )
        return {id_: (email or login, name, is_bot) for id_, login, email, name, is_bot in found}
