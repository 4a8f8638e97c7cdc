"""The list of customers follows the page's filters, its own filters and its order, and each customer can be opened."""

import json

import pytest
from dash import html

from pipeline.audience.choice import chosen
from webapp import customers_view, filters, formats, slips
from webapp.finished import finished
from webapp.views import View


@pytest.fixture
def results(shop):
    return finished(shop.view())


def settled(results, shop, **asked):
    return results.settled(shop.view(**asked))


def test_the_rows_are_the_customers_that_the_page_leaves_under_their_segments_names(results, shop):
    view = settled(results, shop, k="3", min_frequency="2", segment="1")
    answer = customers_view.listed(view, {"startRow": 0, "endRow": 10_000})
    left = chosen(results.in_segments(view), view.choice)
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
    left = len(chosen(results.in_segments(view), view.choice))
    told = customers_view.counted(results, view, 7, model)
    assert told.startswith(f"7 of {left:,} customers: Customer starts with 12. The audience below holds these")
    assert customers_view.counted(results, view, left, {}) == f"{left:,} customers"


def test_the_lists_own_filters_in_an_address_narrow_list_count_and_audience_alike(results, shop):
    model = {"CustomerID": {"filterType": "text", "type": "startsWith", "filter": "124"}}
    view = settled(results, shop, view="customers", rows=json.dumps(model), sort="Monetary-desc")
    drawn = str(html.Div(customers_view.area(results, view)))
    size = int(results.customers["CustomerID"].str.startswith("124").sum())
    assert 0 < size < len(results.customers)
    told = customers_view.counted(results, view, size, model)
    assert told in drawn and told.startswith(f"{size:,} of")
    assert f"{formats.plural(size, 'customer')} (Customer starts with 124)" in drawn
    assert customers_view.redrawn(results, view) == customers_view.redrawn(results, settled(results, shop))


@pytest.mark.parametrize(
    ("sort", "column", "way"),
    [("", "CLV_6m", "desc"), ("nix-desc", "CLV_6m", "desc"), ("Recency-asc", "Recency", "asc")],
)
def test_the_list_opens_with_whom_most_is_expected_of_unless_the_address_asks_otherwise(
    results, shop, sort, column, way
):
    drawn = html.Div(customers_view.area(results, settled(results, shop, sort=sort)))
    sorted_by = {each["field"]: each["sort"] for each in drawn[customers_view.GRID].columnDefs if "sort" in each}
    assert sorted_by == {column: way}
    assert drawn[filters.LISTED["sort"]].value == (sort if column == "Recency" else "")


def test_an_address_whose_list_cannot_be_is_shown_whole_and_says_so(results, shop):
    asked = {"rows": "abc", "sort": "nix-desc"}
    view = settled(results, shop, **asked)
    told = slips.told(results, asked, view)
    assert [sentence.split(" by ")[0] for sentence in told] == [
        "The list of customers cannot be filtered",
        "The list of customers cannot be sorted",
    ]
    assert formats.plural(len(results.customers), "customer") in str(html.Div(customers_view.area(results, view)))
