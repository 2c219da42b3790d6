"""Messages to the one channel of an incoming webhook: Slack's, or that of a service that takes the same."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr

from core.base.errors import DeliveryFailed, SightlineError
from core.datasources.hints import Hint
from core.datasources.web import Web
from core.delivery.outputs.output import Output, OutputArgs, Parcel, WebAddress, web_address
from core.delivery.outputs.slack_blocks import Block, Picture, messages, summary
from core.documents.sidefiles import address

_SENTENCES = {
    "no_service": "the webhook is gone or was switched off. Make a new one, and give the connection its address.",
    "no_team": "the webhook's workspace is gone. Make a new one, and give the connection its address.",
    "invalid_token": "the webhook's address is not right. Copy it anew.",
    "channel_is_archived": "its channel is archived. Make a webhook for another one.",
    "action_prohibited": "the workspace does not let webhooks write there. Ask its admins.",
}


def _hook(given: SecretStr) -> SecretStr:
    web_address(given.get_secret_value())
    return given


def _none(given: list[str]) -> list[str]:
    if given:
        raise ValueError("a webhook takes no files. Leave them out, or use a Slack app's token (slack).")
    return given


class SlackWebhookArgs(OutputArgs):
    webhook_url: Annotated[SecretStr, AfterValidator(_hook), Hint("Address of the webhook", aside=False)] = Field(
        description="As the service shows it; whoever knows it can post there."
    )
    image_remote_base_url: Annotated[WebAddress, Hint("Address of the pictures")] = Field(
        "", description="Where the folder of the report is served; without it charts and tables are written out."
    )
    formats: Annotated[list[str], AfterValidator(_none), Hint(hidden=True)] = Field(
        [], description="None: it takes no files."
    )


class SlackWebhook(Output):
    """The report as blocks, in one message or a few; numbers of charts and tables as text, for it takes no files."""

    key = "slack_webhook"
    label = "Slack webhook"
    about = "Messages of numbers and text to the channel of an incoming webhook of Slack, or of what takes the same."
    Args = SlackWebhookArgs
    of_report = frozenset({"image_remote_base_url"})

    def send(self, parcel: Parcel) -> str:
        found = messages(parcel.document, self._address(parcel))
        web, told = Web(self.args.webhook_url.get_secret_value()), summary(parcel.document)
        try:
            for done, blocks in enumerate(found):
                try:
                    self._post(web, told, blocks)
                except SightlineError as error:
                    part = f" (after {done} of {len(found)} messages)" if done else ""
                    raise DeliveryFailed(
                        f"The output '{self.name}' (slack_webhook) did not reach its channel{part}: {_why(error)}",
                        retry=False,
                    ) from error
        finally:
            web.close()
        return "Posted by the webhook"

    def _address(self, parcel: Parcel) -> Any:
        base = parcel.filled(self.args.image_remote_base_url)

        def where(picture: Picture) -> Block | None:
            return {"image_url": address(base, picture.path)} if base and picture.served else None

        return where

    def _post(self, web: Web, text: str, blocks: list[Block]) -> None:
        web.asked("", method="POST", once=True, json={"text": text, "blocks": blocks})


def _why(error: SightlineError) -> str:
    known = next((said for code, said in _SENTENCES.items() if code in error.message), "")
    return known or error.message
