"""The benchmark of lifetime values runs at a tiny size, and notices when the two sides disagree."""

import numpy as np

from benchmarks import value


def test_both_sides_of_a_tiny_run_agree_and_are_priced(capsys):
    assert value.main(["--customers", "600", "--repeats", "1"]) == 0
    told = capsys.readouterr().out
    assert "| 600 customers |" in told
    assert "CLV_6m, 600 customers" in told
    assert "**NO**" not in told
    assert "Only ours" in told


def test_a_difference_of_a_thousandth_is_no_agreement():
    theirs = np.array([1.0, 2.0, 300.0])
    assert value._check("CLV_6m", theirs, theirs * (1 + 1e-5)).agrees
    assert not value._check("CLV_6m", theirs, theirs * np.array([1, 1.001, 1])).agrees


def test_simulated_histories_are_possible_ones():
    x, t_x, T, m, orders = value.simulated(2_000, seed=3)
    assert ((x <= t_x) & (t_x <= T)).all()
    assert ((m > 0) == (x > 0)).all()
    assert np.array_equal(orders, x)
    assert np.array_equal(value.simulated(2_000, seed=3).x, x)
