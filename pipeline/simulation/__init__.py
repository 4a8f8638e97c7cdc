"""A shop made up from known parameters: sample data that is nobody's, and a truth to check every model against."""

from pipeline.simulation.sample import simulate_shop
from pipeline.simulation.shop import Shop

__all__ = ["Shop", "simulate_shop"]
