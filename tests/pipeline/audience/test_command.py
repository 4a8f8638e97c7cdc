"""`python -m pipeline audience`: the list in each of its forms, with its control group and its side file."""

import csv
import json
import zipfile

import pytest
import python_calamine

from pipeline.cli import main


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A small shop and its finished results: the folder of both."""
    folder = tmp_path_factory.mktemp("audience")
    assert main(["sample", str(folder / "shop.csv"), "--customers", "300", "--seed", "5"]) == 0
    assert _listed(folder, "first.csv") == 0
    return folder


def _listed(folder, name, *flags):
    asked = ["audience", str(folder / "shop.csv"), "--output", str(folder / name), "--data-dir", str(folder), *flags]
    return main(asked)


def _rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_segment_with_a_control_group_as_csv_and_its_side_file(shop, capsys):
    assert _listed(shop, "one.csv", "--segment", "1", "--control", "20", "--control-seed", "4") == 0
    printed = capsys.readouterr()
    rows, about = _rows(shop / "one.csv"), json.loads((shop / "one.about.json").read_text(encoding="utf-8"))
    assert {row["Segment"] for row in rows} == {"1"}
    assert len({row["SegmentName"] for row in rows} - {""}) == 1
    held_back = sum(row["Group"] == "control" for row in rows)
    assert held_back == pytest.approx(0.2 * len(rows), abs=0.5)
    assert about["groups"] == {"treatment": len(rows) - held_back, "control": held_back}
    assert about["control"] == {"share_percent": 20.0, "draw": "by_segment", "seed": 4}
    assert about["chosen_by"] == [f"in “{rows[0]['SegmentName']}”"]
    assert len(about["data_set"]) == 64
    assert about["recipe"]["name"] == "balanced"
    assert about["versions"]["pandas"]
    assert "you would notice a change" in printed.err
    assert printed.out == f"{shop / 'one.csv'}\n"


def test_without_a_control_group_there_is_no_column_of_groups(shop):
    rows = _rows(shop / "first.csv")
    assert "Group" not in rows[0]
    assert list(rows[0])[:3] == ["CustomerID", "Segment", "SegmentName"]


def test_whoever_most_is_expected_of_comes_first(shop):
    rows = _rows(shop / "first.csv")
    ranked = sorted(rows, key=lambda row: (-float(row["CLV_6m"]), row["CustomerID"]))
    assert [row["CLV_6m"] for row in rows] == [row["CLV_6m"] for row in ranked]
    assert rows[0]["CustomerID"] != min(row["CustomerID"] for row in rows)


def test_the_workbook_holds_what_the_csv_holds(shop):
    flags = ("--columns", "history,products,campaign", "--control", "50", "--economics-contact-cost", "2")
    assert _listed(shop, "same.csv", *flags) == 0
    assert _listed(shop, "same.xlsx", *flags) == 0
    book = python_calamine.CalamineWorkbook.from_path(shop / "same.xlsx")
    head, *rows = book.get_sheet_by_name("Customers").to_python()
    plain = _rows(shop / "same.csv")
    assert head == list(plain[0])
    assert "ExpectedProfit" in head
    for row, other in zip(rows, plain, strict=True):
        for name, value in zip(head, row, strict=True):
            text = other[name]
            assert value == (float(text) if isinstance(value, float | int) else text)
    told = dict(book.get_sheet_by_name("About").to_python())
    assert "Assumed by you: a contact costs £2.00" in told["What to know"]
    assert told["Segments by"] == "K-means, 4 segments"


def test_the_archive_holds_the_csv_and_its_side_file(shop):
    assert _listed(shop, "both.zip", "--columns", "segment") == 0
    with zipfile.ZipFile(shop / "both.zip") as packed:
        assert packed.namelist() == ["both.csv", "both.about.json"]
        assert json.loads(packed.read("both.about.json"))["columns"] == ["CustomerID", "Segment", "SegmentName"]
        assert packed.read("both.csv").startswith(b"\xef\xbb\xbfCustomerID,Segment,SegmentName\r\n")


def test_ranges_and_an_outline_narrow_the_list_as_they_do_on_the_page(shop):
    flags = ("--recency", "-200", "--frequency", "2-", "--outline-orders", "0_1~250_1~250_4~0_40")
    assert _listed(shop, "drawn.csv", *flags) == 0
    rows, everyone = _rows(shop / "drawn.csv"), _rows(shop / "first.csv")
    within = {row["CustomerID"] for row in everyone if int(row["Recency"]) <= 200 and int(row["Frequency"]) >= 2}
    under = {row["CustomerID"] for row in everyone if int(row["Frequency"]) < 40 * 0.1 ** (int(row["Recency"]) / 250)}
    assert {row["CustomerID"] for row in rows} == within & under
    assert 0 < len(rows) < len(within)
    about = json.loads((shop / "drawn.about.json").read_text(encoding="utf-8"))
    assert about["chosen_by"] == [
        "last order 200 or less days ago",
        "2 or more orders",
        "inside the outline in Recency × Frequency",
    ]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--recency", "60-5"), "--recency must be a range such as 5-60, 5- or -60, from low to high, not '60-5'."),
        (("--outline-value", "1_1~2_2"), "--outline-value must be 3 to 60 corners such as 12_1.5~40_1.5~40_8, not"),
        (("--columns", "everything"), "There are no columns 'everything'; the groups of columns are: segment, history"),
        (("--country", "Atlantis"), "No customer is left after the filter"),
        (("--method", "magic"), "--method must be one of kmeans"),
        (("--control", "100"), "Held back (control.share_percent) must be a number from 0 to 90"),
    ],
)
def test_what_makes_no_list_is_told_in_one_sentence(shop, capsys, flags, told):
    assert _listed(shop, "none.csv", *flags) == 2
    assert told in capsys.readouterr().err
    assert not (shop / "none.csv").exists()


def test_an_output_of_another_kind_is_refused_before_anything_is_computed(tmp_path, capsys):
    assert main(["audience", str(tmp_path / "no.csv"), "--output", str(tmp_path / "list.pdf")]) == 2
    assert "--output must end in .csv, .xlsx, .zip, but it is list.pdf." in capsys.readouterr().err


def test_a_segment_that_there_is_not_is_refused_with_those_that_there_are(shop, capsys):
    assert _listed(shop, "none.csv", "--segment", "99") == 2
    told = capsys.readouterr().err
    assert "There is no segment 99 under kmeans; there are: 0 (" in told
    assert "3 (" in told
    assert not (shop / "none.csv").exists()


def test_whom_a_page_can_filter_the_command_can_list(shop, capsys):
    everyone = {row["CustomerID"]: row for row in _rows(shop / "first.csv")}
    columns = ("--columns", "history,products,next_order")
    assert _listed(shop, "never.csv", "--never", "Toys", "--overdue", "1-", "--first", "0-300", *columns) == 0
    rows = _rows(shop / "never.csv")
    assert 0 < len(rows) < len(everyone)
    assert {float(row["CatShare_Toys"]) for row in rows} == {0.0}
    assert min(float(row["Overdue"]) for row in rows) >= 1
    about = json.loads((shop / "never.about.json").read_text(encoding="utf-8"))
    assert about["chosen_by"] == [
        "never bought toys",
        "last order 1 or more own usual gaps ago",
        "first order 0 to 300 days ago",
    ]
    capsys.readouterr()
    assert _listed(shop, "no.csv", "--never", "Spoons") == 2
    assert "There is no category 'Spoons'; there are: Bags," in capsys.readouterr().err
