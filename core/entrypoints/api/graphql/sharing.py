"""Whom a report is shared with, over GraphQL, and whose it is."""

from __future__ import annotations

from enum import Enum

import strawberry
from strawberry import ID, Info

from core.entrypoints.api.graphql import shapes
from core.entrypoints.api.graphql.asking import Asking, within
from core.reports import service
from core.reports import sharing as shared
from core.reports.sharing import MemberView


@strawberry.enum
class MemberRole(Enum):
    """What part somebody has in a report."""

    VIEWER = "viewer"
    EDITOR = "editor"


@strawberry.type(description="Somebody that a report is shared with, beside its owner and admins.")
class ReportMember:
    username: str
    name: str
    role: MemberRole


@strawberry.type
class ReportMemberList:
    items: list[ReportMember]
    total: int


@strawberry.type
class SharingQuery:
    @strawberry.field(description="Whom a report is shared with, by name.")
    def report_members(self, info: Info[Asking, None], org_id: str, report_id: ID) -> ReportMemberList | None:
        found = [_member(one) for one in shared.shared_with(within(info, org_id), report_id)]
        return ReportMemberList(items=found, total=len(found))


@strawberry.type
class SharingMutation:
    @strawberry.mutation(description="Share a report with somebody, by name or address, or change their part.")
    def share_report(
        self,
        info: Info[Asking, None],
        org_id: str,
        report_id: ID,
        username: str,
        role: MemberRole = MemberRole.VIEWER,
    ) -> ReportMember | None:
        return _member(shared.share(within(info, org_id), report_id, username, role.value))

    @strawberry.mutation(description="Take somebody's part in a report away.")
    def unshare_report(self, info: Info[Asking, None], org_id: str, report_id: ID, username: str) -> bool | None:
        shared.unshare(within(info, org_id), report_id, username)
        return True

    @strawberry.mutation(description="Give a report to somebody else, with whose rights it runs then.")
    def transfer_report(
        self, info: Info[Asking, None], org_id: str, report_id: ID, username: str
    ) -> shapes.SavedReport | None:
        ctx = within(info, org_id)
        shared.transfer(ctx, report_id, username)
        return shapes.report(service.get(ctx, report_id))


def _member(view: MemberView) -> ReportMember:
    return ReportMember(username=view.username, name=view.name, role=MemberRole(view.role))
