"""Every line of a file is taken, rejected, blank, or the continuation of a quoted cell; and its number is right."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.errors import ReadingError
from pipeline.reading.transactions import Reading, read_transactions
from tests.pipeline.reading.conftest import HEADINGS, a_line

QUOTED = '"LANTERN, WHITE"'
WORDS = st.text(alphabet='ab"\n,;| é£', max_size=12)
PARTS = st.lists(st.one_of(st.tuples(st.just("row"), WORDS), st.just("blank"), st.just("short")), max_size=12)


@settings(deadline=None, max_examples=60)
@given(before=PARTS, row=WORDS, after=PARTS, delimiter=st.sampled_from(",;\t|"), ends=st.sampled_from(["\n", "\r\n"]))
def test_rows_rejected_and_blank_lines_add_up_to_the_file(before, row, after, delimiter, ends):
    written = io.StringIO(newline="")
    rows = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    rows.writerow(HEADINGS.strip().split(","))
    expected, short = [], 0
    for part in [*before, ("row", row), *after]:
        line = written.getvalue().count("\n") + 1
        if part == "blank":
            written.write("\n")
        elif part == "short":
            written.write(f"536365{delimiter}71053\n")
            short += 1
        else:
            rows.writerow(["536365", "71053", part[1], "6", "2010-12-31", "3.39", "17850", "UK"])
            expected.append((line, part[1] or None))
    assume(short <= len(expected))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "shop.csv", Path(folder) / "table"
        source.write_bytes(written.getvalue().replace("\n", ends).encode())
        facts = read_transactions(source, Reading(), target, lambda *_: None)
        table = engine.read_parquet(target)
    found = [words.replace("\r\n", "\n") if isinstance(words, str) else None for words in table["Description"]]
    assert list(zip(table["Line"], found, strict=True)) == expected
    assert (facts["accepted"], facts["rejected"], facts["lines"]) == (len(expected), short, len(expected) + short)
    assert not [warning for warning in facts["warnings"] if "accounted" in warning]


def test_an_unclosed_quote_takes_no_other_line_with_it(read):
    unclosed = '536366,1,"LANTERN,6,2010-12-31,3.39,17850,UK\n'
    table, facts = read(HEADINGS + a_line(QUOTED) * 9 + unclosed + a_line() * 4)
    assert table["Line"].tolist() == [*range(2, 11), *range(12, 16)]
    assert (facts["lines"], facts["rejected"]) == (14, 1)
    assert facts["rejected_examples"] == [
        {"file": "shop.csv", "line": 11, "lines": 1, "reason": "quotation mark never closed", "text": unclosed.strip()}
    ]
    assert "1 line of 14, the first being line 11" in facts["warnings"][0]


def test_an_unclosed_quote_in_a_long_file_takes_no_other_line_with_it(read):
    unclosed = '1,1,"OPEN,1,2010-12-31,1,1,UK\n'
    table, facts = read(HEADINGS + a_line(QUOTED) * 60_000 + unclosed + a_line() * 50_000)
    assert (len(table), facts["rejected"], facts["lines"]) == (110_000, 1, 110_001)
    assert len(facts["warnings"]) == 1


def test_cells_of_several_lines_stay_whole_beside_an_unclosed_quote(read):
    broken, unclosed = a_line('"two\nlines, one cell"'), '1,1,"OPEN,1,2010-12-31,1,1,UK\n'
    table, facts = read(HEADINGS + broken + unclosed + broken + a_line(QUOTED) * 5)
    assert table["Description"].tolist() == ["two\nlines, one cell"] * 2 + ["LANTERN, WHITE"] * 5
    assert (table["Line"].tolist()[:3], facts["rejected"]) == ([2, 5, 7], 1)


def test_a_file_of_which_most_cannot_be_read_is_refused(read):
    with pytest.raises(ReadingError, match=r"Of 60,001 lines under the headings, 60,000 cannot .* line 3 \("):
        read(HEADINGS + a_line() + "536365,71053,LANTERN,6\n" * 60_000)


def test_a_last_line_that_was_cut_is_rejected(read):
    table, facts = read(HEADINGS + a_line() * 2 + a_line()[:20])
    assert (len(table), facts["rejected"]) == (2, 1)
    assert facts["rejected_examples"] == [
        {"file": "shop.csv", "line": 4, "lines": 1, "reason": "missing columns", "text": "536365,71053,WHITE M"}
    ]


@pytest.mark.parametrize(
    "title", ["Export of 31 December\n", "\n\n", '"Two\nlines, one cell"\n\n', "sep=,\n", "a,b\nc\n"]
)
def test_headings_may_stand_under_a_title(read, title):
    table, facts = read(title + HEADINGS + a_line() * 2)
    heading_line = title.count("\n") + 1
    assert facts["interpretation"]["header_row"] == heading_line
    assert table["Line"].tolist() == [heading_line + 1, heading_line + 2]
    assert facts["rejected"] == 0


def test_na_and_null_as_text_are_text(read):
    table, _ = read(HEADINGS + "NA,NULL,nan,1,2010-01-01,2,N/A,NA\n")
    assert table.loc[0, ["InvoiceNo", "StockCode", "Description", "CustomerID", "Country"]].tolist() == [
        *("NA", "NULL", "nan", "N/A", "NA")
    ]


def test_texts_are_trimmed_but_descriptions_stay_as_given(read):
    table, _ = read(HEADINGS + " 1 , 2 , a  b , 3 , 2010-01-01 , 4.5 , 7 ,  UK \n")
    assert table.iloc[0].tolist()[2:6] == ["1", "2", " a  b ", 3.0]
    assert table.iloc[0].tolist()[7:-1] == [4.5, "7", "UK"]


@pytest.mark.parametrize(
    ("written", "meant"), [("17850.0", "17850"), ("00123.0", "00123"), ("V1.0", "V1.0"), ("a@b.co", "a@b.co")]
)
def test_a_customer_number_with_a_useless_decimal_is_that_customer(read, written, meant):
    table, _ = read(HEADINGS + a_line(customer=written))
    assert table["CustomerID"].tolist() == [meant]
