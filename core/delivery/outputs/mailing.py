"""What outputs by mail have in common: who gets it, and what stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from core.base.errors import BadInput
from core.datasources.hints import Hint
from core.delivery.addresses import address, addresses, domain_of
from core.delivery.message import Attached, Inline
from core.delivery.outputs.output import OutputArgs, Parcel, WebAddress
from core.documents.blobs import media_type


def _sender(text: str) -> str:
    name, bare = parseaddr(text if text.isprintable() else "")
    return f"{name} <{_address(bare or text)}>" if name else _address(bare or text)


def _address(text: str) -> str:
    try:
        return address(text)
    except BadInput as error:
        raise ValueError(error.message) from error


def _recipients(given: Any) -> Any:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError("write one address, or a list of them.")
    try:
        return addresses(texts)
    except BadInput as error:
        raise ValueError(error.message.replace("A schedule needs", "It needs")) from error


class MailArgs(OutputArgs):
    email_from: Annotated[str, AfterValidator(_sender), Hint("Sender")] = Field(
        description="Sender: name@example.org, also with a name."
    )
    email_to: Annotated[list[str], BeforeValidator(_recipients), Hint("Recipients")] = Field(
        description="One recipient, or a list."
    )
    image_strategy: Annotated[
        Literal["embed", "remote"], Hint("Pictures", {"embed": "In the mail", "remote": "Shown from an address"})
    ] = Field("embed", description="embed: pictures come along; remote: they are shown from image_remote_base_url.")
    image_remote_base_url: Annotated[
        WebAddress, Hint("Address of the pictures", only={"image_strategy": ("remote",)})
    ] = Field("", description="Where the folder of the report is served; {id} and {title_slug} are filled in.")


OF_REPORT = frozenset({"email_to", "formats", "image_strategy", "image_remote_base_url"})
"""What a report says for itself where a connection brings the server and the sender."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A report as a mail, whoever carries it."""

    subject: str
    text: str
    html: str
    pictures: Sequence[Inline]
    files: Sequence[Attached]
    message_id: str
    """The same for the same report and output, so that one sent twice is known as one."""


def written(args: MailArgs, name: str, parcel: Parcel) -> Mail:
    """The mail; BadInput if its pictures are to be shown from afar and nobody said where."""
    from core.documents.renderers import email

    remote = args.image_strategy == "remote"
    if remote and not args.image_remote_base_url:
        raise BadInput(f"The output '{name}' shows its pictures from afar, but names no image_remote_base_url.")
    afar = parcel.filled(args.image_remote_base_url) if remote else ""
    body = email.render(parcel.document, afar, files=bool(args.formats))
    made = f"{parcel.report_id} {name} {parcel.document.generated_at.isoformat()}"
    return Mail(
        parcel.subject,
        body.text,
        body.html,
        [Inline(cid, media_type(content), content) for cid, content in body.images.items()],
        list(_files(args, parcel)),
        f"<{hashlib.sha256(made.encode()).hexdigest()[:32]}@{domain_of(args.email_from)}>",
    )


def _files(args: MailArgs, parcel: Parcel) -> list[Attached]:
    stem = parcel.document.file_stem()
    rendered = [parcel.render(fmt) for fmt in dict.fromkeys(args.formats)]
    return [Attached(f"{stem}{made.filename_suffix}", made.media_type, made.content) for made in rendered]
