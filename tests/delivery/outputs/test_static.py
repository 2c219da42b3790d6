"""Files in a folder: whole or not at all, with a name for the newest."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest
from PIL import Image

from core.base.errors import BadInput, NotAllowed, SightlineError, StorageFull
from core.delivery.outputs import static
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.sending import opened, send_all
from core.documents.renderers import email
from core.figures import Series
from tests.delivery.outputs.parcels import ID, SLUG
from tests.delivery.outputs.parcels import parcel as made


def sent(parcel: Parcel, folder: Path, **args: object) -> str:
    return opened("files", "static", {"output_dir": str(folder), **args}).send(parcel)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_report_is_a_folder_with_its_pictures_and_what_plugins_brought(parcel: Parcel, tmp_path: Path):
    answer = sent(parcel, tmp_path / "a" / "b")

    assert answer == f"Wrote {tmp_path}/a/b/{ID}/index.html"
    assert files(tmp_path / "a" / "b" / ID) == {
        "index.html",
        "figures/load.svg",
        "figures/words/map.png",
    }
    page = (tmp_path / "a" / "b" / ID / "index.html").read_text()
    assert "1,204" in page
    assert not re.search(r'(src|href)="(?!data:|#|https://)', page)


def test_the_newest_report_is_found_by_its_title(parcel: Parcel, tmp_path: Path):
    sent(parcel, tmp_path)
    later = made()
    later.end = later.end.replace(day=16)
    sent(later, tmp_path)

    latest = tmp_path / f"latest-{SLUG}"
    assert latest.is_symlink()
    assert latest.resolve().name == f"2026-03-02_2026-03-16_{SLUG}"
    assert (latest / "index.html").exists()
    assert {path.name for path in tmp_path.iterdir()} == {ID, f"2026-03-02_2026-03-16_{SLUG}", latest.name}


def test_running_again_leaves_nothing_of_the_run_before(parcel: Parcel, tmp_path: Path):
    sent(parcel, tmp_path, formats=["csv"])
    sent(made(*made().document.figures()), tmp_path)

    assert not [name for name in files(tmp_path / ID) if name.endswith((".csv", ".zip"))]


def test_a_folder_that_an_older_tool_left_in_the_place_of_the_newest_gives_way(parcel: Parcel, tmp_path: Path):
    old = tmp_path / f"latest-{SLUG}"
    old.mkdir()
    (old / "index.html").write_text("old")
    sent(parcel, tmp_path)

    assert old.is_symlink()
    assert "1,204" in (old / "index.html").read_text()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_report_may_be_one_picture(parcel: Parcel, tmp_path: Path):
    answer = sent(parcel, tmp_path, output_format="png", formats=["pdf"])

    assert answer == f"Wrote {tmp_path}/{ID}.png"
    assert files(tmp_path) == {f"{ID}.png", f"{ID}.pdf", f"latest-{SLUG}.png", f"latest-{SLUG}.pdf"}
    with Image.open(tmp_path / f"{ID}.png") as picture:
        assert picture.width == 1099
        assert picture.height > 800
        corner = picture.getpixel((0, picture.height - 1))
        assert corner == (255, 255, 255)


def test_every_format_lies_beside_the_page(parcel: Parcel, tmp_path: Path):
    sent(parcel, tmp_path, formats=["pdf", "xlsx", "csv", "md", "json", "png", "html"])

    beside = {name for name in files(tmp_path / ID) if "/" not in name}
    assert beside == {"index.html", *(f"{SLUG}.{suffix}" for suffix in ("pdf", "xlsx", "zip", "md", "json", "png"))}


def test_charts_and_tables_have_pictures_where_another_output_shows_them(parcel: Parcel, tmp_path: Path):
    send_all(
        {
            "mail": ("smtp", {"image_remote_base_url": "https://x.example"}),
            "files": ("static", {"output_dir": str(tmp_path)}),
        },
        parcel,
    )

    assert {"figures/jobs.png", "figures/load.png"} <= files(tmp_path / ID)
    chart = next(figure for figure in parcel.document.figures() if isinstance(figure, Series))
    with Image.open(tmp_path / ID / "figures" / f"{chart.key}.png") as picture:
        assert picture.width <= email.DRAWN * email.SHARP + 1, "its words are read in a mail on a telephone"


def test_charts_and_tables_have_pictures_where_they_are_asked_for(parcel: Parcel, tmp_path: Path):
    send_all({"files": ("static", {"output_dir": str(tmp_path), "pictures": True})}, parcel)

    painted = {name for name in files(tmp_path / ID) if name.endswith(".png")}
    assert painted == {"figures/jobs.png", "figures/load.png", "figures/words/map.png"}
    assert all((tmp_path / ID / name).read_bytes().startswith(b"\x89PNG") for name in painted)


def test_files_are_there_before_others_point_to_them(parcel: Parcel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    outcomes = send_all(
        {"words": ("nothing", {}), "files": ("static", {"output_dir": str(tmp_path)}), "more": ("static", {})}, parcel
    )

    assert [one.name for one in outcomes] == ["words", "files", "more"]


@pytest.mark.parametrize("key", ["../../etc/x", "a/b", ".hidden", "ünï cödé", "", "con\x00trol", "x" * 300])
def test_a_view_cannot_write_elsewhere_by_its_name(key: str, tmp_path: Path):
    figure = next(one for one in made().document.figures() if one.key == "load")
    sent(made(figure.model_copy(update={"key": key})), tmp_path / "out")

    assert len([name for name in files(tmp_path / "out" / ID) if name.startswith("figures/")]) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_two_views_of_names_alike_keep_their_own_files(tmp_path: Path):
    figure = next(one for one in made().document.figures() if one.key == "load")
    sent(made(*(figure.model_copy(update={"key": key}) for key in ("a b", "a/b", "A-B"))), tmp_path)

    names = {name for name in files(tmp_path / ID) if name.endswith(".svg")}
    assert names == {"figures/a-b.svg", "figures/a-b-2.svg", "figures/A-B-3.svg"}


def test_a_place_that_is_a_file_is_named(parcel: Parcel, tmp_path: Path):
    (tmp_path / "taken").write_text("")

    with pytest.raises(
        BadInput, match=re.escape(f"'{tmp_path}/taken' is a file, not a folder. Name another output_dir.")
    ):
        sent(parcel, tmp_path / "taken")


def test_a_folder_without_rights_is_named(parcel: Parcel):
    with pytest.raises(
        NotAllowed, match=r"'/sys/sightline' may not be written to \(.+\)\. Give whoever runs Sightline"
    ):
        sent(parcel, Path("/sys/sightline"))


def test_a_full_disk_leaves_the_report_before_in_its_place(
    parcel: Parcel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A limit on the size of files stands in for the disk: the kernel refuses to write on."""
    import resource
    import signal

    sent(parcel, tmp_path)
    before = (tmp_path / ID / "index.html").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(SightlineError, match="could not be written to: File too large"):
            sent(parcel, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)

    assert (tmp_path / ID / "index.html").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {ID, f"latest-{SLUG}"}


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        (
            errno.ENOSPC,
            StorageFull,
            "The disk of 'out' is full, so the report was not written. Make room and run it again.",
        ),
        (errno.EROFS, NotAllowed, "'out' may not be written to (Read-only file system)."),
        (errno.EIO, SightlineError, "'out' could not be written to: Input/output error."),
    ],
)
def test_each_reason_of_a_disk_has_its_sentence(number: int, kind: type[SightlineError], sentence: str):
    error = static.said("out", OSError(number, os.strerror(number)))

    assert isinstance(error, kind)
    assert error.message.startswith(sentence)
