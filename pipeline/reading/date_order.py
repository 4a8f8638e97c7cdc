"""Which of the numbers of a date is the day: by numbers above twelve, then by what is plausible, or it is asked."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL)

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import UndecidedError

if TYPE_CHECKING:
    import duckdb

CLEARLY = 10  # one order must explain so many times more distinct texts than the other: a typo does not decide
OWN_EVIDENCE = 3  # from so many texts on, a format speaks for itself, even against the others of the column
NOTABLE = 0.01  # of the lines: less may go unread, and is told
LEAST_STEPS = 20  # between different days, before the order of a file says anything
LEAST_JUMPS = 3
LEAST_DAYS = 60  # before a day of the week without sales says anything
MANY_YEARS = 13  # so many different last parts are days of the month, not years
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
OTHER = {"day": "month", "month": "day"}


@dataclass(frozen=True)
class _Evidence:
    """What the dates of one style say: how many distinct ones can only be read day first, and month first."""

    sign: str
    style: str
    day_first: int
    month_first: int
    year_first: bool
    lines: int
    day_example: str
    month_example: str
    example: str
    same: bool

    @property
    def clear(self) -> str:
        """The order that the style itself speaks for, or nothing."""
        if self.year_first:
            return "year"
        if self.day_first > CLEARLY * self.month_first:
            return "day"
        return "month" if self.month_first > CLEARLY * self.day_first else ""


def date_orders(duck: duckdb.DuckDBPyConnection, told: str, in_order: str) -> tuple[dict[str, str], list[str]]:
    """The order of each style of date in `date_parts`, and sentences on what else than numbers above twelve decided.

    Parameters
    ----------
    told : a value of the setting `reading.date_order`.
    in_order : SQL of each line's `place` in the file and its `text`, for what only their order can tell.

    Raises
    ------
    UndecidedError
        If day and month cannot be told apart in a notable part of the column.
    """
    found = _evidence(duck)
    if told != "auto":
        return {each.style: told for each in found}, []
    orders = {each.style: each.clear for each in found if each.clear and _speaks_for_itself(each, found)}
    orders |= {each.style: _by_sign(each, found) for each in found if each.style not in orders}
    known = {order for order in orders.values() if order}
    whole = _lines(duck)
    reasons = []
    for each in found:
        if orders[each.style]:
            continue
        if each.same:
            orders[each.style] = "day"
        elif len(known) == 1 and not each.day_first + each.month_first:
            orders[each.style] = next(iter(known))
        else:
            orders[each.style], reason = _by_plausibility(duck, each, in_order)
            reasons += [reason] if reason else []
        if not orders[each.style] and each.lines > NOTABLE * whole:
            raise _question(each)
    return {style: order for style, order in orders.items() if order}, reasons


def today() -> dt.date:
    """The day on which a file is read: no sale in it is later."""
    return dt.date.today()


def _evidence(duck: duckdb.DuckDBPyConnection) -> list[_Evidence]:
    rows = duck.execute(f"""
        SELECT sign, style, count(*) FILTER (a > 12 AND a <= 31 AND b <= 12),
            count(*) FILTER (b > 12 AND b <= 31 AND a <= 12),
            max(year_digits) = 2 AND count(DISTINCT c) >= {MANY_YEARS} AND count(DISTINCT a) < {MANY_YEARS}
                AND bool_and(b <= 12),
            sum(lines), coalesce(min(text) FILTER (a > 12), ''), coalesce(min(text) FILTER (b > 12), ''), min(text),
            bool_and(a = b)
        FROM date_parts WHERE NOT year_first AND number IS NULL AND sign <> 'words'
        GROUP BY sign, style ORDER BY sign, style""").fetchall()
    return [_Evidence(*row) for row in rows]


def _speaks_for_itself(each: _Evidence, found: list[_Evidence]) -> bool:
    """Whether a style has evidence enough of its own; alone in the column, one date is enough."""
    others = sum(other.day_first + other.month_first for other in found if other.style != each.style)
    return each.year_first or each.day_first + each.month_first >= OWN_EVIDENCE or others == 0


def _by_sign(each: _Evidence, found: list[_Evidence]) -> str:
    """What all dates written with the same sign say together, unless this style itself is divided."""
    if min(each.day_first, each.month_first) and not each.clear:
        return ""
    alike = [other for other in found if other.sign == each.sign]
    clear = {other.clear for other in alike if other.day_first + other.month_first >= OWN_EVIDENCE}
    if len(clear) == 1:
        return next(iter(clear))
    return each.clear


def _lines(duck: duckdb.DuckDBPyConnection) -> int:
    row = duck.execute("SELECT coalesce(sum(lines), 0) FROM date_parts").fetchone()
    assert row is not None
    return int(row[0])


def _by_plausibility(duck: duckdb.DuckDBPyConnection, each: _Evidence, in_order: str) -> tuple[str, str]:
    """The order that time itself speaks for, with the reason, where all that speaks says the same; or nothing."""
    if each.day_first + each.month_first:
        return "", ""
    verdicts: dict[str, str] = {}
    facts = {order: _calendar(duck, each.style, order, in_order) for order in OTHER}
    for order, other in OTHER.items():
        own, against = facts[order], facts[other]
        if own["steps"] >= LEAST_STEPS and own["jumps"] == 0 and against["jumps"] >= LEAST_JUMPS:
            verdicts[order] = "the file is then in order of time, which it is not the other way round"
        elif own["future"] == 0 and against["future"] > max(NOTABLE * against["rows"], LEAST_JUMPS):
            verdicts[order] = "the other way round some of them are still to come"
        elif own["days"] >= LEAST_DAYS and own["weekdays"] < 7 and against["least_weekday"] > 0.05 * against["days"]:
            verdicts[order] = "the shop is then closed on one day of every week, as shops are"
    if len(verdicts) != 1:
        return "", ""
    (order, why), *_ = verdicts.items()
    return order, f"Dates such as {each.example!r} are read {order} first, because {why}."


def _calendar(duck: duckdb.DuckDBPyConnection, style: str, order: str, in_order: str) -> dict[str, Any]:
    """How the days of one style lie in time when read in one order."""
    day, month = ("a", "b") if order == "day" else ("b", "a")
    year = "CASE WHEN c < 70 THEN 2000 + c WHEN c < 100 THEN 1900 + c ELSE c END"
    date = f"try_cast(format('{{:04d}}-{{:02d}}-{{:02d}}', {year}, {month}, {day}) AS DATE)"
    row = duck.execute(
        f"""
        WITH dated AS (SELECT place, {date} AS day FROM ({in_order}) JOIN date_parts USING (text) WHERE style = ?),
        steps AS (SELECT day, day - lag(day) OVER (ORDER BY place) AS step FROM dated),
        days AS (SELECT dayofweek(day) AS weekday, count(DISTINCT day) AS days FROM dated GROUP BY ALL)
        SELECT count(*), count(*) FILTER (step <> 0), least(count(*) FILTER (step < 0), count(*) FILTER (step > 0)),
            count(*) FILTER (day > ?::DATE + 1), (SELECT coalesce(sum(days), 0) FROM days), (SELECT count(*) FROM days),
            (SELECT CASE WHEN count(*) = 7 THEN min(days) ELSE 0 END FROM days) FROM steps""",
        [style, today()],
    ).fetchone()
    assert row is not None
    return dict(zip(("rows", "steps", "jumps", "future", "days", "weekdays", "least_weekday"), row, strict=True))


def _question(each: _Evidence) -> UndecidedError:
    if each.day_first and each.month_first:
        sentence = (
            f"Some dates are written day first ({each.day_example}) and some month first ({each.month_example}), so "
            "those like 03/04 cannot be told apart; write them all one way, or set Date order (reading.date_order) to "
            "drop the others."
        )
    else:
        sentence = (
            f"The dates, such as {each.example!r}, can be read day first or month first and no line tells which; "
            "set Date order (reading.date_order) to day or month."
        )
    options = {
        order: {"label": f"{order.capitalize()} first", "example": _read_as(each.example, order)} for order in OTHER
    }
    return UndecidedError(sentence, "reading.date_order", options)


def _read_as(text: str, order: str) -> str:
    parts = re.match(r"(\d{1,2})\D(\d{1,2})\D(\d{2,4})", text)
    assert parts is not None  # it was taken apart before
    day, month = (parts[1], parts[2]) if order == "day" else (parts[2], parts[1])
    known = 1 <= int(month) <= len(MONTH_NAMES)
    return f"{text} is {f'{int(day)} {MONTH_NAMES[int(month) - 1]} {parts[3]}' if known else 'no date'}"
