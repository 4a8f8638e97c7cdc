"""Cleaning of lines that a test writes down, and what hypothesis may write."""

import datetime as dt
import tempfile
from decimal import Decimal, localcontext
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from hypothesis import strategies as st

from pipeline import engine
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean

COLUMNS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
TEXTS = ("File", "InvoiceNo", "StockCode", "Description", "CustomerID", "Country")
NOON = dt.datetime(2011, 3, 4, 12)
A_LINE = {
    "File": "shop.csv",
    "InvoiceNo": "536365",
    "StockCode": "71053",
    "Description": "LANTERN",
    "Quantity": 6.0,
    "InvoiceDate": NOON,
    "UnitPrice": 3.39,
    "CustomerID": "17850",
    "Country": "United Kingdom",
}
STAYS = [{"StockCode": "22720", "InvoiceDate": dt.datetime(2011, month, 10, 9)} for month in (1, 2)]


class Cleaned(NamedTuple):
    """The usable lines, the facts, and the dropped lines."""

    table: pd.DataFrame
    facts: dict
    dropped: pd.DataFrame


def cleaned(lines, **chosen):
    """What cleaning makes of lines given as dicts; what a dict leaves out is as in `A_LINE`."""
    with tempfile.TemporaryDirectory() as folder:
        source, target, rejects = (Path(folder) / name for name in ("transactions", "clean", "dropped"))
        engine.write_parquet(as_table(lines), source)
        facts = clean(source, Cleaning(**chosen), target, rejects, lambda *_: None)
        assert sorted(path.name for path in Path(folder).iterdir()) == ["clean", "dropped", "transactions"]
        return Cleaned(engine.read_parquet(target), facts, engine.read_parquet(rejects))


def as_table(lines):
    """The lines as reading writes them; a line's place is its number, unless it says another."""
    amount = ["Amount"] if any("Amount" in line for line in lines) else []
    table = pd.DataFrame([A_LINE | line for line in lines], columns=["File", *COLUMNS, *amount])
    table = table.astype(
        dict.fromkeys(("Quantity", "UnitPrice", *amount), "float64") | {"InvoiceDate": "datetime64[us]"}
    )
    table = table.astype(dict.fromkeys(TEXTS, "str"))
    table.insert(1, "Line", range(2, len(table) + 2))
    return table


def later(**by):
    """A time after noon, in hours, days and so on."""
    return NOON + dt.timedelta(**by)


def worth(lines):
    """The exact money of lines given as dicts with all their columns."""
    sums = (Decimal(str(x["Quantity"])) * Decimal(str(x["UnitPrice"])) for x in lines if _has_money(x))
    with localcontext(prec=60):  # Python's usual 28 digits are fewer than the money of hypothesis has
        return sum(sums, Decimal(0))


def _has_money(line):
    return line["Quantity"] is not None and line["UnitPrice"] is not None


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "InvoiceNo": st.sampled_from(["1", "2", "3", "C4"]),
            "Quantity": st.sampled_from([-6.0, 0.0, 1.0, 2.5, 0.001, None, 1e11]),
            "UnitPrice": st.sampled_from([-1.0, 0.0, 0.1, 3.39, 0.000001, None, 1e11]),
            "InvoiceDate": st.sampled_from([NOON, later(days=3), None]),
            "CustomerID": st.sampled_from(["a", "b", "c", " a ", "", "NULL", None]),
            "Country": st.sampled_from(["United Kingdom", " France ", "Unspecified", "", None]),
        }
    ),
    max_size=30,
)
TRADE = st.lists(
    st.fixed_dictionaries(
        {
            "File": st.sampled_from(["a.csv", "b.csv"]),
            "InvoiceNo": st.sampled_from(["1", "2", "C3"]),
            "StockCode": st.sampled_from(["71053", "POST"]),
            "Description": st.just("LANTERN"),
            "Quantity": st.sampled_from([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 2.5, None]),
            "InvoiceDate": st.sampled_from([NOON, later(minutes=20), later(days=3), later(days=30), None]),
            "UnitPrice": st.sampled_from([0.0, 1.25, 3.0, 1.25, None]),
            "CustomerID": st.sampled_from(["a", "b", "a", None]),
            "Country": st.just("France"),
        }
    ),
    max_size=40,
)
SETTINGS = st.fixed_dictionaries(
    {
        "overlap": st.sampled_from(["keep", "once"]),
        "duplicates": st.booleans(),
        "non_products": st.booleans(),
        "implausible_dates": st.booleans(),
        "partial_month": st.booleans(),
        "cancellations": st.sampled_from(["drop", "net"]),
        "free_goods": st.booleans(),
    }
)
