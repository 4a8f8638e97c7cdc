"""What each setting would do if it were changed now: the difference of two runs, without the second run."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.accounts import Account, Books, account, exact
from pipeline.cleaning.calendar import calendar
from pipeline.cleaning.ledger import plain
from pipeline.cleaning.lines import rows
from pipeline.cleaning.rules import SURVIVES, SWITCHES, switched_off, switched_on
from pipeline.cleaning.settings import Cleaning

if TYPE_CHECKING:
    from pipeline.engine import LazyTable

LARGEST = 10
TRAITS = {
    "overlap": "is_overlap",
    "duplicates": "is_repeat",
    "non_products": "is_service",
    "cancellations": "is_paired",
    "free_goods": "is_free",
}


@dataclass(frozen=True)
class Outcome:
    """What is left under one choice of settings: counts, money, and the largest customers with theirs."""

    rows: int
    invoices: int
    customers: int
    money: Decimal
    largest: dict[str, Decimal]
    asked: dict[str, Decimal]


def effects(books: Books, current: Account) -> list[dict[str, Any]]:
    """For each setting that adds or removes lines, what its other value would change.

    Parameters
    ----------
    current : the account under the settings as they are; it holds no more afterwards.

    Returns
    -------
    Each with `setting` (its key), `value` (the other one), the change in rows, invoices, customers and money (with
    `money_exact` as text), `leave_top_10` (CustomerID, money_before and money_after of those of the ten largest
    customers by Monetary who would not be among them any more; `is_gone` where nothing is left of them) and a
    `sentence`.
    """
    settings = current.settings
    now = _outcome(books, current.entries, ())
    present = _present(books)
    found = []
    for setting in SWITCHES:
        is_on = getattr(settings, setting) == switched_on(setting)
        value = switched_off(setting) if is_on else switched_on(setting)
        changed = settings.with_settings(**{setting: value})
        is_idle = setting not in present and calendar(books.trade, changed) == current.calendar
        then = now if is_idle else _outcome(books, account(books, changed).entries, tuple(now.largest))
        found.append({"setting": f"{Cleaning.NAME}.{setting}", "value": value, **_difference(now, then)})
    return found


def _present(books: Books) -> set[str]:
    """The settings whose rules have a line of this file to take: what the others do need not be tried."""
    import narwhals as nw

    counted = rows(books.groups.select(nw.col(*TRAITS.values()).cast(nw.Int64).sum()))[0]
    return {setting for setting, trait in TRAITS.items() if counted[trait]}


def _outcome(books: Books, found: LazyTable, asked: tuple[str, ...]) -> Outcome:
    import narwhals as nw

    left = found.filter(nw.col("place") == SURVIVES)
    spent = left.group_by("customer").agg(nw.col("rows", "money").sum())
    customers = engine.materialised(books.duck, spent, "spent")
    money = nw.col("money").sum().cast(nw.String)
    totals = rows(customers.select(nw.col("rows").sum(), nw.len().alias("customers"), money=money))[0]
    ranked = customers.sort("money", "customer", descending=[True, False])
    return Outcome(
        rows=int(totals["rows"] or 0),
        invoices=int(
            rows(left.select("InvoiceNo").filter(~nw.col("InvoiceNo").is_null()).unique().select(n=nw.len()))[0]["n"]
        ),
        customers=int(totals["customers"]),
        money=exact(totals["money"]),
        largest=_money_of(ranked.head(LARGEST)),
        asked=_money_of(customers.filter(nw.col("customer").is_in(asked))) if asked else {},
    )


def _money_of(customers: LazyTable) -> dict[str, Decimal]:
    import narwhals as nw

    found = rows(customers.select("customer", nw.col("money").cast(nw.String)))
    return {row["customer"]: exact(row["money"]) for row in found}


def _difference(now: Outcome, then: Outcome) -> dict[str, Any]:
    leave = [
        {
            "CustomerID": customer,
            "money_before": float(money),
            "money_after": float(then.asked.get(customer, 0)),
            "is_gone": customer not in then.asked,
        }
        for customer, money in now.largest.items()
        if customer not in then.largest
    ]
    changed = {
        "rows": then.rows - now.rows,
        "invoices": then.invoices - now.invoices,
        "customers": then.customers - now.customers,
        "money": float(then.money - now.money),
        "money_exact": plain(then.money - now.money),
        "leave_top_10": leave,
    }
    return {**changed, "sentence": _sentence(changed, then.money - now.money)}


def _sentence(changed: dict[str, Any], money: Decimal) -> str:
    if not any(changed[what] for what in ("rows", "invoices", "customers", "money")):
        return "Changes nothing in this file."
    counted = [
        _more(changed[what], word) for what, word in (("rows", "line"), ("customers", "customer")) if changed[what]
    ]
    if money:
        counted.append(f"revenue {'up' if money > 0 else 'down'} by {abs(money):,.2f}")
    left = "; ".join(
        f"{each['CustomerID']} ({each['money_before']:,.2f} before, "
        + ("nothing left)" if each["is_gone"] else f"{each['money_after']:,.2f} then)")
        for each in changed["leave_top_10"]
    )
    said = ", ".join(counted)
    top = (
        f" No longer among the ten largest customers: {left}." if left else " The ten largest customers stay the same."
    )
    return f"{said[0].upper()}{said[1:]}.{top}"


def _more(count: int, word: str) -> str:
    return f"{abs(count):,} {word if abs(count) == 1 else word + 's'} {'more' if count > 0 else 'fewer'}"
