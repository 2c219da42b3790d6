"""Messages to Slack, on a server that answers as it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.base.errors import BadInput, DeliveryFailed
from core.delivery.outputs import slack_words
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.sending import opened
from core.delivery.outputs.slack_blocks import messages
from core.figures import Prose, Series, Stat, State
from tests.delivery.outputs.parcels import ID, figures
from tests.delivery.outputs.parcels import parcel as made
from tests.documents import sample
from tests.servers.replies import Asked, Replies, Reply, replying

POST, ASK, DONE, PLACE = "/chat.postMessage", "/files.getUploadURLExternal", "/files.completeUploadExternal", "/upload"
OK = Reply({"ok": True, "channel": "C01", "ts": "1.2"})


@pytest.fixture
def service() -> Iterator[Replies]:
    with replying() as replies:
        numbers = iter(range(1, 1000))

        def place(asked: Asked) -> Reply:
            return Reply({"ok": True, "upload_url": f"{replies.url}{PLACE}", "file_id": f"F{next(numbers)}"})

        replies.routes |= {POST: OK, ASK: place, PLACE: Reply("OK"), DONE: Reply({"ok": True})}
        yield replies


def sent(parcel: Parcel, service: Replies, **more: Any) -> str:
    args = {"api_token": "xoxb-1", "channels": ["#ops", "C02"], "api": service.url}
    return opened("chat", "slack", {**args, **more}).send(parcel)


def posted(service: Replies) -> list[dict[str, Any]]:
    return [one.json for one in service.to(POST)]


def test_a_report_becomes_sections_dividers_context_and_pictures(parcel: Parcel, service: Replies):
    answer = sent(parcel, service)

    assert answer == "Posted to #ops, C02"
    first, second = posted(service)
    assert (first["channel"], second["channel"]) == ("#ops", "C02")
    assert first["blocks"] == second["blocks"]
    blocks = first["blocks"]
    assert [block["type"] for block in blocks] == [
        "header", "context", "divider", "section", "section", "image", "section", "image", "section", "section",
        "image", "section", "divider", "context",
    ]  # fmt: skip
    assert blocks[0]["text"] == {"type": "plain_text", "text": "Ops report: Über <all>"}
    assert blocks[1]["elements"][0]["text"] == "Every Monday  ·  2 Mar 2026 – 8 Mar 2026"
    assert blocks[3]["fields"] == [{"type": "mrkdwn", "text": "*Sign-ups*\n*1,204*"}]
    assert blocks[4]["text"]["text"] == "*<https://grafana.example.org/d/1?a=1&amp;b=2|Load>*"
    assert blocks[5]["alt_text"] == "Chart of Load. web-1: 11 to 30, last 19."
    assert blocks[9]["text"]["text"] == "All *well* &amp; _calm_.\n\n• one\n• <https://example.org/2|two>"
    assert blocks[11]["text"]["text"] == ":warning: *Incidents*\nPagerDuty did not answer."
    assert first["text"] == ("Ops report: Über &lt;all&gt;: 2 Mar 2026 – 8 Mar 2026. Sign-ups 1,204")
    assert service.to(POST)[0].headers["authorization"] == "Bearer xoxb-1"


def test_pictures_are_uploaded_once_for_all_channels(parcel: Parcel, service: Replies):
    sent(parcel, service)

    assert [one.form["filename"] for one in service.to(ASK)] == ["load.png", "jobs.png", "map.png"]
    assert all(one.body.startswith(b"\x89PNG") for one in service.to(PLACE))
    assert [int(one.form["length"]) for one in service.to(ASK)] == [len(one.body) for one in service.to(PLACE)]
    assert [json.loads(one.form["files"])[0]["id"] for one in service.to(DONE)] == ["F1", "F2", "F3"]
    images = [block for block in posted(service)[0]["blocks"] if block["type"] == "image"]
    assert [image["slack_file"] for image in images] == [{"id": "F1"}, {"id": "F2"}, {"id": "F3"}]


def test_pictures_that_are_served_are_only_named(parcel: Parcel, service: Replies):
    sent(parcel, service, image_remote_base_url="https://reports.example.org/{id}")

    images = [block for block in posted(service)[0]["blocks"] if block["type"] == "image"]
    base = f"https://reports.example.org/{ID}/figures"
    assert [image["image_url"] for image in images] == [f"{base}/load.png", f"{base}/jobs.png", f"{base}/words/map.png"]
    assert service.to(ASK) == []


def test_files_are_put_below_the_message(parcel: Parcel, service: Replies):
    sent(parcel, service, channels="#ops", formats=["pdf"])

    last = service.to(DONE)[-1].form
    assert last["channel_id"] == "C01"
    assert json.loads(last["files"])[0]["title"].endswith(".pdf")


def test_a_long_report_becomes_several_messages_within_slacks_limits(service: Replies):
    many = [one.model_copy(update={"key": f"{one.key}-{n}"}) for n in range(30) for one in figures()[2:4]]
    huge = Prose(key="huge", markdown="word " * 2000)
    sent(made(*many, huge), service, channels="#ops", image_remote_base_url="https://x.example")

    found = posted(service)
    assert len(found) > 2
    assert all(len(one["blocks"]) <= 50 for one in found)
    texts = [block["text"]["text"] for one in found for block in one["blocks"] if block["type"] == "section"]
    assert max(map(len, texts)) <= 3000
    assert sum(text.count("word") for text in texts) == 2000


@pytest.mark.parametrize("figure", sample.every_figure(), ids=lambda figure: f"{figure.shape}-{figure.key}")
def test_every_figure_is_said_within_slacks_limits(figure: Any):
    document = made(figure).document
    (blocks,) = messages(document, lambda picture: {"image_url": f"https://x.example/{picture.path}"})

    said = json.dumps(blocks, ensure_ascii=False)
    assert slack_words.escaped(figure.title).split("\n")[0][:30] in said
    assert "<script" not in said
    for block in blocks:
        if block["type"] == "image":
            assert 0 < len(block["alt_text"]) <= 2000
        if block["type"] == "section":
            assert block.get("fields") or 0 < len(block["text"]["text"]) <= 3000


def test_numbers_stand_together_up_to_ten(service: Replies):
    numbers = [Stat(key=str(n), title=f"N{n}", value=n, text=str(n)) for n in range(12)]
    blocks = messages(made(*numbers).document, lambda picture: {})[0]

    assert [len(block["fields"]) for block in blocks if "fields" in block] == [10, 2]


def test_a_missing_number_says_so_and_an_empty_chart_too():
    missing = Stat(key="a", title="PRs", state=State.NOT_COLLECTED, state_text="connect a source first.")
    empty = Series(key="b", title="Trend", state=State.NO_DATA)
    said = json.dumps(messages(made(missing, empty).document, lambda picture: {})[0])

    assert "*not collected*" in said
    assert "Connect a source first." in said
    assert "_no data_" in said
    assert '"image"' not in said


def test_a_plugin_may_write_slacks_own_words():
    own = Prose(key="own", markdown="plain", texts={"slack": ":tada: *hi*"})

    assert ":tada: *hi*" in json.dumps(messages(made(own).document, lambda picture: {})[0])


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("**b** *i* ~~s~~ `c<d`", "*b* _i_ ~s~ `c&lt;d`"),
        ("# Head\n\ntext", "*Head*\n\ntext"),
        ("1. a\n2. b\n   - c", "1. a\n2. b\n    • c"),
        ("> q", ">q"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[x](https://e.org/?a=1&b=|)", "<https://e.org/?a=1&amp;b=%7C|x>"),
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("```\nx < y\n```", "```\nx &lt; y\n```"),
        ("| a | b |\n|---|---|\n| 1 | 22 |", "```\na  b\n1  22\n```"),
    ],
)
def test_markdown_becomes_slacks_dialect(markdown: str, said: str):
    assert slack_words.of_markdown(markdown) == said


def test_slacks_wish_to_wait_is_granted(parcel: Parcel, service: Replies):
    service.routes[POST] = [Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"}), OK]
    sent(parcel, service, channels="#ops")

    assert len(service.to(POST)) == 2


def test_a_picture_that_is_not_ready_yet_is_waited_for(parcel: Parcel, service: Replies):
    service.routes[POST] = [Reply({"ok": False, "error": "invalid_blocks"}), OK]
    sent(parcel, service, channels="#ops")

    assert len(service.to(POST)) == 2


def test_a_channel_that_fails_is_named_and_the_others_get_the_report_once(parcel: Parcel, service: Replies):
    service.routes[POST] = [Reply({"ok": False, "error": "not_in_channel"}), OK]

    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, service)
    assert caught.value.message == (
        "The output 'chat' (slack) did not reach '#ops': the app is not a member of that channel."
        " Invite it there with /invite."
    )
    assert [one["channel"] for one in posted(service)] == ["#ops", "C02"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            "channel_not_found",
            "'#ops': there is no such channel that the app can see. Check its name, or write its id.",
        ),
        (
            "invalid_auth",
            "'#ops': Slack refused the token (invalid_auth). Create one with chat:write and files:write for api_token.",
        ),
        ("msg_too_long", "'#ops': Slack answered 'msg_too_long'."),
    ],
)
def test_each_refusal_has_its_sentence(parcel: Parcel, service: Replies, error: str, sentence: str):
    service.routes[POST] = Reply({"ok": False, "error": error})

    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, service, channels="#ops", image_remote_base_url="https://x.example")
    assert caught.value.message == f"The output 'chat' (slack) did not reach {sentence}"
    assert len(service.to(POST)) == 1


def test_a_scope_that_is_missing_for_pictures_is_named(parcel: Parcel, service: Replies):
    service.routes[ASK] = Reply({"ok": False, "error": "missing_scope", "needed": "files:write"})

    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, service)
    assert caught.value.message == (
        "The output 'chat' (slack) sent nothing: the token lacks the scope 'files:write'."
        " Add it to the app and install it again."
    )
    assert service.to(POST) == []


def test_a_message_that_may_have_been_taken_is_not_posted_twice(parcel: Parcel, service: Replies):
    def silent(asked: Asked) -> Reply:
        raise ConnectionAbortedError

    service.routes[POST] = silent

    with pytest.raises(DeliveryFailed, match=r"'#ops': .* did not answer"):
        sent(parcel, service, channels="#ops")
    assert len(service.to(POST)) == 1


def test_without_a_token_it_says_where_to_write_one(parcel: Parcel, service: Replies, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SLACK_API_TOKEN", raising=False)

    with pytest.raises(BadInput, match="The output 'chat' needs 'api_token'"):
        sent(parcel, service, api_token="")
