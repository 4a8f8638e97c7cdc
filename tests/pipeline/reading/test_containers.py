"""What tables come packed in is taken apart, within bounds, or refused in one sentence."""

import datetime as dt
import gzip
import io
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import pytest
import xlsxwriter
import xlwt

from pipeline import engine
from pipeline.errors import ReadingError
from pipeline.reading import containers, workbook
from pipeline.reading.interpretation import inspect
from pipeline.reading.proposal import proposal
from pipeline.reading.transactions import Reading
from tests.pipeline.reading.conftest import HEADINGS, a_line

TEXT = (HEADINGS + a_line("£5 CAFÉ SIGN") + a_line("PLAIN")).encode()
NAMES = HEADINGS.strip().split(",")
MOMENT = dt.datetime(2010, 12, 31, 8, 26)
A_ROW = ["536365", "00123", "LANTERN, WHITE", 6, MOMENT, 3.39, 17850, "United Kingdom"]


def _zipped(members, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _workbook(sheets, **options):
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True, **options}) as book:
        date = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, dt.datetime):
                        sheet.write_datetime(line, place, cell, date)
                    else:
                        sheet.write(line, place, cell)
    return packed.getvalue()


def _rows(table):
    return table[NAMES].astype({"InvoiceDate": "str"}).to_numpy().tolist()


AS_READ = ["536365", "00123", "LANTERN, WHITE", 6.0, "2010-12-31 08:26:00", 3.39, "17850", "United Kingdom"]


def test_a_gzip_file_is_read_as_what_it_holds(read):
    table, facts = read(gzip.compress(TEXT), name="shop.csv.gz")
    assert facts["interpretation"]["format"] == "CSV packed with gzip"
    assert table["File"].tolist() == ["shop.csv.gz"] * 2


def test_a_gzip_file_that_is_cut_short_is_refused(read):
    with pytest.raises(ReadingError, match="damaged or cut short"):
        read(gzip.compress(TEXT)[:-12])


def test_a_gzip_bomb_is_refused_before_it_fills_the_disk(read, monkeypatch):
    monkeypatch.setattr(containers, "most_unpacked_bytes", lambda: 10_000_000)
    with pytest.raises(ReadingError, match="unpacks to more than"):
        read(gzip.compress(b"0" * 30_000_000))


@pytest.mark.parametrize(("free", "allowed"), [(100, 50), (10, 8), (0, 8)])
def test_half_of_the_free_disk_may_be_unpacked_and_eight_gibibytes_always(monkeypatch, free, allowed):
    monkeypatch.setattr(containers.shutil, "disk_usage", lambda _: SimpleNamespace(free=free * 2**30))
    assert containers.most_unpacked_bytes() == allowed * 2**30


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: _zipped({"shop.csv": text})])
def test_a_bomb_of_valid_lines_is_refused_while_it_is_unpacked(read, monkeypatch, pack):
    monkeypatch.setattr(containers, "CHUNK", 10_000)
    monkeypatch.setattr(containers, "UNPACKED_FREELY_BYTES", 100_000)
    packed = pack((HEADINGS + a_line() * 100_000).encode())
    spent = []
    spend = containers.Allowance.spend
    monkeypatch.setattr(containers.Allowance, "spend", lambda self, size: (spent.append(size), spend(self, size)))
    with pytest.raises(ReadingError, match="unpacks to more than 100 times its size"):
        read(packed)
    assert 100 * len(packed) < sum(spent) <= 100 * len(packed) + 10_000


def test_a_small_file_may_be_packed_as_tightly_as_it_goes(read):
    assert len(read(gzip.compress((HEADINGS + a_line() * 20_000).encode()))[0]) == 20_000


def test_the_members_of_an_archive_are_parts_of_one_table(read):
    litter = {"__MACOSX/._one.csv": b"junk", "year/.DS_Store": b"junk", "year/": b""}
    members = {"year/one.csv": TEXT, **litter, "two.csv": TEXT.decode().replace(",", ";").encode("utf-16")}
    table, facts = read(_zipped(members), name="shop.zip")
    assert table["File"].tolist() == ["shop.zip/year/one.csv"] * 2 + ["shop.zip/two.csv"] * 2
    assert table["Line"].tolist() == [2, 3, 2, 3]
    assert table["Description"].tolist() == ["£5 CAFÉ SIGN", "PLAIN"] * 2
    assert [part["interpretation"]["delimiter"] for part in facts["parts"]] == [",", ";"]


def test_a_member_of_another_kind_is_refused_by_its_name(read):
    with pytest.raises(ReadingError, match=r"^shop\.zip/people\.csv: The file has no column for"):
        read(_zipped({"one.csv": TEXT, "people.csv": b"name,city\nAnn,Ulm\n"}), name="shop.zip")


