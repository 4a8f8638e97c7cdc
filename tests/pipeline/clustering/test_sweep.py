"""All methods and all k in one go: numbering, order, seeds, small and strange files."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import engine
from pipeline.clustering.labels import NOISE, label_column
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.scaling import prepared
from pipeline.clustering.sweep import Clusters, assigned_numbers, sweep
from pipeline.errors import CancelledError, NotEnoughDataError, SettingError

COLUMNS = [
    label_column(name, k) for name, method in METHODS.items() for k in (range(2, 9) if method.TAKES_K else [None])
]


def silent(share, sentence):
    assert 0 <= share <= 1
    assert sentence


@pytest.fixture
def swept(tmp_path):
    """A function: customers -> the labels table and the facts."""

    def run(customers, clusters=Clusters(), progress=silent):  # noqa: B008 - frozen
        source, methods = tmp_path / "customers", [method() for method in METHODS.values()]
        engine.write_parquet(customers, source)
        facts = sweep(source, clusters, Preparation(), methods, tmp_path, progress)
        return engine.read_parquet(tmp_path / "labels"), facts

    return run


def test_every_method_and_k_numbers_its_segments_by_descending_spend(swept, shop_customers):
    customers = shop_customers()
    labels, facts = swept(customers)
    assert list(labels.columns) == ["CustomerID", *COLUMNS]
    assert labels["CustomerID"].tolist() == customers["CustomerID"].tolist()
    for record in facts["evaluation"]:
        column = labels[label_column(record["method"], record["k"])]
        means = customers.groupby(column.to_numpy())["Monetary"].mean().drop(NOISE, errors="ignore")
        assert means.index.tolist() == list(range(record["clusters"]))
        assert record["k"] in (None, record["clusters"])
        assert means.is_monotonic_decreasing
        assert record["in_none"] == (column == NOISE).sum()
        if record["clusters"]:
            assert record["smallest"] == column[column != NOISE].value_counts().min()
        assert record["silhouette"] is None or -1 <= record["silhouette"] <= 1
    json.dumps(facts, allow_nan=False)


def test_every_customers_silhouette_is_written_and_their_mean_is_the_one_told(swept, shop_customers, tmp_path):
    shuffled = shop_customers().sample(frac=1, random_state=3, ignore_index=True)
    labels, facts = swept(shuffled)
    values = engine.read_parquet(tmp_path / "silhouettes")
    assert list(values.columns) == list(labels.columns)
    assert values["CustomerID"].tolist() == shuffled["CustomerID"].tolist()
    for record in facts["evaluation"]:
        column = label_column(record["method"], record["k"])
        assert (values[column].isna() == (labels[column] == NOISE)).all() or record["silhouette"] is None
        if record["silhouette"] is not None:
            assert values[column].mean() == pytest.approx(record["silhouette"], abs=1e-6)


def test_the_models_put_the_customers_where_the_labels_do(swept, shop_customers, tmp_path):
    customers = shop_customers()
    labels, _ = swept(customers)
    ready = prepared(customers, Preparation())
    for row in engine.read_parquet(tmp_path / "models").to_dict("records"):
        k = None if pd.isna(row["k"]) else int(row["k"])
        found = assigned_numbers(row["model"], METHODS[row["method"]], ready)
        shown = labels[label_column(row["method"], k)].to_numpy()[ready.rows]
        assert np.mean(found == shown) > (0.999 if row["method"] in ("kmeans", "gaussian_mixture") else 0.6)


def test_the_order_of_the_rows_changes_no_segment(swept, shop_customers):
    customers = shop_customers()
    shuffled = customers.sample(frac=1, random_state=3)
    labels, facts = swept(customers)
    again, same = swept(shuffled)
    assert again["CustomerID"].tolist() == shuffled["CustomerID"].tolist()
    pd.testing.assert_frame_equal(again.sort_values("CustomerID", ignore_index=True), labels)
    assert same == facts


def test_the_same_seed_gives_the_same_file_and_the_number_shown_does_not_matter(swept, shop_customers):
    labels, facts = swept(shop_customers())
    again, same = swept(shop_customers(), Clusters(n_clusters=7))
    pd.testing.assert_frame_equal(labels, again)
    assert facts == same


def test_progress_grows_and_names_each_method(swept, shop_customers):
    told = []
    swept(shop_customers(60), progress=lambda share, sentence: told.append((share, sentence)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    for method in METHODS.values():
        assert any(method.TITLE in sentence for _, sentence in told)


def test_a_run_can_be_stopped_between_fits_and_leaves_nothing(swept, shop_customers, tmp_path):
    def stop(share, sentence):
        if share > 0.2:
            raise CancelledError

    with pytest.raises(CancelledError):
        swept(shop_customers(60), progress=stop)
    assert not (tmp_path / "labels").exists()


def test_customers_without_spend_are_left_out_and_told(swept, shop_customers):
    customers = shop_customers(60)
    customers.loc[7, "Monetary"] = np.nan
    labels, facts = swept(customers)
    assert labels["CustomerID"].tolist() == customers["CustomerID"].drop(7).tolist()
    assert facts["customers"] == 59
    assert any("left out" in sentence for sentence in facts["warnings"])


@pytest.mark.parametrize("customers", [0, 1, 3, 8])
def test_too_few_customers_end_in_one_sentence(swept, shop_customers, customers):
    with pytest.raises(NotEnoughDataError, match=f"there are {customers} customers") as refusal:
        swept(shop_customers(20).head(customers))
    assert "\n" not in str(refusal.value)


def test_nine_customers_are_enough_for_eight_clusters(swept, shop_customers):
    labels, _ = swept(shop_customers(9))
    assert len(labels) == 9


@pytest.mark.parametrize("kinds", [1, 2, 5])
def test_customers_too_alike_make_fewer_clusters_and_it_is_told(swept, shop_customers, kinds):
    alike = pd.concat([shop_customers(kinds)] * 20, ignore_index=True)
    alike = alike.assign(CustomerID=[f"{number:03}" for number in range(len(alike))])
    labels, facts = swept(alike)
    assert labels[[column for column in COLUMNS if column.startswith("kmeans")]].max().max() == kinds - 1
    assert any("too alike" in sentence for sentence in facts["warnings"])
    assert all(record["clusters"] <= kinds for record in facts["evaluation"])
    json.dumps(facts, allow_nan=False)


def test_constant_columns_do_no_harm(swept, shop_customers):
    labels, facts = swept(shop_customers(80).assign(IsUK=1, Recency=3, CatShare_Toys=0.0))
    assert labels["kmeans_4"].nunique() == 4
    assert np.isfinite([record["inertia"] for record in facts["evaluation"] if record["clusters"]]).all()


def test_one_time_buyers_alone_can_be_clustered(swept, shop_customers):
    labels, _ = swept(shop_customers(80).assign(Frequency=1))
    assert labels["kmeans_4"].nunique() == 4


def test_above_the_limit_samples_stand_in_and_it_is_told(swept, shop_customers, monkeypatch):
    from pipeline.clustering import evaluation, gaussian_mixture, hierarchical, kmeans, ward

    for module in (evaluation, gaussian_mixture, kmeans, ward):
        monkeypatch.setattr(module, "LARGEST_EXACT", 300)
    for module in (evaluation, hierarchical, ward):
        monkeypatch.setattr(module, "SAMPLE", 200)
    for module in (hierarchical, ward):
        monkeypatch.setattr(module, "GROUPS", 100)
    labels, facts = swept(shop_customers())
    assert len(labels) == 400
    told = " ".join(facts["warnings"])
    assert "small groups of them, not single customers" in told
    assert "Gaussian mixture: fitted to a sample of 300 of the 400 customers" in told
    assert "standard error of at most 0.0" in told
    assert all(record["silhouette"] is not None for record in facts["evaluation"] if record["k"])


def test_the_number_shown_must_be_among_those_tried():
    with pytest.raises(SettingError, match=r"k_low = 2 to clusters\.k_high = 8"):
        Clusters(n_clusters=9)
    with pytest.raises(SettingError, match=r"k_low\) is 5, above largest k tried \(clusters\.k_high\), which is 3;"):
        Clusters(n_clusters=4, k_low=5, k_high=3)
    assert list(Clusters(n_clusters=3, k_low=3, k_high=4).ks) == [3, 4]
    assert Clusters.from_json(Clusters(seed=1).to_json()) == Clusters(seed=1)


def test_a_fresh_process_clusters_with_one_thread():
    program = """
from pipeline.threads import one_thread
with one_thread("scipy.linalg", "sklearn.cluster"):
    import sklearn.cluster, sklearn.mixture, sklearn.preprocessing, fastcluster, scipy.optimize
    from threadpoolctl import threadpool_info
    pools = threadpool_info()
    print(len(pools) > 1, {pool["num_threads"] for pool in pools})
"""
    root = Path(__file__).parents[3]
    finished = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert finished.stdout.split() == ["True", "{1}"]
