"""Settings: the one reader of the environment.

Every variable begins with `SIGHTLINE_` and may also stand in a `.env` file of
the start directory. `docs/settings.md` is generated from this class.
"""

from __future__ import annotations

import contextlib
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.base.errors import BadInput
from core.base.fields import sentence
from core.base.machine import SET_RIGHT

ADDRESSES = {
    "database_url": (("postgresql+psycopg", "postgresql", "sqlite"), "user:pass@host:5432/sightline"),
    "metrics_url": (("clickhouse", "clickhouses", "http", "https"), "user:pass@host:8123/sightline"),
    "queue_url": (("redis", "rediss", "unix"), "host:6379/0"),
    "files_url": (("s3",), "bucket/prefix"),
}
"""How the addresses of stores may begin, the usual one first, and how that goes on."""


class Settings(BaseSettings):
    """Where Sightline keeps its data and whom it talks to."""

    model_config = SettingsConfigDict(env_prefix="SIGHTLINE_", env_file=".env", extra="ignore")

    home: Path = Field(Path("var"), description="The one folder that holds all data of the embedded default.")
    host: str = Field("127.0.0.1", description="Address that the web app listens on.")
    port: int = Field(8501, ge=1, le=65535, description="Port of the web app.")
    public_url: str = Field(
        "", description="Address that people open, and links in mails begin with; default http://HOST:PORT."
    )
    database_url: str = Field("", description="App store: postgresql+psycopg://…; default SQLite under SIGHTLINE_HOME.")
    metrics_url: str = Field(
        "", description="Metrics store: clickhouse://user:pass@host:8123/db; default the embedded store."
    )
    queue_url: str = Field("", description="Queue: redis://host:6379/0; default SQLite under SIGHTLINE_HOME.")
    files_url: str = Field(
        "", description="Where reports and exports are kept: s3://BUCKET/PREFIX; default a folder under SIGHTLINE_HOME."
    )
    files_endpoint: str = Field("", description="Address of another service that speaks S3, such as MinIO.")
    files_region: str = Field("", description="Region of the bucket; default that of the machine's AWS settings.")
    files_access_key: str = Field("", description="Access key; default that of the machine's AWS settings.")
    files_secret_key: SecretStr = Field(SecretStr(""), description="Secret of that access key.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs links and encrypts secrets; default a key made under SIGHTLINE_HOME."
    )
    workers: int = Field(2, ge=1, le=64, description="Worker threads that run jobs.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    demo: bool = Field(True, description="Load the demo workspace at the first start.")
    snapshot_keep_days: int = Field(
        3700, ge=31, le=36500, description="Snapshots are removed so many days after their period has ended."
    )
    sync_every_minutes: int = Field(
        60, ge=0, le=10080, description="Sources at GitHub and GitLab are read again after so long; 0 for only by hand."
    )
    rework_days: int = Field(
        365, ge=0, le=3650, description="Commits of a clone are looked at for rework so many days back; 0 for none."
    )
    smtp_host: str = Field("", description="Mail server; without it schedules by e-mail cannot be made active.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["none", "starttls", "tls"] = Field("starttls", description="none, starttls or tls.")
    smtp_user: str = Field("", description="Login at the mail server, if it wants one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password of that login.")
    mail_from: str = Field("sightline@localhost", description="Sender of every mail.")
    mail_bounces_to: str = Field(
        "", description="Address that other servers send failures back to; default that of SIGHTLINE_MAIL_FROM."
    )
    mail_attach_mb: int = Field(15, ge=1, le=100, description="Files of a mail beyond this go as signed links.")
    imap_host: str = Field("", description="Mailbox that those failures come to; without it nobody reads them.")
    imap_port: int = Field(993, ge=1, le=65535, description="Port of the mailbox.")
    imap_security: Literal["none", "starttls", "tls"] = Field("tls", description="none, starttls or tls.")
    imap_user: str = Field("", description="Login at the mailbox.")
    imap_password: SecretStr = Field(SecretStr(""), description="Password of that login.")
    imap_folder: str = Field("INBOX", description="Folder that is read; nothing in it is changed.")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token of /metrics; without one only this machine itself may read it."
    )
    api_requests_per_minute: int = Field(
        600, ge=0, le=1_000_000, description="Requests that one API token may make in a minute; 0 for any number."
    )
    outbound_deny: str = Field(
        "",
        description="Networks that reports and connections may not reach: `private`, or 10.0.0.0/8, 192.168.0.0/16."
        " Machines' own metadata addresses never can be.",
    )
    connection_files: str = Field(
        "",
        description="Folder below which connections may open SQLite and DuckDB files; default `files-for-connections`"
        " under SIGHTLINE_HOME.",
    )
    oidc_client_id: str = Field("", description="OpenID Connect client; with the next two it turns on single sign-on.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Secret of that client.")
    oidc_metadata_url: str = Field("", description="The provider's …/.well-known/openid-configuration.")

    @field_validator(*ADDRESSES)
    @classmethod
    def _address(cls, given: str, asked: ValidationInfo) -> str:
        """An address that its store has, or empty. What is said of it never shows it: a password is in it."""
        kinds, rest = ADDRESSES[asked.field_name or ""]
        example = f"as in {kinds[0]}://{rest}"
        parts = urlsplit(given)
        if given and (parts.scheme not in kinds or "://" not in given):
            raise ValueError(f"an address here begins with {' or '.join(f'{kind}://' for kind in kinds)}, {example}.")
        try:
            _ = parts.port
        except ValueError as error:
            raise ValueError(
                f"its port is no number. Write it {example}, with %23, %2F and %40 for #, / and @ in a password."
            ) from error
        return given

    @property
    def url(self) -> str:
        """The address people open, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def single_sign_on(self) -> bool:
        """Whether people may sign in by their organisation's OpenID Connect provider."""
        return bool(self.oidc_client_id and self.oidc_client_secret.get_secret_value() and self.oidc_metadata_url)

    @property
    def app_database_url(self) -> str:
        """SQLAlchemy URL of the app store."""
        return self.database_url or f"sqlite:///{(self.home / 'app.db').resolve()}"

    @property
    def files_folder(self) -> Path:
        """Folder below which connections may open files."""
        return Path(self.connection_files) if self.connection_files else self.home / "files-for-connections"

    @property
    def run_dir(self) -> Path:
        """Folder of process ids, ports and the secrets between our own processes."""
        return self.home / "run"

    def key(self) -> str:
        """The instance's secret key, made on first use with owner-only rights."""
        if given := self.secret_key.get_secret_value():
            return given
        path = self.home / "secret.key"
        self.home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f"secret.key.{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48))
            # A hard link refuses to overwrite, so two first starts agree on one key.
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(fresh)
            fresh.unlink()
        return path.read_text().strip()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once; BadInput that names each variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        raise BadInput(_wrong(error)) from error


def _wrong(error: ValidationError) -> str:
    told = [
        sentence(Settings, {**problem, "loc": (f"SIGHTLINE_{str(problem['loc'][0]).upper()}",)}, "variable")
        for problem in error.errors()
    ]
    return f"{' '.join(told)} {SET_RIGHT}"
