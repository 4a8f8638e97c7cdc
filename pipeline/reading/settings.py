"""What a person may say about how a file is to be read; everything not said is found out from the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pipeline.parameters import Step, choice, text
from pipeline.reading.columns import overrides

FOUND_OUT = {"auto": "Found out from the file"}


@dataclass(frozen=True)
class Reading(Step):
    """How the file is read."""

    NAME: ClassVar[str] = "reading"
    TITLE: ClassVar[str] = "Reading the file"
    HELP: ClassVar[str] = "All of this is found out from the whole file; say it only where that goes wrong."

    encoding: str = choice(
        "auto",
        options=FOUND_OUT
        | {
            "utf-8": "UTF-8",
            "utf-16": "UTF-16",
            "cp1252": "Windows Western (cp1252)",
            "latin-1": "Latin-1 (ISO 8859-1)",
            "mac-roman": "Mac Roman",
        },
        label="Encoding",
        help="How letters are written as bytes.",
    )
    delimiter: str = choice(
        "auto",
        options=FOUND_OUT | {"comma": "Comma ,", "semicolon": "Semicolon ;", "tab": "Tab", "pipe": "Pipe |"},
        label="Delimiter",
        help="What stands between two columns.",
    )
    decimal: str = choice(
        "auto",
        options=FOUND_OUT | {"point": "Point (1,234.50)", "comma": "Comma (1.234,50)"},
        label="Decimal sign",
        help="What stands before the pennies.",
    )
    date_order: str = choice(
        "auto",
        options=FOUND_OUT
        | {"year": "Year first (2011-12-31)", "day": "Day first (31/12/2011)", "month": "Month first (12/31/2011)"},
        label="Date order",
        help="Which part of a date comes first; dates that start with a four-digit year are always read as such.",
    )
    currency: str = choice(
        "auto",
        options={
            "auto": "As the file says, else pounds",
            "none": "No currency",
            "GBP": "Pounds (£)",
            "EUR": "Euros (€)",
            "USD": "US dollars ($)",
            "CAD": "Canadian dollars (CAD)",
            "AUD": "Australian dollars (AUD)",
            "CHF": "Swiss francs (CHF)",
            "SEK": "Swedish kronor (SEK)",
            "NOK": "Norwegian kroner (NOK)",
            "DKK": "Danish kroner (DKK)",
            "PLN": "Zloty (PLN)",
            "CZK": "Czech koruny (CZK)",
            "JPY": "Yen (¥)",
            "CNY": "Yuan (¥)",
            "INR": "Rupees (₹)",
            "BRL": "Reais (BRL)",
            "TRY": "Lira (₺)",
        },
        label="Currency",
        help="What amounts are shown in; nothing is converted.",
    )
    columns: str = text(
        "",
        label="Columns",
        help="Which heading stands for which column where the names alone do not tell: "
        "CustomerID = Client no; UnitPrice = Price.",
        check=overrides,
    )
