"""An address says everything about a view, and nonsense in an address harms nobody."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.choice import Choice
from pipeline.clustering.labels import GROUP_NAMES
from pipeline.clustering.methods import METHODS
from webapp import views
from webapp.views import View

DATA = "0123456789abcdef01234567"


@given(
    method=st.sampled_from(["kmeans", "hierarchical", "gaussian_mixture"]),
    k=st.none() | st.integers(1, 20),
    segment=st.none() | st.integers(0, 20),
    country=st.text(max_size=12).filter(lambda name: name != views.EVERYWHERE),
    min_clv=st.floats(0, 1e6).map(lambda amount: float(f"{amount:g}")),
    min_frequency=st.integers(0, 500),
)
def test_a_view_survives_its_address(**asked):
    view = View(DATA, "abcdef0123456789", asked.pop("method"), asked.pop("k"), Choice(**asked))
    query = dict(parse_qsl(urlsplit(view.address("/explore")).query))
    assert View.from_address(**query) == view


def test_an_address_leaves_out_what_is_as_usual():
    assert View(DATA).address("/model") == f"/model?data={DATA}"
    assert (
        View(DATA, k=5, choice=Choice(country="France")).address("/explore")
        == f"/explore?data={DATA}&k=5&country=France"
    )


@given(junk=st.dictionaries(st.sampled_from(["method", "k", "segment", "min_clv", "min_frequency"]), st.text()))
def test_junk_in_an_address_counts_as_not_asked_or_as_something_sensible(junk):
    view = View.from_address(DATA, None, **junk)
    assert view.method in METHODS
    assert view.choice.min_clv >= 0
    assert view.choice.segment is None or view.choice.segment >= 0 or view.choice.segment in GROUP_NAMES
    assert view.choice.min_frequency >= 0
    View.from_address(**dict(parse_qsl(urlsplit(view.address("/explore")).query)))


@pytest.mark.parametrize("amount", ["nan", "inf", "-5", "", None, "a lot", "1e999"])
def test_an_impossible_minimum_is_no_minimum(amount):
    assert View.from_address(DATA, None, min_clv=amount, min_frequency=amount) == View(DATA)


def test_half_an_order_more_than_two_is_three_orders():
    assert View.from_address(DATA, None, min_frequency="2.5").choice.min_frequency == 3


@pytest.mark.parametrize(("asked", "shown"), [(5, 5), (None, 4), (99, 4), (2, 2)])
def test_a_k_that_was_not_computed_falls_back_to_the_recipes_own(asked, shown):
    assert View(DATA, k=asked).within([2, 3, 4, 5], usual=4).k == shown


@pytest.mark.parametrize(
    ("asked", "shown"), [("0", 0), ("3", 3), ("4", None), ("", None), ("*", None), ("-1", -1), ("-3", None)]
)
def test_a_segment_that_there_is_not_counts_as_not_asked(asked, shown):
    assert View.from_address(DATA, None, k=4, segment=asked).within([2, 3, 4], usual=4).choice.segment == shown


def test_a_method_that_decides_on_k_itself_has_none():
    assert View(DATA, k=5, method="hdbscan").within([2, 3, 4, 5], usual=4).k is None


def test_where_the_recipes_own_k_was_not_computed_the_nearest_is_shown():
    assert View(DATA).within([2, 3], usual=9).k == 3


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("0-60", "0-60"),
        ("5-", "5-"),
        ("-30.50", "-30.5"),
        ("60-5", ""),
        ("-", ""),
        ("nan-1", ""),
        ("5", ""),
        (None, ""),
    ],
)
def test_a_range_in_the_address_is_kept_where_it_makes_sense(asked, kept):
    view = View.from_address(DATA, recency=asked)
    assert view.choice.recency == kept
    assert ("recency=" in view.address("/explore")) == bool(kept)


@pytest.mark.parametrize(("asked", "kept"), [("1_1~9.50_1~9_9", "1_1~9.5_1~9_9"), ("1_1~9_1", ""), ("junk", "")])
def test_an_outline_in_the_address_is_kept_where_it_makes_sense(asked, kept):
    view = View.from_address(DATA, outline_value=asked)
    assert view.choice.outline_value == kept
    assert View.from_query(view.address("")) == view
    assert view.is_filtered == bool(kept)
    assert view.unfiltered() == View(DATA)
    assert not view.unfiltered().is_filtered


@pytest.mark.parametrize(
    "view",
    [
        View("a1"),
        View("a1", "b2", "hierarchical", 5, Choice(0, "Côte d'Ivoire & co", 12345.67, 3), "customers", "C 12/7"),
        View("a1", choice=Choice(-2)),
    ],
)
def test_the_query_of_an_address_gives_the_view_again(view):
    assert View.from_query(view.address("")) == view
