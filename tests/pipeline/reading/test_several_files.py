"""Several files are read as one table, each understood by itself."""

import pytest

from pipeline import engine
from pipeline.errors import ReadingError
from pipeline.reading.files import named
from pipeline.reading.transactions import Reading, read_transactions
from tests.pipeline.reading.conftest import HEADINGS, a_line


@pytest.fixture
def read_all(tmp_path):
    """Writes files, reads them as one, and gives the table and the facts."""

    def _read_all(contents):
        for name, content in contents.items():
            (tmp_path / name).write_bytes(content)
        sources = {name: tmp_path / name for name in contents}
        facts = read_transactions(sources, Reading(), tmp_path / "transactions", lambda *_: None)
        return engine.read_parquet(tmp_path / "transactions"), facts

    return _read_all


def test_files_written_in_different_ways_become_one_table_that_says_where_each_row_is_from(read_all):
    british = (HEADINGS + a_line("CAFÉ", date="31/12/2010") + "cut").encode("cp1252")
    german = (HEADINGS + a_line("GLÜHWEIN", date="2011-01-31", price="1#5")).replace(",", ";").replace("#", ",")
    table, facts = read_all({"2010.csv": british, "2011.csv": german.encode("utf-16")})
    assert table[["File", "Line", "Description", "UnitPrice"]].to_numpy().tolist() == [
        ["2010.csv", 2, "CAFÉ", 3.39],
        ["2011.csv", 2, "GLÜHWEIN", 1.5],
    ]
    assert table["InvoiceDate"].astype(str).tolist() == ["2010-12-31", "2011-01-31"]
    assert [(part["name"], part["lines"], part["accepted"], part["rejected"]) for part in facts["parts"]] == [
        ("2010.csv", 2, 1, 1),
        ("2011.csv", 1, 1, 0),
    ]
    assert [part["interpretation"]["encoding"] for part in facts["parts"]] == ["cp1252", "utf-16"]
    assert (facts["lines"], facts["accepted"], facts["rejected"]) == (3, 2, 1)
    assert [(each["file"], each["line"]) for each in facts["rejected_examples"]] == [("2010.csv", 3)]
    assert [warning.split(":")[0] for warning in facts["warnings"]] == ["2010.csv"]


def test_the_order_in_which_files_are_given_makes_no_difference(read_all):
    contents = {name: (HEADINGS + a_line(name)).encode() for name in ("b.csv", "a.csv")}
    one, _ = read_all(contents)
    other, _ = read_all(dict(reversed(contents.items())))
    assert one["File"].tolist() == ["a.csv", "b.csv"]
    assert one.equals(other)


def test_what_all_files_lack_is_said_once(read_all):
    lean = b"Invoice,Price,Qty,Date,Customer\n1,2,3,2010-12-31,7\n"
    _, facts = read_all({"a.csv": lean, "b.csv": lean.replace(b"1,2", b"4,5")})
    assert [warning.split(",")[0] for warning in facts["warnings"]] == [
        "The file has no column for Description",
        "The file has no column for Country",
    ]


def test_a_file_of_another_kind_is_refused_by_its_name(read_all, tmp_path):
    with pytest.raises(ReadingError, match=r"^b\.csv: The file has no column for CustomerID"):
        read_all({"a.csv": (HEADINGS + a_line()).encode(), "b.csv": HEADINGS.replace("CustomerID", "Who").encode()})
    assert not (tmp_path / "transactions").exists()


def test_files_of_the_same_name_are_told_apart_by_their_folders(tmp_path):
    one, other = tmp_path / "2010" / "shop.csv", tmp_path / "2011" / "shop.csv"
    assert named([other, one, tmp_path / "x.csv"]) == {
        one.as_posix(): one,
        other.as_posix(): other,
        "x.csv": tmp_path / "x.csv",
    }
