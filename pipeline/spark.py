"""Spark as the engine of tables: one session a process, told to reckon as exactly as DuckDB does."""

from __future__ import annotations

import functools
import os
import shutil
import socket
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd
    import pyarrow as pa

    LazyTable = nw.LazyFrame[Any]
    Native = Any  # PySpark has two classes for everything, of a session here and of one by Spark Connect

MASTER, REMOTE = "SPARK_MASTER", "SPARK_REMOTE"
"""The environment's variables that say where Spark is: a cluster's URL, or one of Spark Connect. Without either it runs
in this process's own Java on all cores."""
HERE = "local[*]"
PORTS = {"spark": 7077, "sc": 15002}
PATIENCE_SECONDS = 10.0

EXACT = {
    "spark.sql.ansi.enabled": "true",  # what cannot be reckoned ends the run, and is not silently missing
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # else money loses places in products and differences
    "spark.sql.session.timeZone": "UTC",  # moments have no zone, and no hour of them may be missing
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
}


def _here(cores: int, megabytes: int) -> dict[str, str]:
    """What Spark is told of a single machine, on which nobody from outside may reach it."""
    return {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": f"{megabytes}m",
        "spark.sql.shuffle.partitions": str(2 * cores),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }


class SparkTables:
    """`engine.Tables` of one session; what is kept stays with the cluster for as long as this object is there."""

    def __init__(self, session: Native) -> None:
        self._session = session
        self._kept: list[Native] = []  # Spark Connect forgets what no frame here refers to, though others build on it

    def scan(self, path: Path) -> LazyTable:
        return _lazy(self._session.read.parquet(path.absolute().as_uri()))

    def of(self, frame: pd.DataFrame) -> LazyTable:
        import pyarrow as pa

        return _lazy(self._session.createDataFrame(pa.Table.from_pandas(frame, preserve_index=False)))

    def numbers(self, count: int) -> LazyTable:
        return _lazy(self._session.range(count).withColumnRenamed("id", "way"))

    def materialised(self, table: LazyTable, name: str) -> LazyTable:  # noqa: ARG002  (Spark's own numbers do)
        self._kept.append(table.to_native().localCheckpoint())
        return _lazy(self._kept[-1])


def tables(megabytes: int) -> SparkTables:
    """Spark where `MASTER` or `REMOTE` say it is, with so much memory where that is here.

    Raises
    ------
    PipelineError
        If PySpark or Java is not installed, or nobody answers at the cluster's address.
    """
    return SparkTables(_session(os.getpid(), megabytes))


@functools.cache
def _session(process: int, megabytes: int) -> Native:  # noqa: ARG001  (a forked child makes its own)
    """The session of one process; starting Java takes seconds."""
    try:
        with warnings.catch_warnings():  # said of frames, and only Arrow's tables are ever handed over
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            session = _started(megabytes)
    except ImportError as reason:
        raise PipelineError(
            f"The engine Spark needs PySpark, which is not installed ({reason}): pip install -r requirements-spark.txt."
        ) from None
    for setting, value in EXACT.items():
        session.conf.set(setting, value)
    return session


def _started(megabytes: int) -> Native:
    """A session where Spark is said to be, whose settings are nobody else's."""
    import pyarrow  # noqa: F401  (without it PySpark starts, and gives no tables back)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("Segment Studio")
    if remote := os.environ.get(REMOTE):
        _check_reachable(remote)
        return builder.remote(remote).getOrCreate()
    master = os.environ.get(MASTER) or HERE
    _check_java()
    _check_reachable(master)
    settings = _here(os.cpu_count() or 1, megabytes) if master.startswith("local") else {}
    return builder.master(master).config(map=settings).getOrCreate().newSession()


def _check_java() -> None:
    if not (shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java").is_file()):
        raise PipelineError(
            "The engine Spark needs Java 17 or later, and there is none: install it (on Debian the package "
            "openjdk-17-jre-headless), or name its folder in JAVA_HOME."
        )


def _check_reachable(url: str) -> None:
    """Ask whether anybody listens at a cluster's address: Spark itself would go on asking for minutes."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        return
    try:
        address = (parts.hostname or "", parts.port or PORTS[parts.scheme])
        socket.create_connection(address, timeout=PATIENCE_SECONDS).close()
    except (OSError, ValueError) as reason:
        raise PipelineError(f"Spark cannot be reached at {url} ({reason}); check the address, or start it.") from None


def _lazy(native: Native) -> LazyTable:
    import narwhals as nw

    found: LazyTable = nw.from_native(native)
    return found


def arrow(table: LazyTable) -> pa.Table:
    """What a lazy table comes to."""
    found: pa.Table = _zoneless(table).toArrow()
    return found


def sink(table: LazyTable, path: Path) -> None:
    """Run a lazy table and write it as a folder of Parquet files, each part by whoever has it."""
    _zoneless(table).write.parquet(path.absolute().as_uri(), compression="lz4_raw")


def _zoneless(table: LazyTable) -> Native:
    """The table with moments that have no zone, as they have none in the files; cutting one to its day gives it one."""
    native = table.to_native()
    moments = [name for name, kind in native.dtypes if kind == "timestamp"]
    return native.withColumns({name: native[name].cast("timestamp_ntz") for name in moments}) if moments else native
