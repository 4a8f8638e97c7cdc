"""What people gave in place of what is found or proposed: JSON in the text of a setting, so that recipes carry it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pipeline.errors import SettingError

T = TypeVar("T")


def read(written: str, example: str) -> dict[str, Any]:
    """The object that a setting's text holds; an empty one where the text is empty.

    Raises
    ------
    ValueError
        If the text holds no object of JSON; the reason shows `example`.
    """
    if not written.strip():
        return {}
    try:
        return dict(json.loads(written).items())
    except (ValueError, AttributeError):
        raise ValueError(f"it must look like {example}") from None


def write(given: Mapping[str, Any]) -> str:
    """The text of a setting that holds what was given; empty where nothing was."""
    return json.dumps(given, ensure_ascii=False) if given else ""


def kept(what: str, check: Callable[[], T]) -> T:
    """What `check` gives; its complaint becomes a sentence about `what` was given.

    Raises
    ------
    SettingError
        If `check` raises a `ValueError`.
    """
    try:
        return check()
    except ValueError as reason:
        raise SettingError(f"{what} cannot be kept: {reason}.") from None
