"""HTML, links and style sheets where words belong: they stay words, on the page, in the mail and in Slack."""

# ruff: noqa: E501 - a field a line, so that what is in each can be seen
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.delivery.post_office import PostOffice
from tests.reports.code.hostile import Hostile, asking
from tests.servers.replies import Replies, Reply

EVIL = "<!channel><script>window.hit=1</script><img src=x onerror=window.hit=1><svg onload=window.hit=1>\"'><b>[a](javascript:hit)"
SIGNS = ("script", "iframe", "object", "embed", "form", "input", "base", "meta:refresh")


class Harm(HTMLParser):
    """Collects what could run or load something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name.lower(): value or "" for name, value in attrs}
        if tag in SIGNS or (tag == "meta" and given.get("http-equiv", "").lower() == "refresh"):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        addresses = [given[name] for name in ("href", "src", "action", "xlink:href") if name in given]
        self.found += [
            one for one in addresses if one.strip().lower().startswith(("javascript:", "data:text", "vbscript:"))
        ]
        self.found += [f"{tag} {one}" for one in addresses if tag == "img" and one == "x"]


def harm(html: str) -> list[str]:
    reader = Harm()
    reader.feed(html)
    return reader.found


@pytest.fixture
def evil(folder: Path, replies: Replies) -> Iterator[tuple[str, PostOffice, Replies]]:
    """A file with harm in each field, its mail office, and a Slack."""
    office = PostOffice().start()
    replies.routes |= {
        "/chat.postMessage": Reply({"ok": True, "channel": "C1", "ts": "1"}),
        "/files.getUploadURLExternal": Reply({"ok": True, "upload_url": f"{replies.url}/upload", "file_id": "F1"}),
        "/upload": Reply("OK"),
        "/files.completeUploadExternal": Reply({"ok": True}),
    }
    word = "'" + EVIL.replace("'", "''") + "'"
    name = '"' + EVIL.replace('"', '""') + '"'
    rows = f"select '2026-03-03' as time, 3 as {name}, {word} as g union all select '2026-03-04', 4, 'b'"
    ask = {"datasource": "db", "query": rows}
    views = {
        "words": {"plugin": "text", "title": EVIL, "args": {"markdown": f"{EVIL}\n\n[go](javascript:alert(1)) ![p](javascript:x)"}},
        "table": {"plugin": "table", "title": EVIL, "description": EVIL, "args": ask},
        "plot": {"plugin": "plot", "title": EVIL, "description": EVIL, "args": {**ask, "groupby": "g", "kind": "bar", "query_args": {"parse_dates": ["time"]}, "label_map": {"b": EVIL}}},
        "stat": {"plugin": "single_stat", "title": EVIL, "description": EVIL, "args": {**ask, "query": "select 3", "label": "{stat} " + EVIL}},
        "broken": {"plugin": "table", "title": EVIL, "args": {**ask, "query": f"select {name} from {name}"}},
        "part": {"plugin": "section", "title": EVIL, "args": {"markdown": EVIL}},
        EVIL: {"plugin": "table", "args": ask},
    }  # fmt: skip
    outputs = {
        "files": {"plugin": "static", "args": {"formats": ["pdf", "markdown"]}},
        "mail": {"plugin": "smtp", "args": {"smtp_host": "127.0.0.1", "smtp_port": office.port, "email_from": "a@example.org", "email_to": ["b@example.org"]}},
        "chat": {"plugin": "slack", "args": {"api_token": "xoxb-1", "channels": ["#ops"], "api": replies.url}},
    }  # fmt: skip
    source = {"db": {"plugin": "sql", "args": {"driver": "sqlite", "database": ":memory:"}}}
    days = {"start_date": "2026-03-02", "end_date": "2026-03-09", "timezone": "UTC"}
    yield (
        json.dumps(
            {"title": EVIL, "description": EVIL, **days, "datasources": source, "views": views, "outputs": outputs}
        ),
        office,
        replies,
    )
    office.stop()


def test_html_in_any_text_stays_text(
    hostile: Hostile, folder: Path, evil: tuple[str, PostOffice, Replies], chromium: Browser
) -> None:
    text, office, slack = evil

    ran = hostile(text)

    assert "3 of 3 outputs" in ran.out, ran.err
    (page,) = (path for path in folder.glob("_build/2*/index.html"))
    assert harm(page.read_text()) == []
    assert "&lt;script&gt;window.hit=1" in page.read_text()
    (mail,) = office.mails
    body = mail.get_body(("html",)).get_content()
    assert harm(body) == []
    assert "\n" not in mail["Subject"]
    blocks = [one.json["blocks"] for one in slack.to("/chat.postMessage")]
    assert "window.hit" in json.dumps(blocks)
    assert [said for said in _marked(blocks) if "<" in re.sub(r"<(https?|mailto):[^>]*>", "", said)] == []
    assert _quiet(chromium, page)


def _marked(blocks: object) -> Iterator[str]:
    """Every text that Slack reads marks in: "<" would begin a link or a call to everybody."""
    if isinstance(blocks, dict):
        if blocks.get("type") == "mrkdwn":
            yield str(blocks["text"])
        blocks = list(blocks.values())
    for one in blocks if isinstance(blocks, list) else []:
        yield from _marked(one)


def _quiet(chromium: Browser, page: Path) -> bool:
    """Whether nothing ran when a real browser opened it."""
    tab = chromium.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    hit = tab.evaluate("window.hit")
    tab.close()
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    return hit is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_a_link_that_is_none_of_the_web_is_refused(hostile: Hostile, link: str) -> None:
    ran = hostile(asking("select 1", "single_stat", link_url=link))

    assert (ran.code, "is no web address. Begin it with https://." in ran.err) == (3, True)


@pytest.mark.parametrize("font", ["x; } body { display: none", "</style><script>hit</script>", "url(http://evil)"])
def test_a_font_that_is_a_style_sheet_is_refused(hostile: Hostile, font: str) -> None:
    ran = hostile(f"theme: {{heading_font: {json.dumps(font)}}}\nviews: {{v: {{plugin: text}}}}\n")

    assert (ran.code, "is no list of font names." in ran.err) == (2, True)
