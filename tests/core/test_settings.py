"""Variables that are wrong, and a home where nothing was set up, as whoever starts Sightline meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.bootstrap import House
from core.entrypoints import checkup
from core.stores.app import AppStore


def sightline(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-c", "from core.entrypoints.cli import main; main()", *words]
    given = {**os.environ, "SIGHTLINE_HOME": str(home), **variables}
    return subprocess.run(run, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "abc", "'SIGHTLINE_PORT' must be a whole number, not 'abc'."),
        ("PORT", "99999", "'SIGHTLINE_PORT' must be 65535 or less, not '99999'."),
        ("DEMO", "perhaps", "'SIGHTLINE_DEMO' must be true or false, not 'perhaps'."),
        ("SMTP_SECURITY", "ssl", "'SIGHTLINE_SMTP_SECURITY' must be none, starttls or tls, not 'ssl'."),
        ("LOG_LEVEL", "loud", "'SIGHTLINE_LOG_LEVEL' must be DEBUG, INFO, WARNING or ERROR, not 'loud'."),
    ],
)
def test_a_wrong_variable_is_named_in_one_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    ended = sightline(tmp_path / "home", "workspaces", "list", **{f"SIGHTLINE_{name}": value})

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"{sentence} Set it right in the environment or in .env.\n"
    assert not (tmp_path / "home").exists()


DATABASE = (
    "'SIGHTLINE_DATABASE_URL': an address here begins with postgresql+psycopg:// or postgresql:// or sqlite://,"
    " as in postgresql+psycopg://user:pass@host:5432/sightline."
)
METRICS = (
    "'SIGHTLINE_METRICS_URL': an address here begins with clickhouse:// or clickhouses:// or http:// or https://,"
    " as in clickhouse://user:pass@host:8123/sightline."
)
QUEUE = (
    "'SIGHTLINE_QUEUE_URL': an address here begins with redis:// or rediss:// or unix://, as in redis://host:6379/0."
)
PORT = "its port is no number. Write it as in {}, with %23, %2F and %40 for #, / and @ in a password."


@pytest.mark.parametrize("words", [("doctor",), ("up",)])
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE", "foo://reader:open-sesame@db/x", DATABASE),
        ("DATABASE", "mysql://db/x", DATABASE),
        ("DATABASE", "nonsense", DATABASE),
        ("DATABASE", "postgresql:db", DATABASE),
        ("DATABASE", "postgresql+psycopg://reader:open-sesame@db:port/x",
         f"'SIGHTLINE_DATABASE_URL': {PORT.format('postgresql+psycopg://user:pass@host:5432/sightline')}"),
        ("METRICS", "foo://db", METRICS),
        ("METRICS", "nonsense", METRICS),
        ("METRICS", "clickhouse://reader:open#sesame@db/x",
         f"'SIGHTLINE_METRICS_URL': {PORT.format('clickhouse://user:pass@host:8123/sightline')}"),
        ("QUEUE", "foo://queue", QUEUE),
        ("QUEUE", "redis://queue:port/0", f"'SIGHTLINE_QUEUE_URL': {PORT.format('redis://host:6379/0')}"),
    ],
)  # fmt: skip
def test_a_wrong_address_of_a_store_is_told_before_anything_starts(
    tmp_path: Path, words: tuple[str, ...], name: str, value: str, sentence: str
) -> None:
    ended = sightline(tmp_path / "home", *words, **{f"SIGHTLINE_{name}_URL": value})

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"{sentence} Set it right in the environment or in .env.\n"
    assert "sesame" not in ended.stderr
    assert not (tmp_path / "home").exists()


def test_a_check_up_of_an_empty_home_says_that_nothing_was_set_up(house: House, tmp_path: Path) -> None:
    empty = AppStore(f"sqlite:///{tmp_path / 'empty.db'}")

    findings = checkup._safely(checkup._queue_and_worker, replace(house, app=empty))

    empty.close()
    assert [finding.state for finding in findings] == ["well", "remark"]
    assert (findings[1].what, findings[1].advice) == ("Nothing was set up here yet.", "Start with `sightline up`.")
