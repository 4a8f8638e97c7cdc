"""What stands out leads to exactly the customers it speaks of, whatever filters are on."""

import re

import pytest

from pipeline.audience.choice import EVERYONE, Choice, chosen
from pipeline.insights.insight import PLACES, PRICES, Insight
from webapp import account, dataset_view, markup, worth_acting
from webapp.finished import finished
from webapp.views import View

FOUND = [
    Insight("a", "“A” & more.", "Call them.", "By lot none.", 9.0, 0.5, {"segment": 0, "never": "Toys"}),
    Insight("b", "B.", "Look.", "By lot none.", 8.0, 0.5, {"country": "EIRE"}),
    Insight("c", "C.", "Look.", "By lot none.", 7.0, 0.5, {}, "12346"),
    Insight("d", "D.", "Look.", "By lot none.", 6.0, 0.5, stake="in doubt", place="ledger"),
]


@pytest.fixture
def told(monkeypatch):
    """The section as HTML, of planted insights, for any view."""
    monkeypatch.setattr(worth_acting, "_found", lambda results, view: FOUND)
    monkeypatch.setattr(worth_acting, "SHOWN", 3)

    def drawn(results, **asked):
        view = results.settled(View.from_address(**asked))
        return markup.source(worth_acting._told(worth_acting._found(results, view), view))

    return drawn


def addresses(source):
    return [
        View.from_query(query.replace("&amp;", "&").partition("#")[0])
        for query in re.findall(r'href="[^"?]*(\?[^"]*)"', source)
    ]


def test_each_sentence_links_to_its_customers_and_to_no_other_filter(shop, told):
    results = finished(shop.view())
    drawn = told(results, data=shop.data, k=3, min_frequency=5)
    first, second, third, fourth = addresses(drawn)
    assert [each.choice for each in (first, second)] == [Choice(segment=0, never="Toys"), Choice(country="EIRE")]
    assert [(each.choice, each.customer) for each in (third, fourth)] == [(EVERYONE, "12346"), (EVERYONE, "")]
    assert {view.k for view in (first, second, third, fourth)} == {3}
    assert "{&quot;segment&quot;: &quot;0&quot;, &quot;never&quot;: &quot;Toys&quot;}" in drawn
    assert drawn.count("data-alone") == 2
    assert third.view == "customers"
    assert "1 more" in drawn
    assert "£9.00" in drawn and "at stake" in drawn and "By lot none." in drawn


def test_of_one_segment_only_what_is_about_it_is_told_and_else_that_nothing_is(shop, told):
    results = finished(shop.view())
    assert len(addresses(told(results, data=shop.data, k=3, segment=0))) == 1
    other = told(results, data=shop.data, k=3, segment=1)
    assert worth_acting.NOTHING_HERE in other
    assert len(addresses(other)) == len(FOUND)


def test_where_chance_explains_everything_that_is_said(shop, monkeypatch):
    monkeypatch.setattr(worth_acting, "_found", lambda results, view: [])
    results = finished(shop.view())
    assert worth_acting._told([], results.settled(shop.view()))[0].children == worth_acting.NOTHING


@pytest.mark.parametrize("asked", [{"k": 2}, {"k": 4}, {"method": "rfm_grid"}])
def test_the_filters_of_an_insight_leave_the_customers_that_its_sentence_counts(shop, asked):
    results = finished(shop.view())
    view = results.settled(shop.view(**asked))
    found = [each for each in worth_acting._found(results, view) if each.filters]
    assert found
    linked = addresses(markup.source(worth_acting._told(found, view)))
    assert len(linked) == len(found)
    for insight, address in zip(found, linked, strict=True):
        counted = re.match(r"(?:The )?([\d,]+) customers?\b", insight.sentence).group(1)
        assert counted == f"{len(chosen(results.in_segments(view), address.choice)):,}"


def test_a_run_looks_for_what_makes_its_data_doubtful(shop):
    assert set(shop.segmentation.data_check()["oddities"]) == {"given_back", "crowded", "prices"}


def test_what_is_in_the_data_leads_to_the_part_of_the_data_page_that_shows_it(shop, told):
    drawn = told(finished(shop.view()), data=shop.data, k=3)
    assert re.search(r'href="/\?[^"]*#ledger">See what was left out</a>', drawn)
    assert drawn.count("<span>at stake</span>") == 3 and drawn.count("<span>in doubt</span>") == 1
    page = str(dataset_view.page(shop.data, None, False))
    assert set(account.LOOKS) == set(PLACES)
    assert [place for place in PLACES if f"id='{place}'" not in page] == [PRICES]  # this shop has none
