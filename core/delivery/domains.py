"""Where mail of a workspace may go: to anybody, or only to its members and to some domains."""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa

from core.access.models import User, WorkspaceMember, WorkspaceRow
from core.access.workspaces import note
from core.base.errors import BadInput
from core.context import Capability, Context
from core.delivery.addresses import address

MOST = 100
_KEY = "mail_domains"


def domains(ctx: Context) -> tuple[str, ...]:
    """Domains that mail may go to; empty for any."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        return tuple(session.get_one(WorkspaceRow, ctx.workspace.id).settings.get(_KEY, ()))


def choose(ctx: Context, texts: Iterable[str]) -> tuple[str, ...]:
    """Set the domains; none lets mail go anywhere. BadInput for what is no domain.

    What is to go elsewhere by then is not sent, and its owner told.
    """
    ctx.require(Capability.MANAGE_WORKSPACE)
    words = [word for text in texts for word in re.split(r"[,;\s]+", text) if word]
    wanted = tuple(dict.fromkeys(_domain(word) for word in words))
    if len(wanted) > MOST:
        raise BadInput(f"{len(wanted)} domains are more than {MOST}.")
    with ctx.app.session() as session:
        row = session.get_one(WorkspaceRow, ctx.workspace.id, with_for_update=True)
        row.settings = {**row.settings, _KEY: list(wanted)}
        note(session, ctx, "workspace.domains", ", ".join(wanted) or "any")
    return wanted


def require_allowed(ctx: Context, recipients: Iterable[str]) -> None:
    """Return quietly if mail may go to all of them; BadInput that names those to whom it may not.

    Members of the workspace may always get its mail.
    """
    allowed = domains(ctx)
    outside = [one for one in recipients if allowed and one.rpartition("@")[2].casefold() not in allowed]
    if not outside:
        return
    members = _members(ctx)
    if refused := [one for one in outside if one.casefold() not in members]:
        named = ", ".join(refused[:3]) + (f" and {len(refused) - 3} more" if len(refused) > 3 else "")
        raise BadInput(
            f"Mail of '{ctx.workspace.name}' does not go to {named}: only to members and to {', '.join(allowed)}."
            " An admin can allow more domains under Workspace."
        )


def _domain(word: str) -> str:
    try:
        return address(f"somebody@{word.removeprefix('@')}").rpartition("@")[2]
    except BadInput as error:
        raise BadInput(f"'{word[:80]}' is no domain. Write it as example.org.") from error


def _members(ctx: Context) -> set[str]:
    inside = (
        sa.select(User.email)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(WorkspaceMember.workspace_id == ctx.workspace.id, User.is_active)
    )
    with ctx.app.reading() as session:
        return {email.casefold() for email in session.scalars(inside)}
