"""What is no table of transactions is refused in one clear sentence."""

import json
import random
import zlib

import pytest

from pipeline.errors import ReadingError
from pipeline.reading.interpretation import inspect
from pipeline.reading.transactions import Reading
from tests.pipeline.reading.conftest import HEADINGS, a_line

PAGES = (
    b"<!DOCTYPE html><html>",
    b"\xef\xbb\xbf\r\n<html lang='en'>\n<body>1,2,3</body></html>",
    b"<?xml version='1.0'?>\n<!-- made by a shop -->\n<!doctype HTML public>\n<p>,;</p>",
    b"<table border=1><tr><td>InvoiceNo</td></tr></table>",
    "\ufeff<html><body>".encode("utf-16-le") + "é, ü\n".encode("utf-16-le") * 40,
)
ORDER = {"InvoiceNo": 536365, "Quantity": 6, "CustomerID": "17850", "InvoiceDate": "2010-12-31", "UnitPrice": 3.39}
JSONS = (
    json.dumps([ORDER, ORDER]),
    json.dumps({"orders": [ORDER]}, indent=2),
    f"{json.dumps(ORDER)}\n{json.dumps(ORDER)}\n",
    json.dumps([list(ORDER), list(ORDER.values())]),
    json.dumps([ORDER] * 5_000, indent=1),
    json.dumps([ORDER])[:-3],
    '[{"deep": ' + "[" * 100_000,
)
LISTS = (
    "[]",
    "[1, 2, 3]",
    '["a", "b"]',
    '[\n "17850",\n null,\n true\n]\n',
    '["17850"]\n["17851"]\n',
    str([17850] * 90_000),
)
HIGH = bytes(128 + each % 128 for each in random.Random(4).randbytes(3_000))
WHITE = b"BM" + (54 + 3 * 300_000).to_bytes(4, "little") + bytes(4) + b"\x36\0\0\0" + bytes(40) + b"\xff" * 900_000
NOISE = random.Random(3).randbytes(3_000)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n \n\n", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (HEADINGS, "headings but no lines under them"),
        (HEADINGS + "\n\n", "headings but no lines under them"),
        (HEADINGS + "1,2\n3\n", "Of 2 lines under the headings, 2 cannot be read as rows, the first being line 2"),
        (b"%PDF-1.4\n1 0 obj\n", "a PDF document, not CSV text"),
        (b"PK\x03\x04\x14\x00", "shop.csv is a damaged archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "The workbook is damaged, protected or not one at all"),
        (b"PAR1" + b"x" * 40 + b"PAR1", "shop.csv is damaged or encrypted"),
        (b"x" * 257 + b"ustar" + b"\0" * 300, "shop.csv is an archive of a kind that is not read"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        *((page, "a web page") for page in PAGES),
        *((text, "The file is JSON, not CSV text; export it as CSV") for text in (*JSONS, *LISTS)),
        (WHITE, "a bitmap image"),
        (HIGH, "The file is not text"),
        (b"\xff" * 900_000, "The file is not text"),
        (b"\n".join(HIGH[at : at + 60] for at in range(0, 3_000, 60)), "The file is not text"),
        (b'<?xml version="1.0"?>\n<orders><order id="1"/></orders>', "an XML document"),
        (bytes(range(256)) * 40, "The file is not text"),
        (NOISE, "The file is not text"),
        (NOISE.replace(b"\x00", b""), "The file is not text"),
        (b"\xff\xfe" + NOISE, "The file is not text"),
        (zlib.compress(NOISE), "The file is not text"),
        (b"\x00\x00\x00\x18ftypheic" + NOISE, "The file is not text"),
        (b"RIFF\x24\x10\x00\x00WEBPVP8 " + NOISE, "The file is not text"),
        (b"\xef\xbb\xbf\n%PDF-1.4\n1 0 obj\n", "a PDF document, not CSV text"),
        (b"{\\rtf1\\ansi orders}", "a text document \\(RTF\\), not CSV text"),
        (
            "name;city\nAnn;Ulm\n",
            r"no column for InvoiceDate, CustomerID and UnitPrice \(or Amount\); .*name, city",
        ),
        (a_line(), "its columns are: 536365, 71053"),
    ],
)
def test_what_is_no_table_of_transactions_is_refused(read, tmp_path, content, sentence):
    with pytest.raises(ReadingError, match=sentence) as refusal:
        read(content)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert not (tmp_path / "transactions").exists()
    with pytest.raises(ReadingError, match=sentence):
        inspect(tmp_path / "shop.csv", Reading())


@pytest.mark.parametrize(
    "heading",
    [
        "[Note]",
        "{Note}",
        "<Note>",
        "<html>",
        "[Note",
        '{"Note": 1}',
        "<b>Note</b>",
        "[[Note]]",
        "<table of orders",
        "[1]",
        '["Note"',
        "BM",
    ],
)
def test_brackets_in_a_heading_and_markup_in_cells_are_no_reason_to_refuse_a_file(read, heading):
    cells = ("<html>", "<!DOCTYPE html>", "{a}", '"{""a"": [1, 2]}"', '"[{""a"": ""b""}]"')
    content = f"{heading},{HEADINGS}" + "".join(f"{cell},{a_line(cell)}" for cell in cells)
    rows, facts = read(content)
    assert (len(rows), facts["rejected"]) == (len(cells), 0)
    assert rows["Description"].tolist() == ["<html>", "<!DOCTYPE html>", "{a}", '{"a": [1, 2]}', '[{"a": "b"}]']


def test_headings_in_square_brackets_are_read(read):
    rows, _ = read(",".join(f"[{name}]" for name in HEADINGS.strip().split(",")) + "\n" + a_line() * 3)
    assert rows["CustomerID"].tolist() == ["17850"] * 3
