"""What is said of one customer is what their lines, the rule of their segment and scikit-learn say."""

import pytest
from sklearn.neighbors import NearestNeighbors

from pipeline.clustering.methods import METHODS
from pipeline.clustering.scaling import Preparation, prepared
from webapp import one_customer
from webapp.finished import finished


@pytest.fixture
def results(shop):
    return finished(shop.view())


@pytest.mark.parametrize("row", [0, 100, -1])
def test_similar_customers_are_the_nearest_by_what_segments_are_made_of(results, shop, row):
    view = results.settled(shop.view())
    customer = results.customers["CustomerID"].iloc[row]
    found = one_customer.alike(results, view, customer)
    ready = prepared(results.customers, results.segmentation.recipe.step(Preparation))
    own = ready.customer_ids.tolist().index(customer)
    known = NearestNeighbors(n_neighbors=len(found) + 1, algorithm="brute").fit(ready.matrix)
    (rows,) = known.kneighbors(ready.matrix[[own]], return_distance=False)
    others = [place for place in rows if place != own]
    assert customer not in set(found["CustomerID"])
    assert found["CustomerID"].tolist() == ready.customer_ids[others].tolist()[: len(found)]


def test_the_parts_of_the_rule_are_those_of_the_customers_own_segment(results, shop):
    view = results.settled(shop.view(k="4"))
    labels, rules = results.labels(view), results.segmentation.rules(view.method, view.k)
    for row in range(0, len(labels), 40):
        parts, told = one_customer.why(results, view, results.customers["CustomerID"].iloc[row])
        assert len(parts) == len(rules[int(labels.iloc[row])]["conditions"])
        assert results.names(view)[int(labels.iloc[row])] in " ".join(told)


def test_most_customers_of_a_segment_meet_its_whole_rule_as_often_as_it_covers(results, shop):
    view = results.settled(shop.view(k="3"))
    labels, rules = results.labels(view), results.segmentation.rules(view.method, view.k)
    members = results.customers["CustomerID"][labels == 0]
    met = [all(part.holds for part in one_customer.why(results, view, each)[0]) for each in members]
    assert sum(met) / len(met) == pytest.approx(rules[0]["covered"])


@pytest.mark.parametrize("method", METHODS)
def test_a_customer_is_drawn_whole_under_every_method(results, shop, method):
    view = results.settled(shop.view(method=method))
    customer = results.customers["CustomerID"].iloc[3]
    drawn = str(one_customer.area(results, view, customer))
    for title in (
        one_customer.WHY_TITLE,
        one_customer.SCORES_TITLE,
        one_customer.BOUGHT_TITLE,
        one_customer.ALIKE_TITLE,
    ):
        assert title in drawn


def test_what_was_bought_adds_up_to_what_was_spent(results):
    for row in (0, 5, 50):
        customer = results.customers.iloc[row]
        assert one_customer.bought(results, customer["CustomerID"])["Money"].sum() == pytest.approx(
            customer["Monetary"]
        )
