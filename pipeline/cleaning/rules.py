"""The rules in their order, which of them a choice of settings turns on, and which lines each takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.cleaning.calendar import Calendar
from pipeline.cleaning.settings import Cleaning
from pipeline.parameters import Value

if TYPE_CHECKING:
    import narwhals as nw


@dataclass(frozen=True)
class Rule:
    """One line of the ledger: its name and words, what its lines have in common, and the setting that turns it on.

    `reason` is told of each dropped line; `reason_of_return` where that line takes something back.
    """

    name: str
    label: str
    takes: str
    reason: str
    setting: str = ""
    reason_of_return: str = ""

    def holds(self, settings: Cleaning) -> bool:
        """Whether these settings apply the rule; the five basic ones always apply."""
        return not self.setting or getattr(settings, self.setting) == switched_on(self.setting)


RULES = (
    Rule(
        "overlap",
        "Rows that stand in another file too counted once",
        "stand in another file too",
        "stands in another file too",
        setting="overlap",
    ),
    Rule(
        "duplicates",
        "Exact duplicates counted once",
        "repeat a row exactly",
        "repeats a row exactly",
        setting="duplicates",
    ),
    Rule("customer", "Lines without a CustomerID dropped", "have no CustomerID", "no CustomerID"),
    Rule(
        "non_products",
        "Lines that sell no product (postage, fees, corrections) dropped",
        "have a code that is no product",
        "the code is no product",
        setting="non_products",
    ),
    Rule(
        "implausible_dates",
        "Orders years away from all others dropped",
        "are dated years away from all others",
        "dated years away from all others",
        setting="implausible_dates",
    ),
    Rule(
        "partial_month",
        "Lines after the last full month dropped",
        "are dated after the last full month",
        "dated after the last full month",
        setting="partial_month",
    ),
    Rule(
        "void",
        "Purchases cancelled within the hour dropped, with their cancellations",
        "are purchases cancelled within the hour, or such cancellations",
        "cancelled within the hour",
        setting="cancellations",
        reason_of_return="cancels a purchase of the hour before",
    ),
    Rule(
        "return",
        "Returns taken off the purchases that they belong to",
        "are returns, or purchases returned as a whole",
        "every piece was returned",
        setting="cancellations",
        reason_of_return="a return, taken off its purchase",
    ),
    Rule(
        "orphan",
        "Returns of what was not bought before in this file dropped",
        "are returns without an earlier purchase",
        "more is returned than was bought before in this file",
        setting="cancellations",
    ),
    Rule(
        "quantity",
        "Lines whose Quantity is 0 or less (as of cancellations), missing, unreadable or too large dropped",
        "have a Quantity that is 0 or less (such as cancellations), missing, unreadable or too large",
        "the Quantity is 0 or less, missing, unreadable or too large",
        reason_of_return="a cancellation or return",
    ),
    Rule(
        "price",
        "Lines whose UnitPrice is 0 or less, missing, unreadable or too large dropped",
        "have a UnitPrice that is 0 or less, missing, unreadable or too large",
        "the UnitPrice is 0 or less, missing, unreadable or too large",
    ),
    Rule(
        "date",
        "Lines without a readable InvoiceDate dropped",
        "have no readable InvoiceDate",
        "no readable InvoiceDate",
    ),
    Rule(
        "free_goods",
        "Free goods of customers who paid for nothing dropped",
        "are free goods of customers who paid for nothing",
        "free goods of a customer who paid for nothing",
        setting="free_goods",
    ),
    Rule("country", "Countries that name no country taken as missing (drops no line)", "name no country", ""),
)
PLACES = {rule.name: place for place, rule in enumerate(RULES)}
SURVIVES = len(RULES)  # the place of what no rule takes
SWITCHES = tuple(dict.fromkeys(rule.setting for rule in RULES if rule.setting))


def switched_on(setting: str) -> Value:
    """The value of a setting that turns its rules on."""
    return {"overlap": "once", "cancellations": "net"}.get(setting, True)


def switched_off(setting: str) -> Value:
    """The value of a setting that turns its rules off."""
    return {"overlap": "keep", "cancellations": "drop"}.get(setting, False)


def active(settings: Cleaning) -> list[Rule]:
    """The rules that these settings apply, in their order."""
    return [rule for rule in RULES if rule.holds(settings)]


def place(settings: Cleaning, calendar: Calendar) -> nw.Expr:
    """The place of the first rule that takes a line, of those that look at one line alone; else `SURVIVES`.

    It is asked of lines and of groups of lines alike: both have the traits of `lines.described`.
    """
    import narwhals as nw

    found = nw.lit(SURVIVES)
    conditions = _conditions(settings, calendar)
    for rule in reversed(active(settings)):
        if rule.name in conditions:
            found = nw.when(conditions[rule.name]).then(nw.lit(PLACES[rule.name])).otherwise(found)
    return found


def _conditions(settings: Cleaning, calendar: Calendar) -> dict[str, nw.Expr]:
    import narwhals as nw

    priceless = ~nw.col("costs")
    return {
        "overlap": nw.col("is_overlap"),
        "duplicates": nw.col("is_repeat"),
        "customer": nw.col("customer").is_null(),
        "non_products": nw.col("is_service"),
        "implausible_dates": calendar.is_implausible("day"),
        "partial_month": calendar.is_after_the_end("day"),
        "quantity": ~nw.col("counts"),
        "price": priceless & ~nw.col("is_free") if settings.free_goods else priceless,
        "date": nw.col("day").is_null(),
    }
