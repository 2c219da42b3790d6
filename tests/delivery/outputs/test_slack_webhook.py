"""Messages by an incoming webhook, on a server that answers as Slack's does."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from core.base.errors import BadInput, DeliveryFailed
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.sending import opened
from tests.servers.replies import Replies, Reply, replying

HOOK = "/services/T0/B0/hush"


@pytest.fixture
def service() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes[HOOK] = Reply("ok")
        yield replies


def sent(parcel: Parcel, service: Replies, **more: str) -> str:
    return opened("chat", "slack_webhook", {"webhook_url": f"{service.url}{HOOK}", **more}).send(parcel)


def test_numbers_of_charts_and_tables_are_written_out(parcel: Parcel, service: Replies):
    assert sent(parcel, service) == "Posted by the webhook"

    (message,) = [one.json for one in service.to(HOOK)]
    assert set(message) == {"text", "blocks"}
    assert message["text"].startswith("Ops report: Über &lt;all&gt;: 2 Mar 2026 – 8 Mar 2026. Sign-ups 1,204")
    assert not [block for block in message["blocks"] if block["type"] == "image"]
    said = json.dumps(message["blocks"], ensure_ascii=False)
    assert "*1,204*" in said and "Chart of Load. web-1: 11 to 30, last 19." in said
    (table,) = [block["text"]["text"] for block in message["blocks"] if "```" in str(block.get("text"))]
    rows = [line.split() for line in table.strip("`\n").splitlines()]
    (jobs,) = [figure for figure in parcel.document.figures() if figure.title == "Jobs"]
    assert all(any(str(cell).split()[0] in row for row in rows) for line in jobs.rows for cell in line[:1])


def test_pictures_that_are_served_are_shown(parcel: Parcel, service: Replies):
    sent(parcel, service, image_remote_base_url="https://reports.example.org/{id}")

    blocks = service.to(HOOK)[0].json["blocks"]
    images = [block["image_url"].rpartition("/")[2] for block in blocks if block["type"] == "image"]
    assert images == ["load.png", "jobs.png", "map.png"]


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (Reply("no_service", 404), "the webhook is gone or was switched off"),
        (Reply("invalid_token", 403), "the webhook's address is not right"),
        (Reply("channel_is_archived", 410), "its channel is archived"),
    ],
)
def test_what_the_service_says_is_told_without_the_address(parcel: Parcel, service: Replies, reply, sentence):
    service.routes[HOOK] = reply

    with pytest.raises(DeliveryFailed, match=sentence) as failure:
        sent(parcel, service)
    assert "hush" not in str(failure.value) and not failure.value.retry
    assert len(service.to(HOOK)) == 1


def test_it_needs_an_address_and_takes_no_files(service: Replies):
    with pytest.raises(BadInput, match="no web address"):
        opened("chat", "slack_webhook", {"webhook_url": "hooks.slack.com/x"})
    with pytest.raises(BadInput, match="a webhook takes no files"):
        opened("chat", "slack_webhook", {"webhook_url": f"{service.url}{HOOK}", "formats": ["pdf"]})
