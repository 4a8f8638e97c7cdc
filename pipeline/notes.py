"""Numbers in sentences that are written when somebody reads them, since a run does not know who that will be.

Inside `written_later` a function that is `noted` leaves a note instead of a text, and the sentence around it is kept
with it; `worded` writes the notes as the reader of that moment writes numbers.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import math
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, ParamSpec

from pipeline.errors import PipelineError

_LATER: ContextVar[bool] = ContextVar("later", default=False)
_NOTE = re.compile("\ue000([^\ue000\ue001]*)\ue001")  # letters for private use, which no text is likely to hold
_WRITERS: dict[str, Callable[..., str]] = {}
P = ParamSpec("P")


def noted(write: Callable[P, str]) -> Callable[P, str]:
    """Let a function that writes a value make a note of it inside `written_later`, under the function's name."""
    _WRITERS[write.__name__] = write

    @functools.wraps(write)
    def written(*values: P.args, **named: P.kwargs) -> str:
        if not _LATER.get():
            return write(*values, **named)
        asked = [
            write.__name__,
            [_kept(value) for value in values],
            {name: _kept(each) for name, each in named.items()},
        ]
        return f"\ue000{json.dumps(asked)}\ue001"

    return written


def _kept(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return None if math.isnan(value) else float(value)


@contextlib.contextmanager
def written_later() -> Iterator[None]:
    """Inside, in this thread, numbers in sentences are notes to whoever shows the sentence; see `worded`.

    Those in the sentence of a `PipelineError` are written when it leaves: it is on its way to a reader.
    """
    before = _LATER.set(True)
    try:
        yield
    except PipelineError as error:
        error.args = tuple(map(worded, error.args))
        raise
    finally:
        _LATER.reset(before)


def worded(told: Any) -> Any:
    """A text, or all texts in facts for JSON, with the notes of `written_later` written for the reader of now."""
    if isinstance(told, str):
        return _NOTE.sub(_of_note, told) if "\ue000" in told else told
    if isinstance(told, dict):
        return {name: worded(each) for name, each in told.items()}
    return [worded(each) for each in told] if isinstance(told, list) else told


def _of_note(found: re.Match[str]) -> str:
    before = _LATER.set(False)
    try:
        name, values, named = json.loads(found[1])
        return _WRITERS[name](*values, **named)
    except (ValueError, TypeError, KeyError):
        return found[0]  # no note, but what somebody's file says
    finally:
        _LATER.reset(before)
