"""The Explore page: the address is the view, filters narrow everything alike, and nobody left is an answer too."""

import re

import pytest
from dash import no_update

from pipeline.clustering.methods import METHODS
from webapp import customers_view, filters, ids, overview_view
from webapp.finished import finished
from webapp.pages import exploration


def drawn(view):
    """What the overview shows, and what stands around it."""
    results = finished(view)
    settled = results.settled(view)
    return overview_view.redrawn(results, settled) | exploration.around(results, settled)


def in_colour(shown):
    """The segments of the points that are in the filter."""
    return [segment for segment in shown[overview_view.DOTS]["segments"] if segment is not None]


def listed(view, request):
    return customers_view.listed(finished(view).settled(view), request)


def test_without_data_the_page_says_where_to_begin():
    assert "No data yet" in str(exploration.layout())


def test_the_address_is_the_view(shop):
    asked = {
        "method": "hierarchical",
        "k": "3",
        "segment": "0",
        "country": "France",
        "min_frequency": "2",
        "recency": "0-90",
        "never": "Toys",
        "overdue": "2-",
        "first": "0-300",
    }
    page = exploration.layout(data=shop.data, **asked)
    shown = {name: page[id].value for name, id in filters.CONTROLS.items()}
    assert shown == {
        "method": "hierarchical",
        "k": "3",
        "segment": "0",
        "country": "France",
        "min_clv": None,
        "min_frequency": 2,
        "recency": "0-90",
        "frequency": "",
        "monetary": "",
        "clv": "",
        "never": "Toys",
        "overdue": "2-",
        "first": "0-300",
        "outline_orders": "",
        "outline_value": "",
    }


def test_what_is_not_finished_asks_for_a_run(shop):
    from pipeline.recipe import CLASSIC

    page = exploration.layout(data=shop.data, recipe=CLASSIC.digest())
    assert page[ids.NEEDS].data["recipe"] == CLASSIC.digest()


def test_filters_narrow_figures_tables_and_charts_alike(shop):
    view = shop.view(k=3, min_frequency=4)
    shown = drawn(view)
    customers = shop.segmentation.customers()
    left = customers[customers["Frequency"] >= 4]
    assert 0 < len(left) < len(customers)
    assert f">{len(left):,}<" in shown[overview_view.KPIS]
    assert len(in_colour(shown)) == len(left)
    assert "min_frequency=4" in shown[filters.DOWNLOAD]
    assert shown[exploration.SHOWN] is False


def test_one_segment_alone_fills_figures_tables_charts_and_the_list(shop):
    view = shop.view(k=3, segment="2")
    shown = drawn(view)
    size = int((shop.segmentation.labels("kmeans", 3) == 2).sum())
    assert f">{size:,}<" in shown[overview_view.KPIS]
    name = finished(view).names(view)[2]
    assert set(in_colour(shown)) == {2}
    assert shown[overview_view.SUMMARY].count('scope="row"') == 1
    assert f"in “{name}”" in shown[filters.CHIPS]
    assert "segment=2" in shown[filters.DOWNLOAD]
    assert listed(view, {"startRow": 0, "endRow": 5})["rowCount"] == size


def test_another_method_or_k_offers_its_own_segments(shop):
    field = exploration.layout(data=shop.data, k="3", segment="2")[filters.CONTROLS["segment"]]
    results = finished(shop.view())
    names = results.names(shop.view(k=3))
    assert [choice["label"] for choice in field.options] == ["All segments", *names.values()]
    choices = filters.segment_choices(results, results.settled(shop.view(k=5)))
    assert [choice["value"] for choice in choices] == ["*", "0", "1", "2", "3", "4"]


def test_what_stands_out_is_not_found_anew_when_a_filter_changes(shop, monkeypatch):
    first = drawn(shop.view(k=3))[overview_view.INSIGHTS]
    monkeypatch.setattr(overview_view.worth_acting, "insights", None)
    assert drawn(shop.view(k=3, min_frequency=4))[overview_view.INSIGHTS] == first


