"""Whatever is sent to a door for programs, over real HTTP: an answer or a sentence, never a fault of ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from starlette.applications import Starlette

from core.access import tokens
from core.base.settings import Settings
from core.bootstrap import House
from core.entrypoints.api import programs
from core.entrypoints.api.rest.openapi import document
from core.stores.metrics import MetricsStore
from tests.api.conftest import Served

CASES = 3
"""Of each door; many more were tried by hand."""
SCHEMA = schemathesis.openapi.from_dict(document())
DOORS = [one.ok() for one in SCHEMA.get_all_operations() if isinstance(one, Ok)]


@pytest.fixture(scope="module")
def base(served: Served, metrics: MetricsStore, home: object) -> Iterator[str]:
    """A server over the same workspace, where nobody counts how often it is asked."""
    patient = Settings(home=served.house.settings.home, api_requests_per_minute=0)
    old = served.house
    house = House(patient, old.app, old.metrics, old.files, old.queue, old.clock)
    config = uvicorn.Config(Starlette(routes=programs(lambda: house)), port=0, log_level="error", lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def signed(served: Served) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.make(served.acme, 'fuzz', tokens.OFFERED)}"}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.label)
def test_no_door_breaks_over_what_it_is_sent(
    door: schemathesis.APIOperation, base: str, signed: dict[str, str]
) -> None:
    @given(case=door.as_strategy())
    @settings(
        max_examples=CASES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def sent(case: schemathesis.Case) -> None:
        answer = case.call(base_url=base, headers=signed)
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)
        if answer.status_code >= 400:
            told = answer.json()
            assert answer.headers["content-type"][0] == "application/problem+json", told
            assert told["detail"].strip() and "Traceback" not in told["detail"]

    sent()


def test_graphql_does_not_break_over_any_query(base: str, signed: dict[str, str]) -> None:
    schema = schemathesis.graphql.from_url(f"{base}/api/graphql", headers=signed)

    for found in schema.get_all_operations():
        door = found.ok()

        @given(case=door.as_strategy())
        @settings(
            max_examples=CASES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def sent(case: schemathesis.Case) -> None:
            answer = case.call(headers=signed)
            codes = [one["extensions"]["code"] for one in answer.json().get("errors", ())]
            assert answer.status_code < 500 and "INTERNAL" not in codes, (case.body, answer.text)

        sent()
