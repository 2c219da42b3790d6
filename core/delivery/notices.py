"""Short letters about the sending itself: a paragraph or two, the same as text and as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from core.delivery.letter import Letter


def plain(
    subject: str,
    paragraphs: Sequence[str],
    *,
    because: str,
    button: tuple[str, str] | None = None,
    is_demo: bool = False,
) -> Letter:
    """A letter of these paragraphs; `button` is a (label, address) below them."""
    text = "\n\n".join([*paragraphs, *([f"{button[0]}: {button[1]}"] if button else [])])
    body = "".join(f'<p style="margin:0 0 12px">{html.escape(one)}</p>' for one in paragraphs)
    if button:
        body += (
            f'<p style="margin:16px 0"><a href="{html.escape(button[1])}" style="background:#0072B2;color:#ffffff;'
            f'padding:8px 14px;border-radius:6px;text-decoration:none">{html.escape(button[0])}</a></p>'
        )
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>'
        '<body style="margin:0;background:#ffffff"><div style="max-width:720px;margin:0 auto;padding:16px;'
        f'font-family:Arial,sans-serif;font-size:15px;line-height:1.45;color:#1c2430">{body}</div></body></html>'
    )
    return Letter(subject=subject, text=text, html=page, because=because, is_demo=is_demo)


def with_banner(page: str, sentence: str) -> str:
    """An HTML page with a line on yellow ground above all else."""
    banner = (
        '<p style="margin:0;padding:8px 16px;background:#fdf3dc;color:#1c2430;font-family:Arial,sans-serif;'
        f'font-size:14px">{html.escape(sentence)}</p>'
    )
    return re.sub(r"<body[^>]*>", lambda found: found[0] + banner, page, count=1)


def undeliverable(letter: Letter, recipient: str, reason: str, url: str) -> Letter:
    """Tell the owner that a letter will not arrive, and why."""
    return plain(
        f"Not delivered: {letter.subject}",
        [
            f"'{letter.subject}' could not be delivered to {recipient}, and will not be tried again by itself.",
            f"The reason: {reason}",
            "Other recipients of the same mail are not affected, unless the delivery log says so.",
        ],
        because=f"You get this because the {letter.what} is yours.",
        button=("Open the delivery log", letter.log or f"{url}/schedules"),
        is_demo=letter.is_demo,
    )


def unsent(letter: Letter, output: str, reason: str, url: str) -> Letter:
    """Tell the owner that a report will not get to one of its outputs, and why."""
    return plain(
        f"Not sent: {letter.subject}",
        [
            f"'{letter.subject}' could not be sent to its output '{output}', and will not be tried again by itself.",
            f"The reason: {reason}",
            "Its other outputs are not affected. The report's page shows each of them, with a way to send it again.",
        ],
        because="You get this because the report is yours.",
        button=("Open the report", letter.link or url),
        is_demo=letter.is_demo,
    )
