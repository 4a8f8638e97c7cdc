"""The least that a filter asks for: a number from 0 on; what is none counts as not asked."""

from __future__ import annotations

import math
from typing import Any

MOST = 10**9
"""No shop has anybody with more orders, or more segments."""


def amount(asked: Any) -> float:
    """A number above 0 that a text asks for; 0 where it asks for none."""
    try:
        number = float(asked)
    except (TypeError, ValueError):
        return 0.0
    return number if math.isfinite(number) and number > 0 else 0.0


def orders(asked: Any) -> int:
    """The same as a whole number: who has to have more than two and a half orders has three."""
    return math.ceil(min(amount(asked), MOST))
