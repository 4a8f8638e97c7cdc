"""The known table gives itself back whatever its dates, numbers and headings are like."""

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.reading.transactions import Reading, read_transactions
from tests.pipeline.reading.nasty import HEADINGS, Spelling, known_table

ROWS = known_table()
GERMAN = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli")
EXCEL_STARTS = dt.datetime(1899, 12, 30)

DATES = {
    "year first": lambda m: f"{m:%Y/%m/%d %H:%M}",
    "with a zone": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}+01:00",
    "fractions of a second": lambda m: f"{m:%Y-%m-%d %H:%M:%S}.000",
    "month first": lambda m: f"{m.month}/{m.day}/{m.year} {m.hour}:{m:%M}",
    "month first, two digits": lambda m: f"{m.month}/{m.day}/{m:%y} {m.hour}:{m:%M}",
    "month first, dashes": lambda m: f"{m:%m-%d-%Y %H:%M}",
    "month first, twelve hours": lambda m: f"{m:%m/%d/%Y %I:%M %p}",
    "day first": lambda m: f"{m:%d/%m/%Y %H:%M}",
    "day first, dots": lambda m: f"{m.day}.{m.month}.{m.year} {m:%H:%M}",
    "day first, two digits": lambda m: f"{m:%d/%m/%y %H:%M}",
    "English months": lambda m: f"{m:%d-%b-%Y %H:%M}",
    "German months": lambda m: f"{m.day}. {GERMAN[m.month - 1]} {m.year} {m:%H:%M} Uhr",
    "compact": lambda m: f"{m:%Y%m%d%H%M%S}",
    "Excel's days": lambda m: f"{(m - EXCEL_STARTS) / dt.timedelta(days=1):.6f}",
    "seconds since 1970": lambda m: f"{(m - dt.datetime(1970, 1, 1)).total_seconds():.0f}",
    "two formats": lambda m: f"{m:%Y-%m-%d %H:%M:%S}" if m.day % 2 else f"{m:%d/%m/%Y %H:%M}",
}
NUMBERS = {
    "comma": lambda price: f"{price:.2f}".replace(".", ","),
    "pounds": lambda price: f"£{price:.2f}",
    "euros": lambda price: f"{price:.2f} €".replace(".", ","),
    "code": lambda price: f"USD {price:.2f}",
    "many places": lambda price: f"{price:.4f}",
}
NAMES = {
    "Online Retail II": ("Invoice", *HEADINGS[1:5], "Price", "Customer ID", "Country"),
    "snakes": ("order_id", "sku", "product_name", "qty", "order_date", "unit_price", "customer_id", "country"),
    "German": ("Rechnungsnr", "Artikelnr", "Bezeichnung", "Menge", "Datum", "Einzelpreis", "Kundennr", "Land"),
    "French": ("Facture", "Référence", "Désignation", "Quantité", "Date", "Prix unitaire", "Code client", "Pays"),
    "words inside": (
        "my_order_ref",
        "sku (old)",
        "product text",
        "sold qty",
        "bought date",
        "net price",
        "cust nr",
        "land",
    ),
    "currency": ("Order No", "Item Code", "Item", "Units", "Date", "Price (GBP)", "Client", "Ship Country"),
}


def _found(tmp_path, spelling):
    (tmp_path / "shop.csv").write_bytes(spelling.written(ROWS))
    read_transactions(tmp_path / "shop.csv", Reading(), tmp_path / "rows", lambda *_: None)
    return [tuple(row) for row in engine.read_parquet(tmp_path / "rows")[list(HEADINGS)].itertuples(index=False)]


@pytest.mark.parametrize("name", DATES)
def test_dates_of_any_kind(name, tmp_path):
    assert _found(tmp_path, Spelling(date=DATES[name])) == ROWS


@pytest.mark.parametrize("name", NUMBERS)
def test_prices_of_any_kind(name, tmp_path):
    assert _found(tmp_path, Spelling(number=NUMBERS[name])) == ROWS


@pytest.mark.parametrize("name", NAMES)
def test_headings_of_any_kind(name, tmp_path):
    assert _found(tmp_path, Spelling(headings=NAMES[name])) == ROWS


@settings(deadline=None, max_examples=12)
@given(
    st.sampled_from(sorted(DATES)),
    st.sampled_from(sorted(NUMBERS)),
    st.sampled_from(sorted(NAMES)),
    st.sampled_from(";\t,"),
)
def test_any_of_them_together(date, number, names, delimiter):
    with tempfile.TemporaryDirectory() as folder:
        spelling = Spelling(date=DATES[date], number=NUMBERS[number], headings=NAMES[names], delimiter=delimiter)
        assert _found(Path(folder), spelling) == ROWS
