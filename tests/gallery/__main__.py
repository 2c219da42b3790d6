"""Draws docs/gallery and writes docs/gallery.md. Needs Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from core.delivery.outputs.slack_blocks import messages
from core.documents import render
from core.documents.renderers.email_text import text
from core.views.registry import VIEWS
from tests.gallery.pictures import Camera, kept, side_by_side
from tests.gallery.subjects import Subject, subjects

DOCS = Path(__file__).parents[2] / "docs"
HEAD = (
    "# Gallery\n\nEvery view of report files and every shape of figure, in every format. Each picture shows, left to"
    " right, the web page in light and in dark, the mail, and the first page of the PDF. Below it stand the same as"
    " Markdown, as the text part of a mail, and as Slack's messages. `python -m tests.gallery` draws all of it anew.\n"
)


def main() -> None:
    """Draw everything anew."""
    folder = DOCS / "gallery"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    parts = [HEAD]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        camera = Camera(browser)
        for subject in subjects():
            kept(side_by_side(subject.document(), camera), folder / f"{subject.name}.png")
            parts.append(_entry(subject))
        browser.close()
    (DOCS / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


def _entry(subject: Subject) -> str:
    document = subject.document()
    about = f"`{subject.plugin}`: {VIEWS.get(subject.plugin).about}" if subject.plugin else "A shape of figure."
    said = [
        (
            "Markdown",
            render(document, "markdown").content.decode().partition("- **Generated")[2].partition("\n\n")[2],
        ),
        ("Text of a mail", text(document)),
        ("Slack", "\n".join(_slack(subject))),
    ]
    told = "\n\n".join(f"**{name}**\n\n````text\n{words.strip()[:900]}\n````" for name, words in said)
    return (
        f"## {subject.title}\n\n{about}\n\n"
        f"![{subject.title}: page, dark page, mail, PDF](gallery/{subject.name}.png)\n\n"
        f"<details><summary>As text</summary>\n\n{told}\n\n</details>\n"
    )


def _slack(subject: Subject) -> list[str]:
    lines = []
    for message in messages(subject.document(), lambda picture: {"image_url": f"https://reports/{picture.path}"}):
        for block in message[3:-2]:
            match block["type"]:
                case "image":
                    lines.append(f"[picture: {block['alt_text']}]")
                case "section" if "fields" in block:
                    lines += [field["text"] for field in block["fields"]]
                case "section" | "header":
                    lines.append(block["text"]["text"])
                case "context":
                    lines.append(block["elements"][0]["text"])
    return lines


if __name__ == "__main__":
    main()
