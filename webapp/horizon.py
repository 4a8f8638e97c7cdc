"""How far ahead a run looks and by what it counts purchases, as columns of its tables and as words of its pages."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.formats import months_ahead
from webapp import formats


class Horizon(NamedTuple):
    """The settings of the forecast that words and columns follow.

    Attributes
    ----------
    months : how far ahead value is added up.
    time_unit : "day", or "week" where all orders of a week count as one.
    """

    months: int = 6
    time_unit: str = "day"

    @property
    def value(self) -> str:
        """The column of the value within the horizon."""
        return f"CLV_{self.months}m"

    @property
    def orders(self) -> str:
        """The column of the orders to expect within it."""
        return f"ExpectedOrders_{self.months}m"

    @property
    def total(self) -> str:
        """Under which name the models' facts hold the total of all customers."""
        return f"total_{self.months}m"

    @property
    def length(self) -> str:
        """`6 months`, `1 month`."""
        return formats.plural(self.months, "month").replace(" ", formats.SPACE)

    @property
    def ahead(self) -> str:
        """`the next 6 months`, `the next month`."""
        return months_ahead(self.months)

    @property
    def bought(self) -> str:
        """What is counted of a customer: `days with an order`."""
        return f"{self.time_unit}s with an order"

    @property
    def counted(self) -> str:
        """The same as the title of an axis or a column."""
        return self.bought.capitalize()

    @property
    def is_usual(self) -> bool:
        """Whether it is the six months of CLV_6m, so that nothing is to be said beside it."""
        return self.months == Horizon().months
