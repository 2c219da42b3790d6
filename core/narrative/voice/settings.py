"""What a workspace decides about language models: whether one may write, where it is, and what it may be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.access.models import WorkspaceRow
from core.access.workspaces import note
from core.base.errors import BadInput
from core.base.fields import accepted
from core.base.outbound import checked_url
from core.context import Capability, Context
from core.stores.app import sealed, unsealed

KEY, SECRET = "narrative", "narrative_key"
"""Of the workspace's settings."""


class VoiceSettings(BaseModel):
    """One workspace's decisions. Nothing leaves the machine before `allowed` is set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    allowed: bool = Field(False, description="Whether a language model may be asked at all.")
    base_url: str = Field(
        "", max_length=500, description="Address of an OpenAI-compatible API, as in https://api.openai.com/v1."
    )
    model: str = Field("", max_length=200, description="Name of the model there.")
    pseudonyms: bool = Field(
        True, description="Names of teams, repositories and components are replaced before they leave this machine."
    )
    timeout_s: float = Field(30.0, ge=1, le=300, description="Seconds that a report waits for it.")


def settings(ctx: Context) -> VoiceSettings:
    """What the workspace has decided; nothing is allowed where it has not."""
    ctx.require(Capability.VIEW_REPORTS)
    return VoiceSettings.model_validate(_kept(ctx).get(KEY, {}))


def has_key(ctx: Context) -> bool:
    """Whether a key is kept. It never comes out."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    return bool(_kept(ctx).get(SECRET))


def key(ctx: Context) -> str:
    """The key, for the call alone; empty where there is none, as local models take."""
    kept = _kept(ctx).get(SECRET)
    return unsealed(str(kept)) if kept else ""


def change(ctx: Context, changes: Mapping[str, Any], *, key: str | None = None) -> VoiceSettings:
    """Decide anew about what is named. The key stays where none is given, unless it would go to another address."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    before = settings(ctx)
    wanted = accepted(VoiceSettings, {**before.model_dump(), **changes}, "The language model's settings")
    _complete(wanted)
    with ctx.app.session() as session:
        row = session.get_one(WorkspaceRow, ctx.workspace.id, with_for_update=True)
        keeps = row.settings.get(SECRET) if key is None and wanted.base_url == before.base_url else None
        secret = sealed(key) if key else keeps
        row.settings = {**row.settings, KEY: wanted.model_dump(), SECRET: secret}
        told = sorted({*changes, *(["key"] if key is not None else [])})
        note(session, ctx, "narrative.change", row.slug, changed=told)
    return wanted


def _complete(wanted: VoiceSettings) -> None:
    """Return quietly if what is allowed can be asked, at an address that may be reached."""
    if wanted.base_url:
        checked_url(wanted.base_url)
    if wanted.allowed and not (wanted.base_url and wanted.model):
        raise BadInput("A language model needs an address and the name of a model before it is allowed to write.")


def _kept(ctx: Context) -> Mapping[str, Any]:
    with ctx.app.reading() as session:
        return dict(session.get_one(WorkspaceRow, ctx.workspace.id).settings)
