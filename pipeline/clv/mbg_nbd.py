"""MBG/NBD: a customer may leave after any purchase, the very first included.

Source: Batislam, Denizel and Filiztekin (2007), "Empirical validation and comparison of models for customer base
analysis", International Journal of Research in Marketing 24 (3), 201-209.
"""

from __future__ import annotations

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.likelihood import Floats


class MbgNbd(BetaGeometric):
    """MBG/NBD parameters. Dropout ~ Beta(a, b) after each purchase."""

    __slots__ = ()

    def times_at_risk(self, x: Floats) -> Floats:
        """One occasion per repeat purchase, and one at the first purchase."""
        return x + 1
