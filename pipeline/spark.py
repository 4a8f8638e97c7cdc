"""Spark as the engine of tables: one session a process, told to reckon as exactly as DuckDB does."""

from __future__ import annotations

import functools
import os
import shutil
import socket
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.errors import PipelineError, ReadingError

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
        """A finished table as a lazy one: Spark reads it where it is collected, so every machine must see the path."""
        return _lazy(self._session.read.parquet(path.absolute().as_uri()))

    def of(self, frame: pd.DataFrame) -> LazyTable:
        """A small frame as a lazy table, sent to the cluster as Arrow."""
        import pyarrow as pa

        return _lazy(self._session.createDataFrame(pa.Table.from_pandas(frame, preserve_index=False)))

    def numbers(self, count: int) -> LazyTable:
        """A lazy table of one column, `way`: 0, 1 and so on."""
        return _lazy(self._session.range(count).withColumnRenamed("id", "way"))

    def marked(self, table: LazyTable, mark: str, columns: Sequence[str]) -> LazyTable:
        """A lazy table with one column more, which is equal where these columns are."""
        from pyspark.sql import functions

        return _lazy(table.to_native().withColumn(mark, functions.xxhash64(*columns)))

    def materialised(self, table: LazyTable, name: str) -> LazyTable:  # noqa: ARG002  (Spark's own numbers do)
        """A lazy table worked out once by the cluster, which keeps it beside its workers."""
        self._kept.append(table.to_native().localCheckpoint())
        return _lazy(self._kept[-1])


class SparkTransactions:
    """What somebody else wrote, under the name that people know: a table, or a folder of Parquet or CSV files.

    Raises
    ------
    ReadingError
        If there is neither.
    """

    def __init__(self, session: Native, place: str) -> None:
        self._session, self._place = session, place
        self._url = Path(place).absolute().as_uri() if Path(place).is_dir() else place
        self._is_folder = self._url != place or "/" in place
        self._paths = self._listed()
        is_csv = all(path.lower().partition(".gz")[0].endswith((".csv", ".tsv", ".txt")) for path in self._paths)
        self.format = "table" if not self._is_folder else "CSV" if is_csv else "Parquet"

    def _listed(self) -> list[str]:
        from pyspark.errors import AnalysisException

        try:
            read = self._session.read
            found: list[str] = (read.text(self._url) if self._is_folder else read.table(self._place)).inputFiles()
        except AnalysisException:
            raise ReadingError(
                f"There is no file or folder {self._place}, and Spark knows no table of that name; check how it is "
                "written."
            ) from None
        if self._is_folder and not found:
            raise ReadingError(f"The folder {self._place} is empty; give one with Parquet or CSV files.")
        return found

    def files(self) -> list[Any]:
        """The files with their sizes and times; of a table without files the time, because nothing tells its state."""
        if not self._paths:
            return [self._place, time.time()]
        listed = self._session.read.format("binaryFile").load(self._paths).select("path", "length", "modificationTime")
        return sorted([row[0], row[1], str(row[2])] for row in listed.collect())

    def sample(self, folder: Path, rows: int) -> Path:
        """A file with the first rows."""
        if self.format == "CSV":
            target = folder / "sample.csv"
            lines = self._session.read.text(self._paths[0]).limit(rows).collect()
            target.write_text("".join(f"{line[0]}\n" for line in lines), encoding="utf-8")
            return target
        import pyarrow.parquet

        pyarrow.parquet.write_table(_zoneless(_lazy(self._whole().limit(rows))).toArrow(), folder / "sample.parquet")
        return folder / "sample.parquet"

    def rows(self, delimiter: str, encoding: str) -> LazyTable:
        """All rows, with their columns as they are; in CSV files everything is text."""
        if self.format != "CSV":
            return _lazy(self._whole())
        told = {"header": True, "sep": delimiter, "encoding": encoding, "quote": '"', "escape": '"'}
        return _lazy(self._session.read.options(**told).csv(self._url))

    def selected(self, table: LazyTable, columns: Mapping[str, str]) -> LazyTable:
        """Columns by their SQL."""
        return _lazy(table.to_native().selectExpr(*(f"{sql} AS {name}" for name, sql in columns.items())))

    def _whole(self) -> Native:
        return self._session.read.parquet(self._url) if self._is_folder else self._session.read.table(self._place)


def transactions(place: str, megabytes: int) -> SparkTransactions:
    """What is at a place; raises like `tables` and `SparkTransactions`."""
    return SparkTransactions(_session(os.getpid(), megabytes), place)


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

    builder: Native = SparkSession.builder.appName("Segment Studio")
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
