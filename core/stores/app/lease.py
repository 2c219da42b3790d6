"""A claimed run as a `with` block: renewed while it lasts, ended when it ends."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import structlog
from sqlalchemy.orm import Session

from core.base.errors import Fault, LostLease, SightlineError, StoreUnreachable
from core.stores.app import work
from core.stores.app.base import WorkRow
from core.stores.app.store import AppStore

log = structlog.get_logger(__name__)


class Lease:
    """A claimed run, renewed by a thread while its `with` block lasts.

    Call `finish` inside the block to keep results together with the ending. A
    block that raises fails the run with the error's sentence and raises on; one
    that ends without `finish` was a success; one that is interrupted gives the run back.
    """

    def __init__(
        self,
        app: AppStore,
        model: type[WorkRow],
        run_id: str,
        fence: int,
        clock: Callable[[], datetime],
        lease_s: float = work.LEASE_S,
    ) -> None:
        self.run_id, self.fence = run_id, fence
        self._app, self._model, self._clock, self._lease_s = app, model, clock, lease_s
        self._lost, self._stopped, self._finished = False, threading.Event(), False
        self._said_at = 0.0
        self._thread = threading.Thread(target=self._keep, name=f"lease-{run_id[:8]}", daemon=True)

    def __enter__(self) -> Self:
        _HELD.add(self)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._stop()
        if self._finished or self._lost or isinstance(error, LostLease):
            return
        if error is None:
            self.finish("success")
        elif isinstance(error, Exception):
            self._fail(error)
        else:
            self.give_back()

    def check(self) -> None:
        """Return quietly while the run is ours; LostLease if not. Call it before anything that cannot be undone."""
        if self._lost:
            raise LostLease(f"The run {self.run_id} was taken over or cancelled; this attempt stops.")

    def progress(self, fraction: float, text: str = "") -> None:
        """Say how far the run is; written at most three times a second."""
        self.check()
        if time.monotonic() - self._said_at < 0.3:
            return
        self._said_at = time.monotonic()
        with self._app.session() as session:
            work.progress(session, self._model, self.run_id, self.fence, fraction, text)

    def finish(
        self,
        status: str,
        *,
        error: str | None = None,
        fault: Fault | None = None,
        error_traceback: str | None = None,
        session: Session | None = None,
        **columns: Any,
    ) -> None:
        """End the run, in `session` if the caller has more to write in the same transaction."""
        ending = {"error": error, "fault": fault, "error_traceback": error_traceback, **columns}
        if session is None:
            with self._app.session() as own:
                work.finish(own, self._model, self.run_id, self.fence, status, self._clock(), **ending)
        else:
            work.finish(session, self._model, self.run_id, self.fence, status, self._clock(), **ending)
        self._finished = True

    def give_back(self) -> None:
        """Make the run pending again; another worker may take it at once."""
        self._stop()
        self._lost = True
        try:
            with self._app.session() as session:
                work.release(session, self._model, self.run_id, self.fence)
        except LostLease:
            log.info("lease_lost", run_id=self.run_id)

    def _stop(self) -> None:
        self._stopped.set()
        _HELD.discard(self)

    def _fail(self, error: Exception) -> None:
        ours = isinstance(error, SightlineError)
        sentence = error.message if isinstance(error, SightlineError) else (
            f"Sightline met a fault of its own ({type(error).__name__}). An operator finds the details on System."
        )  # fmt: skip
        trace = "".join(traceback.format_exception(error))
        log.warning("run_failed", run_id=self.run_id, error=str(error), expected=ours)
        try:
            self.finish(
                "failed",
                error=sentence,
                fault=error.fault if isinstance(error, SightlineError) else "system",
                error_traceback=trace[-20_000:],
            )
        except LostLease:
            log.info("lease_lost", run_id=self.run_id)

    def _keep(self) -> None:
        while not self._stopped.wait(self._lease_s / 3):
            try:
                with self._app.session() as session:
                    work.renew(session, self._model, self.run_id, self.fence, self._clock(), self._lease_s)
            except LostLease:
                self._lost = not self._finished
                log.warning("lease_lost", run_id=self.run_id)
                return
            except StoreUnreachable as error:  # the lease may outlast a short outage
                log.warning("lease_not_renewed", run_id=self.run_id, error=error.message)


_HELD: set[Lease] = set()


def take(
    app: AppStore,
    model: type[WorkRow],
    run_id: str,
    worker: str,
    clock: Callable[[], datetime],
    lease_s: float = work.LEASE_S,
) -> Lease | None:
    """Claim a run for use in a `with` block; None if it has ended or somebody else has it."""
    with app.session() as session:
        fence = work.claim(session, model, run_id, worker, clock(), lease_s)
    return None if fence is None else Lease(app, model, run_id, fence, clock, lease_s)


def give_back_all() -> None:
    """Give back every run that this process still holds: the last thing a stopping worker does."""
    for lease in list(_HELD):
        lease.give_back()
