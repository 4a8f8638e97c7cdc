"""Gaussian mixture: clusters as overlapping clouds, each customer in the likeliest one."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline.clustering.expectation import Mixture, Moments
from pipeline.clustering.labels import LARGEST_EXACT, Clustering, Floats, Labels, Tick, sample_of
from pipeline.parameters import Step, choice, integer, number

if TYPE_CHECKING:
    from pipeline.clustering.scaling import Prepared

TOLERANCE = 1e-3  # growth of the mean log-likelihood below which a fit has settled, as in scikit-learn
ITERATIONS = 100


@dataclass(frozen=True)
class GaussianMixture(Step):
    """A Gaussian mixture fitted by expectation-maximisation from k-means starts."""

    NAME: ClassVar[str] = "gaussian_mixture"
    TITLE: ClassVar[str] = "Gaussian mixture"
    COLUMN: ClassVar[str] = "Cluster_GMM"
    TAKES_K: ClassVar[bool] = True
    HELP: ClassVar[str] = "Clouds that may overlap and differ in width; allows clusters of very unlike sizes."

    covariance_type: str = choice(
        "spherical",
        options={
            "spherical": "Round, each of its own width",
            "diag": "Stretched along the columns",
            "tied": "All of one shape",
            "full": "Any shape",
        },
        label="Shape of the clouds",
        help="Other shapes than round undo the weights of the preparation and find flags and empty categories.",
        flag="--gmm-shape",
    )
    reg_covar: float = number(
        1e-6,
        low=1e-9,
        high=1.0,
        label="Least variance",
        help="Added to every variance, so that no cloud collapses onto equal customers.",
        flag="--gmm-least-variance",
    )
    n_init: int = integer(
        1,
        low=1,
        high=20,
        label="Starts",
        help="From how many k-means starts the likeliest clouds are kept.",
        flag="--gmm-starts",
    )

    def clusterings(self, ready: Prepared, ks: Sequence[int], seed: int, tick: Tick) -> dict[int | None, Clustering]:
        """Clusters for every k of `ks`, with `mean_log_likelihood`, `bic`, `aic` and `converged`.

        The model: scikit-learn's `weights`, `means` and `precisions_cholesky`, and the covariances' `shape`. Most
        iterations are those of `expectation`, faster than scikit-learn's, which only has the last word.

        Above `LARGEST_EXACT` customers the mixture is fitted to as many of them, and everyone joins the likeliest
        cloud; `details` then hold `sampled_customers`, and all figures are counted over everyone.
        """
        matrix = ready.matrix
        sampled = matrix[sample_of(len(matrix), LARGEST_EXACT, seed)]
        moments = Moments(sampled, self.covariance_type, self.reg_covar)
        found: dict[int | None, Clustering] = {}
        for k in ks:
            tick(k)
            start = self._start(self._likeliest(moments, sampled, k, seed))
            found[k] = self._finished(sampled, matrix, k, start)
        return found

    def _likeliest(self, moments: Moments, matrix: Floats, k: int, seed: int) -> Mixture:
        from sklearn.cluster import KMeans as Lloyd

        random = np.random.RandomState(seed)
        starts = [Lloyd(n_clusters=k, n_init=1, random_state=random).fit(matrix).labels_ for _ in range(self.n_init)]
        mixtures = [moments.settled(labels, k, TOLERANCE, ITERATIONS) for labels in starts]
        return max(mixtures, key=lambda mixture: mixture.mean_log_likelihood)

    def _start(self, mixture: Mixture) -> dict[str, Any]:
        precisions = mixture.precisions
        shaped = {
            "full": precisions,
            "tied": precisions[0],
            "diag": np.diagonal(precisions, axis1=1, axis2=2),
            "spherical": precisions[:, 0, 0],
        }[self.covariance_type]
        return {
            "weights_init": mixture.weights / mixture.weights.sum(),
            "means_init": mixture.means,
            "precisions_init": shaped,
        }

    def _finished(self, sampled: Floats, matrix: Floats, k: int, start: dict[str, Any]) -> Clustering:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture as Fit

        fit = Fit(
            n_components=k,
            covariance_type=self.covariance_type,
            reg_covar=self.reg_covar,
            tol=TOLERANCE,
            max_iter=ITERATIONS,
            n_init=1,
            **start,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # told in `converged`
            labels = fit.fit_predict(sampled)
        log_likelihood, exact = float(fit.lower_bound_), len(sampled) == len(matrix)
        if not exact:
            labels, log_likelihood = _applied(fit, matrix)
        parameters, whole = int(fit._n_parameters()), -2 * log_likelihood * len(matrix)
        details = {
            "mean_log_likelihood": log_likelihood,
            "bic": float(whole + parameters * np.log(len(matrix))),
            "aic": float(whole + 2 * parameters),
            "converged": bool(fit.converged_),
            **({} if exact else {"sampled_customers": len(sampled)}),
        }
        model = {
            "shape": self.covariance_type,
            "weights": fit.weights_.tolist(),
            "means": fit.means_.tolist(),
            "precisions_cholesky": fit.precisions_cholesky_.tolist(),
        }
        return Clustering(labels.astype(np.intp), details, model)

    @staticmethod
    def assigned(model: dict[str, Any], ready: Prepared) -> Labels:
        """The cluster of each customer: the one whose cloud is likeliest to hold them."""
        found: Labels = mixture_of(model).predict(ready.matrix).astype(np.intp)
        return found


def _applied(fit: Any, matrix: Floats) -> tuple[Labels, float]:
    """The likeliest cloud of every customer, and their mean log-likelihood, a block of them at a time."""
    blocks = [matrix[start : start + LARGEST_EXACT] for start in range(0, len(matrix), LARGEST_EXACT)]
    labels = np.concatenate([fit.predict(block) for block in blocks])
    return labels, float(np.concatenate([fit.score_samples(block) for block in blocks]).mean())


def mixture_of(model: dict[str, Any]) -> Any:
    """scikit-learn's mixture as it was fitted."""
    from sklearn.mixture import GaussianMixture as Fit

    fit = Fit(n_components=len(model["weights"]), covariance_type=model["shape"])
    fit.weights_, fit.means_ = np.array(model["weights"]), np.array(model["means"])
    fit.precisions_cholesky_ = np.array(model["precisions_cholesky"])
    return fit
