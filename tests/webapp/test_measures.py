"""Values of measures read as people write them."""

import math

import pytest

from webapp import formats, measures


@pytest.mark.parametrize(
    ("orders", "written"), [(7.0, "7"), (1.5, "1.5"), (10.62, "10.6"), (1204.0, "1,204"), (math.nan, formats.MISSING)]
)
def test_orders_are_whole_unless_they_are_an_average(orders, written):
    assert measures.written("Frequency", orders) == written
