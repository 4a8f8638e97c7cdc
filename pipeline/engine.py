"""Where tables live: DuckDB on this machine. Whoever opens a connection or touches Parquet does it here."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pipeline.errors import PipelineError, SettingError

if TYPE_CHECKING:
    import duckdb
    import narwhals as nw
    import pandas as pd

    LazyTable: TypeAlias = nw.LazyFrame[Any]


MEMORY = "MEMORY_MB"
"""The environment's variable that says how many megabytes (10**6 bytes) the tables of one process may take; a variable,
because workers inherit it."""
SHARE_OF_MEMORY = "40%"
LEAST_MEMORY_MB = 250
_VECTORS = 4  # of 2,048 rows each

ENGINE = "ENGINE"
"""The environment's variable that names the engine for the work from transactions to customers."""
DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)

ROW_GROUP_ROWS = 30_720  # a quarter of DuckDB's own: so much less is held in memory while a table is written


@contextmanager
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for this piece of work, closed with it: what it makes (temporary tables) nobody else sees.

    All connections of a process lead to one in-memory database, because making one takes 20 ms and a connection to it
    0.3 ms. It is not DuckDB's own default connection, which threads would share.

    Raises
    ------
    PipelineError
        If what is done with it needs more memory than `MEMORY` allows, though what can is moved to disk.
    """
    import duckdb

    opened = _database(os.getpid()).cursor()
    try:
        yield opened
    except duckdb.OutOfMemoryException:
        raise PipelineError(
            "The memory that tables may take is not enough for this file; allow more with --memory-mb, or close other "
            "programs."
        ) from None
    finally:
        opened.close()


@functools.cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """The database of one process; a forked child has a process number of its own and makes its own."""
    import duckdb

    spill = Path(tempfile.gettempdir()) / f"segment-studio-{process}"  # made when memory runs out, removed by DuckDB
    opened = duckdb.connect(":memory:", config={"temp_directory": str(spill)})
    opened.execute(f"SET memory_limit = '{memory_limit(os.environ.get(MEMORY, ''))}'")
    opened.execute("SET enable_progress_bar = false")
    opened.execute("SET preserve_insertion_order = true")
    return opened


def memory_limit(typed: str) -> str:
    """What DuckDB is told for a number of megabytes; nothing or 0 is a share of the machine.

    Half would be too much: two runs at once and the server have to fit, and numpy's matrices beside the tables.

    Raises
    ------
    SettingError
        If it is no whole number, or too small for any file.
    """
    if not typed or typed == "0":
        return SHARE_OF_MEMORY
    if not typed.isdecimal() or int(typed) < LEAST_MEMORY_MB:
        raise SettingError(
            f"The memory for tables must be 0, which is {SHARE_OF_MEMORY} of the machine, or a whole number of "
            f"megabytes from {LEAST_MEMORY_MB} on, not {typed!r}."
        )
    return f"{int(typed)}MB"


class Tables(Protocol):
    """An engine at work: it makes lazy tables, and keeps what is asked for again until it is closed."""

    def scan(self, path: Path) -> LazyTable:
        """A finished table as a lazy one: nothing is read until something is collected."""

    def of(self, frame: pd.DataFrame) -> LazyTable:
        """A small frame as a lazy table."""

    def numbers(self, count: int) -> LazyTable:
        """A lazy table of one column, `way`: 0, 1 and so on."""

    def marked(self, table: LazyTable, mark: str, columns: Sequence[str]) -> LazyTable:
        """A lazy table with one column more, a whole number of 64 bits: equal where these columns are equal, an
        unknown value equal to another, and hardly ever where they are not."""

    def materialised(self, table: LazyTable, name: str) -> LazyTable:
        """A lazy table worked out once and kept under a name, so that using it again costs nothing."""


class Transactions(Protocol):
    """What somebody else wrote for a cluster to read, as it is."""

    format: str

    def files(self) -> list[Any]:
        """What tells one state of it from another."""

    def sample(self, folder: Path, rows: int) -> Path:
        """A file with the first rows, written into a folder."""

    def rows(self, delimiter: str, encoding: str) -> LazyTable:
        """All rows, with their columns as they are; in CSV files everything is text."""

    def selected(self, table: LazyTable, columns: Mapping[str, str]) -> LazyTable:
        """Columns by their SQL."""


@contextmanager
def opened_transactions(place: str) -> Iterator[Transactions]:
    """A folder or a table that Spark reads. Raises `PipelineError` like `opened`, and where there is nothing."""
    from pipeline import spark

    yield spark.transactions(place, _megabytes())


@contextmanager
def opened(engine: str | None = None) -> Iterator[Tables]:
    """The engine that turns transactions into customers, for this piece of work.

    Parameters
    ----------
    engine : one of `ENGINES`; the one that `ENGINE` names where nothing is said. Whoever asks for a handful of rows of
        a finished table says `DUCKDB`, which answers at once.

    Raises
    ------
    PipelineError
        If that engine cannot be had; the sentence says what it needs.
    """
    if (engine or chosen()) == SPARK:
        from pipeline import spark

        yield spark.tables(_megabytes())
        return
    with connection() as duck:
        yield _DuckTables(duck)


def chosen() -> str:
    """The engine that the environment's variable names, or DuckDB. Raises `SettingError` like `known`."""
    return known(os.environ.get(ENGINE) or DUCKDB)


