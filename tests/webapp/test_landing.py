"""The landing page says what a file needs, and no more than that."""

from pipeline.reading.columns import LOSSES
from webapp import landing


def test_only_customer_date_and_money_are_needed_and_what_is_lost_without_the_rest_is_told():
    told = str(landing._needed_columns())
    needed, used = told.split("Used where it is there")
    assert [name for _, name, _ in landing.NEEDED] == ["Customer", "Date", "Money"]
    assert "Country" not in needed
    for column in ("InvoiceNo", "Description", "StockCode", "Country"):
        assert LOSSES[column] in used
