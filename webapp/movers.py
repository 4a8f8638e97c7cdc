"""The customers who moved between two days, as a page lists them: who, from where to where, and what is at stake."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import html

from webapp import formats, panels
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.standing import Standing

SHOWN = 25
CAME_BACK, GAVE_BACK = "came back ", "gave back "


def asked(results: Finished, view: View) -> tuple[Standing, datetime.date, datetime.date]:
    """The two days that a view asks for, as `Standing.between` has them, and where customers stood."""
    standing = results.standing
    return standing, *standing.between(view.since, view.until)


def names_of(results: Finished, view: View) -> dict[int, str]:
    """Every segment that anybody can be in on any day, by its number."""
    standing = results.standing
    key = ("names on any day", view.method, view.k)
    return results.once(key, lambda: standing.names(view.method, view.k, results.customers))


def found(results: Finished, view: View) -> pd.DataFrame:
    """The movers that a settled view asks for, whoever most is expected of first; see `Standing.movers`.

    Raises
    ------
    PipelineError
        As `asked` does.
    """
    standing, earlier, later = asked(results, view)
    value = results.horizon.value

    def ranked() -> pd.DataFrame:
        return standing.movers(earlier, later, view.method, view.k, results.customers[["CustomerID", value]])

    everyone = results.once(("movers", view.method, view.k, earlier, later), ranked)
    for column, wanted in (("Before", view.gone_from), ("After", view.gone_to)):
        if wanted and wanted in set(everyone[column].astype(str)):
            everyone = everyone[everyone[column].astype(str) == wanted]
    return everyone


def told(results: Finished, view: View, found: pd.DataFrame) -> str:
    """How many they are, with what is expected of them, and what about some of them must be known."""
    value = results.horizon.value
    more = f" The first {SHOWN} are shown; the file has all." if len(found) > SHOWN else ""
    return (
        f"{formats.plural(len(found), 'mover')} with {formats.money(float(found[value].sum()))} of expected value."
        f"{_came_back(results, view, found)}{_gave_back(found, value)}{more}"
    )


def _came_back(results: Finished, view: View, found: pd.DataFrame) -> str:
    """How many of them came back, and what that is; empty where nobody did."""
    count = int(found["CameBack"].sum())
    _, earlier, later = asked(results, view)
    if not count:
        return ""
    return (
        f" {formats.count(count)} of them came back: they ordered again after {formats.days((later - earlier).days)} "
        f"or more without an order by {formats.date(earlier.isoformat())}."
    )


def _gave_back(found: pd.DataFrame, value: str) -> str:
    """How many of them took back nearly all they bought; empty where nobody did."""
    givers = found[found["GaveBack"] == 1]
    if givers.empty:
        return ""
    return (
        f" {formats.count(len(givers))} of them gave back nearly all they bought; cleaning keeps what is cancelled "
        f"later, so {formats.money(float(givers[value].sum()))} of that value is not to be counted on."
    )


def _marked(flagged: Any, mark: str, words: str) -> Any:
    return [html.Span(mark, className="mover-mark"), words] if flagged else words


def written(found: pd.DataFrame, names: Mapping[int, str], view: View, value: str) -> pd.DataFrame:
    """Movers as people read them, each with a link to all that is known of the customer."""
    import pandas as pd

    there = replace(view, view="customers", since="", until="", gone_from="", gone_to="")
    return pd.DataFrame(
        {
            "Customer": [
                html.A(id, href=replace(there, customer=id).address("/explore")) for id in found["CustomerID"]
            ],
            "From": [[panels.swatch(number), names[number]] for number in found["Before"]],
            "To": [[panels.swatch(number), names[number]] for number in found["After"]],
            "Orders since": [
                _marked(back, CAME_BACK, formats.count(orders))
                for orders, back in zip(found["OrdersSince"], found["CameBack"], strict=True)
            ],
            "Spent since": found["SpentSince"].map(formats.money).to_numpy(),
            "Last order": found["Recency"].map(formats.days).to_numpy(),
            "CLV": [
                _marked(back, GAVE_BACK, formats.money(worth))
                for worth, back in zip(found[value], found["GaveBack"], strict=True)
            ],
        }
    )
