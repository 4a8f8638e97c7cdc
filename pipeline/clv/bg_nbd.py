"""BG/NBD: a customer may leave right after each repeat purchase, so whoever has none is still there by construction.

Source: Fader, Hardie and Lee (2005), "Counting your customers the easy way", Marketing Science 24 (2), 275-284.
"""

from __future__ import annotations

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.likelihood import Floats


class BgNbd(BetaGeometric):
    """BG/NBD parameters. Dropout ~ Beta(a, b) after each repeat purchase."""

    __slots__ = ()

    def times_at_risk(self, x: Floats) -> Floats:
        """One occasion per repeat purchase."""
        return x
