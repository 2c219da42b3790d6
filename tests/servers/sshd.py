"""A real SSH server on loopback, with a host key and a user key of the test's own, as whoever runs the tests."""

from __future__ import annotations

import getpass
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import answers, free_port, wait_until


@dataclass
class Sshd:
    """A running server, and how to reach it."""

    folder: Path
    port: int
    user: str
    key: Path
    """Private key that is let in."""
    known_hosts: Path
    """Says that the server is who it is."""

    @property
    def args(self) -> dict[str, object]:
        """How to log in."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": self.user,
            "key_file": str(self.key),
            "known_hosts": str(self.known_hosts),
        }


@contextmanager
def sshd(folder: Path, *, passwords: bool = False) -> Iterator[Sshd]:
    """A server whose files lie in `folder`; with `passwords` the people of this machine may log in by theirs."""
    program = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin:/usr/bin:/bin")
    assert program, "The tests need sshd. On Debian and Ubuntu: sudo apt-get install openssh-server"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if getpass.getuser() == "root":
        Path("/run/sshd").mkdir(exist_ok=True)
    for name in ("host", "user", "stranger"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    (folder / "authorized").write_text((folder / "user.pub").read_text())
    port = free_port()
    kind, public = (folder / "host.pub").read_text().split()[:2]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {kind} {public}\n")
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile {folder}/pid\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        f"PasswordAuthentication {'yes' if passwords else 'no'}\n"
        "PermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-D", "-e", "-f", str(folder / "config")], stdout=log, stderr=log)
    try:
        wait_until(lambda: answers(port), "sshd")
        yield Sshd(folder, port, getpass.getuser(), folder / "user", folder / "known_hosts")
    finally:
        process.terminate()
        process.wait(20)
