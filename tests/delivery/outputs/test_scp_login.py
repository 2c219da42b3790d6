"""Logging in by password, and putting files where only root may write, at a real SSH server with real sudo.

A person of the machine is made for it, so these tests need root and are not collected without it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.errors import DeliveryFailed
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.sending import opened
from tests.delivery.outputs.parcels import ID, SLUG
from tests.servers.people import Person, person
from tests.servers.sshd import Sshd, sshd


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd(tmp_path_factory.mktemp("ssh") / "server", passwords=True) as running:
        yield running


@pytest.fixture
def reporter() -> Iterator[Person]:
    with person() as somebody:
        yield somebody


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder that everybody may read and only root may write to."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-web-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def sent(parcel: Parcel, server: Sshd, who: Person, place: str, **more: object) -> str:
    login = {"host": "127.0.0.1", "port": server.port, "user": who.name, "password": who.password}
    args = {**login, "known_hosts": str(server.known_hosts), "remote_path": place, **more}
    return opened("web", "scp", args).send(parcel)


def test_a_password_lets_in(parcel: Parcel, server: Sshd, reporter: Person) -> None:
    answer = sent(parcel, server, reporter, "reports")

    page = reporter.home / "reports" / ID / "index.html"
    assert answer == f"Copied to 127.0.0.1:reports/{ID}/index.html"
    assert page.owner() == reporter.name
    assert (reporter.home / "reports" / f"latest-{SLUG}").readlink() == Path(ID)


def test_the_password_may_be_nested_as_older_files_do(parcel: Parcel, server: Sshd, reporter: Person) -> None:
    sent(parcel, server, reporter, "reports", password="", connect_kwargs={"password": reporter.password})

    assert (reporter.home / "reports" / ID / "index.html").exists()


def test_a_wrong_password_is_told_without_it(parcel: Parcel, server: Sshd, reporter: Person) -> None:
    with pytest.raises(DeliveryFailed) as told:
        sent(parcel, server, reporter, "reports", password="open-sesame")

    assert re.search(r"did not reach 127\.0\.0\.1: .*refused", told.value.message)
    assert "sesame" not in told.value.message
    assert not told.value.retry


@pytest.mark.parametrize("asked", [True, False])
def test_sudo_puts_files_where_only_root_may_write(
    parcel: Parcel, server: Sshd, reporter: Person, closed: Path, asked: bool
) -> None:
    reporter.may_be_root(asked=asked)
    with pytest.raises(DeliveryFailed, match=r"may not be written to\. Give .* the right to, or set sudo"):
        sent(parcel, server, reporter, str(closed))

    for _ in range(2):
        sent(parcel, server, reporter, str(closed), sudo=True, sudo_password=reporter.password if asked else "")

    page = closed / ID / "index.html"
    assert page.owner() == "root"
    assert (closed / f"latest-{SLUG}").readlink() == Path(ID)
    assert [path.name for path in reporter.home.iterdir() if path.name.startswith(".sightline")] == []


def test_files_that_root_puts_may_belong_to_somebody(
    parcel: Parcel, server: Sshd, reporter: Person, closed: Path
) -> None:
    reporter.may_be_root(asked=True)
    owner = {"remote_path_owner": "www-data", "remote_path_group": "www-data"}

    sent(parcel, server, reporter, str(closed), sudo=True, sudo_password=reporter.password, **owner)

    page = closed / ID / "index.html"
    assert (page.owner(), page.group()) == ("www-data", "www-data")


@pytest.mark.parametrize(("may", "given"), [(True, "wrong-one"), (True, ""), (False, "")])
def test_what_sudo_refuses_is_told(
    parcel: Parcel, server: Sshd, reporter: Person, closed: Path, may: bool, given: str
) -> None:
    if may:
        reporter.may_be_root(asked=True)

    with pytest.raises(DeliveryFailed) as told:
        sent(parcel, server, reporter, str(closed), sudo=True, sudo_password=given or reporter.password * (not may))

    assert f"the files could not be put into '{closed}': " in told.value.message
    assert reporter.password not in told.value.message
    assert "wrong-one" not in told.value.message
    assert list(closed.iterdir()) == []
