"""Imported once by the process that every job is forked from, so that no job waits for libraries.

The sources' digest is taken here too: a job's results belong to the code that it runs, even if the files change later.
"""

from __future__ import annotations

import os
import signal
from importlib import import_module

from pipeline.store import code_digest
from webapp import loading

LIBRARIES = (
    "pandas",
    "duckdb",
    "narwhals",
    "scipy.optimize",
    "scipy.special",
    "fastcluster",
    "sklearn.cluster",
    "sklearn.mixture",
    "sklearn.preprocessing",
    "pipeline.segmentation",
    "webapp.runs",
)

signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, with which this process ends
server = os.getppid()
with loading.for_good():
    for library in LIBRARIES:
        if os.getppid() != server:  # it has ended already, as where its port is taken
            raise SystemExit
        import_module(library)
    code_digest()
