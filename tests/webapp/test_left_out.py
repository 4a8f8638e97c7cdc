"""The lines that were left out, as a file: whole, in order, with their reasons, and safe to open in a spreadsheet."""

import io

import pandas as pd
import pytest

from pipeline import engine
from webapp import left_out


@pytest.fixture
def browser(served):
    return served(left_out.register)


def test_many_lines_come_in_pieces_and_in_order(tmp_path):
    engine.write_parquet(pd.DataFrame({"Line": range(30_000), "Reason": "no customer"}), tmp_path / "many")
    pieces = list(left_out.pieces(tmp_path / "many"))
    assert len(pieces) > 3
    table = pd.read_csv(io.StringIO("".join(pieces).removeprefix("\ufeff")))
    assert table["Line"].tolist() == list(range(30_000))


def test_no_lines_are_a_file_with_headings(tmp_path):
    engine.write_parquet(pd.DataFrame({"Line": [1], "Reason": ["x"]}).iloc[:0], tmp_path / "none")
    assert "".join(left_out.pieces(tmp_path / "none")) == "\ufeffLine,Reason\r\n"


def test_no_text_of_the_file_becomes_a_formula(tmp_path):
    engine.write_parquet(pd.DataFrame({"Line": [7], "Text": ["=1+1,2"]}), tmp_path / "one")
    assert "".join(left_out.pieces(tmp_path / "one")).endswith('7,"\'=1+1,2"\r\n')


@pytest.mark.parametrize("query", ["", "?data=nonsense", "?data={data}&recipe=00000000"])
def test_what_is_not_there_is_told_in_a_sentence(browser, finished_shop, query):
    for kind in (*left_out.KINDS, "unknown"):
        answer = browser.get(f"/download/left-out/{kind}.csv{query.format(data=finished_shop.data)}")
        assert answer.status_code == 404
        assert answer.text.endswith(".")


def test_the_file_is_called_after_the_data():
    assert left_out.file_name("orders 2011.csv.gz", left_out.KINDS["dropped"]) == "orders_2011-dropped-lines.csv"
