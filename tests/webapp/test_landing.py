"""The landing page says what a file needs, and no more than that."""

from pipeline.reading.columns import LOSSES
from webapp import landing
from webapp.pages import upload


def test_only_customer_date_and_money_are_needed_and_what_is_lost_without_the_rest_is_told():
    told = str(landing._needed_columns())
    needed, used = told.split("Used where it is there")
    assert [name for _, name, _ in landing.NEEDED] == ["Customer", "Date", "Money"]
    assert "Country" not in needed
    for column in ("InvoiceNo", "Description", "StockCode", "Country"):
        assert LOSSES[column] in used


def test_whoever_brings_a_later_file_is_told_where_it_leads_and_can_go_back_without_one(shop):
    told = str(upload.layout(later_of=shop.data, method="hierarchical", k="3"))
    assert "Add a later file to compare with" in told
    assert f"href='/model?data={shop.data}&method=hierarchical&k=3&view=newdata'" in told
    assert "Try it with sample data" not in told
    assert "Try it with sample data" in str(upload.layout())
    assert "no data set" in str(upload.layout(later_of="0" * 24))
