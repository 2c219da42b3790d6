"""Files in a bucket of S3, or of whatever speaks its language: kept where every worker and web process finds them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, cast
from urllib.parse import urlsplit

from core.base.errors import BadInput, NotFound, StoreUnreachable
from core.stores.files.local import GONE, PIECE, KeptFile, valid

if TYPE_CHECKING:
    from pydantic import SecretStr

ATTEMPTS = 5
IN_MEMORY = 8 * 1024 * 1024
"""A file larger than this is collected on disk before it goes."""
_GONE = ("NoSuchKey", "404", "NotFound")


class S3Files:
    """Objects below a prefix of one bucket. Each appears whole or not at all, as S3 does it."""

    def __init__(
        self,
        address: str,
        *,
        endpoint: str = "",
        region: str = "",
        access_key: str = "",
        secret_key: SecretStr | None = None,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme != "s3" or not parts.netloc:
            raise BadInput(f"'{address}' names no bucket. Write s3://BUCKET/PREFIX.")
        self.bucket, self.prefix = parts.netloc, parts.path.strip("/")
        self._given = {
            "endpoint_url": endpoint,
            "region_name": region,
            "aws_access_key_id": access_key,
            "aws_secret_access_key": secret_key.get_secret_value() if secret_key else "",
        }

    def put(self, key: str, content: bytes) -> KeptFile:
        with self.writing(key) as file:
            file.write(content)
        return KeptFile(key, len(content))

    @contextmanager
    def writing(self, key: str) -> Iterator[BinaryIO]:
        name = self._name(key)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as part:
            yield cast(BinaryIO, part)
            part.seek(0)
            with self._told("kept"):
                self._client.upload_fileobj(part, self.bucket, name)

    def read(self, key: str) -> bytes:
        with self._told("read"):
            return bytes(self._client.get_object(Bucket=self.bucket, Key=self._name(key))["Body"].read())

    def pieces(self, key: str) -> Iterator[bytes]:
        with self._told("read"):
            body = self._client.get_object(Bucket=self.bucket, Key=self._name(key))["Body"]
        return self._read(body)

    def _read(self, body: Any) -> Iterator[bytes]:
        with self._told("read"), closing(body):
            yield from body.iter_chunks(PIECE)

    def path(self, key: str) -> Path | None:
        """Never one: what is in a bucket is on no disk of this machine."""
        return None

    def delete(self, key: str) -> None:
        with self._told("removed"):
            self._client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def used_bytes(self) -> int:
        return sum(one["Size"] for one in self._listed(""))

    def old(self, prefix: str, before: datetime) -> Iterator[str]:
        skipped = len(f"{self.prefix}/") if self.prefix else 0
        return (one["Key"][skipped:] for one in self._listed(valid(prefix)) if one["LastModified"] < before)

    def tidy(self, before: datetime) -> int:
        uploads = self._client.get_paginator("list_multipart_uploads")
        pages = uploads.paginate(Bucket=self.bucket, Prefix=self._below(""))
        with self._told("tidied"):
            begun = [one for page in pages for one in page.get("Uploads", ()) if one["Initiated"] < before]
            for one in begun:
                self._client.abort_multipart_upload(Bucket=self.bucket, Key=one["Key"], UploadId=one["UploadId"])
        return len(begun)

    def check(self) -> str:
        """Where the files are, as a sentence, if the bucket answers; StoreUnreachable if not."""
        with self._told("looked for"):
            self._client.head_bucket(Bucket=self.bucket)
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        patience = Config(
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"}, connect_timeout=10, read_timeout=60
        )
        return boto3.client("s3", config=patience, **{name: value for name, value in self._given.items() if value})

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        from boto3.exceptions import S3UploadFailedError
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            self._refused(done, str(error.response.get("Error", {}).get("Code", "")), error)
        except (BotoCoreError, S3UploadFailedError) as error:
            self._refused(done, str(error), error)

    def _refused(self, done: str, said: str, error: Exception) -> NoReturn:
        if said in _GONE and done == "read":
            raise NotFound(GONE) from error
        reason = "there is no bucket of this name" if said in (*_GONE, "NoSuchBucket") else said
        raise StoreUnreachable(
            f"A file could not be {done} in the bucket '{self.bucket}': {reason}."
            " Look at SIGHTLINE_FILES_URL and the settings beside it."
        ) from error

    def _listed(self, folder: str) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._below(folder))
        with self._told("listed"):
            for page in pages:
                yield from page.get("Contents", ())

    def _below(self, folder: str) -> str:
        parts = [part for part in (self.prefix, folder) if part]
        return f"{'/'.join(parts)}/" if parts else ""

    def _name(self, key: str) -> str:
        return f"{self.prefix}/{valid(key)}" if self.prefix else valid(key)
