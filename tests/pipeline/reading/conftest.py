"""Small files to read, made on the spot."""

import pytest

from pipeline import engine
from pipeline.reading.transactions import Reading, read_transactions

HEADINGS = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def a_line(description="WHITE METAL LANTERN", quantity="6", date="2010-12-31 08:26:00", price="3.39", customer="17850"):
    return f"536365,71053,{description},{quantity},{date},{price},{customer},United Kingdom\n"


@pytest.fixture
def read(tmp_path):
    """Writes a file, reads it, and gives the table and the facts."""

    def _read(content, name="shop.csv", **settings):
        source = tmp_path / name
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
        facts = read_transactions(source, Reading(**settings), tmp_path / "transactions", lambda *_: None)
        return engine.read_parquet(tmp_path / "transactions"), facts

    return _read
