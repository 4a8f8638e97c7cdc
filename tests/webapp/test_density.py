"""The ground of a group holds the share of it that it claims to hold."""

import numpy as np
import pytest

from webapp import density


@pytest.fixture
def cloud():
    """20,000 points of a round normal cloud."""
    return np.random.default_rng(3).normal(size=(2, 20_000))


def inside(found, x, y, edges, share):
    """The share of points in cells whose rank is above 1 - share."""
    column = np.searchsorted(edges[0], x) - 1
    row = np.searchsorted(edges[1], y) - 1
    there = (column >= 0) & (column < density.CELLS) & (row >= 0) & (row < density.CELLS)
    return float((found.rank[row[there], column[there]] > 1 - share).sum() / len(x))


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_the_ground_of_a_share_holds_that_share(cloud, share):
    edges = density.frame(*cloud)
    found = density.region(*cloud, edges)
    assert inside(found, *cloud, edges, share) == pytest.approx(share, abs=0.03)


def test_half_of_a_normal_cloud_lies_within_the_radius_that_theory_says(cloud):
    found = density.region(*cloud, density.frame(*cloud))
    radius = np.hypot(*np.meshgrid(found.across, found.up))
    ground = radius[found.rank > 0.5]
    assert ground.max() == pytest.approx(np.sqrt(2 * np.log(2)), rel=0.25)
    assert np.hypot(*found.peak) < 0.6


def test_a_few_far_away_do_not_stretch_the_picture(cloud):
    x, y = np.append(cloud[0], 1e6), np.append(cloud[1], 1e6)
    assert density.frame(x, y)[0][-1] < 10


def test_equal_points_are_one_place():
    same = np.ones(50)
    found = density.region(same, same, density.frame(same, same))
    assert found.peak == pytest.approx((1.0, 1.0), abs=1e-8)
    assert np.isfinite(found.rank).all()
