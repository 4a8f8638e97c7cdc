"""What is downloaded is the public table of the customers in sight, and safe to open in a spreadsheet."""

import io
import json
import zipfile
from urllib.parse import urlencode

import pandas as pd
import pytest
import python_calamine

from pipeline.cli import main
from pipeline.output import segments_table
from webapp import downloads
from webapp.finished import finished


@pytest.fixture
def browser(served):
    return served(downloads.register)


def test_the_file_holds_the_public_table_of_the_customers_in_sight(browser, finished_shop):
    answer = browser.get(f"{downloads.PATH}?data={finished_shop.data}&k=3&min_frequency=3")
    public = segments_table(finished_shop.segmentation, 3)
    table = pd.read_csv(io.BytesIO(answer.data), dtype={"CustomerID": str})
    assert list(table.columns) == list(public.columns)
    assert table["CustomerID"].tolist() == public.loc[public["Frequency"] >= 3, "CustomerID"].tolist()
    assert 0 < len(table) < len(public)
    assert set(table["Cluster_KMeans"]) <= {0, 1, 2}


def test_figures_are_the_tables_to_the_penny_and_to_the_hundredth_of_a_per_cent(browser, finished_shop):
    answer = browser.get(f"{downloads.PATH}?data={finished_shop.data}")
    public = segments_table(finished_shop.segmentation, 4)
    texts = pd.read_csv(io.BytesIO(answer.data), dtype=str, keep_default_na=False)
    for name in public.select_dtypes("float"):
        decimals = 2 if name in ("Monetary", "CLV_6m", "Spend_6m_Low", "Spend_6m_High", "Overdue") else 4
        assert texts[name].str.partition(".")[2].str.len().max() <= decimals, name
        off = (texts[name].astype(float) - public[name]).abs().max()
        assert off <= 0.5 * 10**-decimals * (1 + 1e-6), name


def test_the_file_holds_who_is_inside_the_outline_and_an_outline_that_is_none_makes_no_list(browser, finished_shop):
    address = f"{downloads.PATH}?data={finished_shop.data}&outline_orders="
    table = pd.read_csv(io.BytesIO(browser.get(f"{address}0_1~100_1~100_3~0_3").data), dtype={"CustomerID": str})
    public = segments_table(finished_shop.segmentation, 4)
    inside = public[(public["Recency"] < 100) & (public["Frequency"] < 3)]
    assert 0 < len(inside) < len(public)
    assert table["CustomerID"].tolist() == inside["CustomerID"].tolist()
    answer = browser.get(f"{address}0_1~100_1")
    assert answer.status_code == 404
    assert "“outline_orders” must be an outline of 3 to 60 corners, not “0_1~100_1”" in answer.text


def test_spreadsheets_read_the_file_as_utf_8_under_a_name_that_says_what_it_holds(browser, finished_shop):
    answer = browser.get(f"{downloads.PATH}?data={finished_shop.data}&k=3&method=hierarchical&country=France")
    assert answer.data.startswith(b"\xef\xbb\xbfCustomerID,")
    assert b"\r\n" in answer.data
    told = answer.headers["Content-Disposition"]
    assert told == 'attachment; filename="shop_2011-hierarchical-3-segments-filtered.csv"'
    assert answer.mimetype == "text/csv"


def test_the_customers_of_one_segment_come_under_its_number(browser, finished_shop):
    answer = browser.get(f"{downloads.PATH}?data={finished_shop.data}&k=3&method=hierarchical&segment=1")
    public = segments_table(finished_shop.segmentation, 3)
    table = pd.read_csv(io.BytesIO(answer.data), dtype={"CustomerID": str})
    assert table["CustomerID"].tolist() == public.loc[public["Cluster_Hierarchical"] == 1, "CustomerID"].tolist()
    assert 0 < len(table) < len(public)
    told = answer.headers["Content-Disposition"]
    assert told == 'attachment; filename="shop_2011-hierarchical-segment-1-of-3.csv"'


def test_an_address_without_k_names_the_one_that_the_file_holds(browser, finished_shop):
    answer = browser.get(f"{downloads.PATH}?data={finished_shop.data}")
    assert "shop_2011-kmeans-4-segments.csv" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("query", ["", "data=nonsense", "data=0123456789abcdef01234567", "data={data}&recipe=00000000"])
