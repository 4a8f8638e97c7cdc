"""Unexpected errors: logged whole under a short reference, and told to a person by that reference only."""

from __future__ import annotations

import logging
import secrets

logger = logging.getLogger("segment_studio")


def record(error: BaseException) -> str:
    """Log an error with its traceback; the reference under which it stands in the log, such as `7f3a`."""
    reference = secrets.token_hex(2)
    logger.error("Unexpected error, reference %s", reference, exc_info=error)
    return reference


def sentence(reference: str) -> str:
    """What a person is told of an error that nobody foresaw."""
    return f"Something went wrong (reference {reference}). The server's log says more under this reference."
