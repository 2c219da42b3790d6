"""Files copied to another machine, by the distribution's own SSH server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.errors import DeliveryFailed
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.sending import opened
from tests.delivery.outputs.parcels import ID, SLUG
from tests.servers import free_port
from tests.servers.sshd import Sshd, sshd


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd(tmp_path_factory.mktemp("ssh") / "server") as running:
        yield running


def sent(parcel: Parcel, server: Sshd, place: Path, **more: object) -> str:
    args = {**server.args, "remote_path": str(place), **more}
    return opened("web", "scp", {name: value for name, value in args.items() if value is not None}).send(parcel)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


PAGE = {"index.html", "figures/load.svg", "figures/words/map.png"}


def test_a_report_is_copied_into_a_folder_that_is_made_for_it(parcel: Parcel, server: Sshd, tmp_path: Path):
    answer = sent(parcel, server, tmp_path / "web" / "reports", formats=["json"])

    assert answer == f"Copied to 127.0.0.1:{tmp_path}/web/reports/{ID}/index.html"
    assert files(tmp_path / "web" / "reports" / ID) == {*PAGE, f"{SLUG}.json"}
    assert (tmp_path / "web" / "reports" / f"latest-{SLUG}").readlink() == Path(ID)
    assert {path.name for path in (tmp_path / "web" / "reports").iterdir()} == {ID, f"latest-{SLUG}"}


def test_copying_again_leaves_nothing_of_the_time_before(parcel: Parcel, server: Sshd, tmp_path: Path):
    sent(parcel, server, tmp_path, formats=["json"])
    sent(parcel, server, tmp_path)

    assert files(tmp_path / ID) == PAGE
    assert (tmp_path / f"latest-{SLUG}" / "index.html").exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_in_the_place_of_the_newest_gives_way(parcel: Parcel, server: Sshd, tmp_path: Path):
    (tmp_path / f"latest-{SLUG}" / "old").mkdir(parents=True)
    sent(parcel, server, tmp_path)

    assert (tmp_path / f"latest-{SLUG}").is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_one_picture_is_copied_under_both_names(parcel: Parcel, server: Sshd, tmp_path: Path):
    answer = sent(parcel, server, tmp_path, output_format="png", formats="csv")

    assert answer.endswith(f"{tmp_path}/{ID}.png")
    assert files(tmp_path) == {f"{ID}.png", f"{ID}.zip", f"latest-{SLUG}.png", f"latest-{SLUG}.zip"}


def test_a_place_may_be_written_as_older_files_do(parcel: Parcel, server: Sshd, tmp_path: Path):
    whole = f"{server.user}@127.0.0.1:{server.port}"
    key = {"key_filename": str(server.key)}
    sent(parcel, server, tmp_path, host=whole, port=None, user=None, key_file=None, connect_kwargs=key)

    assert files(tmp_path / ID) == PAGE


def test_files_may_belong_to_somebody_else(parcel: Parcel, server: Sshd, tmp_path: Path):
    sent(parcel, server, tmp_path / "web", remote_path_owner=server.user, remote_path_group=tmp_path.group())

    assert files(tmp_path / "web" / ID) == PAGE
    assert (tmp_path / "web" / ID / "index.html").owner() == server.user
    assert (tmp_path / "web" / f"latest-{SLUG}").readlink() == Path(ID)
    assert not [path for path in Path.home().iterdir() if path.name.startswith(".sightline-")]


def test_an_owner_that_is_not_there_is_named(parcel: Parcel, server: Sshd, tmp_path: Path):
    with pytest.raises(DeliveryFailed, match=r"could not be put into '.*': chown: invalid user: .*nobody-at-all"):
        sent(parcel, server, tmp_path / "web", remote_path_owner="nobody-at-all")


def test_an_unknown_machine_is_not_trusted_and_its_key_is_shown(parcel: Parcel, server: Sshd, tmp_path: Path):
    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, server, tmp_path / "web", known_hosts=str(tmp_path / "none"))
    assert re.fullmatch(
        r"The output 'web' \(scp\) did not reach 127\.0\.0\.1: the machine is not known here\. Its key is ssh-ed25519"
        r" SHA256:\S+\. If that is right, keep it by 'ssh-keyscan -p \d+ 127\.0\.0\.1 >> ~/\.ssh/known_hosts',"
        r" or set accept_new_host_key: true\.",
        caught.value.message,
    )
    assert not (tmp_path / "web").exists()


def test_a_machine_met_for_the_first_time_may_be_trusted_and_is_known_then(
    parcel: Parcel, server: Sshd, tmp_path: Path
):
    known = tmp_path / "ssh" / "known_hosts"
    sent(parcel, server, tmp_path / "web", known_hosts=str(known), accept_new_host_key=True)
    sent(parcel, server, tmp_path / "web", known_hosts=str(known))

    assert known.read_text().startswith(f"[127.0.0.1]:{server.port} ssh-ed25519 ")
    assert known.read_text().count("\n") == 1


def test_a_machine_with_another_key_is_never_trusted(parcel: Parcel, server: Sshd, tmp_path: Path):
    other = (server.folder / "stranger.pub").read_text().split()[1]
    (tmp_path / "known").write_text(f"[127.0.0.1]:{server.port} ssh-ed25519 {other}\n")

    with pytest.raises(DeliveryFailed, match=r"its key is not the one that is known: .* Somebody may stand between"):
        sent(parcel, server, tmp_path / "web", known_hosts=str(tmp_path / "known"), accept_new_host_key=True)
    assert not (tmp_path / "web").exists()


def test_a_refused_login_is_said_once_and_names_the_user(parcel: Parcel, server: Sshd, tmp_path: Path):
    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, server, tmp_path, key_file=str(server.folder / "stranger"))
    assert caught.value.message == (
        f"The output 'web' (scp) did not reach 127.0.0.1: it refused the login of '{server.user}'."
        " Check user, key_file, passphrase and password."
    )
    assert caught.value.retry is False


def test_a_machine_that_does_not_answer_is_named(parcel: Parcel, server: Sshd, tmp_path: Path):
    gone = free_port()
    with pytest.raises(DeliveryFailed, match=r"did not reach 127\.0\.0\.1: .*(refused|Unable to connect)"):
        sent(parcel, server, tmp_path, port=gone)


def test_a_key_that_is_not_there_is_named(parcel: Parcel, server: Sshd, tmp_path: Path):
    with pytest.raises(DeliveryFailed, match=r"No such file or directory: '/nowhere/key'"):
        sent(parcel, server, tmp_path, key_file="/nowhere/key")


def test_a_place_that_may_not_be_written_to_is_named(parcel: Parcel, server: Sshd):
    with pytest.raises(DeliveryFailed, match=r"'/sys/sightline' may not be written to"):
        sent(parcel, server, Path("/sys/sightline"))
