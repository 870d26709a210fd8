"""The log is one for the whole process: what a test sets up is put back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from telephony import log


@contextmanager
def log_as_it_was() -> Iterator[None]:
    """Afterwards handlers and levels are those of before."""
    root, quiet = logging.getLogger(), [logging.getLogger(name) for name in log.QUIET]
    handlers, level, levels = root.handlers, root.level, [logger.level for logger in quiet]
    try:
        yield
    finally:
        root.handlers, root.level = handlers, level
        for logger, before in zip(quiet, levels, strict=True):
            logger.setLevel(before)
        structlog.reset_defaults()
