"""Questions to a provider: logins used in turn, limits waited out in sight, faults asked again, pages kept by tag."""

from __future__ import annotations

import email.utils
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.base.counted import counted
from core.base.errors import SourceUnreachable
from core.base.outbound import checked_url

if TYPE_CHECKING:
    import httpx

TRIES = 6
"""Times that a question is asked when its answer is a fault of the line or of the server."""
PATIENCE_S = 2 * 3600.0
"""The longest wait for a limit: those of providers begin anew each hour."""
TIMEOUT_S = 60.0
LIMIT_S = 60.0
"""How long to wait where a server says only that there were too many questions."""
SLICE_S = 1.0
TRANSIENT = (408, 500, 502, 503, 504)

Heard = Callable[[str], None]
"""Takes a few words while nothing else happens."""


class Missing(SourceUnreachable):
    """What was asked for is not there, or not for this login."""

    status = 404


class Silent(SourceUnreachable):
    """No answer came, however often it was asked for."""


class Refused(SourceUnreachable):
    """The login may not see what was asked for."""

    status = 403


@dataclass
class Login:
    """One token, and what its limits leave."""

    header: Callable[[], Mapping[str, str]]
    """What to send along; asked for each time, since some tokens live for an hour only."""
    name: str = ""
    left: dict[str, int] = field(default_factory=dict)
    """Kind of limit → questions left."""
    free_at: dict[str, float] = field(default_factory=dict)
    """Kind of limit → moment of `time.monotonic` from which it may be asked again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    data: Any

    @property
    def at(self) -> datetime | None:
        """The server's own clock when it answered."""
        return moment_of(self.headers.get("date", ""))


class ProviderWeb:
    """A client of one provider. It may be asked from several threads at once."""

    def __init__(
        self,
        label: str,
        logins: Sequence[Login],
        *,
        headers: Mapping[str, str],
        verify: bool = True,
        lines: int = 8,
    ) -> None:
        import httpx

        self.label, self.logins, self.lines = label, list(logins), lines
        self.heard: Heard = lambda words: None
        self.questions = 0
        self._lock = Lock()
        self._client = httpx.Client(
            headers={"User-Agent": "Sightline", **headers},
            verify=verify,
            timeout=TIMEOUT_S,
            follow_redirects=True,
            max_redirects=5,
            limits=httpx.Limits(max_connections=lines, max_keepalive_connections=lines),
            event_hooks={"request": [_allowed]},
        )

    def ask(
        self,
        url: str,
        *,
        method: str = "GET",
        kind: str = "core",
        login: Login | None = None,
        limited: Callable[[Answer], bool] | None = None,
        tries: int = 0,
        **more: Any,
    ) -> Answer:
        """The answer, 304 among them; Missing, Refused or SourceUnreachable if there is none.

        `kind` is the limit that it counts against, `limited` tells answers that look
        well and say that there were too many questions.
        """
        tried = waited = 0
        while True:
            chosen = login or self._free(kind)
            answer = self._once(method, url, chosen, more)
            if isinstance(answer, str):
                tried += 1
                if tried >= (tries or TRIES):
                    raise Silent(f"{self._where(url)} {answer} What was read so far is kept; try again later.")
                time.sleep(_backoff(tried))
                continue
            self._learn(chosen, kind, answer)
            if self._is_limit(answer) or (limited and limited(answer)):
                waited += 1
                self._block(chosen, kind, answer, waited)
                if login:
                    until = _length(login.free_at[kind] - time.monotonic())
                    raise SourceUnreachable(f"{self.label}'s rate limit is used up. Try again in {until}.")
                continue
            return self._good(url, answer)

    def close(self) -> None:
        self._client.close()

    def _once(self, method: str, url: str, login: Login, more: Mapping[str, Any]) -> Answer | str:
        """The answer, or the words for a fault that may pass."""
        import httpx

        given = dict(more)
        given["headers"] = {**(given.get("headers") or {}), **login.header()}
        with self._lock:
            self.questions += 1
        try:
            reply = self._client.request(method, url, **given)
        except (httpx.TransportError, httpx.DecodingError) as error:
            return f"did not answer: {str(error) or type(error).__name__}."
        if reply.status_code in TRANSIENT and "retry-after" not in reply.headers:
            return f"answered {reply.status_code}{_said(reply)}."
        data = None
        if reply.content and reply.status_code != 304:
            try:
                data = json.loads(reply.content)
            except ValueError:
                if reply.status_code < 400:
                    return "sent a reply that breaks off or is no JSON."
        return Answer(reply.status_code, {name.lower(): value for name, value in reply.headers.items()}, data)

    def _is_limit(self, answer: Answer) -> bool:
        if answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers):
            return True
        if answer.status != 403:
            return False
        said = str((answer.data or {}).get("message", "") if isinstance(answer.data, dict) else "").casefold()
        spent = answer.headers.get("x-ratelimit-remaining") == "0"
        return spent or "retry-after" in answer.headers or "rate limit" in said or "abuse" in said

    def _learn(self, login: Login, kind: str, answer: Answer) -> None:
        left = answer.headers.get("x-ratelimit-remaining") or answer.headers.get("ratelimit-remaining") or ""
        if not left.isdigit():
            return
        with self._lock:
            login.left[kind] = int(left)
            if int(left) == 0 and (seconds := _until_reset(answer)) is not None:
                login.free_at[kind] = time.monotonic() + seconds

    def _block(self, login: Login, kind: str, answer: Answer, waited: int) -> None:
        seconds = _wished(answer)
        if seconds is None:
            seconds = LIMIT_S * 2 ** min(waited - 1, 4)
        if seconds > PATIENCE_S:
            raise SourceUnreachable(
                f"{self.label} wants no more questions for {counted(round(seconds / 3600), 'hour')}."
                " What was read so far is kept; the next run goes on there."
            )
        with self._lock:
            login.free_at[kind] = max(login.free_at.get(kind, 0.0), time.monotonic() + seconds)

    def _free(self, kind: str) -> Login:
        """The login that has most left of this limit, waiting for one if none may ask now."""
        while True:
            now = time.monotonic()
            with self._lock:
                free = [login for login in self.logins if login.free_at.get(kind, 0.0) <= now]
                if free:
                    return max(free, key=lambda login: login.left.get(kind, 1 << 30))
                until = min(login.free_at[kind] for login in self.logins)
            self.heard(f"{self.label}'s rate limit is used up: going on in {_length(until - now)}")
            time.sleep(min(SLICE_S, max(until - now, 0.01)))

    def _good(self, url: str, answer: Answer) -> Answer:
        if answer.status < 400:
            return answer
        said = _message(answer.data)
        if answer.status == 401:
            raise SourceUnreachable(
                f"{self._where(url)} refused the token{said}. Make a new one and enter it under Connections."
            )
        if answer.status == 403:
            raise Refused(f"{self._where(url)} does not let this token see that{said}. Give it the right to read it.")
        if answer.status in (404, 410):
            raise Missing(f"{self._where(url)} has no such thing, or not for this token{said}.")
        raise SourceUnreachable(f"{self._where(url)} answered {answer.status}{said}.")

    def _where(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}"


