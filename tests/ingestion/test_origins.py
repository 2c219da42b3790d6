"""One repository has many addresses."""

from __future__ import annotations

import pytest

from core.base.errors import BadInput
from core.ingestion.origins import origin_of
from core.ingestion.patterns import cleaned


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/acme/api",
        "https://github.com/acme/api.git",
        "https://GitHub.com/Acme/API/",
        "https://user:secret@github.com:443/acme/api.git",
        "http://github.com//acme//api",
        "ssh://git@github.com/acme/api.git",
        "ssh://git@ssh.github.com:443/acme/api.git",
        "git://github.com/acme/api",
        "git@github.com:acme/api.git",
        "git@github.com:/acme/api.git",
        "github.com:acme/api",
    ],
)
def test_a_repository_is_the_same_however_its_address_is_written(address: str) -> None:
    assert origin_of(address) == "github.com/acme/api"


@pytest.mark.parametrize("address", ["", "/srv/git/api.git", "../api", "file:///srv/git/api.git", "C:/code/api"])
def test_a_folder_of_this_machine_has_no_origin(address: str) -> None:
    assert origin_of(address) == ""


def test_a_group_within_a_group_is_kept() -> None:
    assert origin_of("git@git.example.org:group/sub/app.git") == "git.example.org/group/sub/app"


def test_a_pattern_without_an_owner_is_refused() -> None:
    assert cleaned([" acme/* acme/api/", "acme/*"]) == ["acme/*", "acme/api"]
    for wrong in ("api", "*/api", "*"):
        with pytest.raises(BadInput, match="names no owner"):
            cleaned([wrong])
