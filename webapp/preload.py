"""Imported once by the process that every job is forked from, so that no job waits for libraries.

The sources' digest is taken here too: a job's results belong to the code that it runs, even if the files change later.
"""

from __future__ import annotations

from importlib import import_module

from pipeline.store import code_digest

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

for library in LIBRARIES:
    import_module(library)
code_digest()
