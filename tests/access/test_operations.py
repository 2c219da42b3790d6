"""What an operator sees of failed work, and the retry of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.access import workspaces
from core.base.errors import Conflict, NotAllowed, NotFound
from core.base.queue import InlineQueue
from core.bootstrap import House
from core.context import Context
from core.entrypoints import operations
from core.exports.models import ExportJob
from core.stores.app import work


def failed(ctx: Context, error: str = "The disk is full.") -> str:
    """An export that failed, and its id."""
    with ctx.app.session() as session:
        job = work.create(
            session, ExportJob, ctx.workspace.id, ctx.clock(), export_type="report", format="pdf", config={},
            file_path="", file_name="", media_type="", individual=False,
        )  # fmt: skip
        fence = work.claim(session, ExportJob, job.id, "worker", ctx.clock())
        assert fence
        work.finish(session, ExportJob, job.id, fence, "failed", ctx.clock(), error=error, fault="system")
        return job.id


def test_a_failed_run_is_listed_with_its_reason_and_counted(ctx: Context) -> None:
    run_id = failed(ctx)

    (found,) = operations.failures(ctx)

    assert (found.run_id, found.name, found.error, found.fault) == (run_id, "Export", "The disk is full.", "system")
    assert operations.counts(ctx) == {"pending": 0, "running": 0, "failed": 1}


def test_a_retry_makes_it_pending_and_puts_it_on_the_queue(ctx: Context) -> None:
    run_id = failed(ctx)

    operations.retry(ctx, "export", run_id)

    assert operations.counts(ctx) == {"pending": 1, "running": 0, "failed": 0}
    assert isinstance(ctx.queue, InlineQueue)
    assert ctx.queue.waiting == [("export", (ctx.workspace.id, run_id))]
    assert [line["What"] for line in workspaces.audit(ctx)] == ["run.retry"]


def test_what_has_not_failed_is_not_tried_again(ctx: Context) -> None:
    run_id = failed(ctx)
    operations.retry(ctx, "export", run_id)

    with pytest.raises(Conflict):
        operations.retry(ctx, "export", run_id)
    with pytest.raises(NotFound):
        operations.retry(ctx, "baking", run_id)


def test_failures_of_another_workspace_are_neither_seen_nor_retried(house: House, ctx: Context) -> None:
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    run_id = failed(other)

    assert operations.failures(ctx) == []
    with pytest.raises(Conflict):
        operations.retry(ctx, "export", run_id)


@pytest.mark.parametrize("role", ["viewer", "member", "manager"])
def test_only_an_operator_looks_behind_the_scenes(acting: Callable[[str], Context], role: str) -> None:
    ctx = acting(role)

    for verb in (operations.workers, operations.counts, operations.failures, operations.findings, operations.storage):
        with pytest.raises(NotAllowed):
            verb(ctx)
    with pytest.raises(NotAllowed):
        operations.retry(ctx, "export", "x")


def test_versions_are_told(ctx: Context) -> None:
    assert {"python", "sightline", "streamlit"} <= set(operations.versions())
