"""How amounts and days are written in the library's sentences, where whoever shows them does not say otherwise."""

from __future__ import annotations

from datetime import date


def pounds(amount: float) -> str:
    """An amount to the pound, or to the penny where it is small: £60,412, £12.40."""
    return f"£{amount:,.{2 if abs(amount) < 100 else 0}f}"


def day_in_words(day: date) -> str:
    """A day as a sentence has it: 3 Jan 2011."""
    return f"{day.day} {day:%b} {day.year}"
