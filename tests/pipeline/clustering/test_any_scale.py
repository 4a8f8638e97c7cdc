"""More customers than every pair of them can be looked at: what stands in, and how far it may be off."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from pipeline.clustering import dendrogram, gaussian_mixture, hierarchical, kmeans, ward
from pipeline.clustering.approximation import approximations
from pipeline.clustering.evaluation import _silhouette
from pipeline.clustering.gaussian_mixture import GaussianMixture
from pipeline.clustering.hierarchical import Hierarchical
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.quality import inertia, silhouette_values, silhouettes
from pipeline.clustering.scaling import Prepared

KS = range(2, 6)


def silent(k):
    assert k >= 2


def ready_of(matrix):
    everyone = np.arange(len(matrix))
    columns = tuple(f"c{place}" for place in range(matrix.shape[1]))
    return Prepared(everyone.astype(object), everyone, matrix[:, 0], matrix, columns, [], {}, {})


@pytest.fixture(scope="module")
def crowd():
    """3,000 customers in five groups that overlap a little, and the groups."""
    return make_blobs(3_000, n_features=4, centers=5, cluster_std=1.5, random_state=4)


@pytest.fixture
def few_are_exact(monkeypatch):
    for module in (ward, kmeans, gaussian_mixture):
        monkeypatch.setattr(module, "LARGEST_EXACT", 1_000)
    for module in (ward, hierarchical):
        monkeypatch.setattr(module, "SAMPLE", 800)
    for module in (ward, hierarchical):
        monkeypatch.setattr(module, "GROUPS", 150)


@pytest.mark.parametrize("seed", range(5))
def test_weighted_merges_are_ward_of_every_customer_standing_at_the_mean(seed):
    rng = np.random.default_rng(seed)
    means, sizes = rng.normal(size=(60, 3)), rng.integers(1, 9, 60)
    steps, heights = ward.weighted_merges(means, sizes)
    exact = ward.exact_tree(np.repeat(means, sizes, axis=0))
    assert np.allclose(heights, exact.heights[-59:], atol=1e-9)
    assert np.allclose(exact.heights[:-59], 0, atol=1e-9)
    grouped = ward.Tree(steps, heights, np.repeat(np.arange(60), sizes), sizes)
    theirs = ward.tree_cuts(exact, range(1, 60))
    for k, own in ward.tree_cuts(grouped, range(1, 60)).items():
        assert adjusted_rand_score(own, theirs[k]) == 1


def test_weighted_merges_of_single_customers_are_those_of_scipy(crowd):
    from scipy.cluster.hierarchy import linkage

    matrix = crowd[0][:300]
    steps, heights = ward.weighted_merges(matrix, np.ones(300, dtype=np.intp))
    theirs = linkage(matrix, "ward")
    assert np.allclose(heights, theirs[:, 2])
    assert np.array_equal(steps, theirs[:, :2].astype(int))


def test_a_single_group_has_a_tree_without_merges():
    steps, heights = ward.weighted_merges(np.zeros((1, 2)), np.array([7]))
    assert (steps.shape, heights.shape) == ((0, 2), (0,))


def test_ward_in_two_steps_comes_near_the_exact_tree(crowd, few_are_exact):
    matrix, truth = crowd
    found = Hierarchical().clusterings(ready_of(matrix), KS, 0, silent)
    exact = ward.tree_cuts(ward.exact_tree(matrix), KS)
    for k in KS:
        assert inertia(matrix, found[k].labels) < 1.1 * inertia(matrix, exact[k])
        assert found[k].details["grouped_customers"] == 150
    assert adjusted_rand_score(truth, found[5].labels) > adjusted_rand_score(truth, exact[5]) - 0.1
    assert adjusted_rand_score(exact[5], found[5].labels) > 0.8


def test_what_the_two_steps_cost_is_measured_on_a_sample_and_told(crowd, few_are_exact):
    found = Hierarchical().clusterings(ready_of(crowd[0]), KS, 0, silent)
    for each in found.values():
        assert 0 < each.details["exact_ari"] <= 1
        assert 0.8 < each.details["exact_inertia"] < 1.2
    records = [{"method": "hierarchical", "k": k, **found[k].details} for k in KS]
    (told,) = approximations(records, {"hierarchical": "Ward"}, 3_000)
    assert "150 small groups" in told
    assert f"{min(each['exact_ari'] for each in records):.2f} to" in told


def test_the_tree_drawn_is_the_one_the_clusters_were_cut_from(crowd, few_are_exact):
    found = Hierarchical().clusterings(ready_of(crowd[0]), [4], 0, silent)[4].labels
    drawn = dendrogram.dendrogram(crowd[0], {4: found}, 0)
    sizes = np.zeros(4, dtype=int)
    for leaf in drawn["leaves"]:
        sizes[leaf["segments"]["4"]] += leaf["size"]
    assert sizes.tolist() == np.bincount(found).tolist()
    assert drawn["customers"] == 3_000


def test_k_means_of_many_is_no_worse_than_scikit_learn_on_all(crowd, few_are_exact):
    from sklearn.cluster import KMeans as Plain

    found = KMeans().clusterings(ready_of(crowd[0]), KS, 42, silent)
    for k in KS:
        plain = Plain(k, n_init=10, random_state=42).fit(crowd[0])
        assert inertia(crowd[0], found[k].labels) <= 1.001 * plain.inertia_


def test_a_mixture_of_a_sample_is_nearly_as_likely_as_one_of_everyone(crowd, few_are_exact, monkeypatch):
    found = GaussianMixture().clusterings(ready_of(crowd[0]), [5], 42, silent)[5]
    assert found.details["sampled_customers"] == 1_000
    monkeypatch.setattr(gaussian_mixture, "LARGEST_EXACT", 5_000)
    whole = GaussianMixture().clusterings(ready_of(crowd[0]), [5], 42, silent)[5]
    assert "sampled_customers" not in whole.details
    assert found.details["mean_log_likelihood"] > whole.details["mean_log_likelihood"] - 0.02
    assert adjusted_rand_score(whole.labels, found.labels) > 0.9


def test_the_standard_error_of_a_sampled_silhouette_is_about_how_far_samples_are_off(crowd):
    matrix, truth = crowd
    (whole,) = silhouettes(matrix, [truth])
    rng, means, errors = np.random.default_rng(1), [], []
    for _ in range(60):
        drawn = rng.choice(len(matrix), 400, replace=False)
        (values,) = silhouette_values(matrix[drawn], [truth[drawn]])
        told = _silhouette(values, len(matrix))
        means.append(told["silhouette"])
        errors.append(told["silhouette_error"])
    off = np.sqrt(np.mean((np.array(means) - whole) ** 2))
    assert 0.5 < off / np.mean(errors) < 1.5


def test_a_silhouette_of_everyone_has_no_error():
    assert "silhouette_error" not in _silhouette(np.array([0.1, 0.2]), 2)


def test_nothing_is_told_where_all_is_exact():
    assert approximations([{"method": "kmeans", "k": 2, "silhouette": 0.3}], {"kmeans": "K-means"}, 100) == []
