"""`--watch`: the report in a browser follows its file."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.reports.code.conftest import SIGHTLINE


@pytest.fixture
def watched(folder: Path, surroundings: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a running `report run -c good.yaml --watch`, and its process."""
    process = subprocess.Popen(
        [*SIGHTLINE, "report", "run", "-c", "good.yaml", "--watch"],
        cwd=folder,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    address = re.search(r"http://\S+?/", process.stdout.readline())
    assert address
    yield address[0], process
    if process.poll() is None:
        process.kill()
    process.communicate()


def news(address: str, after: int) -> dict[str, object]:
    """The state after `after`; the server answers as soon as there is one."""
    for _ in range(5):
        with urlopen(f"{address}news?after={after}", timeout=60) as answer:
            state: dict[str, object] = json.load(answer)
        if state["version"] != after:
            return state
    raise AssertionError("nothing new was shown")


def page(address: str) -> str:
    with urlopen(f"{address}report", timeout=60) as answer:
        text: str = answer.read().decode()
        return text


def test_the_page_follows_the_file_and_shows_what_is_wrong(
    watched: tuple[str, subprocess.Popen[str]], folder: Path
) -> None:
    address, process = watched
    file = folder / "good.yaml"
    good = file.read_text()

    first = news(address, 0)
    assert first["problems"] == []
    assert "<h1>Weekly</h1>" in page(address)

    file.write_text(good.replace("single_stat", "single_stat\n    cols: wide"))
    bad = news(address, 1)
    assert bad["problems"] == ["good.yaml:11:11: 'views.all.cols' must be a whole number, not 'wide'."]
    assert "<h1>Weekly</h1>" in page(address), "the last report that could be made stays in view"

    # An editor writes beside the file and puts the new one in its place.
    (folder / "good.yaml.new").write_text(good.replace("title: Weekly", "title: Daily"))
    (folder / "good.yaml.new").replace(file)
    assert news(address, 2)["problems"] == []
    assert "<h1>Daily</h1>" in page(address)
    assert not (folder / "_build").exists(), "nothing is sent"

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "1 of 1 view, nothing sent" in out


def test_the_page_follows_the_templates_that_the_file_names(
    watched: tuple[str, subprocess.Popen[str]], folder: Path
) -> None:
    address, process = watched
    file, first, second = folder / "good.yaml", folder / "first", folder / "second" / "parts"
    good = file.read_text()
    first.mkdir()
    second.mkdir(parents=True)
    (second / "end.html").write_text("END")
    news(address, 0)

    file.write_text(f"{good}theme: {{theme_dir: first}}\n")
    assert news(address, 1)["problems"] == []
    assert "<h1>Weekly</h1>" in page(address), "the folder has no template yet"

    (first / "document.html.j2").write_text("<p>one {{ document.title }}</p>")
    news(address, 2)
    assert page(address) == "<p>one Weekly</p>"

    (second.parent / "document.html.j2").write_text("<p>two {% include 'parts/end.html' %}</p>")
    file.write_text(f"{good}theme: {{theme_dir: second}}\n")
    news(address, 3)
    assert page(address) == "<p>two END</p>"

    (second / "end.html").write_text("LAST")
    news(address, 4)
    assert page(address) == "<p>two LAST</p>"

    (second.parent / "document.html.j2").unlink()
    news(address, 5)
    assert "<h1>Weekly</h1>" in page(address), "without the author's template ours counts again"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert out.count("nothing sent") == 6, "each save makes it once"


def test_a_folder_of_templates_may_come_later(watched: tuple[str, subprocess.Popen[str]], folder: Path) -> None:
    address, _ = watched
    news(address, 0)

    (folder / "good.yaml").write_text((folder / "good.yaml").read_text() + "theme: {theme_dir: later}\n")
    assert "There is no folder 'later' of templates." in str(news(address, 1)["problems"])

    (folder / "beside").mkdir()
    (folder / "beside" / "document.html.j2").write_text("<p>here</p>")
    (folder / "beside").rename(folder / "later")
    assert news(address, 2)["problems"] == []
    assert page(address) == "<p>here</p>"


def test_a_page_of_another_site_cannot_read_the_report(watched: tuple[str, subprocess.Popen[str]]) -> None:
    address, _ = watched

    with pytest.raises(HTTPError) as caught:
        urlopen(Request(f"{address}report", headers={"Host": "evil.example"}), timeout=60)

    assert caught.value.code == 403
