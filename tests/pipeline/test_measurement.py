"""Seconds and peak memory are those of the block, not of what came before."""

import time

import numpy as np

from pipeline.measurement import Measurement


def test_the_peak_within_the_block_is_seen_and_gone_in_the_next():
    with Measurement() as large:
        block = np.ones(40_000_000)
        time.sleep(0.1)
        del block
    with Measurement() as small:
        time.sleep(0.05)
    assert large.peak_memory_mb - small.peak_memory_mb > 200
    assert large.seconds >= 0.1


def test_a_measurement_is_plain_numbers():
    with Measurement() as measurement:
        time.sleep(0.02)
    assert set(measurement.to_json()) == {"seconds", "cpu_seconds", "peak_memory_mb"}
    assert measurement.to_json()["peak_memory_mb"] > 10


def test_waiting_takes_seconds_but_no_processor_time():
    with Measurement() as waited:
        time.sleep(0.3)
    with Measurement() as worked:
        sum(number * number for number in range(2_000_000))
    assert waited.cpu_seconds < 0.2 < 0.3 <= waited.seconds
    assert worked.cpu_seconds > 0.02
