"""Files in a folder, complete or not at all: they are written beside their place and then moved into it."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from pydantic import Field

from core.base.errors import BadInput, DeliveryFailed, NotAllowed, SightlineError, StorageFull
from core.delivery.outputs.bundle import Bundle, BundleArgs, File, Keeping, packed
from core.delivery.outputs.output import Parcel


class StaticArgs(BundleArgs):
    output_dir: str = Field("./_build", min_length=1, description="Folder to write to.")


class Static(Keeping):
    """A folder `<report id>` with the page and its pictures, and `latest-<title>`, which leads to the newest."""

    key = "static"
    label = "Files in a folder"
    about = "A web page with its pictures, or one picture, in a folder of this machine."
    Args = StaticArgs
    serves = True
    connects = False

    def send(self, parcel: Parcel) -> str:
        made = packed(parcel, self.args)
        root = Path(self.args.output_dir).expanduser()
        with _told(self.args.output_dir):
            root.mkdir(parents=True, exist_ok=True)
            return f"Wrote {(_folder if made.folder else _flat)(made, root)}"


def _folder(made: Bundle, root: Path) -> Path:
    beside = root / f".{made.report}.{token_hex(4)}"
    try:
        for path, file in made.named(beside.name):
            _write(root / path, file)
        _moved(beside, root / made.report)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _lead(root / made.latest, made.report)
    return root / made.report / "index.html"


def _flat(made: Bundle, root: Path) -> Path:
    for name in (made.report, made.latest):
        for path, file in made.named(name):
            beside = root / f".{path}.{token_hex(4)}"
            try:
                _write(beside, file)
                beside.replace(root / path)
            finally:
                beside.unlink(missing_ok=True)
    return root / f"{made.report}{made.files[0].path}"


def _write(path: Path, file: File) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content)


def _moved(beside: Path, place: Path) -> None:
    """Put what is finished into its place. What was there is removed afterwards."""
    old = place.with_name(f".{place.name}.{token_hex(4)}")
    if place.is_symlink() or place.exists():
        place.rename(old)
    beside.rename(place)
    if old.is_dir() and not old.is_symlink():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.unlink(missing_ok=True)


def _lead(latest: Path, report: str) -> None:
    """Let `latest` lead to the report: by a link, or where there are none, by a copy."""
    beside = latest.with_name(f".{latest.name}.{token_hex(4)}")
    try:
        beside.symlink_to(report, target_is_directory=True)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise
        shutil.copytree(latest.with_name(report), beside)
    if latest.is_dir() and not latest.is_symlink():
        _moved(beside, latest)
    else:
        beside.replace(latest)


@contextmanager
def _told(folder: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise said(folder, error) from error


def said(folder: str, error: OSError) -> SightlineError:
    """Why nothing could be written, in a sentence."""
    match error.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return NotAllowed(
                f"'{folder}' may not be written to ({error.strerror}). Give whoever runs Sightline the right to write"
                " there, or name another output_dir."
            )
        case errno.ENOSPC | errno.EDQUOT:
            return StorageFull(
                f"The disk of '{folder}' is full, so the report was not written. Make room and run it again."
            )
        case errno.ENOTDIR | errno.EEXIST:
            return BadInput(f"'{error.filename or folder}' is a file, not a folder. Name another output_dir.")
        case _:
            return DeliveryFailed(f"'{folder}' could not be written to: {error.strerror or error}.")
