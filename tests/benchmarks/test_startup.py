"""The benchmark of starting sees the libraries that a process has loaded, and times real starts and real jobs."""

import subprocess
import sys

import psutil

from benchmarks import startup
from benchmarks.startup import Jobs, Start


def test_loaded_libraries_are_seen_from_outside():
    program = "import {}; print('ready', flush=True); input()"
    for module, expected in (("numpy", ("numpy",)), ("json", ())):
        with subprocess.Popen(
            [sys.executable, "-c", program.format(module)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            process.stdout.readline()
            found = startup.loaded(psutil.Process(process.pid))
            process.communicate("\n")
        assert found == expected


def test_a_start_is_measured_to_its_first_page_and_loads_nothing_heavy():
    start = startup.started()
    assert 0 < start.address < start.page
    assert start.cpu_seconds > 0
    assert not {"pandas", "duckdb", "scipy", "sklearn"} & set(start.loaded)


def test_jobs_are_started_for_real():
    jobs = startup.jobs_started(1)
    assert jobs.first > 0
    assert len(jobs.others) == 1
    assert jobs.others[0] > 0
    assert 50 < jobs.held_mb < 1_000


def test_the_table_has_medians_and_every_library_that_was_ever_loaded():
    starts = [Start(1.0, 2.0, 1.5, (), 1.0), Start(3.0, 6.0, 1.5, ("pandas",), 2.0), Start(1.0, 2.0, 1.0, (), 1.0)]
    jobs = [Jobs(1.25, [0.05], 200.0), Jobs(0.75, [0.25], 400.0), Jobs(2.0, [0.1], 210.0)]
    record = startup.summary(starts, jobs)
    told = startup.table(record)
    assert "| to the first page answered | 2.00 s, processor 1.50 s |" in told
    assert "| the first page by that | 2.00 times as long |" in told
    assert "| heavy libraries in the page server then | pandas |" in told
    assert "| the first job, asked for at once | 1.25 s |" in told
    assert "| the job after it | 0.100 s |" in told
    assert "| memory of all its processes when nobody is there | 210 MB |" in told