def known(engine: str) -> str:
    """The engine of this name.

    Raises
    ------
    SettingError
        If there is none.
    """
    if engine not in ENGINES:
        raise SettingError(f"There is no engine {engine!r}; the engines are {' and '.join(ENGINES)}.")
    return engine


def _megabytes() -> int:
    """How much memory an engine outside DuckDB may take."""
    import psutil

    said = os.environ.get(MEMORY, "")
    if memory_limit(said) != SHARE_OF_MEMORY:
        return int(said)
    return int(psutil.virtual_memory().total * int(SHARE_OF_MEMORY.rstrip("%")) / 100 / 10**6)


class _DuckTables:
    """`Tables` of one connection to DuckDB; what is kept is its temporary tables."""

    def __init__(self, duck: duckdb.DuckDBPyConnection) -> None:
        self._duck = duck

    def scan(self, path: Path) -> LazyTable:
        import narwhals as nw

        return nw.from_native(self._duck.read_parquet(_files(path)))

    def of(self, frame: pd.DataFrame) -> LazyTable:
        import narwhals as nw

        return nw.from_native(self._duck.from_df(frame))

    def numbers(self, count: int) -> LazyTable:
        import narwhals as nw

        return nw.from_native(self._duck.table_function("range", [count])).select(way="range")

    def marked(self, table: LazyTable, mark: str, columns: Sequence[str]) -> LazyTable:
        import narwhals as nw

        names = ", ".join(f'"{column}"' for column in columns)
        marked: LazyTable = nw.from_native(table.to_native().project(f'*, hash({names}) AS "{mark}"'))
        return marked

    def materialised(self, table: LazyTable, name: str) -> LazyTable:
        import narwhals as nw

        self._duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {table.to_native().sql_query()}")
        return nw.from_native(self._duck.table(name))


def collected(table: LazyTable) -> pd.DataFrame:
    """What a lazy table comes to, as a frame; decimals are doubles there."""
    if table.implementation.is_duckdb():
        frame: pd.DataFrame = table.collect("pandas").to_native()
        return frame
    from pipeline import spark

    with connection() as duck:  # so that every column has the type that it has from DuckDB
        as_duckdb_has_it: pd.DataFrame = duck.from_arrow(spark.arrow(table)).df()
        return as_duckdb_has_it


def rows(table: LazyTable) -> list[dict[str, Any]]:
    """What a small lazy table comes to, row by row, in Python's own types: decimals stay exact."""
    found = table.to_native()
    if table.implementation.is_duckdb():
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    from pipeline import spark

    records: list[dict[str, Any]] = spark.arrow(table).to_pylist()
    return records


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table of any columns, without its index, as one Parquet file."""
    with connection() as duck:
        duck.from_df(frame).write_parquet(str(path), compression="zstd")


def read_parquet(path: Path, rows: int | None = None, columns: Sequence[str] = ()) -> pd.DataFrame:
    """The table in a Parquet file or a folder of them, or its first rows or some of its columns, in written order."""
    with connection() as duck:
        table = duck.read_parquet(_files(path))
        if columns:
            table = table.project(*(f'"{name}"' for name in columns))
        frame: pd.DataFrame = (table if rows is None else table.limit(rows)).df()
        return frame


def parquet_in_pieces(path: Path) -> Iterator[pd.DataFrame]:
    """The table in a Parquet file or a folder of them, in order, a few thousand rows at a time; a table without rows
    is one empty piece."""
    with connection() as duck:
        running = duck.execute("SELECT * FROM read_parquet(?)", [_files(path)])
        piece: pd.DataFrame = running.fetch_df_chunk(_VECTORS)
        yield piece
        while len(piece):
            piece = running.fetch_df_chunk(_VECTORS)
            if len(piece):
                yield piece


def sink(table: LazyTable, path: Path) -> None:
    """Run a lazy table and write it as Parquet, packed the quick way: zstd takes a third longer to write.

    DuckDB writes one file, Spark a folder of them; either is a table to whoever reads it.
    """
    if table.implementation.is_duckdb():
        table.to_native().write_parquet(str(path), compression="lz4_raw")
        return
    from pipeline import spark

    spark.sink(table, path)


def _files(path: Path) -> str:
    """What DuckDB is told to read a table: its file, or all files of its folder in the order of their names."""
    return str(path / "*.parquet") if path.is_dir() else str(path)


def join_end_to_end(parts: Sequence[Path], path: Path) -> None:
    """Make one Parquet file of several that have the same columns, in their order; a single one is moved."""
    if len(parts) == 1:
        shutil.move(parts[0], path)
        return
    with connection() as duck:
        table = duck.read_parquet([str(part) for part in parts])
        table.write_parquet(str(path), compression="lz4_raw")
