"""Seconds and peak memory are those of the block, not of what came before."""

import subprocess
import sys
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


def test_what_is_held_at_the_end_counts_and_what_was_given_back_does_not():
    with Measurement() as measurement:
        given_back = np.ones(40_000_000)
        time.sleep(0.1)
        del given_back
        kept = np.ones(10_000_000)
    assert measurement.peak_memory_mb - measurement.held_memory_mb > 200
    with Measurement() as later:
        more = np.ones(10_000_000)  # all of it in less than the time between two looks
    assert later.peak_memory_mb >= later.held_memory_mb > measurement.held_memory_mb + 70
    assert len(kept) == len(more)


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


WORK = "held = bytearray(150_000_000); print('held', flush=True); sum(n * n for n in range(3_000_000)); input()"


def test_processes_that_were_started_count_where_they_are_asked_for():
    command = [sys.executable, "-c", WORK]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout.readline() == "held\n"
        with Measurement() as alone, Measurement(started_too=True) as together:
            time.sleep(0.5)
        started.communicate("\n")
    assert together.peak_memory_mb - alone.peak_memory_mb > 140
    assert together.cpu_seconds >= alone.cpu_seconds


def test_a_process_that_is_started_and_ends_meanwhile_is_no_fault():
    with Measurement(started_too=True) as measurement:
        subprocess.run([sys.executable, "-c", ""], check=True)
    assert measurement.seconds > 0
