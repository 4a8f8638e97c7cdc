"""The real file, and copies of it as people have them, are read to the same table."""

import codecs

import pytest

from pipeline import engine
from pipeline.reading.interpretation import inspect
from pipeline.reading.transactions import Reading, read_transactions
from tests.pipeline.reading.conftest import HEADINGS, a_line

LINES = 541_909
TYPES = {
    "Line": "int64",
    "Quantity": "float64",
    "UnitPrice": "float64",
    "InvoiceDate": "datetime64[us]",
}


@pytest.fixture(scope="module")
def real_table(online_retail, tmp_path_factory):
    target = tmp_path_factory.mktemp("read") / "transactions"
    facts = read_transactions(online_retail, Reading(), target, lambda *_: None)
    return target, facts


def test_the_real_file_is_read_whole(real_table):
    table, facts = engine.read_parquet(real_table[0]), real_table[1]
    assert (facts["lines"], facts["accepted"], facts["rejected"], facts["warnings"]) == (LINES, LINES, 0, [])
    assert table["Line"].tolist() == list(range(2, LINES + 2))
    assert {name: str(table[name].dtype) for name in TYPES} == TYPES
    assert table["CustomerID"].notna().sum() == 406_829
    assert table["Description"].isna().sum() == 1_454
    assert table[["Quantity", "UnitPrice", "InvoiceDate"]].notna().all(axis=None)
    assert str(table["InvoiceDate"].max()) == "2011-12-09 12:50:00"


COPIES = {
    "kaggle": ("cp1252", "\r\n", "%-m/%-d/%Y %-H:%M", ",", "."),
    "european": ("utf-8-sig", "\n", "%d.%m.%Y %H:%M", ";", ","),
    "british": ("utf-16", "\r\n", "%d/%m/%y %H:%M", "\t", "."),
}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_in_another_encoding_and_format_gives_the_same_table(online_retail, real_table, tmp_path, copy):
    encoding, ends, date, delimiter, decimal = COPIES[copy]
    plain, source, target = tmp_path / "plain.csv", tmp_path / "copy.csv", tmp_path / "transactions"
    with engine.connection() as duck:
        duck.execute(
            f"COPY (SELECT * REPLACE (strftime(InvoiceDate::TIMESTAMP, '{date}') AS InvoiceDate, "
            f"replace(UnitPrice, '.', '{decimal}') AS UnitPrice) FROM read_csv('{online_retail}', all_varchar = true)) "
            f"TO '{plain}' (HEADER, DELIMITER '{delimiter}')"
        )
    with plain.open(encoding="utf-8", newline="") as lines, source.open("w", encoding=encoding, newline="") as written:
        written.writelines(line.replace("\n", ends) for line in lines)
    facts = read_transactions(source, Reading(), target, lambda *_: None)
    found = facts["interpretation"]
    assert codecs.lookup(found["encoding"].removesuffix("-sig")) == codecs.lookup(encoding.removesuffix("-sig"))
    assert (found["delimiter"], facts["lines"], facts["rejected"], facts["warnings"]) == (delimiter, LINES, 0, [])
    with engine.connection() as duck:
        columns = "Line, InvoiceNo, StockCode, Description, Quantity, UnitPrice, CustomerID, Country"
        whole = f"{columns}, date_trunc('minute', InvoiceDate)"
        one, other = (f"SELECT {whole} FROM read_parquet('{path}')" for path in (real_table[0], target))
        assert duck.execute(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchone() == (0,)


def test_inspecting_tells_how_the_file_is_read_and_shows_its_first_rows(tmp_path):
    (tmp_path / "shop.csv").write_text(HEADINGS + a_line() * 9)
    told = inspect(tmp_path / "shop.csv", Reading())
    assert {
        name: told[name] for name in ("format", "encoding", "delimiter", "decimal", "date_order", "header_row")
    } == {
        "format": "CSV",
        "encoding": "utf-8",
        "delimiter": ",",
        "decimal": "point",
        "date_order": "year first",
        "header_row": 1,
    }
    assert (
        told["first_rows"]
        == [
            {
                "InvoiceNo": "536365",
                "StockCode": "71053",
                "Description": "WHITE METAL LANTERN",
                "Quantity": 6.0,
                "InvoiceDate": "2010-12-31 08:26:00",
                "UnitPrice": 3.39,
                "CustomerID": "17850",
                "Country": "United Kingdom",
            }
        ]
        * 5
    )


def test_progress_goes_from_nothing_to_all_in_sentences(tmp_path):
    (tmp_path / "shop.csv").write_text(HEADINGS + a_line())
    told = []
    read_transactions(
        tmp_path / "shop.csv", Reading(), tmp_path / "table", lambda share, words: told.append((share, words))
    )
    shares = [share for share, _ in told]
    assert (shares[0], shares[-1], shares) == (0.0, 1.0, sorted(shares))
    assert all(words for _, words in told)
