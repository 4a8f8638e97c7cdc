"""A segment's cards and its own view tell of its customers what an independent count tells."""

import re

import numpy as np
import pytest

from pipeline.clustering.methods import METHODS
from pipeline.profiles.history import CATEGORY, PRODUCT
from webapp import explore_cards, formats, markup, one_segment_view, pace, segment_facts
from webapp.finished import finished


@pytest.fixture
def settled(shop):
    results = finished(shop.view())
    return results, results.settled(shop.view(k=3))


def test_each_segment_has_a_card_that_filters_and_one_that_opens_it(settled):
    results, view = settled
    html = markup.source(explore_cards.drawn(results, view))
    assert html.count("<article") == 3
    for segment, name in results.names(view).items():
        assert f"{name}</h3>" in html
        assert f"{{&quot;segment&quot;: &quot;{segment}&quot;}}" in html
    assert html.count("&quot;view&quot;: &quot;segment&quot;") == 3
    assert html.count("Not tested yet") == 3


def test_revenue_by_month_adds_up_to_what_the_customers_have_spent(settled):
    results, view = settled
    member = segment_facts.members(results, view, 0)
    own = pace.pace(results, member)
    assert sum(own.revenue) == pytest.approx(results.customers.loc[member, "Monetary"].sum())
    days = results.segmentation.days()
    last = days["Day"].max()
    mine = days[days["CustomerID"].isin(results.customers.loc[member, "CustomerID"])]
    assert own.recent == pytest.approx(mine.loc[(last - mine["Day"]).dt.days < 90, "Revenue"].sum())
    ordered = mine.groupby(mine["Day"].dt.strftime("%Y-%m"))["CustomerID"].nunique()
    assert dict(zip(own.months, own.buyers, strict=True)) == ordered.reindex(own.months, fill_value=0).to_dict()
    assert all(re.fullmatch(r"\d{4}-\d{2}", month) for month in own.months)


def test_the_months_that_the_check_finds_partial_say_from_when_or_until_when_they_are_covered(settled):
    results, view = settled
    own = pace.pace(results, segment_facts.members(results, view, 0))
    months = results.segmentation.months()
    assert set(own.covered) == set(months.loc[months["partial"], "Month"])
    span = results.segmentation.facts("cleaning")["span"]
    words = {span["first"][:7]: f"from {formats.date(span['first'])}"}
    words[span["last"][:7]] = f"until {formats.date(span['last'])}"
    assert own.covered.items() <= words.items()


def test_everyone_is_spread_evenly_over_the_tenths_and_the_lowest_are_all_in_the_first():
    values = np.arange(1000.0)
    assert one_segment_view.tenths(values, np.ones(1000, dtype=bool)) == pytest.approx([0.1] * 10, abs=0.002)
    assert one_segment_view.tenths(values, values < 50).tolist() == [1.0, *[0.0] * 9]


def test_equal_values_are_never_split_between_tenths():
    values = np.r_[np.ones(400), np.arange(2.0, 602.0)]
    assert one_segment_view.tenths(values, np.arange(1000) < 400)[0] == 1.0


@pytest.mark.parametrize("method", METHODS)
def test_every_group_of_every_method_has_a_view_of_its_own(shop, method):
    results = finished(shop.view())
    everyone = results.settled(shop.view(method=method, k=3))
    for segment, name in results.names(everyone).items():
        view = results.settled(shop.view(method=method, k=3, segment=str(segment)))
        told = one_segment_view.redrawn(results, view)[one_segment_view.BODY]
        assert f"{name} " in told
        size = int((results.labels(everyone) == segment).sum())
        assert f"{size:,}" in told


def test_without_a_choice_the_segment_with_most_revenue_is_shown(settled):
    results, view = settled
    summary = results.summary(view).set_index("Segment")["RevenueShare"]
    assert one_segment_view.chosen(results, view) == summary.idxmax()


def test_favourites_are_bought_by_more_of_the_segment_than_of_all_and_told_with_their_range(settled):
    results, view = settled
    for segment in results.names(view):
        member = segment_facts.members(results, view, segment)
        for kind in (CATEGORY, PRODUCT):
            for told in segment_facts.favourites(results, member, kind, 3):
                index, low, high = map(int, re.search(r"(\d+) \((\d+)\N{EN DASH}(\d+)\)$", told).groups())
                assert 100 <= low <= index <= high


def test_the_cohorts_of_a_segment_are_those_of_its_own_customers_alone(settled, shop):
    results, view = settled
    days = results.segmentation.days()
    for segment in results.names(view):
        ids = results.customers.loc[segment_facts.members(results, view, segment), "CustomerID"]
        own = days[days["CustomerID"].isin(ids)]
        month = own["Day"].dt.to_period("M")
        first = month.groupby(own["CustomerID"]).transform("min")
        asked = results.settled(shop.view(k=3, segment=str(segment)))
        told = one_segment_view.redrawn(results, asked)[one_segment_view.BODY]
        came_back, brought = told.split("Who came back")[1].split("What they have brought")
        sizes = own.groupby(first)["CustomerID"].nunique()
        rows = re.findall(r'<th scope="row">([^<]+)</th><td class="num">([\d,]+)</td>(.*?)</tr>', came_back)
        assert [(name, int(size.replace(",", ""))) for name, size, _ in rows] == [
            (formats.month(str(cohort)), size) for cohort, size in sizes.items()
        ]
        again = (
            own[month == first + 1].groupby(first)["CustomerID"].nunique().reindex(sizes.index, fill_value=0) / sizes
        )
        cells = [re.findall(r"<td style[^>]*>([^<*]+)", rest)[:1] for _, _, rest in rows]
        known = [share for cohort, share in again.items() if cohort < days["Day"].max().to_period("M")]
        assert [cell[0] for cell in cells if cell] == [formats.share(share) if share else "–" for share in known]
        spent = own[month == first].groupby(first)["Revenue"].sum() / sizes
        assert formats.money(float(spent.iloc[0])) in brought
