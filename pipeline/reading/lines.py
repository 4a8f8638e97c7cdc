"""The CSV reader told everything, and the account of every line of the file: taken, rejected, blank or continued."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted path)

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.reading.dialect import Dialect
from pipeline.reading.source import SourceText

if TYPE_CHECKING:
    import duckdb

LONGEST_EXAMPLE = 160
BUFFER_BYTES = 8 * 2**20  # a quarter of DuckDB's own: 50 MB less memory on a 48 MB file, and no slower
LONGEST_REJECTED = 2**28  # bytes: an unclosed quotation mark swallows lines until the next one


@dataclass(frozen=True)
class Rejected:
    """A stretch of the file that is no row: its first line, how many lines it swallowed, why, and how it starts."""

    line: int
    lines: int
    reason: str
    text: str


@dataclass(frozen=True)
class Account:
    """Where every line of the file went.

    `file_lines = header_lines + accepted + continued + rejected_lines + blank + unexplained`; `unexplained` is 0 unless
    the reader did something that this account does not understand, which is then reported.
    """

    file_lines: int
    header_lines: int
    accepted: int
    continued: int
    blank: tuple[int, ...]
    rejected: tuple[Rejected, ...]

    @property
    def rejected_lines(self) -> int:
        return sum(each.lines for each in self.rejected)

    @property
    def unexplained(self) -> int:
        explained = self.header_lines + self.accepted + self.continued + self.rejected_lines + len(self.blank)
        return self.file_lines - explained


def scan_sql(text: SourceText, dialect: Dialect, rejects: bool = False) -> str:
    """SQL: the rows of the file as columns `c0`, `c1`, ..., all text; empty cells are null."""
    path = str(text.path).replace("'", "''")
    columns = ", ".join(f"c{position}: 'VARCHAR'" for position in range(len(dialect.headings)))
    faults = (
        "store_rejects = true, rejects_table = 'rejected', rejects_scan = 'rejected_scan', "
        f"rejects_line_size_limit = {LONGEST_REJECTED}"
    )
    return (
        f"read_csv('{path}', auto_detect = false, delim = '{dialect.delimiter}', quote = '\"', escape = '\"', "
        f"header = false, skip = {dialect.header_rows}, columns = {{{columns}}}, "
        f"parallel = {str(dialect.in_pieces).lower()}, buffer_size = {BUFFER_BYTES}, "
        f"{faults if rejects else 'ignore_errors = true'})"
    )


def account(duck: duckdb.DuckDBPyConnection, text: SourceText, dialect: Dialect, accepted: int) -> Account:
    """Where every line went, after a scan with `rejects` that gave `accepted` rows."""
    rejected = _rejected(duck, text.path)
    found = Account(text.line_count, dialect.header_lines, accepted, 0, (), rejected)
    if found.unexplained == 0:
        return found
    found = replace(found, continued=_continued(duck, text, dialect))
    swallowed = {line for each in rejected if each.lines > 1 for line in range(each.line, each.line + each.lines)}
    for outside_quotes in (False, True):
        blank = [line for line in _blank_lines(text.path, outside_quotes) if line > dialect.header_lines]
        found = replace(found, blank=tuple(line for line in blank if line not in swallowed))
        if found.unexplained == 0:
            return found
    return found if dialect.in_pieces else _with_endless_end(found, text.path)


def _with_endless_end(found: Account, path: Path) -> Account:
    """With the end of a file that a quotation mark opens and none closes, of which the reader does not tell."""
    start = found.header_lines + found.accepted + found.continued + found.rejected_lines + 1
    for line in found.blank:
        start += line <= start
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        first = next(islice(stream, start - 1, start), "")
    if first.count('"') % 2 == 0:
        return found
    end = Rejected(start, found.file_lines - start + 1, "quotation mark never closed", first.strip()[:LONGEST_EXAMPLE])
    return replace(found, blank=tuple(line for line in found.blank if line < start), rejected=(*found.rejected, end))


def lined_sql(duck: duckdb.DuckDBPyConnection, text: SourceText, dialect: Dialect, found: Account) -> str:
    """SQL: the rows of the file as `c0`, `c1`, ... and `Line`, the number of the line where the row starts."""
    scan = scan_sql(text, dialect)
    if not found.rejected and not found.blank and not found.continued:
        return f"SELECT *, row_number() OVER () + {dialect.header_lines} AS Line FROM {scan}"
    _make_gaps(duck, found)
    further = " + ".join(
        f"coalesce(length(c{position}) - length(replace(c{position}, chr(10), '')), 0)"
        for position in range(len(dialect.headings))
    )
    before = f"coalesce(sum({further}) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT"
    counted = f"SELECT *, row_number() OVER () + {dialect.header_lines} + {before} AS reached FROM {scan}"
    return (
        "SELECT counted.* EXCLUDE (reached), counted.reached + gaps.lines AS Line "
        f"FROM ({counted}) AS counted ASOF JOIN gaps ON counted.reached >= gaps.reached ORDER BY Line"
    )


def _make_gaps(duck: duckdb.DuckDBPyConnection, found: Account) -> None:
    """The table `gaps(reached, lines)`: from the row that would be line `reached` without gaps, `lines` are added."""
    gaps = sorted([*((line, 1) for line in found.blank), *((each.line, each.lines) for each in found.rejected)])
    passed = [0, *accumulate(lines for _, lines in gaps)]
    reached = [0, *(line - before for (line, _), before in zip(gaps, passed, strict=False))]
    duck.execute(
        "CREATE OR REPLACE TEMP TABLE gaps AS SELECT reached, max(lines) AS lines FROM "
        "(SELECT unnest(?::BIGINT[]) AS reached, unnest(?::BIGINT[]) AS lines) GROUP BY reached",
        [reached, passed],
    )


def _rejected(duck: duckdb.DuckDBPyConnection, path: Path) -> tuple[Rejected, ...]:
    ends = "chr(13) || chr(10)"
    rows = duck.execute(f"""
        WITH texts AS (SELECT line_byte_position - 1 AS start, any_value(csv_line) AS text,
            lower(min(error_type)) AS reason FROM rejected GROUP BY ALL),
        bare AS (SELECT *, ltrim(text, {ends}) AS body FROM texts),
        trimmed AS (SELECT start + length(text) - length(body) AS start, rtrim(body, {ends}) AS body, reason FROM bare)
        SELECT start, length(body) - length(replace(body, chr(10), '')) + 1, reason, left(body, {LONGEST_EXAMPLE})
        FROM trimmed ORDER BY start""").fetchall()
    numbers = _line_numbers_at(path, [start for start, *_ in rows])
    return tuple(Rejected(number, *told) for number, (_, *told) in zip(numbers, rows, strict=True))


def _line_numbers_at(path: Path, starts: list[int]) -> list[int]:
    """The number of the line at each byte position, in one pass."""
    numbers: list[int] = []
    line, position = 1, 0
    with path.open("rb") as stream:
        for start in starts:
            while position < start and (chunk := stream.read(min(start - position, 1 << 20))):
                line += chunk.count(b"\n")
                position += len(chunk)
            numbers.append(line)
    return numbers


def _blank_lines(path: Path, outside_quotes: bool) -> list[int]:
    """The blank lines; with `outside_quotes` only those before which the quotation marks come in pairs."""
    found: list[int] = []
    quotes = 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            quotes += line.count(b'"') if outside_quotes else 0
            if line in (b"\n", b"\r\n") and quotes % 2 == 0:
                found.append(number)
    return found


def _continued(duck: duckdb.DuckDBPyConnection, text: SourceText, dialect: Dialect) -> int:
    """Lines inside quoted cells beyond each row's first."""
    cells = ", ".join(f"c{position}" for position in range(len(dialect.headings)))
    row = duck.execute(
        f"SELECT coalesce(sum(length(cell) - length(replace(cell, chr(10), ''))), 0) "
        f"FROM (SELECT unnest([{cells}]) AS cell FROM {scan_sql(text, dialect)}) WHERE contains(cell, chr(10))"
    ).fetchone()
    assert row is not None
    return int(row[0])