@pytest.mark.parametrize("inner", [_zipped({"a.csv": TEXT}), gzip.compress(TEXT)])
def test_an_archive_inside_another_is_refused(read, inner):
    with pytest.raises(ReadingError, match=r"shop\.zip/inner is an archive inside another; unpack it"):
        read(_zipped({"inner": inner}), name="shop.zip")


def test_a_workbook_and_a_parquet_file_may_be_packed(read):
    packed = _zipped({"a.xlsx": _workbook({"Orders": [NAMES, A_ROW]}), "b.csv": TEXT})
    table, _ = read(packed, name="shop.zip")
    assert table["File"].tolist() == ["shop.zip/a.xlsx/Orders", "shop.zip/b.csv", "shop.zip/b.csv"]


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "a/../../evil.csv", "x" * 5000])
def test_the_name_of_a_member_leads_nowhere(read, tmp_path, name):
    table, _ = read(_zipped({name: TEXT}), name="shop.zip")
    assert len(table) == 2
    assert not list(tmp_path.parent.rglob("evil.csv"))


def test_an_archive_with_a_password_is_refused(read):
    packed = bytearray(_zipped({"a.csv": TEXT}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + flags] |= 1
    with pytest.raises(ReadingError, match=r"shop\.zip is protected by a password"):
        read(bytes(packed), name="shop.zip")


@pytest.mark.parametrize("cut", [40, -30, -5])
def test_a_damaged_archive_is_refused(read, cut):
    with pytest.raises(ReadingError, match=r"shop\.zip is a damaged archive|unpack it and give"):
        read(_zipped({"a.csv": TEXT})[:cut], name="shop.zip")


def test_an_archive_whose_sizes_are_lies_is_refused(read):
    packed = _zipped({"a.csv": TEXT * 50})
    true, lie = len(TEXT * 50).to_bytes(4, "little"), (100).to_bytes(4, "little")
    with pytest.raises(ReadingError, match=r"shop\.zip is a damaged archive"):
        read(packed.replace(true, lie), name="shop.zip")


def test_an_archive_with_more_members_than_sense_is_refused(read, monkeypatch):
    monkeypatch.setattr(containers, "MOST_MEMBERS", 3)
    with pytest.raises(ReadingError, match=r"holds more than it can \(4 files\)"):
        read(_zipped({str(number): TEXT for number in range(4)}))


def test_an_empty_archive_holds_no_table(read):
    with pytest.raises(ReadingError, match="The file holds no table"):
        read(_zipped({"__MACOSX/x": b""}))


def test_a_word_document_is_refused_by_name(read):
    with pytest.raises(ReadingError, match="The file is a Word document, not a table"):
        read(_zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))


def test_a_workbook_keeps_numbers_dates_and_ids_as_they_are(read):
    odd = ["C1", "85123A", "two\nlines", -1, dt.datetime(2011, 1, 2, 23, 59, 59), 1.2345678901234, 12345678901, "EIRE"]
    table, facts = read(_workbook({"Orders": [NAMES, A_ROW, odd]}), name="shop.xlsx")
    as_read = ["C1", "85123A", "two\nlines", -1.0, "2011-01-02 23:59:59", 1.2345678901234, "12345678901", "EIRE"]
    assert _rows(table) == [AS_READ, as_read]
    assert table["File"].tolist() == ["shop.xlsx/Orders"] * 2
    assert (facts["interpretation"]["format"], facts["warnings"]) == ("Excel workbook", [])


def test_a_line_is_the_row_of_the_sheet_under_a_title_and_behind_line_breaks(read):
    broken = [*A_ROW[:2], "a\nb\nc", *A_ROW[3:]]
    sheet = [["Sales of 2010"], [], NAMES, broken, [], A_ROW]
    table, facts = read(_workbook({"Orders": sheet}), name="shop.xlsx")
    assert table["Line"].tolist() == [4, 6]
    assert (facts["interpretation"]["header_row"], facts["rejected"]) == (3, 0)


def test_sheets_of_one_shape_are_read_as_one_and_the_others_named(read, tmp_path):
    sheets = {"Notes": [["Read me"]], "2009": [NAMES, A_ROW], "Empty": [], "2010": [NAMES, A_ROW, A_ROW]}
    table, facts = read(_workbook(sheets), name="shop.xlsx")
    assert table["File"].tolist() == ["shop.xlsx/2009", *["shop.xlsx/2010"] * 2]
    assert facts["warnings"][0].startswith("shop.xlsx/Notes was left out: it has no column for ")
    assert facts["warnings"][1:] == ["shop.xlsx/Empty was left out: it is empty."]
    assert inspect(tmp_path / "shop.xlsx", Reading())["format"] == "Excel workbook"
    assert proposal([tmp_path / "shop.xlsx"], Reading())["columns"]["CustomerID"] == "CustomerID"


