"""Finished results are read once and then looked up."""

from dataclasses import replace

import pytest

from pipeline.errors import PipelineError
from webapp import finished as finished_results
from webapp.finished import Finished, at_hand, finished
from webapp.views import View


def test_results_are_found_once_and_then_kept(shop):
    assert finished(shop.view(k=3)) is finished(shop.view(k=5, method="hierarchical"))


def test_what_was_not_computed_is_not_there(shop):
    classic = shop.view().__class__.from_address(shop.data, _classic())
    assert finished(classic) is None


def test_an_unknown_data_set_is_told(shop):
    with pytest.raises(PipelineError, match="no data set"):
        finished(View("0123456789abcdef01234567"))


@pytest.mark.parametrize("method", ["kmeans", "hierarchical", "gaussian_mixture"])
@pytest.mark.parametrize("k", [2, 5])
def test_customers_stand_beside_their_segment_of_the_view(shop, method, k):
    results = finished(shop.view())
    shown = results.in_segments(results.settled(shop.view(method=method, k=k)))
    assert shown["Segment"].tolist() == shop.segmentation.labels(method, k).tolist()
    assert "Segment" not in results.customers


def test_segments_have_names_that_are_all_different(shop):
    results = finished(shop.view())
    view = results.settled(shop.view(k=3))
    names = results.names(view)
    assert list(names) == [0, 1, 2]
    assert len({name.lower() for name in names.values()}) == 3
    assert all(named.action for named in results.named(view).values())
    assert results.summary(view)["Customers"].sum() == len(results.customers)


def test_segments_are_named_from_the_customers_at_hand(shop, monkeypatch):
    results, others = Finished(shop.segmentation), shop.segmentation.named("hierarchical", 3)
    assert len(results.customers) == results.size
    monkeypatch.setattr(type(shop.segmentation), "customers", lambda _: pytest.fail("they are read already"))
    assert results.named(results.settled(shop.view(method="hierarchical", k=3))) == others


def test_countries_come_by_revenue(shop):
    results = finished(shop.view())
    revenue = results.customers.groupby("PrimaryCountry")["Monetary"].sum()
    assert results.countries[0] == revenue.idxmax()
    assert set(results.countries) == set(revenue.index)


def test_results_of_many_customers_leave_the_memory_to_the_last_ones(shop, monkeypatch):
    monkeypatch.setattr(finished_results, "KEPT_CUSTOMERS", Finished(shop.segmentation).size * 2)
    shelf = finished_results._Shelf(6)
    others = [replace(shop.segmentation, keys={**shop.segmentation.keys, "extra": str(number)}) for number in range(3)]
    first, second, third = (shelf.kept(each) for each in others)
    assert shelf.kept(others[2]) is third
    assert shelf.kept(others[1]) is second
    assert shelf.kept(others[0]) is not first


def test_the_number_of_customers_is_known_without_their_table(shop):
    results = Finished(shop.segmentation)
    assert results.size == len(results.customers)


def test_results_that_are_not_kept_any_more_are_told(shop):
    with pytest.raises(PipelineError, match="press Run on the Model page"):
        at_hand(View.from_address(shop.data, _classic()))


def _classic():
    from pipeline.recipe import CLASSIC

    return CLASSIC.digest()
