"""Mail by SendGrid's API."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Annotated, Any

from pydantic import Field, SecretStr

from core.base.errors import DeliveryFailed, SightlineError
from core.datasources.hints import Hint
from core.datasources.web import Web
from core.delivery.outputs.mailing import OF_REPORT, Mail, MailArgs, written
from core.delivery.outputs.output import Output, Parcel, WebAddress
from core.delivery.outputs.secrets import secret, switched_on

SANDBOX = "SENDGRID_SANDBOX_ENABLED"


class SendGridArgs(MailArgs):
    api_key: Annotated[SecretStr, Hint("API key", aside=False)] = Field(
        SecretStr(""), description="API key with the right to send; default SENDGRID_API_KEY."
    )
    api: WebAddress = Field("https://api.sendgrid.com", description="Address of the service.")


class SendGrid(Output):
    """One message to all recipients. With SENDGRID_SANDBOX_ENABLED=1 it is checked and not sent."""

    key = "sendgrid"
    label = "E-mail by SendGrid"
    about = "A mail with embedded pictures and the chosen files attached, by SendGrid."
    Args = SendGridArgs
    to = "email_to"
    of_report = OF_REPORT
    login = (("api_key",),)

    def check(self) -> str:
        web = self._web()
        try:
            scopes = web.json("/v3/scopes").get("scopes") or ()
        except SightlineError as error:
            raise DeliveryFailed(f"SendGrid did not take the key: {error.message}", retry=error.retry) from error
        finally:
            web.close()
        if "mail.send" not in scopes:
            raise DeliveryFailed("SendGrid knows the key, but it may not send. Give it 'mail.send'.", retry=False)
        return "SendGrid knows the key, and it may send."

    def send(self, parcel: Parcel) -> str:
        args: SendGridArgs = self.args
        message = _message(args, written(args, self.name, parcel))
        web = self._web()
        everybody = ", ".join(args.email_to)
        try:
            web.asked("/v3/mail/send", method="POST", once=True, json=message)
        except SightlineError as error:
            said = f"The output '{self.name}' (sendgrid) did not reach {everybody}: {error.message}"
            raise DeliveryFailed(said, retry=error.retry) from error
        finally:
            web.close()
        if switched_on(SANDBOX):
            return f"SendGrid checked the mail to {everybody}; it was not sent, since {SANDBOX} is set"
        return f"Mailed to {everybody} by SendGrid"

    def _web(self) -> Web:
        key = secret(self.args.api_key, "SENDGRID_API_KEY", self.name, "api_key")
        return Web(self.args.api, headers={"Authorization": f"Bearer {key}"})


def _message(args: SendGridArgs, mail: Mail) -> dict[str, Any]:
    name, sender = parseaddr(args.email_from)
    return {
        "personalizations": [{"to": [{"email": recipient} for recipient in args.email_to]}],
        "from": {"email": sender, "name": name or "Sightline"},
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "headers": {"Auto-Submitted": "auto-generated"},
        **({"attachments": attachments} if (attachments := list(_attachments(mail))) else {}),
        "mail_settings": {"sandbox_mode": {"enable": switched_on(SANDBOX)}},
    }


def _attachments(mail: Mail) -> Iterator[dict[str, str]]:
    for picture in mail.pictures:
        yield {
            "content": b64encode(picture.content).decode(),
            "type": picture.media_type,
            "filename": picture.file_name,
            "disposition": "inline",
            "content_id": picture.cid,
        }
    for file in mail.files:
        yield {
            "content": b64encode(file.content).decode(),
            "type": file.media_type.partition(";")[0],
            "filename": file.file_name,
            "disposition": "attachment",
        }
