"""What each setting would do if it were changed now: the difference of two runs, without the second run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline import engine, formats
from pipeline.cleaning.accounts import Account, Books
from pipeline.cleaning.calendar import calendar
from pipeline.cleaning.figures import Figures
from pipeline.cleaning.ledger import plain
from pipeline.cleaning.rules import SURVIVES, SWITCHES, switched_off, switched_on
from pipeline.cleaning.settings import Cleaning
from pipeline.parameters import Value

if TYPE_CHECKING:
    from pipeline.engine import LazyTable

LARGEST = 10
FLAGS = {
    "overlap": "is_overlap",
    "duplicates": "is_repeat",
    "non_products": "is_service",
    "cancellations": "is_paired",
    "free_goods": "is_free",
}


@dataclass(frozen=True)
class Alternative:
    """The settings with one of them changed; idle where its rules have no line of this file to take."""

    setting: str
    value: Value
    settings: Cleaning
    is_idle: bool


@dataclass(frozen=True)
class Outcome:
    """What is left under one choice of settings: counts, money, the largest customers, and the money of those and of
    the largest ones under the settings as they are."""

    rows: int
    invoices: int
    customers: int
    money: Decimal
    largest: Sequence[str]
    spent: dict[str, Decimal]


NOTHING = Outcome(0, 0, 0, Decimal(0), (), {})


def alternatives(books: Books, settings: Cleaning, figures: Figures) -> list[Alternative]:
    """For each setting that adds or removes lines, the settings with its other value."""
    now = calendar(books.trade, settings)
    found = []
    for setting in SWITCHES:
        is_on = getattr(settings, setting) == switched_on(setting)
        value = switched_off(setting) if is_on else switched_on(setting)
        changed = settings.with_settings(**{setting: value})
        occurs = setting in FLAGS and figures[FLAGS[setting]]
        found.append(Alternative(setting, value, changed, not occurs and calendar(books.trade, changed) == now))
    return found


def effects(books: Books, tried: Account, others: Sequence[Alternative]) -> list[dict[str, Any]]:
    """What each alternative would change.

    Parameters
    ----------
    tried : the account under the settings as they are (way 0) and under the alternatives that are not idle, in order.

    Returns
    -------
    Each with `setting` (its key), `value` (the other one), the change in rows, invoices, customers and money (with
    `money_exact` as text), `leave_top_10` (CustomerID, money_before and money_after of those of the ten largest
    customers by Monetary who would not be among them any more; `is_gone` where nothing is left of them) and a
    `sentence`.
    """
    outcomes = iter(_outcomes(books, tried))
    now = next(outcomes)
    return [
        {
            "setting": f"{Cleaning.NAME}.{other.setting}",
            "value": other.value,
            **_difference(now, now if other.is_idle else next(outcomes)),
        }
        for other in others
    ]


def _outcomes(books: Books, tried: Account) -> list[Outcome]:
    """What is left in each way."""
    import narwhals as nw

    left = tried.entries.filter(nw.col("place") == SURVIVES)
    spent = left.group_by("way", "customer").agg(nw.col("rows", "money").sum())
    customers = books.tables.materialised(spent, "spent")
    sums = customers.group_by("way").agg(nw.col("rows", "money").sum(), customers=nw.len())
    found = {row["way"]: row for row in engine.rows(sums)}
    invoices = _invoices(left, len(tried.ways))
    largest, money = _largest(customers)
    return [
        Outcome(
            rows=found[way]["rows"],
            invoices=invoices[way],
            customers=found[way]["customers"],
            money=found[way]["money"],
            largest=largest[way],
            spent=money[way],
        )
        if way in found
        else NOTHING
        for way in range(len(tried.ways))
    ]


def _invoices(left: LazyTable, ways: int) -> list[int]:
    """How many invoices are left in each way: a row an invoice, since one for each of its ways would take the memory of
    as many."""
    import narwhals as nw

    is_left = {f"way_{way}": (nw.col("way") == way).cast(nw.Int64) for way in range(ways)}
    numbered = left.filter(~nw.col("InvoiceNo").is_null()).with_columns(**is_left)
    numbers = numbered.group_by("InvoiceNo").agg(nw.col(*is_left).max())
    (counts,) = engine.rows(numbers.select(nw.col(*is_left).sum()))
    return [int(counts[name] or 0) for name in is_left]


def _largest(customers: LazyTable) -> tuple[dict[int, list[str]], dict[int, dict[str, Decimal]]]:
    """The ten largest customers of each way; and the money there of all who are among the ten of any way."""
    import narwhals as nw

    numbered = customers.with_columns(one=nw.lit(1), less=-nw.col("money"))
    ranked = numbered.with_columns(rank=nw.col("one").cum_sum().over("way", order_by=["less", "customer"]))
    first = engine.rows(ranked.filter(nw.col("rank") <= LARGEST).select("way", "rank", "customer"))
    largest: dict[int, list[str]] = defaultdict(list)
    for row in sorted(first, key=lambda row: (row["way"], row["rank"])):
        largest[row["way"]].append(row["customer"])
    money: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for row in engine.rows(customers.filter(nw.col("customer").is_in({row["customer"] for row in first}))):
        money[row["way"]][row["customer"]] = row["money"]
    return largest, money


def _difference(now: Outcome, then: Outcome) -> dict[str, Any]:
    leave = [
        {
            "CustomerID": customer,
            "money_before": float(now.spent[customer]),
            "money_after": float(then.spent.get(customer, 0)),
            "is_gone": customer not in then.spent,
        }
        for customer in now.largest
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
        counted.append(f"revenue {'up' if money > 0 else 'down'} by {formats.number(abs(float(money)), 2)}")
    left = "; ".join(
        f"{each['CustomerID']} ({formats.number(each['money_before'], 2)} before, "
        + ("nothing left)" if each["is_gone"] else f"{formats.number(each['money_after'], 2)} then)")
        for each in changed["leave_top_10"]
    )
    said = ", ".join(counted)
    top = (
        f" No longer among the ten largest customers: {left}." if left else " The ten largest customers stay the same."
    )
    return f"{said[0].upper()}{said[1:]}.{top}"


def _more(count: int, word: str) -> str:
    return f"{formats.plural(abs(count), word)} {'more' if count > 0 else 'fewer'}"
