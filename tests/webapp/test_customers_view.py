"""The list of customers follows the page's filters, its own filters and its order, and each customer can be opened."""

import pytest

from webapp import customers_view, formats
from webapp.finished import finished
from webapp.views import View, selected


@pytest.fixture
def results(shop):
    return finished(shop.view())


def settled(results, shop, **asked):
    return results.settled(shop.view(**asked))


def test_the_rows_are_the_customers_that_the_page_leaves_under_their_segments_names(results, shop):
    view = settled(results, shop, k="3", min_frequency="2", segment="1")
    answer = customers_view.listed(view, {"startRow": 0, "endRow": 10_000})
    left = selected(results.in_segments(view), view)
    assert [row["CustomerID"] for row in answer["rowData"]] == left["CustomerID"].tolist()
    assert {row["SegmentName"] for row in answer["rowData"]} == {results.names(view)[1]}
    assert customers_view.counted(results, view).startswith(f"{len(left):,}")


def test_every_fact_of_a_row_is_that_of_the_customers_table(results, shop):
    row = customers_view.listed(settled(results, shop), {"startRow": 5, "endRow": 6})["rowData"][0]
    known = results.customers.iloc[5]
    assert row["CustomerID"] == known["CustomerID"]
    assert row["NextOrder_50"] == (formats.date(known["NextOrder_50"]) if known["NextOrder_50"] else None)
    for name in ("CLV_6m", "Spend_6m_Low", "Spend_6m_High"):
        assert row[name] == formats.money_exact(known[name])
    assert row["ExpectedOrders_6m"] == formats.number(known["ExpectedOrders_6m"])
    assert row["ChanceToBuy_30d"] == formats.chance(known["ChanceToBuy_30d"])


def test_a_search_and_an_order_hold_over_all_pages_of_rows(results, shop):
    view = settled(results, shop)
    begins = {"CustomerID": {"filterType": "text", "type": "startsWith", "filter": "123"}}
    asked = {"filterModel": begins, "sortModel": [{"colId": "CLV_6m", "sort": "desc"}]}
    pages = [customers_view.listed(view, {"startRow": at, "endRow": at + 4, **asked}) for at in (0, 4)]
    listed = [row for page in pages for row in page["rowData"]]
    expected = results.customers[results.customers["CustomerID"].str.startswith("123")]
    assert pages[0]["rowCount"] == len(expected)
    best = expected.sort_values("CLV_6m", ascending=False, kind="stable").head(len(listed))
    assert [row["CustomerID"] for row in listed] == best["CustomerID"].tolist()


def test_another_view_says_another_address_which_is_read_as_the_view_again(results, shop):
    view = settled(results, shop, method="hierarchical", k="5", country="France", min_clv="12345.67")
    assert View.from_query(customers_view.redrawn(results, view)[customers_view.SHOWN]) == view


def test_the_address_opens_its_customer_and_the_list_waits_behind(results, shop):
    customer = results.customers["CustomerID"].iloc[7]
    parts = customers_view.area(results, settled(results, shop, customer=customer))
    place, listed = (next(part for part in parts if part.id == id) for id in (customers_view.ONE, customers_view.LIST))
    assert f"Customer {customer}" in str(place)
    assert listed.hidden
    none = customers_view.area(results, settled(results, shop))
    assert not next(part for part in none if part.id == customers_view.LIST).hidden


def test_a_customer_who_is_not_there_is_told_above_the_list(results, shop):
    view = settled(results, shop, customer="nobody")
    assert "There is no customer nobody in these results." in str(customers_view.opened(results, view, "nobody"))
    assert not customers_view.is_there(results, "nobody")


def test_the_count_says_when_the_lists_own_filters_leave_fewer_than_the_page_shows(results, shop):
    view = settled(results, shop, min_frequency="2")
    model = {"CustomerID": {"filterType": "text", "type": "startsWith", "filter": "12"}}
    left = len(selected(results.in_segments(view), view))
    told = customers_view.counted(results, view, 7, model)
    assert told.startswith(f"7 of {left:,} customers: Customer starts with 12. The audience below holds these")
    assert customers_view.counted(results, view, left, {}) == f"{left:,} customers"
