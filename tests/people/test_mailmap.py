"""People written back as a .mailmap."""

from __future__ import annotations

import subprocess
from pathlib import Path

from core.context import Context
from core.people import service
from core.people.service import Seen


def test_git_tells_what_sightline_tells_once_the_mailmap_is_there(ctx: Context, tmp_path: Path) -> None:
    authors = (("Ada King", "ada@one.org"), ("ada", "ada@two.org"), ("Ada Laptop", "root@localhost"))
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name, email in authors:
        subprocess.run(
            ["git", "-C", str(tmp_path), "-c", f"user.name={name}", "-c", f"user.email={email}", "commit", "-q",
             "--allow-empty", "-m", "x"],
            check=True,
        )  # fmt: skip
    service.register(ctx, [Seen(email, name, count=9 - i) for i, (name, email) in enumerate(authors)])
    ada = service.person(ctx, "ada@one.org").id
    for other in ("ada@two.org", "Ada Laptop"):
        service.merge(ctx, ada, service.person(ctx, other).id)

    (tmp_path / ".mailmap").write_text(service.mailmap(ctx))

    told = subprocess.run(
        ["git", "-C", str(tmp_path), "shortlog", "-sne", "HEAD"], capture_output=True, text=True, check=True
    ).stdout
    assert told.split("\t") == ["     3", "Ada King <ada@one.org>\n"]


def test_people_with_one_name_and_address_need_no_line(ctx: Context) -> None:
    service.register(ctx, [Seen("ada@one.org", "Ada King")])

    assert service.mailmap(ctx).count("\n") == 1
