"""Amazon's S3 as moto's server plays it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.servers import free_port

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-central-1"}


@contextmanager
def storing() -> Iterator[str]:
    """The address of a server that runs until the block ends."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def new_bucket(address: str) -> Any:
    """A fresh bucket there."""
    made = boto3.resource("s3", endpoint_url=address, **KEYS).Bucket(f"reports-{uuid4().hex[:12]}")
    made.create(CreateBucketConfiguration={"LocationConstraint": KEYS["region_name"]})
    return made


@pytest.fixture(scope="module", name="address")
def an_address() -> Iterator[str]:
    """A server for the tests of a module."""
    with storing() as address:
        yield address


@pytest.fixture(name="bucket")
def a_bucket(address: str) -> Any:
    """A fresh bucket there."""
    return new_bucket(address)
