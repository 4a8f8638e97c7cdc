"""What holds for every method, and what each owes to the library it stands on."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clustering import hierarchical, labels
from pipeline.clustering.expectation import Moments
from pipeline.clustering.gaussian_mixture import GaussianMixture
from pipeline.clustering.hierarchical import Hierarchical
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.labels import numbered_by_value
from pipeline.clustering.methods import METHODS
from pipeline.clustering.scaling import Preparation, prepared

KS = range(2, 6)
SHAPES = ("full", "tied", "diag", "spherical")
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


def silent(k):
    assert k >= 2


@pytest.fixture(scope="module")
def matrix(shop_customers):
    return prepared(shop_customers(), Preparation()).matrix


def same_clusters(first, second):
    pairs = np.unique(np.column_stack([first, second]), axis=0)
    return len(pairs) == len(np.unique(first)) == len(np.unique(second))


@every_method
def test_a_method_says_what_it_is(method):
    assert METHODS[method.NAME] is method
    assert method.TITLE
    assert method.HELP
    assert method.COLUMN.startswith("Cluster_")


@every_method
def test_settings_survive_json(method):
    assert method.from_json(method().to_json()) == method()


@every_method
def test_every_k_has_its_clusters_and_is_announced(method, matrix):
    announced = []
    found = method().clusterings(matrix, KS, 1, announced.append)
    assert list(found) == list(KS)
    assert announced[0] == 2
    for k, clustering in found.items():
        assert set(clustering.labels) == set(range(k))


@every_method
def test_the_seed_decides(method, matrix):
    first, second = (method().clusterings(matrix, KS, 7, silent) for _ in range(2))
    assert all(np.array_equal(first[k].labels, second[k].labels) for k in KS)


@every_method
def test_the_matrix_is_left_as_it_was(method, matrix):
    before = matrix.copy()
    method().clusterings(matrix, KS, 1, silent)
    assert np.array_equal(matrix, before)


@every_method
def test_who_stops_the_run_is_obeyed(method, matrix):
    def stop(k):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        method().clusterings(matrix, KS, 1, stop)


def test_the_cut_tree_equals_scikit_learn_ward(matrix):
    from sklearn.cluster import AgglomerativeClustering

    found = Hierarchical().clusterings(matrix, KS, 0, silent)
    for k in KS:
        assert same_clusters(found[k].labels, AgglomerativeClustering(k).fit_predict(matrix))


def test_ward_of_a_sample_stands_in_for_too_many_customers(matrix, monkeypatch):
    monkeypatch.setattr(hierarchical, "LARGEST_EXACT", 300)
    monkeypatch.setattr(hierarchical, "SAMPLE", 200)
    found = Hierarchical().clusterings(matrix, KS, 0, silent)
    assert found[4].details == {"sampled_customers": 200}
    assert set(found[4].labels) == set(range(4))
    drawn = labels.sample_of(len(matrix), 200, 0)
    cut = hierarchical.tree_cuts(hierarchical.merges(matrix[drawn]), [4])[4]
    assert np.array_equal(found[4].labels, hierarchical.nearest(matrix, matrix[drawn], cut))


def test_k_means_is_no_worse_than_scikit_learn(matrix):
    from sklearn.cluster import KMeans as Plain

    from pipeline.clustering.quality import inertia

    found = KMeans().clusterings(matrix, KS, 42, silent)
    for k in KS:
        assert inertia(matrix, found[k].labels) <= Plain(k, n_init=10, random_state=42).fit(matrix).inertia_ * (
            1 + 1e-9
        )


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mixture_is_as_likely_as_scikit_learn(shape, matrix):
    from sklearn.mixture import GaussianMixture as Plain

    found = GaussianMixture(covariance_type=shape).clusterings(matrix, KS, 42, silent)
    for k in KS:
        plain = Plain(k, covariance_type=shape, random_state=42).fit(matrix)
        assert found[k].details["mean_log_likelihood"] >= plain.lower_bound_ - 1e-9
        assert found[k].details["bic"] == pytest.approx(plain.bic(matrix), rel=0.01, abs=50)
        assert np.mean(found[k].labels == plain.predict(matrix)) > 0.95


@pytest.mark.parametrize("shape", SHAPES)
def test_one_iteration_of_ours_is_one_of_scikit_learn(shape, matrix):
    import warnings

    from sklearn.mixture import GaussianMixture as Plain

    start = Plain(3, covariance_type=shape, random_state=0).fit(matrix).predict(matrix)
    ours = Moments(matrix, shape, 1e-3).settled(start, 3, 0.0, 4)
    theirs = Plain(3, covariance_type=shape, reg_covar=1e-3, tol=0.0, max_iter=4)
    theirs._initialize_parameters = lambda X, random_state, **more: theirs._initialize(X, np.eye(3)[start])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.fit(matrix)
    assert np.allclose(ours.means, theirs.means_, atol=1e-8)
    assert np.allclose(ours.weights, theirs.weights_, atol=1e-8)
    assert ours.mean_log_likelihood == pytest.approx(theirs.lower_bound_, abs=1e-8)


def test_many_customers_go_to_scikit_learn_alone_with_the_same_result(matrix, monkeypatch):
    from pipeline.clustering import gaussian_mixture

    ours = GaussianMixture(n_init=2).clusterings(matrix, [3], 42, silent)[3]
    monkeypatch.setattr(gaussian_mixture, "LARGEST_EXACT", 10)
    theirs = GaussianMixture(n_init=2).clusterings(matrix, [3], 42, silent)[3]
    assert np.mean(ours.labels == theirs.labels) > 0.95


@given(
    rows=st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1e6)), min_size=1, max_size=60),
    renaming=st.permutations(range(6)),
)
def test_clusters_are_numbered_by_descending_value_whatever_they_were_called(rows, renaming):
    names, monetary = (np.array(column) for column in zip(*rows, strict=True))
    numbers = numbered_by_value(names, monetary.astype(float))
    assert np.array_equal(np.unique(numbers), np.arange(len(np.unique(names))))
    means = [monetary[numbers == number].mean() for number in np.unique(numbers)]
    assert all(left >= right - 1e-9 * abs(right) for left, right in itertools.pairwise(means))
    assert np.array_equal(numbers, numbered_by_value(np.array(renaming)[names], monetary.astype(float)))
