"""Files on another machine, copied over SSH."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from core.base.errors import DeliveryFailed
from core.datasources.hints import Hint
from core.delivery.outputs.bundle import BundleArgs, Keeping, packed
from core.delivery.outputs.output import Parcel, test_name
from core.delivery.outputs.trying import tried


class ConnectArgs(BaseModel):
    """How to log in, as older files nest it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key_filename: str = Field("", description="File of the private key.")
    password: SecretStr = Field(SecretStr(""), description="Password of the login.")
    passphrase: SecretStr = Field(SecretStr(""), description="Passphrase of the key.")


class ScpArgs(BundleArgs):
    host: str = Field(min_length=1, description="Machine to copy to; also user@host:port.")
    user: str = Field("", description="Login there; default that of whoever runs Sightline.")
    port: int = Field(22, ge=1, le=65535, description="Port of its SSH server.")
    remote_path: Annotated[str, Hint("Folder")] = Field(
        min_length=1, description="Folder there; it is made when it is missing."
    )
    key_file: str = Field("", description="File of the private key; default the agent's and those in ~/.ssh.")
    passphrase: SecretStr = Field(SecretStr(""), description="Passphrase of the key.")
    password: SecretStr = Field(SecretStr(""), description="Password of the login, where no key is used.")
    connect_kwargs: Annotated[ConnectArgs, Hint(hidden=True)] = Field(
        ConnectArgs(), description="The same three, as older files nest them."
    )
    connect_timeout: Annotated[float, Hint("Seconds to wait", aside=True)] = Field(
        15.0, gt=0, le=600, description="Seconds to wait for the machine."
    )
    known_hosts: Annotated[str, Hint("File of known machines", aside=True)] = Field(
        "", description="File of known machines beside ~/.ssh/known_hosts."
    )
    accept_new_host_key: Annotated[bool, Hint("Trust a new machine")] = Field(
        False, description="Trust a machine that is met for the first time."
    )
    remote_path_owner: Annotated[str, Hint("Owner of the files", aside=True)] = Field(
        "", description="Who is to own the files there."
    )
    remote_path_group: Annotated[str, Hint("Group of the files", aside=True)] = Field(
        "", description="Which group is to own the files there."
    )
    sudo: Annotated[bool, Hint("Put them there as root", aside=True)] = Field(
        False, description="Put the files into their place as root there."
    )
    sudo_password: Annotated[SecretStr, Hint("Password for sudo", aside=True)] = Field(
        SecretStr(""), description="Password for sudo, if it asks for one."
    )
    output_dir: Annotated[str, Hint(hidden=True)] = Field(
        "", description="Without meaning here; files of older tools have it."
    )

    @field_validator("remote_path_owner", "remote_path_group")
    @classmethod
    def _plain(cls, given: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_.\-]*", given):
            raise ValueError(f"'{given}' is no name of a user or group.")
        return given

    @property
    def address(self) -> tuple[str, str, int]:
        """(user, host, port), whichever way they were written."""
        user, _, place = self.host.rpartition("@")
        host, colon, port = place.rpartition(":")
        numbered = bool(colon) and port.isdigit() and (":" not in host or host.endswith("]"))
        name, number = (host, int(port)) if numbered else (place, self.port)
        return self.user or user, name.strip("[]"), number


class Scp(Keeping):
    """The files that the output static would write, put beside their place there and then moved into it."""

    key = "scp"
    label = "Another machine, by SSH"
    about = "A web page with its pictures, or one picture, copied to another machine."
    Args = ScpArgs
    serves = True
    of_report = frozenset({"formats", "output_format", "pictures", "remote_path"})
    below = frozenset({"remote_path"})
    login = (("key_file", "password", "connect_kwargs.key_filename", "connect_kwargs.password"),)

    def check(self) -> str:
        from core.delivery.outputs.remote import Remote

        args: ScpArgs = self.args
        user, host, _ = args.address
        try:
            with Remote.opened(args) as remote:
                there = remote.has_root()
        except DeliveryFailed as error:
            raise DeliveryFailed(f"{host} was not reached: {error.message}", retry=error.retry) from error
        return f"{host} lets '{user}' in; '{args.remote_path}' {'is there' if there else 'will be made'}."

    def probe(self, parcel: Parcel) -> str:
        from core.delivery.outputs.remote import Remote

        args: ScpArgs = self.args
        try:
            with Remote.opened(args) as remote:
                place = remote.probe(test_name(), parcel.subject.encode())
        except DeliveryFailed as error:
            raise DeliveryFailed(f"{args.address[1]} took no file: {error.message}", retry=error.retry) from error
        return f"Copied a test to {args.address[1]}:{place} and removed it"

    def send(self, parcel: Parcel) -> str:
        from core.delivery.outputs.remote import Remote

        args: ScpArgs = self.args
        made = packed(parcel, args)

        def copied() -> str:
            with Remote.opened(args) as remote:
                return remote.put(made)

        try:
            place = tried(copied)
        except DeliveryFailed as error:
            said = f"The output '{self.name}' (scp) did not reach {args.address[1]}: {error.message}"
            raise DeliveryFailed(said, retry=error.retry) from error
        return f"Copied to {args.address[1]}:{place}"
