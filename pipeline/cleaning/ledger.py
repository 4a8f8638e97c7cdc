"""The ledger: what each rule took, in lines, customers, invoices and money, from gross to used.

Money is exact decimals (9 places): before less dropped is after to the last digit, in whatever order the rows stand.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline import engine, formats
from pipeline.cleaning.accounts import Account
from pipeline.cleaning.examples import examples
from pipeline.cleaning.rules import PLACES, RULES, SURVIVES, active
from pipeline.errors import NotEnoughDataError

if TYPE_CHECKING:
    from pipeline.engine import LazyTable


def ledger(account: Account) -> list[dict[str, Any]]:
    """One line for each rule that these settings apply, in the order of `rules.RULES`.

    Parameters
    ----------
    account : what becomes of the lines under the settings, of one way.

    Returns
    -------
    Each with rule, label, setting (empty for the five basic rules), rows, customers, invoices and money before and
    after (`money_before` and `money_after` doubles, `money_before_exact` and `money_after_exact` decimal text; a line
    without a quantity or price counts 0), `changed`, the lines that stay with another value, and `examples`, the
    largest voids, returns and orphans by name.
    """
    applied = active(account.ways[0].settings)
    named = examples(account.paired) if account.paired is not None else {}
    sums = _sums(account.entries)
    stages = _stages(account.entries, sums, [*(PLACES[rule.name] for rule in applied), SURVIVES])
    changed = {"country": _count(sums, "changed"), "return": sum(row["shortened"] for row in sums.values())}
    return [
        {
            "rule": rule.name,
            "label": rule.label,
            "setting": rule.setting,
            "changed": changed.get(rule.name, 0),
            "examples": named.get(rule.name, []),
            **_line(before, after),
        }
        for rule, before, after in zip(applied, stages, stages[1:], strict=False)
    ]


def _sums(entries: LazyTable) -> dict[int, dict[str, Any]]:
    """Lines, changed ones, shortened ones and money of what each place takes.

    A purchase that stays with fewer pieces is shortened: its other part is an entry without a line and with money.
    """
    import narwhals as nw

    shortened = ((nw.col("rows") == 0) & (nw.col("money") > 0)).cast(nw.Int64)
    summed = entries.with_columns(shortened=shortened).group_by("place")
    return {row["place"]: row for row in engine.rows(summed.agg(nw.col("rows", "changed", "shortened", "money").sum()))}


def _stages(entries: LazyTable, sums: dict[int, dict[str, Any]], places: list[int]) -> list[dict[str, Any]]:
    """What the lines hold that no rule before each of these places takes."""
    invoices, customers = _last_seen(entries, "InvoiceNo"), _last_seen(entries, "customer")

    def left_from(place: int) -> dict[str, Any]:
        left = [row for taken_at, row in sums.items() if taken_at >= place]
        return {
            "rows": sum(row["rows"] for row in left),
            "customers": sum(count for seen, count in customers.items() if seen >= place),
            "invoices": sum(count for seen, count in invoices.items() if seen >= place),
            "money_exact": sum((row["money"] or Decimal(0) for row in left), Decimal(0)),
        }

    return [left_from(place) for place in places]


def _count(sums: dict[int, dict[str, Any]], what: str) -> int:
    return sums[SURVIVES][what] if SURVIVES in sums else 0


def _line(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for what in ("rows", "customers", "invoices"):
        line |= {f"{what}_before": before[what], f"{what}_after": after[what]}
    for when, stage in (("before", before), ("after", after)):
        line |= {f"money_{when}": float(stage["money_exact"]), f"money_{when}_exact": plain(stage["money_exact"])}
    return line


def _last_seen(entries: LazyTable, column: str) -> dict[int, int]:
    """How many different values of a column are last taken by each rule, or survive."""
    import narwhals as nw

    lines = entries.filter(~nw.col(column).is_null(), nw.col("rows") > 0)
    seen = lines.group_by(column).agg(seen=nw.col("place").max())
    return {row["seen"]: row["count"] for row in engine.rows(seen.group_by("seen").agg(count=nw.len()))}


def plain(money: Decimal) -> str:
    """Exact money as text, without needless places."""
    return format(money.normalize() if money else Decimal(0), "f")


def check_any_left(written: list[dict[str, Any]]) -> None:
    """Refuse a file of which no line is left.

    Raises
    ------
    NotEnoughDataError
        The sentence says which rules took how many.
    """
    if written[-1]["rows_after"]:
        return
    taken = {line["rule"]: line["rows_before"] - line["rows_after"] for line in written}
    reasons = ", ".join(f"{formats.count(taken[rule.name])} {rule.takes}" for rule in RULES if taken.get(rule.name))
    raise NotEnoughDataError(
        f"None of the {formats.count(written[0]['rows_before'])} lines is a purchase that can be counted: {reasons}; "
        "give a file with the purchases of known customers, or check how its columns are read."
    )
