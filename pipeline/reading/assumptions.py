"""What reading took for granted, in sentences: what the file does not have, and what was read in its place."""

from __future__ import annotations

from pipeline.reading.columns import LOSSES
from pipeline.reading.interpretation import Interpretation


def assumptions(understood: Interpretation) -> list[str]:
    """One sentence for each thing that a person should know of how columns, dates and money were understood."""
    found = list(understood.dates.notes)
    found += [
        f"The file has no column for {name}, so {loss}."
        for name, loss in LOSSES.items()
        if name not in understood.columns and not (name == "StockCode" and "Description" in understood.columns)
    ]
    return found