def test_what_is_not_there_is_told_in_a_sentence(browser, finished_shop, query):
    answer = browser.get(f"{downloads.PATH}?{query.format(data=finished_shop.data)}")
    assert answer.status_code == 404
    assert answer.text.endswith(".")


@pytest.mark.parametrize(
    "wrong", ["segment=77", "k=abc", "k=77", "min_clv=abc", "recency=9-1", "method=zz", "country=Atlantis"]
)
@pytest.mark.parametrize("path", [downloads.PATH, *downloads.AUDIENCES.values()])
def test_a_slip_in_an_address_never_makes_a_list_longer(browser, finished_shop, path, wrong):
    answer = browser.get(f"{path}?data={finished_shop.data}&{wrong}")
    assert answer.status_code == 404
    assert f"“{wrong.partition('=')[2]}”" in answer.text
    assert answer.text.endswith("Download from the page again.")


def test_a_segment_that_has_a_name_only_can_be_downloaded_too(shop):
    results = finished(shop.view())
    view = results.settled(shop.view(method="rfm_grid", segment="0"))
    name = results.names(view)[0]
    table = downloads.table(results, view)
    assert set(table["Segment_RFM"]) == {name}
    assert len(table) == int((results.labels(view) == 0).sum())
    assert "Segment" not in table


@pytest.fixture
def on_the_command_line(finished_shop, tmp_path):
    """The list that `python -m pipeline audience` writes of the same shop, as bytes."""

    def listed(ending, *flags):
        (source,) = finished_shop.here.dataset(finished_shop.data).files.values()
        target = tmp_path / f"list.{ending}"
        kept = ["--data-dir", str(finished_shop.here.store.directory.parent)]
        assert main(["audience", str(source), "--output", str(target), *kept, *flags]) == 0
        return target

    return listed


def asked(finished_shop, kind, **query):
    return f"{downloads.AUDIENCES[kind]}?{urlencode({'data': finished_shop.data, **query})}"


def test_an_audience_has_the_same_bytes_as_that_of_the_command_line(browser, finished_shop, on_the_command_line):
    wishes = {"control.share_percent": "20", "control.seed": "4", "columns": "segment,products"}
    query = {"k": "3", "segment": "1", "min_frequency": "2", **wishes}
    answer = browser.get(asked(finished_shop, "csv", **query))
    flags = ["--k", "3", "--segment", "1", "--min-frequency", "2", "--columns", "segment,products"]
    written = on_the_command_line("csv", *flags, "--control", "20", "--control-seed", "4")
    assert answer.data == written.read_bytes()
    assert b"control" in answer.data
    told = answer.headers["Content-Disposition"]
    assert told == 'attachment; filename="shop_2011-kmeans-segment-1-of-3-filtered-audience.csv"'


def test_the_archive_tells_what_the_command_lines_side_file_tells(browser, finished_shop, on_the_command_line):
    query = {"k": "3", "method": "hierarchical", "control.share_percent": "50", "columns": "history,campaign"}
    with zipfile.ZipFile(io.BytesIO(browser.get(asked(finished_shop, "zip", **query)).data)) as packed:
        csv, side = (packed.read(name) for name in packed.namelist())
    flags = ["--k", "3", "--method", "hierarchical", "--control", "50", "--columns", "history,campaign"]
    written = on_the_command_line("csv", *flags)
    assert csv == written.read_bytes()
    ours, theirs = json.loads(side), json.loads(written.with_suffix(".about.json").read_text(encoding="utf-8"))
    assert ours["recipe"]["clusters"]["n_clusters"] == 3
    assert ours["segments_of"] == "hierarchical"
    for about in (ours, theirs):
        assert about.pop("made")
        about["recipe"].pop("name")
    assert ours == theirs


def test_the_workbook_holds_the_audience(browser, finished_shop):
    answer = browser.get(asked(finished_shop, "xlsx", **{"control.share_percent": "10"}))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    head, *rows = book.get_sheet_by_name("Customers").to_python()
    assert head[:2] == ["CustomerID", "Group"]
    assert len(rows) == len(finished_shop.segmentation.customers())


@pytest.mark.parametrize("query", [{"control.share_percent": "95"}, {"columns": "nonsense"}, {"min_clv": "1e12"}])
def test_a_list_that_cannot_be_made_is_told_in_a_sentence(browser, finished_shop, query):
    answer = browser.get(asked(finished_shop, "csv", **query))
    assert answer.status_code == 404
    assert answer.text.endswith(".")
