"""Objects in a bucket, on moto's server."""

from __future__ import annotations

from typing import Any

import pytest

from core.base.errors import BadInput, DeliveryFailed
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.sending import opened
from tests.delivery.outputs.parcels import ID, SLUG
from tests.servers import free_port
from tests.servers.buckets import KEYS, a_bucket, an_address

__all__ = ["a_bucket", "an_address"]


def sent(parcel: Parcel, address: str, made: Any, **more: object) -> str:
    args = {"bucket": made.name, "endpoint_url": address, **KEYS, **more}
    return opened("store", "s3", args).send(parcel)


def test_every_file_is_an_object_with_its_type_and_once_more_as_the_newest(parcel: Parcel, address: str, bucket: Any):
    answer = sent(parcel, address, bucket, prefix="/teams/ops/", formats=["pdf"])

    assert answer == f"Put 4 objects to s3://{bucket.name}/teams/ops/{ID}/index.html"
    types = {one.key: one.Object().content_type for one in bucket.objects.all()}
    files = {
        "index.html": "text/html; charset=utf-8",
        "figures/load.svg": "image/svg+xml",
        "figures/words/map.png": "image/png",
        f"{SLUG}.pdf": "application/pdf",
    }
    assert types == {
        f"teams/ops/{name}/{path}": kind for name in (ID, f"latest-{SLUG}") for path, kind in files.items()
    }
    newest = bucket.Object(f"teams/ops/latest-{SLUG}/index.html").get()
    assert b"1,204" in newest["Body"].read()
    assert newest["CacheControl"] == "no-cache"


def test_one_picture_lies_beside_the_newest(parcel: Parcel, address: str, bucket: Any):
    answer = sent(parcel, address, bucket, output_format="png")

    assert answer == f"Put 1 object to s3://{bucket.name}/{ID}.png"
    assert {one.key for one in bucket.objects.all()} == {f"{ID}.png", f"latest-{SLUG}.png"}


def test_a_bucket_that_is_not_there_is_named(parcel: Parcel, address: str, bucket: Any):
    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, address, bucket, bucket="nobody-made-this")
    assert caught.value.message == (
        f"The output 'store' (s3) could not write s3://nobody-made-this/{ID}/figures/load.svg:"
        " there is no bucket of this name. Create it, or correct 'bucket'."
    )


def test_a_service_that_does_not_answer_is_named(parcel: Parcel, bucket: Any):
    with pytest.raises(DeliveryFailed, match=r"Could not connect to the endpoint URL"):
        sent(parcel, f"http://127.0.0.1:{free_port()}", bucket)


def test_the_machines_own_metadata_address_is_no_store(parcel: Parcel, bucket: Any):
    with pytest.raises(BadInput, match="which reports may not reach"):
        sent(parcel, "http://169.254.169.254/latest", bucket)
