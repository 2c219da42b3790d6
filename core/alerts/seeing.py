"""Whose a finding is to see."""

from __future__ import annotations

from collections.abc import Iterable

from core.access.readers import readers, stranger
from core.alerts.models import AlertFinding
from core.context import Context

WITHHELD = "Whoever reads there may not see whom this finding is about, so it was not sent."


def may_see(ctx: Context, row: AlertFinding) -> bool:
    if row.subject_kind == "person":
        return ctx.sees_person(row.subject_id)
    return not row.is_individual or ctx.sees_scope(team_ids=(row.subject_id,))


def withheld(ctx: Context, row: AlertFinding, addresses: Iterable[str]) -> dict[str, str]:
    """Recipients who may not see whom it is about, each with the reason why they get nothing."""
    if not row.is_individual:
        return {}
    return {one: WITHHELD for one, reader in readers(ctx, addresses).items() if not may_see(reader, row)}


def withheld_in(ctx: Context, row: AlertFinding, channels: Iterable[str]) -> dict[str, str]:
    """The same of channels, which many read."""
    return {} if may_see(stranger(ctx), row) else dict.fromkeys(channels, WITHHELD)
