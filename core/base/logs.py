"""Structured logs: one JSON object a line, or coloured text on a terminal."""

from __future__ import annotations

import io
import logging
import sys
from typing import TYPE_CHECKING, Any, TextIO, cast

from core.base import machine
from core.base.errors import BadInput

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor


class _Stderr(io.TextIOBase):
    """Whatever stderr is when a line is written: it may have been another when logging was configured."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def ready(process: str) -> None:
    """`configure` by SIGHTLINE_LOG_LEVEL, unless that was done already. Comes late: structlog costs time to import."""
    import structlog

    if not structlog.is_configured():
        configure(machine.variables().get("SIGHTLINE_LOG_LEVEL", "WARNING"), process=process)


def logger(name: str) -> Any:
    """A logger for a module that is mostly passed through in silence."""
    ready("")
    import structlog

    return structlog.get_logger(name)


def configure(level: str = "INFO", *, process: str = "") -> None:
    """Send structlog and the standard library's logs to stderr, with `process` on every line of every thread."""
    import structlog

    if level.upper() not in logging.getLevelNamesMapping():
        known = "DEBUG, INFO, WARNING or ERROR"
        raise BadInput(f"'SIGHTLINE_LOG_LEVEL' must be {known}, not '{level}'. {machine.SET_RIGHT}")
    chain = _chain(process)
    renderer: Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*chain, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Stderr())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *chain],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for noisy in ("httpx", "alembic", "huey.consumer.Scheduler"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for doubled in (
        "urllib3.connectionpool",
        "clickhouse_connect",
    ):  # what they warn of is raised as well, and told as an error
        logging.getLogger(doubled).setLevel(logging.ERROR)


def _chain(process: str) -> list[Processor]:
    import structlog

    def named(_logger: object, _method: str, event: EventDict) -> EventDict:
        # Not a context variable: those of the thread that configures are not those of the threads that work.
        return {**event, "process": process} if process else event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        named,
    ]
