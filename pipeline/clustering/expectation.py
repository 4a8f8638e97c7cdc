"""Expectation-maximisation for Gaussian mixtures in two matrix products an iteration, for any shape of covariance.

The log-density of a Gaussian is linear in the products of a customer's features, so those are made once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.clustering.labels import Floats, Labels


class Mixture(NamedTuple):
    """A Gaussian mixture of k components over d features.

    Attributes
    ----------
    weights, means, precisions : `(k,)`, `(k, d)`, inverse covariances `(k, d, d)`.
    mean_log_likelihood : per customer, before the last update of the parameters.
    """

    weights: Floats
    means: Floats
    precisions: Floats
    mean_log_likelihood: float


class Moments:
    """The customers of one matrix, ready for `settled`.

    Parameters
    ----------
    matrix : `(n_customers, n_features)`.
    shape : how covariances are tied down: "full", "tied", "diag" or "spherical".
    floor : added to every variance.
    """

    def __init__(self, matrix: Floats, shape: str, floor: float) -> None:
        self.shape, self.floor = shape, floor
        self.features = matrix.shape[1]
        self._upper = np.triu_indices(self.features)
        products = (matrix[:, self._upper[0]] * matrix[:, self._upper[1]]).T
        self._terms = np.ascontiguousarray(np.vstack([np.ones(len(matrix)), matrix.T, products]))
        self._twice = np.where(self._upper[0] == self._upper[1], 1.0, 2.0)

    def settled(self, labels: Labels, k: int, tolerance: float, iterations: int) -> Mixture:
        """Iterate from hard labels until the mean log-likelihood grows by less than `tolerance`."""
        mixture = self._maximised(np.eye(k)[:, labels], -np.inf)
        for _ in range(iterations):
            joint = self._joint_log_density(mixture)
            highest = joint.max(axis=0)
            np.exp(np.subtract(joint, highest, out=joint), out=joint)
            density = joint.sum(axis=0)
            mean_log_likelihood = float(np.mean(np.log(density) + highest))
            grown = mean_log_likelihood - mixture.mean_log_likelihood
            mixture = self._maximised(np.divide(joint, density, out=joint), mean_log_likelihood)
            if abs(grown) < tolerance:
                break
        return mixture

    def _maximised(self, responsibilities: Floats, mean_log_likelihood: float) -> Mixture:
        sums = responsibilities @ self._terms.T
        sizes = sums[:, 0] + 10 * np.finfo(np.float64).eps
        means = sums[:, 1 : self.features + 1] / sizes[:, None]
        second = np.empty((len(sizes), self.features, self.features))
        second[:, self._upper[0], self._upper[1]] = sums[:, self.features + 1 :] / sizes[:, None]
        second[:, self._upper[1], self._upper[0]] = second[:, self._upper[0], self._upper[1]]
        covariances = self._shaped(second - means[:, :, None] * means[:, None, :], sizes / sizes.sum())
        precisions = np.linalg.inv(covariances).astype(np.float64, copy=False)
        precisions = (precisions + precisions.transpose(0, 2, 1)) / 2
        return Mixture(sizes / sizes.sum(), means, precisions, mean_log_likelihood)

    def _shaped(self, covariances: Floats, weights: Floats) -> Floats:
        identity = np.eye(self.features)
        if self.shape == "tied":
            covariances = np.broadcast_to(np.tensordot(weights, covariances, 1), covariances.shape)
        elif self.shape != "full":
            variances = np.diagonal(covariances, axis1=1, axis2=2)
            if self.shape == "spherical":
                variances = np.broadcast_to(variances.mean(axis=1, keepdims=True), variances.shape)
            covariances = variances[:, :, None] * identity
        floored: Floats = covariances + self.floor * identity
        return floored

    def _joint_log_density(self, mixture: Mixture) -> Floats:
        """The log of weight times density, `(k, n_customers)`."""
        towards = np.einsum("kij,kj->ki", mixture.precisions, mixture.means)
        _, log_determinants = np.linalg.slogdet(mixture.precisions)
        constants = np.log(mixture.weights) + 0.5 * (
            log_determinants - self.features * np.log(2 * np.pi) - (towards * mixture.means).sum(axis=1)
        )
        quadratic = -0.5 * mixture.precisions[:, self._upper[0], self._upper[1]] * self._twice
        density: Floats = np.hstack([constants[:, None], towards, quadratic]) @ self._terms
        return density
