"""What a file seems to be before it is read, for a page to show and a person to change."""

import gzip
import json
import random

import pytest

from pipeline.reading.columns import overrides, position, written
from pipeline.reading.proposal import proposal
from pipeline.reading.settings import Reading
from tests.pipeline.reading.conftest import HEADINGS, a_line


@pytest.fixture
def propose(tmp_path):
    """Writes a file and gives what is proposed for it."""

    def _propose(content, name="shop.csv", **settings):
        source = tmp_path / name
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
        return proposal([source], Reading(**settings))

    return _propose


def test_every_heading_is_told_with_samples_what_it_is_taken_for_how_surely_and_why(propose):
    proposed = propose(
        HEADINGS.strip() + ",Colour\n" + "".join(a_line(quantity=n).strip() + ",red\n" for n in range(9))
    )
    assert [each["heading"] for each in proposed["headings"]] == [*HEADINGS.strip().split(","), "Colour"]
    quantity, colour = proposed["headings"][3], proposed["headings"][-1]
    assert quantity == {
        "position": 3,
        "heading": "Quantity",
        "samples": ["0", "1", "2", "3", "4"],
        "canonical": "Quantity",
        "confidence": "sure",
        "why": "Its heading says so, and it holds whole numbers.",
    }
    assert (colour["canonical"], colour["confidence"], colour["samples"]) == (None, None, ["red"])
    assert proposed["columns"] == {name: name for name in HEADINGS.strip().split(",")}
    assert (proposed["missing"], proposed["questions"], proposed["refusal"]) == ([], [], None)
    assert proposed["looked_at"] == "The whole file, 9 rows."
    assert json.loads(json.dumps(proposed)) == proposed


def test_dates_that_the_rows_looked_at_leave_open_are_a_question_with_how_they_would_read(propose):
    proposed = propose(HEADINGS + a_line(date="03/04/2011") + a_line(date="05/06/2011"))
    (question,) = proposed["questions"]
    assert question["setting"] == "reading.date_order"
    assert question["options"]["day"] == {"label": "Day first", "example": "03/04/2011 is 3 April 2011"}
    assert question["options"]["month"] == {"label": "Month first", "example": "03/04/2011 is 4 March 2011"}
    assert (question["whole_file_may_tell"], proposed["needs_confirmation"]) == (False, True)
    answered = propose(HEADINGS + a_line(date="03/04/2011"), date_order="day")
    assert (answered["questions"], answered["needs_confirmation"]) == ([], False)


def test_what_is_missing_is_told_with_what_is_lost(propose):
    proposed = propose("Date,Client,Price\n2010-12-31,7,2.5\n2010-12-31,8,2.5\n")
    assert proposed["columns"] == {"InvoiceDate": "Date", "CustomerID": "Client", "Amount": "Price"}
    losses = {each["column"]: each["loss"] for each in proposed["optional_missing"]}
    assert losses["InvoiceNo"] == "All that a customer buys on one day counts as one order."
    assert propose("When,Client,Price\nsoon,7,2.5\n")["missing"] == ["InvoiceDate"]


@pytest.mark.parametrize("end", ["", "\r\n", "\n\n"])
def test_a_file_of_headings_alone_is_refused_before_anybody_is_asked_about_them(propose, end):
    proposed = propose(HEADINGS.strip() + end)
    assert proposed["refusal"] == "The file has headings but no lines under them; give one row per invoice line."
    assert proposed["headings"] == []
    assert propose(HEADINGS + a_line())["refusal"] is None


def test_a_file_that_is_no_text_or_has_one_row_per_customer_is_refused(propose):
    assert "PDF" in propose(b"%PDF-1.7 \n\x00")["refusal"]
    for noise in (random.Random(3).randbytes(3_000), b"\xff\xfe" + random.Random(4).randbytes(2_000)):
        assert propose(noise)["refusal"].startswith("The file is not text")
        assert propose(gzip.compress(noise), "shop.csv.gz")["refusal"].startswith("The file is not text")
    for content, what in ((b"<!doctype html>\n<html>", "a web page (HTML)"), (b'[{"CustomerID": 1}]', "JSON")):
        for name in ("shop.csv", "page.html"):
            assert propose(content, name)["refusal"].startswith(f"The file is {what}, not CSV text; ")
        assert what in propose(gzip.compress(content), "shop.csv.gz")["refusal"]
    assert propose("[CustomerID],[Date],[Price]\n" + "7,2010-12-31,2.5\n" * 9)["refusal"] is None
    rows = "".join(f"{number},2010-12-31,{number * 7}.50,3\n" for number in range(9))
    assert "one row per customer" in propose("Customer ID,Last order,Total spent,Orders\n" + rows)["refusal"]


def test_a_large_file_is_looked_at_in_places_all_over_it_and_not_read(propose):
    lines = [a_line(date=f"{1 + n // 6000:02}/{1 + n % 12:02}/2011", customer=str(n)) for n in range(60_000)]
    lines[55_000] = a_line(date="06/30/2011")
    proposed = propose(HEADINGS + "".join(lines))
    assert proposed["looked_at"].endswith("rows from the head of the file and from places all over it.")
    customers = next(each for each in proposed["headings"] if each["canonical"] == "CustomerID")["samples"]
    assert int(customers[-1]) > 30_000
    assert proposed["questions"][0]["whole_file_may_tell"]


def test_the_key_of_the_headings_depends_on_nothing_but_the_headings(propose):
    key = propose(HEADINGS + a_line())["headings_key"]
    assert propose(HEADINGS + a_line() * 5)["headings_key"] == key
    assert propose(HEADINGS.replace("Country", "Land") + a_line())["headings_key"] != key


@pytest.mark.parametrize(
    "heading", ["Client no", "a;b", 'say "hi"; bye', "a = b", "#3", "none", "", "Date", '"', "two\nlines", '; = "']
)
def test_any_choice_of_columns_can_be_written_as_the_setting_and_read_back(heading):
    headings = ["Date", heading, "Price", "Price"]
    chosen = {"CustomerID": 1, "UnitPrice": 3, "InvoiceDate": 0, "Country": None}
    told = overrides(written(headings, chosen))
    assert {name: position(headings, column) for name, column in told.items()} == chosen


def test_the_mapping_that_is_proposed_reads_the_file_as_proposed(propose, read):
    content = "Order;Wer;Wann;Preis\n1;ann@x.de;31.12.2010;5\n2;bob@x.de;31.12.2010;7\n"
    proposed = propose(content)
    table, facts = read(content, columns=proposed["mapping"])
    assert facts["interpretation"]["columns"] == proposed["columns"]
    assert table["CustomerID"].tolist() == ["ann@x.de", "bob@x.de"]
