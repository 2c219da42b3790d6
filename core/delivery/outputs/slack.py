"""Messages to Slack's channels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr

from core.base.errors import DeliveryFailed, SightlineError
from core.datasources.hints import Hint
from core.datasources.web import Web
from core.delivery.outputs.output import Output, OutputArgs, Parcel, WebAddress
from core.delivery.outputs.secrets import secret
from core.delivery.outputs.slack_blocks import Block, Picture, messages, summary
from core.delivery.outputs.trying import tried
from core.documents.sidefiles import address

PATIENCE_S = 60.0
_TOKEN = ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type")
_SENTENCES = {
    "not_in_channel": "the app is not a member of that channel. Invite it there with /invite.",
    "channel_not_found": "there is no such channel that the app can see. Check its name, or write its id.",
    "is_archived": "that channel is archived. Name another one.",
    "restricted_action": "the workspace does not let the app write there. Ask its admins.",
}


def _channels(given: Any) -> Any:
    names = [given] if isinstance(given, str) else given
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        names = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if names == []:
        raise ValueError("name at least one channel: '#ops', or its id.")
    return names


class SlackArgs(OutputArgs):
    api_token: Annotated[SecretStr, Hint("Token", aside=False)] = Field(
        SecretStr(""), description="Token with chat:write, and files:write for pictures; default SLACK_API_TOKEN."
    )
    channels: Annotated[list[str], BeforeValidator(_channels)] = Field(
        description="Channels by name or id; one, or a list."
    )
    image_remote_base_url: Annotated[WebAddress, Hint("Address of the pictures")] = Field(
        "", description="Where the folder of the report is served; without it pictures are uploaded to Slack."
    )
    api: WebAddress = Field("https://slack.com/api", description="Address of the service.")


class Slack(Output):
    """The report as blocks, in one message or a few. Files in other formats are put below."""

    key = "slack"
    label = "Slack"
    about = "Messages of numbers, text and pictures to one or more channels."
    Args = SlackArgs
    to = "channels"
    of_report = frozenset({"channels", "formats", "image_remote_base_url"})
    login = (("api_token",),)

    def check(self) -> str:
        web = self._web()
        try:
            found = _good(web.json("/auth.test", method="POST"))
        finally:
            web.close()
        return f"Slack knows the token: it is '{found.get('user', '?')}' of '{found.get('team', '?')}'."

    def send(self, parcel: Parcel) -> str:
        web = self._web()
        try:
            return self._sent(_Slack(web), parcel)
        finally:
            web.close()

    def _web(self) -> Web:
        token = secret(self.args.api_token, "SLACK_API_TOKEN", self.name, "api_token")
        return Web(self.args.api, headers={"Authorization": f"Bearer {token}"}, patience_s=PATIENCE_S)

    def _sent(self, slack: _Slack, parcel: Parcel) -> str:
        try:
            base = parcel.filled(self.args.image_remote_base_url)
            found = messages(parcel.document, lambda picture: slack.address(picture, base))
        except SightlineError as error:
            raise DeliveryFailed(
                f"The output '{self.name}' (slack) sent nothing: {error.message}", retry=error.retry
            ) from error
        failures = [why for name in self.args.channels if (why := self._posted(slack, name, found, parcel))]
        if failures:
            raise DeliveryFailed(f"The output '{self.name}' (slack) did not reach {'; '.join(failures)}", retry=False)
        return f"Posted to {', '.join(self.args.channels)}"

    def _posted(self, slack: _Slack, channel: str, found: list[list[Block]], parcel: Parcel) -> str:
        """Nothing if the whole report is in the channel; else its name and why it is not."""
        told = summary(parcel.document)
        place = channel
        for done, blocks in enumerate(found):
            try:
                place = slack.post(place, told, blocks)
            except SightlineError as error:
                part = f" (after {done} of {len(found)} messages)" if done else ""
                return f"'{channel}'{part}: {error.message}"
        try:
            slack.share(place, self._files(parcel))
        except SightlineError as error:
            return f"'{channel}' (the message is there, its files are not): {error.message}"
        return ""

    def _files(self, parcel: Parcel) -> dict[str, bytes]:
        rendered = [parcel.render(fmt) for fmt in dict.fromkeys(self.args.formats)]
        stem = parcel.document.file_stem()
        return {f"{stem}{made.filename_suffix}": made.content for made in rendered}


class _Slack:
    """Slack's API, as far as reports need it."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self._uploaded: dict[str, str] = {}

    def address(self, picture: Picture, base: str) -> Block:
        """Where a picture is: served by somebody else, or uploaded now."""
        if base and picture.served:
            return {"image_url": address(base, picture.path)}
        if picture.path not in self._uploaded:
            self._uploaded[picture.path] = self.upload(picture.path.rpartition("/")[2], picture.make())
        return {"slack_file": {"id": self._uploaded[picture.path]}}

    def post(self, channel: str, text: str, blocks: list[Block]) -> str:
        """Write a message once, and return the channel's id."""
        message = {"channel": channel, "text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}
        return str(tried(lambda: self._once_ready(message)).get("channel") or channel)

    def _once_ready(self, message: dict[str, Any]) -> Mapping[str, Any]:
        """Slack needs a moment before a message can show a file that was just uploaded, and refuses it until then."""
        try:
            reply = self.web.json("/chat.postMessage", method="POST", once=True, json=message)
        except SightlineError as error:  # which has been tried as often as it may be without writing it twice
            raise DeliveryFailed(error.message, retry=False) from error
        if self._uploaded and reply.get("error") == "invalid_blocks":
            raise DeliveryFailed(_sentence(reply), retry=True)
        return _good(reply)

    def upload(self, name: str, content: bytes, share: str = "") -> str:
        """Give Slack a file, and return its id."""
        asked = {"filename": name, "length": str(len(content))}
        place = _good(self.web.json("/files.getUploadURLExternal", method="POST", data=asked))
        self.web.asked(str(place["upload_url"]), method="POST", content=content)
        files = json.dumps([{"id": place["file_id"], "title": name}])
        done = {"files": files, **({"channel_id": share} if share else {})}
        _good(self.web.json("/files.completeUploadExternal", method="POST", once=True, data=done))
        return str(place["file_id"])

    def share(self, channel: str, files: Mapping[str, bytes]) -> None:
        """Put files into a channel, given by its id."""
        for name, content in files.items():
            self.upload(name, content, channel)


def _good(reply: Any) -> Mapping[str, Any]:
    if isinstance(reply, Mapping) and reply.get("ok"):
        return reply
    raise DeliveryFailed(_sentence(reply if isinstance(reply, Mapping) else {}), retry=False)


def _sentence(reply: Mapping[str, Any]) -> str:
    code = str(reply.get("error") or "no reason")
    if code in _TOKEN:
        return f"Slack refused the token ({code}). Create one with chat:write and files:write for api_token."
    if code == "missing_scope":
        return f"the token lacks the scope '{reply.get('needed', '')}'. Add it to the app and install it again."
    said = reply.get("response_metadata") or {}
    more = "; ".join(map(str, said.get("messages") or []))[:300] if isinstance(said, Mapping) else ""
    return _SENTENCES.get(code, f"Slack answered '{code}'{f' ({more})' if more else ''}.")
