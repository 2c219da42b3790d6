"""A person of this machine with a password, for servers that let such people in. Making one needs root."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

SUDOERS = Path("/etc/sudoers.d")


@dataclass
class Person:
    name: str
    password: str
    home: Path

    def may_be_root(self, *, asked: bool) -> None:
        """By sudo, which asks for the password or does not."""
        self.rights.write_text(f"{self.name} ALL=(ALL) {'' if asked else 'NOPASSWD: '}ALL\n")
        self.rights.chmod(0o440)

    @property
    def rights(self) -> Path:
        return SUDOERS / self.name


@contextmanager
def person() -> Iterator[Person]:
    """Somebody new with a home of their own, both gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="sightline-person-"))
    made = Person(f"sightline-{token_hex(4)}", token_hex(12), home)
    subprocess.run(["useradd", "-d", str(home), "-M", "-s", "/bin/sh", made.name], check=True)
    try:
        subprocess.run(["chpasswd"], input=f"{made.name}:{made.password}", text=True, check=True)
        shutil.chown(home, made.name)
        yield made
    finally:
        made.rights.unlink(missing_ok=True)
        subprocess.run(["userdel", "--force", made.name], check=True, stderr=subprocess.DEVNULL)
        shutil.rmtree(home)