def test_segments_keep_their_names_whatever_the_filter(shop):
    results = finished(shop.view())
    shown = drawn(shop.view(k=3, min_frequency=4))
    told = {int(number): name for number, name in shown[overview_view.DOTS]["names"].items()}
    assert told == results.names(results.settled(shop.view(k=3)))


def test_where_nobody_is_left_the_page_says_so_and_offers_the_way_back(shop):
    shown = drawn(shop.view(country="Atlantis", min_clv=10))
    told = str(shown[exploration.EMPTY])
    assert "No customer fits all of these filters: in Atlantis; CLV of £10.00 or more." in told.replace("\\xa0", " ")
    assert "Clear filters" in told
    assert shown[exploration.SHOWN] is True
    assert shown[overview_view.DOTS] is no_update
    page = exploration.layout(data=shop.data, country="Atlantis")
    assert "No customer fits this filter: in Atlantis." in str(page)
    assert "Nothing left after the filter" in str(page)


def test_a_range_of_measures_filters_and_is_told_with_the_others(shop):
    view = shop.view(recency="0-60", frequency="2-", country="United Kingdom")
    shown, customers = drawn(view), shop.segmentation.customers()
    left = customers[(customers["Recency"] <= 60) & (customers["Frequency"] >= 2) & customers["IsUK"].eq(1)]
    assert f">{len(left):,}<" in shown[overview_view.KPIS]
    chips = shown[filters.CHIPS]
    assert f"{len(left):,} of {len(customers):,}" in chips.replace("\N{NO-BREAK SPACE}", " ")
    assert [
        re.search(f'aria-label="Clear the filter: {each}', chips) is not None
        for each in ("in United", "last order 0 to 60", "2 or more orders")
    ] == [True] * 3
    assert "Clear all filters" in chips
    assert "Clear all filters" not in drawn(shop.view())[filters.CHIPS]
    assert "recency=0-60&amp;frequency=2-" in shown[filters.DOWNLOAD].replace("&", "&amp;")


def test_an_outline_filters_every_part_and_is_told_to_the_chart_it_was_drawn_in(shop):
    view = shop.view(outline_orders="0_1~100_1~0_10")
    shown, customers = drawn(view), shop.segmentation.customers()
    under = 10 ** (1 - customers["Recency"] / 100)
    left = customers[(customers["Recency"] < 100) & (customers["Frequency"] < under)]
    assert 0 < len(left) < len(customers)
    assert f">{len(left):,}<" in shown[overview_view.KPIS]
    assert len(in_colour(shown)) == len(left)
    assert "inside the outline in Recency × Frequency" in shown[filters.CHIPS]
    told = shown[overview_view.DOTS]["outlines"]
    assert told == {overview_view.FIRST: ((0.0, 1.0), (100.0, 1.0), (0.0, 10.0)), overview_view.SECOND: None}
    assert listed(view, {"startRow": 0, "endRow": 5})["rowCount"] == len(left)


def test_who_never_bought_a_category_is_late_or_new_is_a_filter_like_all_others(shop):
    everyone = shop.segmentation.customers()
    asked = {
        "never": ("Toys", everyone["CatShare_Toys"] == 0, "never bought toys"),
        "overdue": ("1.5-", everyone["Overdue"] >= 1.5, "last order 1.5 or more own usual gaps ago"),
        "first": ("0-200", everyone["Tenure"] <= 200, "first order 0 to 200 days ago"),
    }
    for name, (value, kept, words) in asked.items():
        shown = drawn(shop.view(**{name: value}))
        assert 0 < kept.sum() < len(everyone)
        assert f">{kept.sum():,}<" in shown[overview_view.KPIS]
        assert f"Clear the filter: {words}" in shown[filters.CHIPS]
        assert f"{name}={value}" in shown[filters.DOWNLOAD]
    assert "never=" not in drawn(shop.view(never="Spoons"))[filters.DOWNLOAD]


