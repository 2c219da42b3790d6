"""Mail by an SMTP server."""

from __future__ import annotations

from email.utils import parseaddr
from smtplib import SMTPAuthenticationError
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr

from core.base.errors import DeliveryFailed
from core.base.outbound import checked_host
from core.datasources.hints import Hint
from core.delivery.mailserver import Server, connected, hand_over
from core.delivery.message import Head, built
from core.delivery.outputs.mailing import OF_REPORT, MailArgs, written
from core.delivery.outputs.output import Output, Parcel
from core.delivery.outputs.trying import tried

TLS_PORT = 465


_ENCRYPTION = Hint(
    "Encryption",
    {"none": "None", "yes": "TLS on port 465, STARTTLS on others", "starttls": "STARTTLS", "tls": "TLS from the start"},
)


def _security(given: Any) -> Any:
    if isinstance(given, bool) or given is None:
        return "yes" if given else "none"
    return str(given).lower()


class SmtpArgs(MailArgs):
    smtp_host: Annotated[str, Hint("Server")] = Field("localhost", min_length=1, description="Mail server.")
    smtp_port: Annotated[int, Hint("Port")] = Field(25, ge=1, le=65535, description="Its port.")
    smtp_user: Annotated[str, Hint("User")] = Field("", description="Login, if it wants one.")
    smtp_password: Annotated[SecretStr, Hint("Password")] = Field(SecretStr(""), description="Password of the login.")
    use_tls: Annotated[Literal["none", "yes", "starttls", "tls"], BeforeValidator(_security), _ENCRYPTION] = Field(
        "none", description="true: TLS from the start on port 465, STARTTLS on others; or starttls, or tls."
    )


class Smtp(Output):
    """One message, given to the server for one recipient after the other, so that each has an answer of its own."""

    key = "smtp"
    label = "E-mail by SMTP"
    about = "A mail with embedded pictures and the chosen files attached, by a mail server."
    Args = SmtpArgs
    to = "email_to"
    of_report = OF_REPORT

    def check(self) -> str:
        args: SmtpArgs = self.args
        checked_host(args.smtp_host, args.smtp_port)
        with connected(self._server()) as server:
            server.noop()
        known = f" and knows '{args.smtp_user}'" if args.smtp_user else ""
        return f"The mail server {args.smtp_host}:{args.smtp_port} answers{known}."

    def send(self, parcel: Parcel) -> str:
        args: SmtpArgs = self.args
        checked_host(args.smtp_host, args.smtp_port)
        waiting, refused = dict.fromkeys(args.email_to, ""), dict[str, str]()
        content = self._content(parcel)

        def round_() -> None:
            try:
                self._hand_over(content, waiting, refused)
            except DeliveryFailed as error:
                if isinstance(error.__cause__, SMTPAuthenticationError):  # the same password would be refused again
                    raise DeliveryFailed(error.message, retry=False) from error
                raise

        try:
            tried(round_)
        except DeliveryFailed as error:
            nobody = error.retry and list(waiting) == args.email_to
            refused |= dict.fromkeys(waiting, error.message) | {one: why for one, why in waiting.items() if why}
            raise DeliveryFailed(self._failure(refused), retry=nobody) from error
        if refused:
            raise DeliveryFailed(self._failure(refused), retry=False)
        return f"Mailed to {', '.join(args.email_to)} by {args.smtp_host}:{args.smtp_port}"

    def _hand_over(self, content: bytes, waiting: dict[str, str], refused: dict[str, str]) -> None:
        """Give it to the server for all who wait. Whoever has it, or never will, waits no longer."""
        with connected(self._server()) as server:
            for recipient in list(waiting):
                try:
                    hand_over(server, _bare(self.args.email_from), recipient, content)
                except DeliveryFailed as error:
                    server.rset()
                    waiting[recipient] = error.message
                    if not error.retry:
                        refused[recipient] = waiting.pop(recipient)
                else:
                    del waiting[recipient]
        if waiting:
            raise DeliveryFailed(next(iter(waiting.values())))

    def _content(self, parcel: Parcel) -> bytes:
        args = self.args
        mail = written(args, self.name, parcel)
        head = Head(mail.subject, args.email_from, args.email_to, mail.message_id, parcel.document.generated_at)
        return built(head, mail.text, mail.html, mail.pictures, mail.files).as_bytes()

    def _server(self) -> Server:
        args: SmtpArgs = self.args
        security = args.use_tls if args.use_tls != "yes" else "tls" if args.smtp_port == TLS_PORT else "starttls"
        password = args.smtp_password.get_secret_value()
        return Server(args.smtp_host, args.smtp_port, security, args.smtp_user, password, "smtp_user and smtp_password")

    def _failure(self, refused: dict[str, str]) -> str:
        told = "; ".join(f"{recipient}: {reason.rstrip('.')}" for recipient, reason in refused.items())
        others = len(self.args.email_to) - len(refused)
        got = f" {others} other {'recipient has' if others == 1 else 'recipients have'} it." if others else ""
        return f"The output '{self.name}' (smtp) did not reach {told}.{got}"


def _bare(sender: str) -> str:
    return parseaddr(sender)[1]
