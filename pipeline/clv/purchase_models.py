"""The models of how often customers buy and when they leave, by name: one file each, one line here."""

from __future__ import annotations

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.mbg_nbd import MbgNbd

PURCHASE_MODELS: dict[str, type[BetaGeometric]] = {"bg_nbd": BgNbd, "mbg_nbd": MbgNbd}
TITLES = {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD"}
