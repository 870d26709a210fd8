"""One line a log record, with the call and the leg it belongs to; numbers and keys are struck out at the root.

Speech, transcripts, digits and phone numbers are never put into a message; striking them out here is the second fence.
"""

import logging
import re
import sys
from typing import Any

import structlog

NUMBER = re.compile(
    r"(?:\+|%2[Bb])\d(?:[ ()-]{0,2}\d){6,14}"  # with its country code, however it is grouped
    r"|(?:(?<![\w.])|(?<=\\[nrt]))\d{7,15}(?!\.?\w)"  # digits that are no part of a word, a decimal or an id
)

KEY = re.compile(
    r"\b(AIza[\w-]{30,}|AQ\.[\w-]{20,}|auth_tokens/[\w-]+|telephony_[0-9a-f]{8}_[\w-]{40,})"
    r"|(?<=[?&]key=)[^&\s'\"]+"
)

QUIET = ("alembic", "aiohttp.access", "websockets", "httpx", "httpx2", "google_genai", "twilio", "asyncio")
"""Libraries whose finer records hold addresses, headers or payloads."""

BARE = re.compile(r"(: |, |\[)\[number\](?=[,}\]])")
"""What was a number without quotes before it was struck out."""


def struck(text: str) -> str:
    """`text` without phone numbers and API keys."""
    return KEY.sub("[key]", NUMBER.sub("[number]", text))


def _in_order(_logger: Any, _method: str, line: Any) -> Any:
    """When, how bad and what come first."""
    first = {name: line.pop(name) for name in ("timestamp", "level", "event") if name in line}
    return {**first, **line}


def _strike(_logger: Any, _method: str, line: Any) -> str:
    """The finished line: what stands in lists, numbers and exceptions only shows there. It stays JSON."""
    return BARE.sub(r'\1"[number]"', struck(str(line)))


def configure(level: str = "info", stream: Any = None) -> None:
    """Sends our own records and the libraries' warnings to `stream` (default: standard error), a line each."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        cache_logger_on_first_use=False,
    )
    line = logging.StreamHandler(stream or sys.stderr)
    line.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _in_order,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=repr),
                _strike,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [line]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
