"""Verbs of webhooks: add, list, receive, try, remove."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.access import workspaces
from core.access.workspaces import note
from core.base.errors import BadInput, Conflict, NotFound, SightlineError, did_you_mean
from core.base.settings import settings
from core.context import Actor, Capability, Context, Rooms
from core.ingestion.models import Webhook, WebhookMessage
from core.ingestion.records import service as records
from core.ingestion.records.kinds import KINDS as RECORDS
from core.ingestion.records.places import Places
from core.ingestion.records.service import Push, Pushed
from core.ingestion.webhooks import signing, syncing
from core.ingestion.webhooks.kinds import KINDS, Kind, Message, Saying, found

KEPT = 100
"""Messages that are kept of each webhook."""
SHOWN = 4_000
"""Letters that are kept of a message."""
PREFIX = "wh_"


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook as people see it: its address is told once, its secret never again."""

    id: str
    name: str
    kind: str
    label: str
    repo: str
    mapping: Mapping[str, str]
    is_signed: bool
    created_by: str
    created_at: datetime
    messages: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageView:
    """What came in, and what became of it."""

    event: str
    outcome: str
    said: str
    body: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A new webhook's address and secret, told this once."""

    id: str
    address: str
    secret: str


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a message."""

    outcome: str
    said: str


def kind_of(key: str) -> Kind:
    """The kind with this name; NotFound with the nearest."""
    if key not in KINDS:
        raise NotFound(f"There is no kind of webhook '{key}'.{did_you_mean(key, KINDS)} Kinds: {', '.join(KINDS)}.")
    return KINDS[key]


def add(
    ctx: Context, name: str, kind: str, repo: str = "", mapping: Mapping[str, str] | None = None, *, sign: bool = True
) -> Made:
    """Make an address for a tool to tell its events to; what signs gets a secret, and is refused without it."""
    ctx.require(Capability.MANAGE_SOURCES)
    chosen = kind_of(kind)
    if not name.strip():
        raise BadInput("A webhook needs a name that tells who sends to it.")
    if kind == "github" and not sign:
        raise BadInput("GitHub signs its messages: a webhook of it needs a secret.")
    paths = _checked(chosen, mapping or {})
    if repo:
        Places(ctx, repo)
    token, secret = PREFIX + secrets.token_urlsafe(24), secrets.token_urlsafe(32) if sign and chosen.signs else None
    with ctx.app.session() as session:
        if session.scalar(sa.select(Webhook.id).where(_mine(ctx), Webhook.name == name.strip()[:120])):
            raise Conflict(f"There is a webhook named '{name.strip()}' already. Choose another name.")
        row = Webhook(
            workspace_id=ctx.workspace.id, name=name.strip()[:120], kind=kind, token_hash=_hash(token), secret=secret,
            repo=repo, mapping=paths, created_at=ctx.clock(), created_by=ctx.actor.name,
        )  # fmt: skip
        session.add(row)
        session.flush()
        note(session, ctx, "webhook.add", row.name, kind=kind)
        return Made(row.id, f"{settings().url}/hooks/{token}", secret or "")


def webhooks(ctx: Context) -> list[WebhookView]:
    """The workspace's webhooks by name."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        rows = list(session.scalars(sa.select(Webhook).where(_mine(ctx)).order_by(Webhook.name)))
        asked = sa.select(WebhookMessage.webhook_id, sa.func.count(), sa.func.max(WebhookMessage.received_at))
        mine = asked.where(WebhookMessage.workspace_id == ctx.workspace.id).group_by(WebhookMessage.webhook_id)
        counted = {id_: (count, last) for id_, count, last in session.execute(mine)}
    return [
        WebhookView(
            row.id, row.name, row.kind, KINDS[row.kind].label, row.repo, dict(row.mapping), row.secret is not None,
            row.created_by, row.created_at, *counted.get(row.id, (0, None)),
        )
        for row in rows
    ]  # fmt: skip


def messages(ctx: Context, ref: str, limit: int = 20) -> list[MessageView]:
    """What came in lately, the newest first."""
    ctx.require(Capability.MANAGE_SOURCES)
    row = _named(ctx, ref)
    with ctx.app.reading() as session:
        asked = sa.select(WebhookMessage).where(WebhookMessage.webhook_id == row.id)
        newest = session.scalars(asked.order_by(WebhookMessage.received_at.desc(), WebhookMessage.id).limit(limit))
        return [MessageView(one.event, one.outcome, one.said, one.body, one.received_at) for one in newest]


def remove(ctx: Context, ref: str) -> str:
    """End a webhook; its name. What it told stays, and can be taken back under Records."""
    ctx.require(Capability.MANAGE_SOURCES)
    row = _named(ctx, ref)
    with ctx.app.session() as session:
        session.execute(sa.delete(WebhookMessage).where(WebhookMessage.webhook_id == row.id))
        session.execute(sa.delete(Webhook).where(Webhook.id == row.id))
        note(session, ctx, "webhook.remove", row.name)
    return row.name


def test(ctx: Context, ref: str, body: str = "") -> Received:
    """What a message would do: an example of its kind, or the one given. It is logged, and changes nothing."""
    ctx.require(Capability.MANAGE_SOURCES)
    row = _named(ctx, ref)
    sample = body or json.dumps(KINDS[row.kind].example)
    try:
        said = _understood(ctx, row, _payload(sample.encode()), {"x-github-event": "ping"}, dry_run=True)[1]
    except SightlineError as error:
        said = f"Refused: {error.message}"
    received = Received("test", said)
    _log(ctx, row, f"test:{secrets.token_hex(8)}", "test", received, sample.encode())
    return received


