"""Variables that are wrong, and a home where nothing was set up, as whoever starts Sightline meets them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.bootstrap import House
from core.entrypoints import checkup
from core.stores.app import AppStore
from tests.commands import each

WRONG = {
    ("LOG_LEVEL", "loud"): "'SIGHTLINE_LOG_LEVEL' must be DEBUG, INFO, WARNING or ERROR, not 'loud'.",
    ("PORT", "abc"): "'SIGHTLINE_PORT' must be a whole number, not 'abc'.",
    ("PORT", "99999"): "'SIGHTLINE_PORT' must be 65535 or less, not '99999'.",
    ("DEMO", "perhaps"): "'SIGHTLINE_DEMO' must be true or false, not 'perhaps'.",
    ("SMTP_SECURITY", "ssl"): "'SIGHTLINE_SMTP_SECURITY' must be none, starttls or tls, not 'ssl'.",
}
"""The level of the logs comes first: a process asks for it once."""


def test_a_wrong_variable_is_named_in_one_sentence(tmp_path: Path) -> None:
    home = {"SIGHTLINE_HOME": str(tmp_path / "home")}

    ends = each([(("workspaces", "list"), {**home, f"SIGHTLINE_{name}": value}) for name, value in WRONG])

    for ended, sentence in zip(ends, WRONG.values(), strict=True):
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == f"{sentence} Set it right in the environment or in .env.\n"
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


ADDRESSES = {
    ("DATABASE", "foo://reader:open-sesame@db/x"): DATABASE,
    ("DATABASE", "mysql://db/x"): DATABASE,
    ("DATABASE", "nonsense"): DATABASE,
    ("DATABASE", "postgresql:db"): DATABASE,
    ("DATABASE", "postgresql+psycopg://reader:open-sesame@db:port/x"):
        f"'SIGHTLINE_DATABASE_URL': {PORT.format('postgresql+psycopg://user:pass@host:5432/sightline')}",
    ("METRICS", "foo://db"): METRICS,
    ("METRICS", "nonsense"): METRICS,
    ("METRICS", "clickhouse://reader:open#sesame@db/x"):
        f"'SIGHTLINE_METRICS_URL': {PORT.format('clickhouse://user:pass@host:8123/sightline')}",
    ("QUEUE", "foo://queue"): QUEUE,
    ("QUEUE", "redis://queue:port/0"): f"'SIGHTLINE_QUEUE_URL': {PORT.format('redis://host:6379/0')}",
}  # fmt: skip


@pytest.mark.parametrize("word", ["doctor", "up"])
def test_a_wrong_address_of_a_store_is_told_before_anything_starts(tmp_path: Path, word: str) -> None:
    home = {"SIGHTLINE_HOME": str(tmp_path / "home")}

    ends = each([((word,), {**home, f"SIGHTLINE_{name}_URL": value}) for name, value in ADDRESSES])

    for ended, sentence in zip(ends, ADDRESSES.values(), strict=True):
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == f"{sentence} Set it right in the environment or in .env.\n"
        assert "sesame" not in ended.err
    assert not (tmp_path / "home").exists()


def test_a_check_up_of_an_empty_home_says_that_nothing_was_set_up(house: House, tmp_path: Path) -> None:
    empty = AppStore(f"sqlite:///{tmp_path / 'empty.db'}")

    findings = checkup._safely(checkup._queue_and_worker, replace(house, app=empty))

    empty.close()
    assert [finding.state for finding in findings] == ["well", "remark"]
    assert (findings[1].what, findings[1].advice) == ("Nothing was set up here yet.", "Start with `sightline up`.")
