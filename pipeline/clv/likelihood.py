"""The maximum of a likelihood of positive parameters, found from several starts and checked by its gradient."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.threads import one_thread

Floats = NDArray[np.float64]
Objective = Callable[[Floats], tuple[float, Floats]]

GRADIENT_TOLERANCE = 1e-6  # per customer, in log space: what a fit may leave and still count as converged
LOG_RANGE = 14.0  # parameters stay within e**-14 and e**14 of the unit they are scaled to
FLAT = 1e-13  # a slope at the limit of floating point
SUMMIT = 1e-9  # a slope that only the summit has; a ridge can be flatter than the tolerance
STARTS_TRIED = 3
ROUGH = (2_000, 20_000)  # customers that show the way up; more where few of them lose it
HESSIAN_STEP = 1e-5


class Maximum(NamedTuple):
    """Where a likelihood is highest.

    Attributes
    ----------
    parameters : the positive parameters, `(n_parameters,)`.
    mean_log_likelihood : per customer.
    gradient : the largest slope left, per customer and unit of log parameter, at parameters not held by a bound.
    converged : whether that slope is below `GRADIENT_TOLERANCE`.
    at_bound : whether a parameter ran off to nothing or to infinity and was held.
    standard_errors : of the parameters, `(n_parameters,)`, from the curvature there; None where a parameter was held
        or the likelihood is flat, so that there is no telling.
    """

    parameters: Floats
    mean_log_likelihood: float
    gradient: float
    converged: bool
    at_bound: bool
    standard_errors: Floats | None

    def in_units(self, units: Sequence[float]) -> Maximum:
        """The same with each parameter, fitted in a unit of its own, told in the unit of the data."""
        errors = None if self.standard_errors is None else self.standard_errors * units
        return self._replace(parameters=self.parameters * units, standard_errors=errors)


def maximum(
    objective: Objective, roughs: Sequence[Objective], grid: Sequence[Sequence[float]], customers: int
) -> Maximum:
    """The highest of the maxima reached from the best points of a grid.

    Parameters
    ----------
    objective : log parameters -> mean log-likelihood and its gradient, `(n_parameters,)`.
    roughs : the same of some of the customers, of few first: they find the way up, `objective` the summit.
    grid : for each parameter the values to start from; the `STARTS_TRIED` best combinations are climbed from.
    customers : how many customers the mean is taken of.
    """
    with one_thread(
        "scipy.optimize"
    ):  # the optimiser's matrices are 4 x 4: waking threads for them costs ten times the fit
        found = _highest(objective, roughs, grid)
        return found._replace(standard_errors=_standard_errors(objective, found, customers))


def _highest(objective: Objective, roughs: Sequence[Objective], grid: Sequence[Sequence[float]]) -> Maximum:
    for rough in roughs:
        nearest = max(_climbs(rough, grid), key=lambda point: objective(point)[0])
        found = _described(objective, _polished(objective, rough, nearest))
        if found.gradient < SUMMIT and not found.at_bound:
            return found  # else some customers showed the way to a ridge that is not the summit
    return max((_described(objective, point) for point in _climbs(objective, grid)), key=_height)


def _climbs(objective: Objective, grid: Sequence[Sequence[float]]) -> list[Floats]:
    """Where the climbs from the best points of the grid end, in log parameters."""
    starts = [np.log(np.array(point)) for point in itertools.product(*grid)]
    starts.sort(key=lambda start: -objective(start)[0])
    return [_climbed(objective, start) for start in starts[:STARTS_TRIED]]


def _height(found: Maximum) -> tuple[float, float]:
    return round(found.mean_log_likelihood, 10), -found.gradient


def _climbed(objective: Objective, start: Floats) -> Floats:
    """The point, in log parameters, from which there is no way up."""
    from scipy.optimize import minimize

    def downhill(point: Floats) -> tuple[float, Floats]:
        value, gradient = objective(point)
        return -value, -gradient

    found = minimize(
        downhill,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-LOG_RANGE, LOG_RANGE)] * len(start),
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 1000},
    )
    return _polished(objective, objective, np.asarray(found.x, dtype=np.float64))


def _described(objective: Objective, point: Floats) -> Maximum:
    value, gradient = objective(point)
    free = np.abs(point) < LOG_RANGE
    left = float(np.max(np.abs(gradient[free]), initial=0.0))
    return Maximum(np.exp(point), value, left, left < GRADIENT_TOLERANCE, not bool(free.all()), None)


def _polished(objective: Objective, curved: Objective, point: Floats) -> Floats:
    """Newton steps from a point near the summit, as long as each makes the slope smaller and nothing worse.

    `curved` gives the curvature; where it is that of some of the customers, more steps do as well.
    """
    value, gradient = objective(point)
    for _ in range(5 if curved is objective else 40):
        step = _newton_step(curved, point, gradient)
        if step is None or np.abs(gradient).max() < FLAT:
            break
        candidate = point + step
        higher, flatter = objective(candidate)
        if not (np.abs(flatter).max() < np.abs(gradient).max() and higher >= value - 1e-12):
            break
        point, value, gradient = candidate, higher, flatter
    return point


def _newton_step(objective: Objective, point: Floats, gradient: Floats) -> Floats | None:
    """The step to where a parabola of the same slope and curvature peaks; None where there is no such peak near."""
    hessian = _hessian(objective, point)
    if hessian is None:
        return None
    step = np.asarray(-np.linalg.solve(hessian, gradient), dtype=np.float64)
    inside = bool((np.abs(point + step) < LOG_RANGE).all())
    return step if inside and np.abs(step).max() < 1 else None


def _hessian(objective: Objective, point: Floats) -> Floats | None:
    """The curvature at a point, `(n_parameters, n_parameters)`; None where it does not bend down in every direction."""
    shifts = np.eye(len(point)) * HESSIAN_STEP
    slopes = [objective(point + shift)[1] - objective(point - shift)[1] for shift in shifts]
    hessian = np.array(slopes) / (2 * HESSIAN_STEP)
    hessian = (hessian + hessian.T) / 2
    return hessian if np.linalg.eigvalsh(hessian).max() < -1e-10 else None


def _standard_errors(objective: Objective, found: Maximum, customers: int) -> Floats | None:
    """From the inverse of the curvature in log parameters, taken back to the parameters themselves."""
    hessian = None if found.at_bound else _hessian(objective, np.log(found.parameters))
    if hessian is None:
        return None
    errors: Floats = found.parameters * np.sqrt(np.diag(np.linalg.inv(-hessian)) / customers)
    return errors
