"""Files in a bucket: the same rules as in a folder, on moto's server, and a sweep that empties both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.base.errors import BadInput, NotFound, StoreUnreachable
from core.bootstrap import House
from core.exports import orphans
from core.exports import service as exports
from core.reports import exporting, service
from core.stores.files import FileStore, LocalFiles
from core.stores.files.local import PIECE
from core.stores.files.s3 import IN_MEMORY, S3Files
from tests.reports.conftest import World, finish, user, world
from tests.servers import free_port
from tests.servers.buckets import KEYS, a_bucket, an_address, new_bucket

__all__ = ["a_bucket", "an_address", "finish", "user", "world"]


def files_in(bucket: str, address: str) -> S3Files:
    return S3Files(
        f"s3://{bucket}/kept", endpoint=address, region=KEYS["region_name"], access_key="key",
        secret_key=SecretStr("secret"),
    )  # fmt: skip


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path, bucket: Any, address: str) -> FileStore:
    return LocalFiles(tmp_path) if request.param == "folder" else files_in(bucket.name, address)


def test_what_is_put_is_read_and_removed_for_good(files: FileStore) -> None:
    kept = files.put("exports/a/one.pdf", b"%PDF")
    with files.writing("exports/a/large.bin") as file:
        for _ in range(3):
            file.write(b"x" * IN_MEMORY)

    assert (kept.key, kept.size) == ("exports/a/one.pdf", 4)
    assert files.read("exports/a/one.pdf") == b"%PDF"
    assert files.used_bytes() == 4 + 3 * IN_MEMORY
    sizes = [len(piece) for piece in files.pieces("exports/a/large.bin")]
    assert sum(sizes) == 3 * IN_MEMORY and max(sizes) <= PIECE
    files.put("exports/a/one.pdf", b"again")
    assert files.read("exports/a/one.pdf") == b"again"
    files.delete("exports/a/one.pdf")
    files.delete("exports/a/one.pdf")
    with pytest.raises(NotFound, match="no longer kept"):
        files.read("exports/a/one.pdf")
    with pytest.raises(NotFound, match="no longer kept"):
        files.pieces("exports/a/one.pdf")


def test_a_file_that_is_not_finished_is_not_there(files: FileStore) -> None:
    with pytest.raises(RuntimeError), files.writing("half.pdf") as file:
        file.write(b"half")
        raise RuntimeError

    assert files.used_bytes() == 0
    for key in ("../secret.key", "/etc/passwd", ".hidden", ""):
        with pytest.raises(BadInput):
            files.put(key, b"")


def test_files_that_no_row_speaks_of_are_removed_a_day_later_and_no_others(
    world: World, house: House, files: FileStore, tmp_path: Path
) -> None:
    """As a worker leaves them that is killed between keeping a file and saying so."""
    stored = replace(house, files=files, clock=lambda: datetime.now(UTC))
    ctx = replace(world.ctx, files=files)
    run = service.run_now(ctx, service.create(ctx, "Weekly", {"formats": ["csv"], "metrics": ["commits_count"]}).id)
    service.execute(stored, ctx.workspace.id, run.id)
    (kept,) = exports.exports(ctx, run_id=run.id)
    files.put("exports/acme/killed/1/pdf.pdf", b"%PDF")
    files.put("letters/run/killed.json", b"{}")
    if isinstance(files, LocalFiles):
        (tmp_path / "exports/acme/.csv.csv.0123").write_bytes(b"half")

    assert orphans.sweep(stored) == 0, "somebody may be about to write their rows"
    assert orphans.sweep(replace(stored, clock=lambda: datetime.now(UTC) + timedelta(days=2))) >= 2

    assert list(files.old("exports", datetime.now(UTC) + timedelta(days=1))) == [kept.file_path]
    assert list(files.old("letters", datetime.now(UTC) + timedelta(days=1))) == []
    assert files.tidy(datetime.now(UTC) + timedelta(days=1)) == 0


def test_a_bucket_that_is_not_there_and_one_that_is_silent_are_told(address: str) -> None:
    assert files_in(new_bucket(address).name, address).check().endswith("/kept")
    with pytest.raises(StoreUnreachable, match="'nowhere': there is no bucket of this name"):
        files_in("nowhere", address).put("a", b"")
    with pytest.raises(StoreUnreachable, match=r"could not be kept in the bucket 'reports'.*SIGHTLINE_FILES_URL"):
        files_in("reports", f"http://127.0.0.1:{free_port()}").put("a", b"")
    with pytest.raises(BadInput, match="names no bucket"):
        S3Files("s3:///prefix")


def test_a_reports_files_live_in_the_bucket_and_the_sweep_takes_them_out(
    world: World, house: House, bucket: Any, address: str
) -> None:
    stored = replace(house, files=files_in(bucket.name, address))
    ctx = replace(world.ctx, files=stored.files)
    chosen = {"date_range": "2026-03-01..2026-03-09", "formats": ["markdown", "csv"], "metrics": ["commits_count"]}
    run = service.run_now(ctx, service.create(ctx, "Weekly", chosen).id)
    service.execute(stored, ctx.workspace.id, run.id)

    kept = {one.format: one for one in exports.exports(ctx, run_id=run.id)}
    assert sorted(kept) == ["csv", "markdown"]
    assert len(list(bucket.objects.filter(Prefix="kept/exports/"))) == 2
    assert "Weekly" in exports.content(ctx, kept["markdown"].id).content.decode()
    assert exporting.download(ctx, run.id, "csv").content == stored.files.read(kept["csv"].file_path)

    later = replace(stored, clock=lambda: house.clock() + timedelta(days=31))
    assert exports.sweep(later) == 2
    assert list(bucket.objects.all()) == []