def receive(rooms: Rooms, token: str, headers: Mapping[str, str], body: bytes) -> Received:
    """Take a message: whoever knows the address, and the secret where there is one, may send it. Once is enough."""
    with rooms.app.reading() as session:
        row = session.scalar(sa.select(Webhook).where(Webhook.token_hash == _hash(token)))
    if row is None:
        raise NotFound("There is no webhook at this address.")
    actor = Actor("", f"Webhook '{row.name}'", "manager", frozenset({Capability.MANAGE_SOURCES}))
    ctx = rooms.context(workspaces.find(rooms.app, row.workspace_id), actor)
    if row.secret:
        signing.check(row.kind, row.secret, headers, body, ctx.clock())
    payload = _payload(body)
    key = KINDS[row.kind].key_of(headers, payload) or hashlib.sha256(body).hexdigest()
    if _is_known(ctx, row, key):
        return Received("known", "This message was taken before.")
    event, received = _taken(ctx, row, payload, headers)
    _log(ctx, row, key, event, received, body)
    return received


def _taken(ctx: Context, row: Webhook, payload: Any, headers: Mapping[str, str]) -> tuple[str, Received]:
    try:
        saying, said = _understood(ctx, row, payload, headers, dry_run=False)
    except SightlineError as error:
        if error.retry:
            raise
        return headers.get("x-github-event", "message"), Received("refused", error.message)
    return saying.event, Received("ignored" if saying.ignored else "taken", said)


def _understood(
    ctx: Context, row: Webhook, payload: Any, headers: Mapping[str, str], *, dry_run: bool
) -> tuple[Saying, str]:
    """What a message says, and in a sentence what that did, or would do."""
    message = Message(payload, headers.get("x-github-event", ""), ctx.clock(), row.mapping)
    try:
        saying = KINDS[row.kind].read(message)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadInput(f"The message is not as {KINDS[row.kind].label} sends it: {error} is missing or odd.") from error
    if saying.ignored:
        return saying, saying.ignored
    parts = []
    if saying.rows:
        named = all(one.get("repository") for one in saying.rows)
        repo = row.repo or ("" if named else syncing.repository_of(ctx, saying.sync))
        how = Push(saying.record, repo, row.name, joins=True, adds=True, dry_run=dry_run)
        parts.append(_sentence(records.take(ctx, RECORDS[saying.record], enumerate(saying.rows, 1), how)))
    if saying.sync:
        parts.append(syncing.ask(ctx, saying.sync, dry_run=dry_run))
    return saying, " ".join(part for part in parts if part)


def _sentence(pushed: Pushed) -> str:
    if pushed.refused and not pushed.accepted:
        raise BadInput(" ".join(one.reason for one in pushed.refusals[:3]))
    refused = f" Refused: {pushed.refusals[0].reason}" if pushed.refusals else ""
    return f"{pushed.kind.title()}s: {pushed.sentence}{refused}"


def _payload(body: bytes) -> Any:
    try:
        payload = json.loads(body)
    except ValueError as error:
        raise BadInput("The message is no JSON. Choose application/json where it is sent.") from error
    if not isinstance(payload, dict | list):
        raise BadInput("The message is no JSON object, nor a list of such.")
    return payload


def _is_known(ctx: Context, row: Webhook, key: str) -> bool:
    same = sa.select(WebhookMessage.id).where(
        WebhookMessage.webhook_id == row.id, WebhookMessage.key == key[:120],
        WebhookMessage.outcome.in_(("taken", "ignored")),
    )  # fmt: skip
    with ctx.app.reading() as session:
        return session.scalar(same) is not None


def _log(ctx: Context, row: Webhook, key: str, event: str, received: Received, body: bytes) -> None:
    """Keep the message, and forget those of long ago."""
    this = sa.and_(WebhookMessage.webhook_id == row.id, WebhookMessage.key == key[:120])
    try:
        with ctx.app.session() as session:
            session.execute(sa.delete(WebhookMessage).where(this))
            session.add(
                WebhookMessage(
                    workspace_id=ctx.workspace.id, webhook_id=row.id, key=key[:120], event=event[:80],
                    outcome=received.outcome, said=received.said[:2000],
                    body=body[:SHOWN].decode("utf-8", "replace"), received_at=ctx.clock(),
                )
            )  # fmt: skip
            session.flush()
            newest = sa.select(WebhookMessage.id).where(WebhookMessage.webhook_id == row.id)
            old = newest.order_by(WebhookMessage.received_at.desc(), WebhookMessage.id).offset(KEPT)
            session.execute(sa.delete(WebhookMessage).where(WebhookMessage.id.in_(session.scalars(old).all())))
    except IntegrityError:
        return  # the same message came twice at one moment: the other one is kept


def _checked(kind: Kind, mapping: Mapping[str, str]) -> dict[str, str]:
    record = {"deployments": "deployment", "incidents": "incident"}.get(kind.key)
    if record is None:
        if mapping:
            raise BadInput(f"{kind.label} has messages of a known shape: it takes no paths.")
        return {}
    known = [*RECORDS[record].model.model_fields, "each"]
    for name, path in mapping.items():
        if name not in known:
            raise BadInput(f"There is no field '{name}'.{did_you_mean(name, known)} Fields: {', '.join(known)}.")
        if not path.startswith("="):
            found(path, {})
    return dict(mapping)


def _named(ctx: Context, ref: str) -> Webhook:
    with ctx.app.reading() as session:
        rows = list(session.scalars(sa.select(Webhook).where(_mine(ctx))))
    for row in rows:
        if ref in (row.id, row.name):
            return row
    raise NotFound(f"There is no webhook named '{ref}'.{did_you_mean(ref, [row.name for row in rows])}")


def _mine(ctx: Context) -> sa.ColumnElement[bool]:
    return Webhook.workspace_id == ctx.workspace.id


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