def test_a_workbook_without_any_table_of_sales_is_told_what_its_largest_sheet_lacks(read):
    with pytest.raises(ReadingError, match=r"The file has no column for .*its columns are: name, city"):
        read(_workbook({"People": [["name", "city"], ["Ann", "Ulm"]], "Notes": [["x"]]}))


def test_an_old_workbook_is_read_like_a_new_one(read):
    book = xlwt.Workbook()
    sheet, date = book.add_sheet("Orders"), xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm")
    for place, (name, cell) in enumerate(zip(NAMES, A_ROW, strict=True)):
        sheet.write(0, place, name)
        sheet.write(1, place, cell, *([date] if cell is MOMENT else []))
    packed = io.BytesIO()
    book.save(packed)
    assert _rows(read(packed.getvalue(), name="shop.xls")[0]) == [AS_READ]


def test_a_workbook_of_1904_has_the_same_days(read):
    table, _ = read(_workbook({"Orders": [NAMES, A_ROW]}, date_1904=True), name="shop.xlsx")
    assert _rows(table) == [AS_READ]


def test_a_workbook_that_unpacks_beyond_all_sense_is_refused_before_it_is_parsed(read, monkeypatch):
    monkeypatch.setattr(containers, "UNPACKED_FREELY_BYTES", 100_000)
    monkeypatch.setattr(containers, "MOST_UNPACKED_RATIO", 5)
    monkeypatch.setattr(containers, "sheets", lambda *_: pytest.fail("it was parsed"))
    with pytest.raises(ReadingError, match="The workbook unpacks to more than 5 times its size"):
        read(_workbook({"Orders": [NAMES, *[A_ROW] * 5000]}))


@pytest.mark.parametrize("bomb", ["a cell in the last row and column", "one long text in many cells"])
def test_a_workbook_that_would_take_all_memory_is_refused(read, monkeypatch, bomb):
    monkeypatch.setattr(workbook, "MOST_MEMORY_BYTES", 2**29)
    far = [[*NAMES], A_ROW]
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, far[0])
        if bomb.startswith("a cell"):
            sheet.write(1_048_575, 16_383, "x")
        else:
            for row in range(1, 40_000):
                sheet.write(row, 0, "x" * 32_000)
    with pytest.raises(ReadingError, match=r"The workbook takes more than 0\.5 GiB of memory"):
        read(packed.getvalue())


def test_a_workbook_with_a_password_is_refused(read):
    package = containers.OLD_OFFICE + b"\0" * 1000 + containers.ENCRYPTED_PACKAGE + b"\0" * 1000
    with pytest.raises(ReadingError, match=r"shop\.xlsx is protected by a password; save it without one"):
        read(package, name="shop.xlsx")


def test_a_parquet_file_is_read_by_its_types(read, tmp_path):
    typed = (
        "'536365' AS \"Invoice No\", '00123' AS sku, 'two\nlines' AS product, 6 AS qty, 3.39::FLOAT AS price, "
        'TIMESTAMP \'2010-12-31 08:26:00\' AS "Order Date", 17850::DOUBLE AS "Customer ID"'
    )
    with engine.connection() as duck:
        duck.execute(f"CREATE TEMP TABLE t AS SELECT {typed}")
        duck.execute("INSERT INTO t VALUES ('2', '1', 'x', 1, 2.5, TIMESTAMP '2010-12-31 09:00:00', 'nan'::DOUBLE)")
        duck.execute(f"COPY t TO '{tmp_path / 'shop.parquet'}' (FORMAT parquet)")
    table, facts = read((tmp_path / "shop.parquet").read_bytes(), name="shop.parquet")
    assert table.loc[0, ["StockCode", "Description", "UnitPrice", "CustomerID"]].tolist() == [
        *("00123", "two\nlines", 3.39, "17850")
    ]
    assert table["CustomerID"].isna().tolist() == [False, True]
    assert (table["Line"].tolist(), facts["interpretation"]["format"]) == ([2, 3], "Parquet")


def test_a_parquet_file_that_says_it_has_too_many_rows_is_refused(read, tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "ROWS_FREELY", 1000)
    with engine.connection() as duck:
        duck.execute(f"COPY (SELECT 1 AS a FROM range(3000000)) TO '{tmp_path / 'x'}' (FORMAT parquet)")
    with pytest.raises(ReadingError, match="says that it has 3,000,000 rows"):
        read((tmp_path / "x").read_bytes())


def test_the_process_that_reads_workbooks_needs_nothing_heavy():
    loaded = "import sys, pipeline.reading.workbook; print({'duckdb', 'pandas', 'numpy'} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "set()"
