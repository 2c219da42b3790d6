"""Whom a report is shared with, over HTTP, and whose it is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.context import Context
from core.entrypoints.api.rest import telling
from core.entrypoints.api.rest.shapes import Given, Page, Report, Told
from core.reports import service
from core.reports import sharing as shared


class MemberBody(Given):
    role: Literal["viewer", "editor"] = Field("viewer", description="editor: may change it.")


class TransferBody(Given):
    username: str = Field(min_length=1, max_length=240, description="Name or address of a user of the workspace.")


class Member(Told):
    """Somebody that a report is shared with, beside its owner and admins."""

    username: str
    name: str
    role: str = Field(description="viewer or editor.")


def list_members(ctx: Context, report_id: str) -> Page[Member]:
    found = [Member.model_validate(one) for one in shared.shared_with(ctx, report_id)]
    return Page(items=found, total=len(found), next_cursor=None)


def share(ctx: Context, report_id: str, username: str, body: MemberBody) -> Member:
    return Member.model_validate(shared.share(ctx, report_id, username, body.role))


def unshare(ctx: Context, report_id: str, username: str) -> None:
    shared.unshare(ctx, report_id, username)


def transfer(ctx: Context, report_id: str, body: TransferBody) -> Report:
    shared.transfer(ctx, report_id, body.username)
    return telling.report(service.get(ctx, report_id))