def test_parts_are_the_same_whether_somebody_is_left_or_not(shop):
    some, nobody = (drawn(shop.view(country=name)) for name in ("", "Atlantis"))
    assert set(some) == set(nobody)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"method": "magic"}, "There is no method “magic”; the segments shown are by K-means."),
        ({"k": "99"}, "There are results for 2 to 8 segments, not for “99”; 4 are shown."),
        ({"segment": "77"}, "There is no segment “77” by K-means; customers of all segments are shown."),
        ({"method": "rfm_grid", "segment": "77"}, "There is no segment “77” by RFM grid; nobody is shown."),
        ({"min_clv": "-5"}, "A minimum CLV is a number above 0, not “-5”; any is shown."),
        ({"min_frequency": "many"}, "A minimum number of orders is a number above 0, not “many”; any is shown."),
        ({"recency": "60-5"}, "The filter “recency” must be a range such as 5-60, from low to high, not “60-5”"),
        ({"outline_value": "1_1"}, "The filter “outline_value” must be an outline of 3 to 60 corners, not “1_1”"),
        ({"never": "Spoons"}, "The filter “never” must be one of the product categories, not “Spoons”"),
        ({"country": "Atlantis"}, "No customer is from “Atlantis”; there are "),
        ({"customer": "nobody"}, "There is no customer “nobody” in these results."),
    ],
)
def test_what_an_address_asks_for_and_does_not_get_is_told_in_a_sentence(shop, asked, told):
    page = exploration.layout(data=shop.data, **asked)
    assert told in str(page[exploration.SLIPS])
    assert drawn(shop.view())[exploration.SLIPS] is None


def test_a_customer_beside_another_view_is_said_to_be_open_in_the_view_of_customers(shop):
    customer = finished(shop.view()).customers["CustomerID"].iloc[3]
    for view in ({}, {"view": "segment"}):
        told = str(exploration.layout(data=shop.data, customer=customer, **view)[exploration.SLIPS].children)
        assert f"Customer {customer} is open in the view “Customers”; “" in told
        (way,) = re.findall(r"href='([^']*)'", told)
        assert f"customer={customer}" in way and "view=customers" in way
    filtered = str(exploration.layout(data=shop.data, customer=customer, segment="1")[exploration.SLIPS].children)
    assert "segment=1" in re.findall(r"href='([^']*)'", filtered)[0]
    page = exploration.layout(data=shop.data, customer=customer, view="customers")
    assert page[exploration.SLIPS].children is None


def test_an_address_without_a_slip_is_not_remarked_on(shop):
    asked = {"method": "kmeans", "k": "5", "segment": "0", "country": "*", "min_frequency": "2.5", "recency": "0-90"}
    page = exploration.layout(data=shop.data, **asked, outline_orders="0_1~100_1~0_10", never="Toys", min_clv="0")
    assert page[exploration.SLIPS].children is None


def test_the_list_holds_whom_the_filters_leave(shop):
    answer = listed(shop.view(min_frequency=4), {"startRow": 0, "endRow": 5})
    assert len(answer["rowData"]) == 5
    assert all(int(row["Frequency"]) >= 4 for row in answer["rowData"])


@pytest.mark.parametrize("method", METHODS)
def test_every_method_can_be_explored_whole_and_by_each_of_its_groups(shop, method):
    results = finished(shop.view())
    everyone = results.settled(shop.view(method=method, k=3))
    assert f">{len(results.customers):,}<" in drawn(everyone)[overview_view.KPIS]
    for segment in results.names(everyone):
        view = shop.view(method=method, k=3, segment=str(segment))
        size = int((results.labels(everyone) == segment).sum())
        shown = drawn(view)
        assert f">{size:,}<" in shown[overview_view.KPIS]
        assert set(in_colour(shown)) == {segment}
        assert listed(view, {"startRow": 0, "endRow": 3})["rowCount"] == size


def test_a_view_that_the_page_has_not_is_told_until_the_next_choice(shop):
    asked = str(exploration.layout(data=shop.data, view="treemap")[exploration.SLIPS].children)
    assert "There is no view “treemap” on this page; “Overview” is shown." in asked
    assert exploration.layout(data=shop.data, view="customers")[exploration.SLIPS].children is None
