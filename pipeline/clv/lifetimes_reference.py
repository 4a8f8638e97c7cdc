"""The published library `lifetimes` as a second engine: slower, and the yardstick of ours.

Nothing else imports it: it silences FutureWarning for the whole process, which is undone here.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import warnings
from collections.abc import Iterator
from typing import Any, TypeVar

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats
from pipeline.errors import PipelineError

TOLERANCES = (1e-7, 1e-6)  # its default refuses some good fits at the limit of floating point
FITTERS = {
    "BgNbd": ("beta_geo_fitter", "BetaGeoFitter"),
    "MbgNbd": ("modified_beta_geo_fitter", "ModifiedBetaGeoFitter"),
}
M = TypeVar("M", bound=BetaGeometric)


def fit_purchases(model: type[M], histories: Histories) -> tuple[M, float]:
    """A purchase model's parameters by its fitter, and the mean log-likelihood in its own unit of time.

    Raises
    ------
    PipelineError
        If the library finds no fit.
    """
    module_name, fitter_name = FITTERS[model.__name__]
    with _library(f"lifetimes.fitters.{module_name}") as module:
        fitter = _fitted(getattr(module, fitter_name), histories.x, histories.t_x, histories.T)
        return model(*fitter.params_[["r", "alpha", "a", "b"]].tolist()), -float(fitter._negative_log_likelihood_)


def fit_gamma_gamma(frequency: Floats, monetary_value: Floats) -> tuple[GammaGamma, float]:
    """Gamma-Gamma parameters by `GammaGammaFitter`, and the mean log-likelihood. Raises like `fit_purchases`."""
    with _library("lifetimes.fitters.gamma_gamma_fitter") as module:
        fitter = _fitted(module.GammaGammaFitter, frequency, monetary_value)
        return GammaGamma(*fitter.params_[["p", "q", "v"]].tolist()), -float(fitter._negative_log_likelihood_)


def _fitted(fitter: Any, *columns: Floats) -> Any:
    from lifetimes.utils import ConvergenceError

    for tolerance in TOLERANCES:
        with contextlib.suppress(ConvergenceError), contextlib.redirect_stdout(io.StringIO()):
            return fitter(penalizer_coef=0.0).fit(*columns, tol=tolerance)
    raise PipelineError(
        f"The library lifetimes finds no {fitter.__name__} for these customers; "
        "set the engine (value.engine) to 'fast', which tries several starts."
    )


@contextlib.contextmanager
def _library(module: str) -> Iterator[Any]:
    """A module of `lifetimes`, without what importing it does to the rest of the process.

    Left out of sight: its touching a pandas option that has no effect any more, and the square roots of its own wrong
    variance matrix, which nobody reads.
    """
    from pandas.errors import Pandas4Warning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pandas4Warning)
        warnings.simplefilter("ignore", RuntimeWarning)
        yield importlib.import_module(module)
