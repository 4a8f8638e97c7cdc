"""What holds for every method, and what each owes to the library it stands on."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clustering.expectation import Moments
from pipeline.clustering.gaussian_mixture import GaussianMixture
from pipeline.clustering.hierarchical import Hierarchical
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.labels import NOISE, numbers_by_value, renumbered
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.scaling import Prepared, prepared

KS = range(2, 6)
SHAPES = ("full", "tied", "diag", "spherical")
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


def silent(k):
    assert k >= 2


@pytest.fixture(scope="module")
def ready(shop_customers):
    return prepared(shop_customers(), Preparation())


@pytest.fixture(scope="module")
def matrix(ready):
    return ready.matrix


def same_clusters(first, second):
    pairs = np.unique(np.column_stack([first, second]), axis=0)
    return len(pairs) == len(np.unique(first)) == len(np.unique(second))


@every_method
def test_a_method_says_what_it_is(method):
    assert METHODS[method.NAME] is method
    assert method.TITLE
    assert method.HELP
    assert method.COLUMN.startswith(("Cluster_", "Segment_"))
    assert isinstance(method.TAKES_K, bool)


@every_method
def test_settings_survive_json(method):
    assert method.from_json(method().to_json()) == method()


@every_method
def test_every_k_has_its_clusters_and_is_announced(method, ready):
    announced = []
    found = method().clusterings(ready, KS, 1, announced.append)
    assert list(found) == (list(KS) if method.TAKES_K else [None])
    assert announced[0] == 2
    for k, clustering in found.items():
        members = set(clustering.labels) - {NOISE}
        assert members <= set(range(len(clustering.names or members)))
        assert k is None or (members == set(range(k)) and NOISE not in clustering.labels)


@every_method
def test_the_seed_decides(method, ready):
    first, second = (method().clusterings(ready, KS, 7, silent) for _ in range(2))
    assert all(np.array_equal(first[k].labels, second[k].labels) for k in first)


@every_method
def test_the_matrix_is_left_as_it_was(method, ready, matrix):
    before = matrix.copy()
    method().clusterings(ready, KS, 1, silent)
    assert np.array_equal(matrix, before)


@every_method
def test_a_model_survives_json_and_puts_its_own_customers_where_they_are(method, ready):
    for clustering in method().clusterings(ready, KS, 3, silent).values():
        model = json.loads(json.dumps(clustering.model, allow_nan=False))
        again = method.assigned(model, ready)
        alike = clustering.details.get("assigned_alike", 1.0)
        assert np.mean(again == clustering.labels) == pytest.approx(alike)
        assert alike > 0.6
        few = ready._replace(matrix=ready.matrix[:7], raw={name: own[:7] for name, own in ready.raw.items()})
        assert np.array_equal(method.assigned(model, few), again[:7])


@pytest.mark.parametrize("method", [method for name, method in METHODS.items() if name != "rfm_grid"])
def test_well_separated_groups_are_found(method):
    from sklearn.datasets import make_blobs
    from sklearn.metrics import adjusted_rand_score

    points, truth = make_blobs(600, n_features=4, centers=4, cluster_std=0.6, random_state=5)
    crowd = Prepared(np.arange(600).astype(object), np.arange(600), points[:, 0], points, tuple("abcd"), [], {}, {})
    found = method().clusterings(crowd, [4], 0, silent)
    assert adjusted_rand_score(truth, next(iter(found.values())).labels) > 0.98


@every_method
def test_who_stops_the_run_is_obeyed(method, ready):
    def stop(k):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        method().clusterings(ready, KS, 1, stop)


def test_the_cut_tree_equals_scikit_learn_ward(ready, matrix):
    from sklearn.cluster import AgglomerativeClustering

    found = Hierarchical().clusterings(ready, KS, 0, silent)
    for k in KS:
        assert same_clusters(found[k].labels, AgglomerativeClustering(k).fit_predict(matrix))


def test_k_means_is_no_worse_than_scikit_learn(ready, matrix):
    from sklearn.cluster import KMeans as Plain

    from pipeline.clustering.quality import inertia

    found = KMeans().clusterings(ready, KS, 42, silent)
    for k in KS:
        assert inertia(matrix, found[k].labels) <= Plain(k, n_init=10, random_state=42).fit(matrix).inertia_ * (
            1 + 1e-9
        )


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mixture_is_as_likely_as_scikit_learn(shape, ready, matrix):
    from sklearn.mixture import GaussianMixture as Plain

    found = GaussianMixture(covariance_type=shape).clusterings(ready, KS, 42, silent)
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


@given(
    rows=st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1e6)), min_size=1, max_size=60),
    renaming=st.permutations(range(6)),
)
def test_clusters_are_numbered_by_descending_value_whatever_they_were_called(rows, renaming):
    names, monetary = (np.array(column) for column in zip(*rows, strict=True))

    def numbered(names):
        return renumbered(names, numbers_by_value(names, monetary.astype(float)))

    numbers = numbered(names)
    assert np.array_equal(np.unique(numbers), np.arange(len(np.unique(names))))
    means = [monetary[numbers == number].mean() for number in np.unique(numbers)]
    assert all(left >= right - 1e-9 * abs(right) for left, right in itertools.pairwise(means))
    assert np.array_equal(numbers, numbered(np.array(renaming)[names]))


def test_who_is_in_no_cluster_keeps_no_number():
    names, monetary = np.array([2, NOISE, 0, 2, NOISE]), np.array([1.0, 99.0, 5.0, 2.0, 99.0])
    assert renumbered(names, numbers_by_value(names, monetary)).tolist() == [1, NOISE, 0, 1, NOISE]
    nobody = np.full(3, NOISE)
    assert renumbered(nobody, numbers_by_value(nobody, monetary[:3])).tolist() == [NOISE] * 3
