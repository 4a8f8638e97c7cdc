"""What is no table of transactions is refused in one clear sentence."""

import pytest

from pipeline.errors import ReadingError
from pipeline.reading.interpretation import inspect
from pipeline.reading.transactions import Reading
from tests.pipeline.reading.conftest import HEADINGS, a_line


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
        (b"<!DOCTYPE html><html>", "a web page"),
        (bytes(range(256)) * 40, "The file is not text"),
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
