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


@pytest.fixture
def rejects(tmp_path):
    """Writes a file, reads it, and gives what is no row to it: line, lines, reason and text of each stretch."""

    def _rejects(content, name="shop.csv", **settings):
        source, rejected = tmp_path / name, tmp_path / "rejected"
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
        facts = read_transactions(source, Reading(**settings), tmp_path / "rows", lambda *_: None, rejected)
        table = engine.read_parquet(rejected)
        assert list(table.columns) == ["File", "Line", "Lines", "Reason", "Text"]
        assert set(table["File"]) <= {name}
        assert table["Lines"].sum() == facts["rejected"]
        return [tuple(row) for row in table.drop(columns="File").itertuples(index=False)]

    return _rejects
