"""A Dovecot of the distribution as a mailbox by IMAP, with one user, in a temporary folder, as whoever runs tests."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.delivery.post_office import certificate
from tests.fresh import NOW
from tests.servers import answers, free_port, wait_until

USER, PASSWORD = "reports@example.org", 'Öffne dich, "Sesam"'


@dataclass(frozen=True)
class Box:
    """Where it answers, and what a test does with it beside the product."""

    port: int
    tls_port: int
    authority: Path
    """The certificate to trust."""
    log: Path

    def put(self, *mails: bytes) -> None:
        """Let mails arrive, at the time of the tests."""
        with self.client() as client:
            for mail in mails:
                state, said = client.append("INBOX", "", imaplib.Time2Internaldate(NOW), mail)
                assert state == "OK", said

    def flags(self) -> list[str]:
        """Of every mail, as it lies there."""
        with self.client() as client:
            client.select(readonly=True)
            return [line.decode() for line in client.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes)]

    def empty(self) -> None:
        """Remove all that is in it."""
        with self.client() as client:
            if client.select()[1] == [b"0"]:
                return
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            yield client


@contextmanager
def dovecot() -> Iterator[Box]:
    """A server for as long as the block lasts. Its processes need a folder that others may enter."""
    program = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    assert program, "The tests need dovecot. On Debian and Ubuntu: sudo apt-get install dovecot-imapd"
    with tempfile.TemporaryDirectory(prefix="imap") as name:
        folder = Path(name)
        folder.chmod(0o755)
        _, authority = certificate(folder)
        box = Box(free_port(), free_port(), authority, folder / "log")
        (folder / "config").write_text(_config(folder, box))
        (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        process = subprocess.Popen([program, "-F", "-c", str(folder / "config")])
        try:
            wait_until(lambda: process.poll() is None and answers(box.port), "Dovecot")
            yield box
        finally:
            process.terminate()
            process.wait(20)


def _config(folder: Path, box: Box) -> str:
    # A server that root starts has users of its own for its processes, and gives nobody a mailbox as root.
    root, me = os.getuid() == 0, getpass.getuser()
    user = pwd.getpwnam("mail" if root else me)
    group = grp.getgrgid(os.getgid()).gr_name
    mine = f"default_login_user = {me}\ndefault_internal_user = {me}\ndefault_internal_group = {group}"
    home = folder / "home"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    return f"""
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
log_path = {box.log}
{"" if root else mine}
first_valid_uid = 1
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/mail.pem
ssl_key = <{folder}/mail.key
mail_location = maildir:~/Maildir
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {box.port}
  }}
  inet_listener imaps {{
    port = {box.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={user.pw_uid} gid={user.pw_gid} home={home}
}}
"""
