"""Objects in a bucket of S3, or of whatever speaks its language."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr

from core.base.errors import DeliveryFailed
from core.base.outbound import checked_url
from core.datasources.hints import Hint
from core.delivery.outputs.bundle import BundleArgs, Keeping, packed
from core.delivery.outputs.output import Parcel, WebAddress, test_name

ATTEMPTS = 4
PASSING = ("SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "503", "500")
_SENTENCES = {
    "NoSuchBucket": "there is no bucket of this name. Create it, or correct 'bucket'.",
    "AccessDenied": "its owner does not let these credentials write there. Give them s3:PutObject.",
    "InvalidAccessKeyId": "the access key is not known. Check aws_access_key_id.",
    "SignatureDoesNotMatch": "the secret key does not fit the access key. Check aws_secret_access_key.",
    "ExpiredToken": "the credentials have expired.",
}
_HEADS = {"404": "NoSuchBucket", "403": "AccessDenied"}
"""What a question without a body answers with → the same with one."""


def _bucket(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:[\w:/.-]+", name):
        raise ValueError(f"'{name}' is no name of a bucket. Write 3 to 63 small letters, digits, dots and hyphens.")
    return name


class S3Args(BundleArgs):
    bucket: Annotated[str, AfterValidator(_bucket)] = Field(description="Bucket to write to.")
    prefix: str = Field("", description="What the keys begin with: reports/weekly.")
    output_dir: Annotated[str, Hint(hidden=True)] = Field(
        "", description="Without meaning here; files of older tools have it."
    )
    region_name: Annotated[str | None, Hint("Region")] = Field(
        None, description="Region; default that of the machine's settings."
    )
    endpoint_url: Annotated[WebAddress, Hint("Address")] = Field(
        "", description="Address of another service that speaks S3."
    )
    aws_access_key_id: Annotated[str | None, Hint("Access key")] = Field(
        None, description="Access key; default that of the machine's settings."
    )
    aws_secret_access_key: Annotated[SecretStr | None, Hint("Secret key")] = Field(
        None, description="Secret of the access key."
    )
    aws_session_token: Annotated[SecretStr | None, Hint("Session token", aside=True)] = Field(
        None, description="Token of temporary credentials."
    )
    aws_account_id: Annotated[str | None, Hint("Account", aside=True)] = Field(
        None, description="Account of the credentials."
    )
    api_version: Annotated[str | None, Hint(hidden=True)] = Field(None, description="Version of the service's API.")
    use_ssl: Annotated[bool, Hint("HTTPS", aside=True)] = Field(True, description="Whether to speak HTTPS.")
    verify: Annotated[bool | str, Hint(hidden=True)] = Field(
        True, description="Whether to check the certificate, or a file of authorities."
    )


class S3(Keeping):
    """Each file an object with its type, under the report's id and once more under `latest-<title>`."""

    key = "s3"
    label = "S3"
    about = "A web page with its pictures, or one picture, in a bucket."
    Args = S3Args
    serves = True
    of_report = frozenset({"formats", "output_format", "pictures", "prefix"})
    below = frozenset({"prefix"})
    login = (("aws_access_key_id",), ("aws_secret_access_key",))

    def check(self) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        client, bucket = self._client(), self.args.bucket
        try:
            client.head_bucket(Bucket=bucket)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "?"))
            said = _SENTENCES.get(_HEADS.get(code, code), f"it answered {code}")
            raise DeliveryFailed(f"The bucket '{bucket}': {said.rstrip('.')}.", retry=code in PASSING) from error
        except BotoCoreError as error:
            raise DeliveryFailed(f"The bucket '{bucket}': {_reason(error).rstrip('.')}.", retry=True) from error
        finally:
            client.close()
        return f"The bucket '{bucket}' answers. Whether it may be written to shows with the first report."

    def send(self, parcel: Parcel) -> str:
        args: S3Args = self.args
        made = packed(parcel, args)
        client = self._client()
        try:
            for name in (made.report, made.latest):
                for path, file in made.named(name):
                    self._put(client, path, file.content, file.media_type, fresh=name == made.latest)
        finally:
            client.close()
        first = next(path for path, file in made.named(made.report) if file is made.files[0])
        count = len(made.files)
        return f"Put {count} object{'' if count == 1 else 's'} to s3://{args.bucket}/{self._key(first)}"

    def probe(self, parcel: Parcel) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        client, path = self._client(), test_name()
        place = f"s3://{self.args.bucket}/{self._key(path)}"
        try:
            self._put(client, path, parcel.subject.encode(), "text/plain; charset=utf-8", fresh=True)
            client.delete_object(Bucket=self.args.bucket, Key=self._key(path))
        except (BotoCoreError, ClientError):
            return f"Put a test to {place}, where it stays: these credentials may not remove it"
        finally:
            client.close()
        return f"Put a test to {place} and removed it"

    def _put(self, client: Any, path: str, content: bytes, media_type: str, fresh: bool) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        more = {"CacheControl": "no-cache"} if fresh else {}
        key = self._key(path)
        try:
            client.put_object(Bucket=self.args.bucket, Key=key, Body=content, ContentType=media_type, **more)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "?"))
            said = _SENTENCES.get(code, f"it answered {code}: {error.response.get('Error', {}).get('Message', '')}")
            raise self._failed(key, said, retry=code in PASSING) from error
        except BotoCoreError as error:
            raise self._failed(key, _reason(error), retry=True) from error

    def _failed(self, key: str, said: str, retry: bool) -> DeliveryFailed:
        place = f"s3://{self.args.bucket}/{key}"
        return DeliveryFailed(
            f"The output '{self.name}' (s3) could not write {place}: {said.rstrip('.')}.", retry=retry
        )

    def _key(self, path: str) -> str:
        prefix = self.args.prefix.strip("/")
        return f"{prefix}/{path}" if prefix else path

    def _client(self) -> Any:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        args: S3Args = self.args
        if args.endpoint_url:
            checked_url(args.endpoint_url)
        given = {
            "region_name": args.region_name,
            "endpoint_url": args.endpoint_url or None,
            "aws_access_key_id": args.aws_access_key_id,
            "aws_secret_access_key": args.aws_secret_access_key and args.aws_secret_access_key.get_secret_value(),
            "aws_session_token": args.aws_session_token and args.aws_session_token.get_secret_value(),
            "aws_account_id": args.aws_account_id,
            "api_version": args.api_version,
        }
        patience = Config(
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"}, connect_timeout=10, read_timeout=60
        )
        known = {name: value for name, value in given.items() if value is not None}
        try:
            return boto3.client("s3", use_ssl=args.use_ssl, verify=args.verify, config=patience, **known)
        except (BotoCoreError, ValueError) as error:
            raise self._failed("", _reason(error), retry=False) from error


def _reason(error: Exception) -> str:
    from botocore.exceptions import NoCredentialsError, PartialCredentialsError

    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        return "there are no credentials. Write aws_access_key_id and aws_secret_access_key, or set AWS_PROFILE."
    return str(error)
