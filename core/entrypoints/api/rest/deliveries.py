"""What was sent to whom and what was answered, over HTTP; and a way to send again what failed."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from core.context import Context
from core.entrypoints.api.rest import telling
from core.entrypoints.api.rest.shapes import Page, Paging, Told
from core.schedules import deliveries
from core.stores.app.paging import Place


class WhichDeliveries(Paging):
    schedule_id: str = Field("", description="Of this schedule, one that was ended too.")
    run_id: str = Field("", description="Of this run.")


class Receipt(Told):
    """What the channel answered to one attempt."""

    attempt: int
    at: datetime
    outcome: str = Field(description="accepted, deferred (tried again later), refused (for good) or bounced (later).")
    answer: str = Field(description="The server's own words, or what went wrong on the way to it.")
    seconds: float


class Delivery(Told):
    """One letter, message or output, with every attempt to send it."""

    id: str
    report_id: str
    report_name: str
    run_id: str
    schedule_id: str | None = Field(description="Null where a person ran the report.")
    portion: str = Field(description="The team that it is about alone; empty for the whole report.")
    channel: str = Field(description="email, slack, output and others.")
    recipient: str = Field(description="An address, a channel of Slack, or the name of an output.")
    subject: str
    status: str = Field(description="waiting, sending, delivered, failed, bounced or called off.")
    attempts: int
    detail: str = Field(description="Why it is not there; else the last answer.")
    created_at: datetime
    next_attempt_at: datetime | None
    finished_at: datetime | None
    receipts: list[Receipt]


def list_deliveries(ctx: Context, query: WhichDeliveries) -> Page[Delivery]:
    place = Place(query.limit, 0, query.cursor)
    found = deliveries.page(ctx, place, schedule_id=query.schedule_id, run_id=query.run_id)
    return telling.page(found, Delivery.model_validate)


def get_delivery(ctx: Context, delivery_id: str) -> Delivery:
    return Delivery.model_validate(deliveries.get(ctx, delivery_id))


def send_again(ctx: Context, delivery_id: str) -> Delivery:
    return Delivery.model_validate(deliveries.send_again(ctx, delivery_id))
