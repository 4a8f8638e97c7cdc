"""Key accounts are set aside: in a group of their own under every method, without a say in anybody's segments."""

import json

import numpy as np
import pytest

from pipeline import engine
from pipeline.clustering.agreement import rand_index
from pipeline.clustering.key_accounts import spend_limit
from pipeline.clustering.labels import KEY_ACCOUNTS, label_column
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.scaling import prepared, prepared_like
from pipeline.clustering.stability import Stability, stability
from pipeline.clustering.sweep import Clusters, assigned_numbers, sweep

CLUSTERS = Clusters(k_low=2, k_high=4, n_clusters=3)
RULES = {"share": Preparation(key_accounts="share", key_accounts_share=0.05), "far": Preparation(key_accounts="far")}
every_rule = pytest.mark.parametrize("preparation", RULES.values(), ids=RULES)


def silent(share, sentence):
    assert 0 <= share <= 1


@pytest.fixture(scope="module")
def crowd(shop_customers):
    """Customers of a shop, three of whom spend a hundred times as much."""
    customers = shop_customers(300)
    whales = customers["Monetary"].where(customers.index >= 3, customers["Monetary"].max() * 10)
    return customers.assign(Monetary=whales).sample(frac=1, random_state=1, ignore_index=True)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A function: customers, preparation -> labels, models, facts, and the folder of their files."""

    def run(customers, preparation):
        folder = tmp_path_factory.mktemp("swept")
        source = folder / "customers"
        engine.write_parquet(customers, source)
        methods = [method() for method in METHODS.values()]
        facts = sweep(source, CLUSTERS, preparation, methods, folder, silent)
        return engine.read_parquet(folder / "labels"), engine.read_parquet(folder / "models"), facts, folder

    return run


def _is_key(customers, preparation):
    return (customers["Monetary"] > spend_limit(customers["Monetary"].to_numpy(), preparation)).to_numpy()


@every_rule
def test_every_method_labels_key_accounts_and_they_have_no_part_in_the_fit(swept, crowd, preparation):
    labels, _, facts, _ = swept(crowd, preparation)
    key = _is_key(crowd, preparation)
    assert 3 <= key.sum() == facts["key_accounts"] <= 15
    without, _, plain, _ = swept(crowd[~key].reset_index(drop=True), Preparation())
    for column in labels.columns.drop("CustomerID"):
        assert ((labels[column] == KEY_ACCOUNTS) == key).all(), column
        assert labels[column][~key].tolist() == without[column].tolist(), column
    assert facts["evaluation"] == plain["evaluation"]
    assert facts["preparation"] | {"key_accounts_above": None} == plain["preparation"]
    assert facts["warnings"][0].startswith(f"{key.sum()} key accounts are set aside from the segments, with ")


@every_rule
def test_a_fitted_model_sets_later_key_accounts_aside_too(swept, crowd, preparation):
    labels, models, facts, _ = swept(crowd, preparation)
    ready = prepared_like(crowd, json.loads(json.dumps(facts["preparation"])))
    for row in models.itertuples():
        again = assigned_numbers(row.model, METHODS[row.method], ready)[np.argsort(ready.rows)]
        own = labels[label_column(row.method, int(row.k) if METHODS[row.method].TAKES_K else None)].to_numpy()
        assert ((again == KEY_ACCOUNTS) == (own == KEY_ACCOUNTS)).all()
        assert row.method in ("hierarchical", "hdbscan") or np.array_equal(again, own)


@every_rule
def test_segments_are_drawn_anew_without_them(swept, crowd, preparation):
    _, _, _, folder = swept(crowd, preparation)
    methods = [METHODS["kmeans"](), METHODS["rfm_grid"]()]
    found = stability(
        folder / "customers",
        folder / "labels",
        CLUSTERS,
        preparation,
        methods,
        Stability(draws=2),
        folder / "jaccards.parquet",
        silent,
    )
    table = engine.read_parquet(folder / "jaccards.parquet")
    assert table["cluster"].min() == 0
    assert all(record["ari"] > 0.5 for record in found["evaluation"] if record["k"] in (2, None))


def test_agreement_leaves_key_accounts_out():
    one, other = np.array([0, 0, 1, 1, 0, 1]), np.array([1, 1, 0, 0, 1, 0])
    aside = np.array([0, 0, 1, 1, KEY_ACCOUNTS, KEY_ACCOUNTS])
    assert rand_index(one, other) == rand_index(aside, other) == rand_index(one, aside) == 1.0


@pytest.mark.parametrize("customers", [1, 7, 100, 333])
def test_by_share_there_are_never_more_than_that_and_ties_stay_together(customers):
    random = np.random.default_rng(customers)
    preparation = Preparation(key_accounts="share", key_accounts_share=0.1)
    for monetary in (random.lognormal(5, 1, customers), random.integers(1, 4, customers) * 10.0, np.ones(customers)):
        limit = spend_limit(monetary, preparation)
        above = 0 if limit is None else int((monetary > limit).sum())
        assert above <= 0.1 * customers
        assert len(np.unique(monetary)) < customers or above == int(0.1 * customers)


def test_far_more_is_beyond_the_fence_of_the_logarithm():
    spend = np.exp([1.0, 2.0, 3.0, 4.0, 5.0, 9.0])
    low, high = np.quantile(spend, (0.25, 0.75))
    limit = spend_limit(spend, RULES["far"])
    assert np.log(limit) == pytest.approx(np.log(high) + 1.5 * (np.log(high) - np.log(low)))
    assert spend_limit(np.array([0.0, -5.0]), RULES["far"]) is None
    assert spend_limit(np.full(9, 20.1), RULES["far"]) >= 20.1


def test_nobody_is_set_aside_unless_it_is_asked_for(crowd):
    ready = prepared(crowd, Preparation())
    assert not len(ready.key_accounts)
    assert ready.in_segments() is ready