def moment_of(text: str) -> datetime | None:
    """A moment as HTTP writes it, or None."""
    try:
        found = email.utils.parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found else None


def next_link(answer: Answer) -> str:
    """The address of the next page, if the answer names one."""
    for part in answer.headers.get("link", "").split(","):
        address, _, rest = part.partition(";")
        if 'rel="next"' in rest:
            return address.strip().strip("<>")
    return ""


def _allowed(request: httpx.Request) -> None:
    checked_url(str(request.url))


def _backoff(tried: int) -> float:
    return min(0.25 * 2.0 ** (tried - 1), 8.0) * (0.75 + random.random() / 2)  # noqa: S311 - spreads tries


def _wished(answer: Answer) -> float | None:
    """Seconds that the server wants us to wait; None if it names none."""
    wish = answer.headers.get("retry-after", "")
    if wish.isdigit():
        return float(wish)
    if at := moment_of(wish):
        return max(at.timestamp() - _now(answer), 0.0)
    spent = "0" in (answer.headers.get("x-ratelimit-remaining"), answer.headers.get("ratelimit-remaining"))
    return _until_reset(answer) if spent else None


def _until_reset(answer: Answer) -> float | None:
    reset = answer.headers.get("x-ratelimit-reset") or answer.headers.get("ratelimit-reset") or ""
    if not reset.isdigit():
        return None
    return max(float(reset) - _now(answer), 0.0) + 1.0


def _now(answer: Answer) -> float:
    """By the server's clock, since ours may be wrong; by ours only where it tells none."""
    return answer.at.timestamp() if answer.at else time.time()


def _length(seconds: float) -> str:
    seconds = max(seconds, 1)
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _message(data: Any) -> str:
    if not isinstance(data, dict):
        return ""
    for name in ("message", "error_description", "error"):
        if isinstance(data.get(name), str) and data[name]:
            return f": {data[name][:300].rstrip('.')}"
    return ""


def _said(reply: Any) -> str:
    try:
        return _message(json.loads(reply.content))
    except ValueError:
        return ""
