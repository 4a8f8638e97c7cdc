"""The rows of a text, read once and kept as texts, and an account of its lines: taken, rejected, blank, continued."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted paths)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.reading.dialect import Dialect, other_quotings
from pipeline.reading.no_rows import rows_that_are_none, swallowed_rows
from pipeline.reading.ragged import LONGEST_TEXT, REASONS, Fates, Rejected, judge
from pipeline.reading.source import SourceText
from pipeline.reading.strays import without_strays
from pipeline.reading.workbook import LINE_BREAK

if TYPE_CHECKING:
    import duckdb

BUFFER_BYTES = 2 * 2**20  # a sixteenth of DuckDB's own: 60 MB less memory on a 48 MB file, and no slower
LONGEST_REJECTED = 2**28  # bytes: an unclosed quotation mark swallows lines until the next one
MAY_BE_MISSING = ("StockCode", "Description", "Country")
QUOTED_WEIGHT = 10  # a row with quotation marks around a cell speaks so much against reading them as letters


@dataclass(frozen=True)
class Account:
    """Where every line of the file went.

    `file_lines = header_lines + accepted + continued + rejected_lines + blank + unexplained`; `unexplained` is 0 unless
    the reader did something that this account does not understand, which is then reported.

    Attributes
    ----------
    continued : lines inside quoted cells beyond each row's first.
    rejected : stretches of the file that are no rows; `rejected_lines` are their lines, `examples` the first of them.
    """

    file_lines: int
    header_lines: int
    accepted: int
    continued: int
    blank: int
    rejected: int
    rejected_lines: int
    examples: tuple[Rejected, ...]

    @property
    def unexplained(self) -> int:
        """Lines of the file that are none of these: 0, or reading has lost or made up some."""
        explained = self.header_lines + self.accepted + self.continued + self.rejected_lines + self.blank
        return self.file_lines - explained


@dataclass
class _Scan:
    """One way of reading the text: what the reader took, in the Parquet file `kept`, and what became of the rest."""

    text: SourceText
    form: Dialect
    kept: Path
    fates: Fates
    rows: int
    continued: int = 0
    blank_lines: tuple[int, ...] = ()
    empty_rows: int = 0
    quoted_rows: int = 0
    swallowed_rows: tuple[int, ...] = ()  # rows of `kept` of which a cell has a whole row in it
    no_rows: tuple[int, ...] = ()  # rows of `kept` that are notes, totals or headings

    def account(self) -> Account:
        fates = self.fates
        return Account(
            file_lines=self.text.line_count,
            header_lines=self.form.header_lines,
            accepted=self.rows - self.empty_rows - len(self.no_rows) + fates.mended,
            continued=self.continued + fates.mended_lines - fates.mended,
            blank=len(self.blank_lines) + self.empty_rows + fates.blank,
            rejected=fates.rejected,
            rejected_lines=fates.rejected_lines,
            examples=tuple(fates.examples),
        )

    @property
    def lost(self) -> int:
        """How many lines this way of reading makes nothing of, or nothing good."""
        doubtful = QUOTED_WEIGHT * self.quoted_rows + 2 * len(self.swallowed_rows)
        return self.fates.rejected_lines + abs(self.account().unexplained) + doubtful


def read_lines(
    duck: duckdb.DuckDBPyConnection, text: SourceText, form: Dialect, columns: Mapping[str, int]
) -> tuple[Dialect, Account]:
    """Read every line of a text.

    Makes the views `cells(c0, c1, ...)` of its rows in no order, all text and empty cells null; `lined(c0, c1, ...,
    Line)` of the same in the file's order with the number of the line where each starts; and
    `rejects(Line, Lines, Reason, Text)` of all that is no row.

    Parameters
    ----------
    columns : canonical name -> position; a row must reach all of them that are needed.

    Returns
    -------
    The dialect as it was found to be after all, and where every line went.
    """
    least = 1 + max(place for name, place in columns.items() if name not in MAY_BE_MISSING)
    best = _scanned(duck, text, form, least, "kept")
    if best.lost and not text.part.is_ours and _is_about_quotes(best):
        ways = [(other, text) for other in other_quotings(form)]
        ways.append((form, without_strays(text, form, text.workshop / "without_strays")))
        for place, (other, words) in enumerate(ways):
            tried = _scanned(duck, words, other, least, f"kept_{place}")
            best = min(best, tried, key=lambda scan: scan.lost)
    _make_rows(duck, best, columns)
    return best.form, best.account()


def _is_about_quotes(scan: _Scan) -> bool:
    marked = any(mark in each.text for each in scan.fates.examples for mark in "\"'")
    return marked or bool(scan.swallowed_rows) or scan.fates.longest > 1 or scan.account().unexplained != 0


def _scanned(duck: duckdb.DuckDBPyConnection, text: SourceText, form: Dialect, least: int, name: str) -> _Scan:
    scan = _scanned_in_pieces(duck, text, form, least, name)
    if scan.account().unexplained or scan.fates.longest > 1:
        scan = _scanned_in_pieces(duck, text, replace(form, in_pieces=False), least, f"{name}_whole")
    return scan


def _scanned_in_pieces(
    duck: duckdb.DuckDBPyConnection, text: SourceText, form: Dialect, least: int, name: str
) -> _Scan:
    for table in ("rejected", "rejected_scan"):
        duck.execute(f"DROP TABLE IF EXISTS {table}")
    kept = text.workshop / name
    options = f"FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {engine.ROW_GROUP_ROWS}"
    copied = duck.execute(f"COPY (SELECT * FROM {_scan_sql(text, form)}) TO '{_quoted(kept)}' ({options})").fetchone()
    assert copied is not None
    fates = Fates(duck, name, len(form.headings))
    judge(text.path, form, least, fates)
    fates.reject_strays(text.strays)
    scan = _Scan(text, form, kept, fates, int(copied[0]))
    duck.execute(f"CREATE OR REPLACE TEMP VIEW kept AS {_kept_sql(scan)}")
    _look_at_rows(duck, scan)
    if scan.account().unexplained:
        _explain(duck, scan)
    return scan


def _scan_sql(text: SourceText, form: Dialect) -> str:
    """SQL: the rows of the file as columns `c0`, `c1`, ..., all text; empty cells are null."""
    columns = ", ".join(f"c{place}: 'VARCHAR'" for place in range(len(form.headings)))
    delimiter, quote, escape = (sign.replace("'", "''") for sign in (form.delimiter, form.quote, form.escape))
    return (
        f"read_csv('{_quoted(text.path)}', auto_detect = false, delim = '{delimiter}', quote = '{quote}', "
        f"escape = '{escape if quote else ''}', header = false, skip = {form.header_rows}, columns = {{{columns}}}, "
        f"parallel = {str(form.in_pieces).lower()}, buffer_size = {BUFFER_BYTES}, store_rejects = true, "
        f"rejects_table = 'rejected', rejects_scan = 'rejected_scan', rejects_line_size_limit = {LONGEST_REJECTED})"
    )


def _kept_sql(scan: _Scan) -> str:
    broken = scan.text.part.is_ours
    cells = [f"replace({cell}, '{LINE_BREAK}', chr(10)) AS {cell}" if broken else cell for cell in _cells(scan.form)]
    kept = f"read_parquet('{_quoted(scan.kept)}', file_row_number = true)"
    return f"SELECT {', '.join(cells)}, file_row_number AS place FROM {kept}"


def _look_at_rows(duck: duckdb.DuckDBPyConnection, scan: _Scan) -> None:
    """Count the rows of nothing but delimiters and, where no quotation marks are known, those that have some."""
    scan.empty_rows = _number(duck.execute(f"SELECT count(*) FROM kept WHERE {_is_empty(scan.form)}").fetchone())
    if not scan.form.quote:
        wrapped = " OR ".join(f"{cell} LIKE '\"%\"'" for cell in _cells(scan.form))
        scan.quoted_rows = _number(duck.execute(f"SELECT count(*) FROM kept WHERE {wrapped}").fetchone())


def _explain(duck: duckdb.DuckDBPyConnection, scan: _Scan) -> None:
    """Find the lines that are neither rows nor rejected: continued ones, blank ones, and an endless end."""
    if not scan.text.part.is_ours:
        row = duck.execute(f"SELECT coalesce(sum({_line_breaks(scan.form)}), 0) FROM kept").fetchone()
        scan.continued = _number(row)
        scan.swallowed_rows = swallowed_rows(duck, scan.form) if scan.continued else ()
    for outside_quotes in (False, True):
        blank = _blank_lines(scan.text.path, outside_quotes)
        scan.blank_lines = tuple(line for line in blank if line > scan.form.header_lines and not scan.fates.took(line))
        if not scan.account().unexplained:
            return
    if not scan.form.in_pieces:
        _reject_endless_end(scan)


def _reject_endless_end(scan: _Scan) -> None:
    """The end of a file that a quotation mark opens and none closes, of which the reader does not tell."""
    found = scan.account()
    start = found.file_lines - found.unexplained - len(scan.blank_lines) + 1
    for line in scan.blank_lines:
        start += line <= start
    with scan.text.path.open(encoding="utf-8-sig", errors="replace") as stream:
        first = next(islice(stream, start - 1, start), "")
        if not scan.form.quote or first.count(scan.form.quote) % 2 == 0:
            return
        rest = first + stream.read(LONGEST_TEXT)
    scan.blank_lines = tuple(line for line in scan.blank_lines if line < start)
    scan.fates.reject(start, found.file_lines - start + 1, REASONS["unquoted value"], rest.strip("\r\n"))


def _make_rows(duck: duckdb.DuckDBPyConnection, scan: _Scan, columns: Mapping[str, int]) -> None:
    """The views `lined`, `cells` and `rejects` of the way of reading that was chosen."""
    duck.execute(f"CREATE OR REPLACE TEMP VIEW kept AS {_kept_sql(scan)}")
    duck.execute(f"CREATE OR REPLACE TEMP VIEW numbered AS {_numbered_sql(duck, scan)}")
    none = rows_that_are_none(duck, scan.form, columns, scan.swallowed_rows)
    for each in none:
        scan.fates.reject(each.line, each.lines, each.reason, each.text, is_gap=False)
        scan.continued -= each.lines - 1
    scan.no_rows = tuple(none.values())
    scan.fates.flush()
    cells, left_out = ", ".join(_cells(scan.form)), []
    if scan.empty_rows:
        left_out.append(f"NOT ({_is_empty(scan.form)})")
    if scan.no_rows:
        left_out.append(f"place NOT IN ({', '.join(map(str, scan.no_rows))})")
    where = f" WHERE {' AND '.join(left_out)}" if left_out else ""
    more = f" UNION ALL SELECT {{}} FROM mended_{scan.fates.name}" if scan.fates.mended else ""
    order = " ORDER BY Line" if scan.fates.first_lines or scan.blank_lines else ""
    for view, names, table, ordered in (("cells", cells, "kept", ""), ("lined", f"{cells}, Line", "numbered", order)):
        rows = f"SELECT {names} FROM {table}{where}{more.format(names)}{ordered}"
        duck.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {rows}")
    duck.execute(f"CREATE OR REPLACE TEMP VIEW rejects AS SELECT * FROM rejects_{scan.fates.name} ORDER BY Line")


def _numbered_sql(duck: duckdb.DuckDBPyConnection, scan: _Scan) -> str:
    """SQL: the rows that the reader took, with the number of the line where each starts."""
    reached = f"place + {scan.form.header_lines + 1}"
    if scan.continued:
        before = f"sum({_line_breaks(scan.form)}) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        reached += f" + coalesce({before}, 0)::BIGINT"
    if not scan.fates.first_lines and not scan.blank_lines:
        return f"SELECT *, {reached} AS Line FROM kept"
    _make_gaps(duck, scan)
    return (
        "SELECT counted.* EXCLUDE (reached), counted.reached + gaps.lines AS Line "
        f"FROM (SELECT *, {reached} AS reached FROM kept) AS counted ASOF JOIN gaps ON counted.reached >= gaps.reached"
    )


def _make_gaps(duck: duckdb.DuckDBPyConnection, scan: _Scan) -> None:
    """The table `gaps(reached, lines)`: from the row that would be line `reached` without gaps, `lines` are added."""
    stretches = zip(scan.fates.first_lines, scan.fates.counts, strict=True)
    gaps = sorted([*((line, 1) for line in scan.blank_lines), *stretches])
    passed = [0, *accumulate(lines for _, lines in gaps)]
    reached = [0, *(line - before for (line, _), before in zip(gaps, passed, strict=False))]
    duck.execute(
        "CREATE OR REPLACE TEMP TABLE gaps AS SELECT reached, max(lines) AS lines FROM "
        "(SELECT unnest(?::BIGINT[]) AS reached, unnest(?::BIGINT[]) AS lines) GROUP BY reached",
        [reached, passed],
    )


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


def _line_breaks(form: Dialect) -> str:
    """SQL: how many line breaks the cells of a row hold."""
    return " + ".join(f"coalesce(length({cell}) - length(replace({cell}, chr(10), '')), 0)" for cell in _cells(form))


def _is_empty(form: Dialect) -> str:
    """SQL: whether a row has nothing in it but spaces."""
    return " AND ".join(f"coalesce(trim({cell}), '') = ''" for cell in _cells(form))


def _cells(form: Dialect) -> list[str]:
    return [f"c{place}" for place in range(len(form.headings))]


def _number(row: tuple[int, ...] | None) -> int:
    assert row is not None
    return int(row[0])


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
