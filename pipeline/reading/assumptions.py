"""What reading took for granted, in sentences: what the file does not have, and what was read in its place."""

from __future__ import annotations

from pipeline import formats
from pipeline.reading.columns import LOSSES
from pipeline.reading.interpretation import Interpretation


def assumptions(understood: Interpretation) -> list[str]:
    """One sentence for each thing that a person should know of how columns, dates and money were understood."""
    lost = [
        f"The file has no column for {name}, so {loss}."
        for name, loss in LOSSES.items()
        if name not in understood.columns and name != "StockCode"
    ]
    return [*understood.dates.notes, *_continued(understood), *_money(understood), *lost]


def _continued(understood: Interpretation) -> list[str]:
    if not understood.continued:
        return []
    lines = formats.plural(understood.continued, "further line")
    return [f"{lines} of orders had no date or customer, which were taken from the first line of the same order."]


def _money(understood: Interpretation) -> list[str]:
    money, found = understood.money, []
    if money.doubtful_number:
        found.append(
            f"Numbers such as {money.doubtful_number} are read with a decimal point; if it parts thousands, set "
            "Decimal sign (reading.decimal) to comma."
        )
    if len(money.currencies) > 1:
        found.append(
            f"The amounts are in several currencies ({', '.join(money.currencies[:5])}) and are added up as they "
            "are; give a file in one currency if that is not meant."
        )
    totals = money.totals
    if totals is not None and totals.differing:
        found.append(
            f"Quantity times price, which counts, is not what {totals.heading!r} says on "
            f"{formats.count(totals.differing)} of {formats.count(totals.lines)} lines; if that was paid, set Columns "
            f"(reading.columns) to Amount = {totals.heading}."
        )
    if money.repeated_amounts:
        heading = understood.dialect.headings[understood.columns["Amount"]].strip()
        found.append(
            f"{formats.count(money.repeated_amounts)} orders bear the same {heading!r} on each of their lines: if that "
            "is the total of the order, it counts too often; name the amount of the line in the setting Columns "
            "(reading.columns), or give one row per order."
        )
    if "Amount" in understood.columns and "UnitPrice" in understood.columns:
        found.append("The amount of each line counts, not quantity times price.")
    return found
