"""The rules that decide which lines count, and the ledger of what each rule took: lines, customers, invoices, money.

Money is exact decimals (9 places): before less dropped is after to the last digit, in whatever order the rows stand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pipeline import engine
from pipeline.errors import NotEnoughDataError
from pipeline.parameters import Step, text

if TYPE_CHECKING:
    import narwhals as nw

Progress = Callable[[float, str], None]

RULES = {
    "customer": "Lines without a CustomerID dropped",
    "quantity": "Lines whose Quantity is 0 or less (as of cancellations), missing, unreadable or too large dropped",
    "price": "Lines whose UnitPrice is 0 or less, missing, unreadable or too large dropped",
    "date": "Lines without a readable InvoiceDate dropped",
    "country": "Countries that name no country taken as missing (drops no line)",
}
SURVIVES = len(RULES)  # the place in RULES of the rule that drops a line, or this
TAKES = {
    "customer": "have no CustomerID",
    "quantity": "have a Quantity that is 0 or less (such as cancellations), missing, unreadable or too large",
    "price": "have a UnitPrice that is 0 or less, missing, unreadable or too large",
    "date": "have no readable InvoiceDate",
}
NOTABLE_SHARE = 0.05
FAR_DAYS = 90  # a first or last day this far from the next one is more often a typing mistake than trade


def words(written: str) -> list[str]:
    """The entries of a list written with commas or line breaks, lower-case."""
    return [word.strip().lower() for word in written.replace("\n", ",").split(",") if word.strip()]


@dataclass(frozen=True)
class Cleaning(Step):
    """Which values count as missing."""

    NAME: ClassVar[str] = "cleaning"
    TITLE: ClassVar[str] = "Cleaning"
    HELP: ClassVar[str] = "Which values mean that nothing is known."

    missing_customers: str = text(
        "NA, N/A, #N/A, NaN, NULL, None, Unknown, Guest, -",
        label="No customer",
        help="CustomerIDs that stand for no customer; lines with one of these are dropped. Separated by commas.",
    )
    missing_countries: str = text(
        "Unspecified, Unknown, Not specified, European Community, NA, N/A, #N/A, NaN, NULL, None, Other, -",
        label="No country",
        help="Countries that name no country; such lines stay, and count for no country. Separated by commas.",
    )


def clean(transactions: Path, settings: Cleaning, target: Path, progress: Progress) -> dict[str, Any]:
    """Apply the five rules in their order and write the lines that are left.

    Parameters
    ----------
    transactions : the table that `read_transactions` wrote.
    settings : which values mean that nothing is known.
    target : the Parquet file to write: File, Line, the eight columns of transactions, and TotalPrice = Quantity *
        UnitPrice, an exact decimal with 9 places (Quantity counted to 3 places, UnitPrice to 6).
    progress : told the share done (0 to 1) and a sentence.

    Returns
    -------
    dict
        `ledger`: for each rule, in order, rule, label, rows, customers, invoices and money before and after, and
        `changed` (lines whose value it changed). `money_before` and `money_after` are doubles, `money_before_exact`
        and `money_after_exact` the same as decimal text; a line without a quantity or price counts 0. `warnings`;
        `span` (first and last, ISO); `rows`, `customers`, `invoices`, `money`, `money_exact` of what is left.

    Raises
    ------
    NotEnoughDataError
        If no line is left; the sentence says which rules took how many.
    """
    progress(0.0, "Applying the cleaning rules")
    with engine.connection() as duck, localcontext(prec=38):  # digits, as DuckDB's; Python's own 28 would round
        judged = _judged(engine.scan(duck, transactions), settings)
        groups = engine.materialised(duck, _grouped(judged), "groups")
        ledger, positive, days = _ledger(groups), _positive(groups), _days(groups)
        _check_any_left(ledger)
        progress(0.5, f"Writing {ledger[-1]['rows_after']:,} usable lines")
        engine.sink(_survivors(judged), target)
    progress(1.0, f"{ledger[-1]['rows_after']:,} of {ledger[0]['rows_before']:,} lines are usable")
    return _facts(ledger, positive, days)


def _judged(transactions: nw.LazyFrame[Any], settings: Cleaning) -> nw.LazyFrame[Any]:
    """The transactions normalised, with `TotalPrice`, and `dropped_by`: the place of the rule that drops the line."""
    import narwhals as nw

    quantity, price = nw.col("Quantity").cast(nw.Decimal(20, 3)), nw.col("UnitPrice").cast(nw.Decimal(18, 6))
    has_amount = "Amount" in transactions.collect_schema().names()
    amount = (nw.col("Amount").cast(nw.Decimal(18, 6)) if has_amount else nw.lit(None)).cast(nw.Decimal(38, 9))
    normalised = transactions.with_columns(
        CustomerID=_known("CustomerID", words(settings.missing_customers)),
        Country=_known("Country", words(settings.missing_countries)),
        was_known=(nw.col("Country").str.strip_chars() != "").fill_null(False),
        TotalPrice=nw.coalesce(amount, quantity * price),
        counts=(quantity > 0).fill_null(False),
        costs=(price > 0).fill_null(False),
    )
    return normalised.with_columns(
        changed=(nw.col("was_known") & nw.col("Country").is_null()).cast(nw.Int64),
        dropped_by=nw.when(nw.col("CustomerID").is_null())
        .then(nw.lit(0))
        .when(~nw.col("counts"))
        .then(nw.lit(1))
        .when(~nw.col("costs"))
        .then(nw.lit(2))
        .when(nw.col("InvoiceDate").is_null())
        .then(nw.lit(3))
        .otherwise(nw.lit(SURVIVES)),
    )


def _known(column: str, missing: Sequence[str]) -> nw.Expr:
    import narwhals as nw

    trimmed = nw.col(column).str.strip_chars()
    differs = [trimmed.str.to_lowercase() != word for word in ["", *missing]]  # `is_in` is a join: it loses the order
    return nw.when(nw.all_horizontal(*differs, ignore_nulls=False)).then(trimmed)


def _grouped(judged: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """All that the ledger asks of the lines, far fewer rows than they are."""
    import narwhals as nw

    positive = nw.when(nw.col("counts") & nw.col("costs")).then(nw.col("TotalPrice"))
    day = nw.col("InvoiceDate").dt.truncate("1d").cast(nw.Date)
    lines = judged.with_columns(day=day, positive=positive)
    return lines.group_by("CustomerID", "InvoiceNo", "day", "dropped_by").agg(
        rows=nw.len(),
        money=nw.col("TotalPrice").sum(),
        positive=nw.col("positive").sum(),
        changed=nw.col("changed").sum(),
    )


def _survivors(judged: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    columns = ["File", "Line", "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"]
    return judged.filter(nw.col("dropped_by") == SURVIVES).select(*columns, "CustomerID", "Country", "TotalPrice")


def _ledger(groups: nw.LazyFrame[Any]) -> list[dict[str, Any]]:
    import narwhals as nw

    money = nw.col("money").sum().cast(nw.String)
    by_rule = _rows(groups.group_by("dropped_by").agg(nw.col("rows", "changed").sum(), money=money))
    sums = {row["dropped_by"]: row for row in by_rule}
    invoices, customers = _last_seen(groups, "InvoiceNo"), _last_seen(groups, "CustomerID")

    def left_from(place: int) -> dict[str, Any]:
        """What the lines hold that no rule before `place` drops."""
        left = [row for dropped_by, row in sums.items() if dropped_by >= place]
        return {
            "rows": sum(int(row["rows"]) for row in left),
            "customers": sum(count for seen, count in customers.items() if seen >= place),
            "invoices": sum(count for seen, count in invoices.items() if seen >= place),
            "money_exact": sum((_decimal(row["money"]) for row in left), Decimal(0)),
        }

    stages = [left_from(place) for place in range(SURVIVES)]
    stages.append(stages[-1])  # the country rule drops nothing
    survived = sums.get(SURVIVES)
    changed = int(survived["changed"]) if survived else 0
    return [
        {"rule": rule, "label": label, "changed": changed if rule == "country" else 0, **_line(before, after)}
        for (rule, label), before, after in zip(RULES.items(), stages, stages[1:], strict=False)
    ]


def _line(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for what in ("rows", "customers", "invoices"):
        line |= {f"{what}_before": before[what], f"{what}_after": after[what]}
    for when, stage in (("before", before), ("after", after)):
        line |= {f"money_{when}": float(stage["money_exact"]), f"money_{when}_exact": _plain(stage["money_exact"])}
    return line


def _last_seen(groups: nw.LazyFrame[Any], column: str) -> dict[int, int]:
    """How many different values of a column are last dropped by each rule, or survive."""
    import narwhals as nw

    seen = groups.filter(~nw.col(column).is_null()).group_by(column).agg(seen=nw.col("dropped_by").max())
    return {row["seen"]: row["count"] for row in _rows(seen.group_by("seen").agg(count=nw.len()))}


def _positive(groups: nw.LazyFrame[Any]) -> tuple[Decimal, Decimal]:
    """The money of all lines that sold something, and of those of them without a CustomerID."""
    import narwhals as nw

    rows = _rows(
        groups.with_columns(is_guest=nw.col("CustomerID").is_null())
        .group_by("is_guest")
        .agg(positive=nw.col("positive").sum().cast(nw.String))
    )
    money = {row["is_guest"]: _decimal(row["positive"]) for row in rows}
    return sum(money.values(), Decimal(0)), money.get(True, Decimal(0))


def _days(groups: nw.LazyFrame[Any]) -> list[dt.date]:
    """The days on which something was sold that counts, in order."""
    import narwhals as nw

    days = groups.filter(nw.col("dropped_by") == SURVIVES).select("day").unique()
    return sorted(dt.date.fromisoformat(row["day"]) for row in _rows(days.select(nw.col("day").cast(nw.String))))


def _rows(table: nw.LazyFrame[Any]) -> list[dict[str, Any]]:
    return table.collect("pandas").rows(named=True)


def _decimal(written: object) -> Decimal:
    return Decimal(written) if isinstance(written, str) else Decimal(0)


def _plain(money: Decimal) -> str:
    return format(money.normalize() if money else Decimal(0), "f")


def _check_any_left(ledger: list[dict[str, Any]]) -> None:
    if ledger[-1]["rows_after"]:
        return
    taken = {line["rule"]: line["rows_before"] - line["rows_after"] for line in ledger}
    reasons = ", ".join(f"{taken[rule]:,} {words}" for rule, words in TAKES.items() if taken[rule])
    raise NotEnoughDataError(
        f"None of the {ledger[0]['rows_before']:,} lines is a purchase that can be counted: {reasons}; "
        "give a file with the purchases of known customers, or check how its columns are read."
    )


def _facts(ledger: list[dict[str, Any]], positive: tuple[Decimal, Decimal], days: list[dt.date]) -> dict[str, Any]:
    last = ledger[-1]
    return {
        "ledger": ledger,
        "warnings": [*_lost_warnings(ledger, positive), *_day_warnings(days)],
        "span": {"first": days[0].isoformat(), "last": days[-1].isoformat()},
        "rows": last["rows_after"],
        "customers": last["customers_after"],
        "invoices": last["invoices_after"],
        "money": last["money_after"],
        "money_exact": last["money_after_exact"],
    }


def _lost_warnings(ledger: list[dict[str, Any]], positive: tuple[Decimal, Decimal]) -> list[str]:
    found = []
    share = {line["rule"]: 1 - line["rows_after"] / max(line["rows_before"], 1) for line in ledger}
    money_share = float(positive[1] / positive[0]) if positive[0] else 0.0
    if max(share["customer"], money_share) >= NOTABLE_SHARE:
        found.append(
            f"{100 * share['customer']:.1f} % of the lines, with {100 * money_share:.1f} % of the revenue, have no "
            "CustomerID: the segments do not cover them."
        )
    if share["price"] >= NOTABLE_SHARE:
        found.append(
            f"{100 * share['price']:.1f} % of the lines have {TAKES['price'].removeprefix('have ')}, and were dropped."
        )
    returned = ledger[1]["money_before"] - ledger[1]["money_after"]
    if -returned >= NOTABLE_SHARE * ledger[-1]["money_after"]:
        found.append(
            f"Cancellations worth {-100 * returned / ledger[-1]['money_after']:.1f} % of the revenue that counts were "
            "dropped, but the purchases that they cancel still count."
        )
    return found


def _day_warnings(days: list[dt.date]) -> list[str]:
    if len(days) < 3:
        return []
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    found = []
    for name, gap, day, others in (("first", gaps[0], days[0], gaps[1:]), ("last", gaps[-1], days[-1], gaps[:-1])):
        if gap > max(FAR_DAYS, 3 * max(others)):
            found.append(
                f"The {name} day, {day.isoformat()}, is {gap} days away from the next one with a sale: if that is a "
                "typing mistake, mend it in the file, because time is counted from the first day to the last."
            )
    return found
