"""What was sent to whom and what was answered, over GraphQL; and a way to send again what failed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import strawberry
from strawberry import ID, Info

from core.entrypoints.api.graphql.asking import Asking, within
from core.schedules import deliveries
from core.schedules.deliveries import DeliveryView
from core.stores.app.paging import Place


@strawberry.type(description="What the channel answered to one attempt.")
class DeliveryReceipt:
    attempt: int
    at: datetime
    outcome: str = strawberry.field(
        description="accepted, deferred (tried again later), refused (for good) or bounced (later)."
    )
    answer: str = strawberry.field(description="The server's own words, or what went wrong on the way to it.")
    seconds: float


@strawberry.type(description="One letter, message or output, with every attempt to send it.")
class Delivery:
    id: ID
    report_id: ID
    report_name: str
    run_id: ID
    schedule_id: ID | None = strawberry.field(description="Null where a person ran the report.")
    portion: str = strawberry.field(description="The team that it is about alone; empty for the whole report.")
    channel: str = strawberry.field(description="email, slack, output and others.")
    recipient: str = strawberry.field(description="An address, a channel of Slack, or the name of an output.")
    subject: str
    status: str = strawberry.field(description="waiting, sending, delivered, failed, bounced or called off.")
    attempts: int
    detail: str = strawberry.field(description="Why it is not there; else the last answer.")
    created_at: datetime
    next_attempt_at: datetime | None
    finished_at: datetime | None
    receipts: list[DeliveryReceipt]


@strawberry.type
class DeliveryPage:
    items: list[Delivery]
    total: int
    next_cursor: str | None


@strawberry.type
class DeliveriesQuery:
    @strawberry.field(description="What was sent, the newest first: of one schedule, of one run, or all.")
    def deliveries(
        self,
        info: Info[Asking, None],
        org_id: str,
        schedule_id: ID | None = None,
        run_id: ID | None = None,
        limit: int = 50,
        offset: int = 0,
        after: str | None = None,
    ) -> DeliveryPage | None:
        place = Place(limit, offset, after or "")
        found = deliveries.page(within(info, org_id), place, schedule_id=schedule_id or "", run_id=run_id or "")
        shown = [_delivery(one) for one in found.items]
        return DeliveryPage(items=shown, total=found.total, next_cursor=found.next_cursor or None)

    @strawberry.field(description="One delivery with its receipts.")
    def delivery(self, info: Info[Asking, None], org_id: str, delivery_id: ID) -> Delivery | None:
        return _delivery(deliveries.get(within(info, org_id), delivery_id))


@strawberry.type
class DeliveriesMutation:
    @strawberry.mutation(description="Send once more what failed for good.")
    def send_delivery_again(self, info: Info[Asking, None], org_id: str, delivery_id: ID) -> Delivery | None:
        return _delivery(deliveries.send_again(within(info, org_id), delivery_id))


def _delivery(view: DeliveryView) -> Delivery:
    answers = [DeliveryReceipt(**asdict(one)) for one in view.receipts]
    return Delivery(**asdict(view) | {"receipts": answers})
