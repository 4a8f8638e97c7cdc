"""Where tables live: DuckDB on this machine. Whoever opens a connection or touches Parquet does it here."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import duckdb
    import narwhals as nw
    import pandas as pd

    LazyTable: TypeAlias = nw.LazyFrame[Any]


@contextmanager
def connection(memory_limit: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection of its own, spilling to a temporary directory that goes when it closes.

    Never the process-wide default connection: that one is shared between threads and hangs in forked children.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="segment-studio-") as spill:
        opened = duckdb.connect(":memory:", config={"temp_directory": spill})
        try:
            opened.execute("SET enable_progress_bar = false")
            opened.execute("SET preserve_insertion_order = true")
            if memory_limit:
                opened.execute(f"SET memory_limit = '{memory_limit}'")
            yield opened
        finally:
            opened.close()


def scan(duck: duckdb.DuckDBPyConnection, path: Path) -> LazyTable:
    """A Parquet file as a lazy table: nothing is read until something is collected."""
    import narwhals as nw

    return nw.from_native(duck.read_parquet(str(path)))


def collected(table: LazyTable) -> pd.DataFrame:
    """What a lazy table comes to, as a frame."""
    frame: pd.DataFrame = table.collect("pandas").to_native()
    return frame


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table of any columns, without its index, as one Parquet file."""
    with connection() as duck:
        duck.from_df(frame).write_parquet(str(path), compression="zstd")


def read_parquet(path: Path, rows: int | None = None) -> pd.DataFrame:
    """The table in a Parquet file, or its first rows, in the order they were written."""
    with connection() as duck:
        table = duck.read_parquet(str(path))
        frame: pd.DataFrame = (table if rows is None else table.limit(rows)).df()
        return frame


def sink(table: LazyTable, path: Path) -> None:
    """Run a lazy table and write it as one Parquet file, packed the quick way: zstd takes a third longer to write."""
    table.to_native().write_parquet(str(path), compression="snappy")
