"""Links in mails: unsubscribing and large files, both without a sign-in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from core.delivery import downloads, optout, service
from core.delivery.letter import Enclosure, Letter
from core.delivery.models import OptOut
from core.delivery.optout import Subscription
from core.delivery.service import Batch
from tests.conftest import NOW

ADA = "ada@example.org"


def path(link):
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def gone(house, ctx):
    with house.app.reading() as session:
        return session.get(OptOut, (ctx.workspace.id, "s1", ADA)) is not None


@pytest.fixture
def link(house, ctx):
    return path(optout.link(house.settings, Subscription(ctx.workspace.id, "s1", ADA, "Weekly <b>health</b>")))


def test_following_the_link_asks_first(house, ctx, asking, link):
    answer = asking(house, client="203.0.113.9").get(link)

    assert answer.status_code == 200 and "Unsubscribe from" in answer.text
    assert "<b>health" not in answer.text
    assert not gone(house, ctx)


def test_the_button_unsubscribes_and_offers_the_way_back(house, ctx, asking, link):
    client = asking(house)

    left = client.post(link)
    assert "gets no more mails" in left.text and gone(house, ctx)

    client.post(link, content="back=1", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert not gone(house, ctx)


def test_a_mail_program_unsubscribes_with_one_click(house, ctx, asking, link):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert asking(house).post(link, content="List-Unsubscribe=One-Click", headers=form).status_code == 200

    assert gone(house, ctx)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_made_up_link_changes_nothing(house, ctx, asking, link, method):
    answer = getattr(asking(house), method)(link[:-3] + "xyz")

    assert answer.status_code == 400 and "incomplete" in answer.text
    assert not gone(house, ctx)


def large(house, ctx, until):
    house.files.put("exports/large.csv", b"a,b\n1,2\n")
    enclosure = Enclosure(
        file_name="größe.csv", key="exports/large.csv", media_type="text/csv", size=8, kept_until=until
    )
    letter = Letter(subject="S", text="t", html="<body></body>", enclosures=[enclosure])
    (delivery_id,) = service.post(ctx, Batch("run:1"), letter, [ADA])
    return path(downloads.link(house.settings, delivery_id, 0, until))


def test_a_large_file_is_behind_its_link(house, ctx, asking):
    answer = asking(house, client="203.0.113.9").get(large(house, ctx, NOW + timedelta(days=30)))

    assert answer.content == b"a,b\n1,2\n"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv"


def test_an_expired_link_says_so(house, ctx, asking):
    answer = asking(house).get(large(house, ctx, NOW))

    assert answer.status_code == 404 and "expired" in answer.text


def test_a_made_up_file_link_gives_nothing(house, ctx, asking):
    link = large(house, ctx, NOW + timedelta(days=30))

    assert asking(house).get(link[:-2]).status_code == 404
