"""How the forecast came out on past days, as tables and bars for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipeline import formats
from pipeline.report.bars import Bar, grouped
from pipeline.report.elements import Html

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation

FORECASTS = "Forecast and outcome of past tests"
BEST_CUSTOMERS = "Finding the best customers"
CALIBRATION = "Does a chance of 30 % mean 30 of 100?"
MEASURES: dict[str, tuple[str, Callable[[float], str]]] = {
    "orders": ("Orders", formats.count),
    "spend": ("Spend", formats.money),
}
KINDS = {"actual": "Happened", "predicted": "Forecast", "same_as_last_period": "Same as last period"}
CAPTURES = {
    "top20_capture": "Highest value",
    "top20_capture_past_spend": "Spent most so far",
    "top20_best_possible": "Best possible",
}


def chosen(segmentation: Segmentation, table: str) -> pd.DataFrame:
    """The rows of `cutoffs` or `calibration` on the chosen model; a test in which it was not reached has none."""
    rows = segmentation.table("backtest", table)
    model = segmentation.facts("backtest")["chosen_model"]
    kept: pd.DataFrame = rows[(rows["model"] == model) & rows.get("converged", True)]
    return kept


def gaps(predicted: pd.Series[float], actual: pd.Series[float]) -> list[str]:
    """How far each forecast was off, as a signed share of what happened: `+31 %`."""
    return [
        formats.MISSING if not happened else formats.signed_share(told / happened - 1)
        for told, happened in zip(predicted, actual, strict=True)
    ]


def forecasts(cutoffs: pd.DataFrame) -> pd.DataFrame:
    """Every test with its orders and spend, written for people.

    Parameters
    ----------
    cutoffs : one row per test of one model, in order of time: cutoff, until (dates), and for orders and spend
        `<measure>_actual`, `<measure>_predicted`, `<measure>_same_as_last_period`.
    """
    import pandas as pd

    columns: dict[str, pd.Series[str] | list[str]] = {
        "Tested from": cutoffs["cutoff"].map(formats.date),
        "to": cutoffs["until"].map(formats.date),
    }
    for measure, (words, write) in MEASURES.items():
        actual, predicted = cutoffs[f"{measure}_actual"], cutoffs[f"{measure}_predicted"]
        columns[f"{words}, happened"] = actual.map(write)
        columns[f"{words}, forecast"] = predicted.map(write)
        columns[f"{words}, off by"] = gaps(predicted, actual)
        columns[f"{words}, as last period"] = cutoffs[f"{measure}_same_as_last_period"].map(write)
    return pd.DataFrame(columns)


def best_customers(cutoffs: pd.DataFrame) -> pd.DataFrame:
    """How much of what followed the customers put first brought, in every test, written for people."""
    import pandas as pd

    shares = {words: cutoffs[name].map(formats.share) for name, words in CAPTURES.items()}
    return pd.DataFrame(
        {
            "Tested from": cutoffs["cutoff"].map(formats.date),
            "to": cutoffs["until"].map(formats.date),
            "Customers": cutoffs["customers"].map(formats.count),
            "of whom bought": cutoffs["buyers"].map(formats.count),
            **shares,
            "Ranked right (AUC)": cutoffs["auc"].map(lambda auc: formats.number(auc, 2)),
        }
    )


def calibration(groups: pd.DataFrame) -> pd.DataFrame:
    """The forecast chance to buy of each group of customers and the share that bought, written for people."""
    import pandas as pd

    ordered = groups.sort_values(["cutoff", "chance_mean"], ascending=[False, True])
    return pd.DataFrame(
        {
            "Tested from": ordered["cutoff"].map(formats.date),
            "Forecast chance": ordered["chance_mean"].map(formats.chance),
            "Bought": ordered["bought_share"].map(formats.share),
            "may lie between": ordered["low"].map(formats.share),
            "and": ordered["high"].map(formats.share),
            "Customers": ordered["customers"].map(formats.count),
        }
    )


def forecast_bars(cutoffs: pd.DataFrame, measure: str) -> Html:
    """Three bars a test: what happened, the forecast, and the plainest rule."""
    _, write = MEASURES[measure]
    longest = float(cutoffs[[f"{measure}_{kind}" for kind in KINDS]].max().max()) or 1.0
    groups = []
    for row in cutoffs.to_dict("records"):
        values = {kind: float(row[f"{measure}_{kind}"]) for kind in KINDS}
        off = formats.signed_share(values["predicted"] / values["actual"] - 1) if values["actual"] else formats.MISSING
        words = {kind: write(value) for kind, value in values.items()}
        words["predicted"] += f" ({off})"
        bars = [Bar(title, values[kind] / longest, words[kind], series=kind) for kind, title in KINDS.items()]
        groups.append((f"{formats.date(row['cutoff'])} to {formats.date(row['until'])}", bars))
    return grouped(groups)


def capture_bars(cutoffs: pd.DataFrame) -> Html:
    """Three bars a test: the share of spending that the best fifth by value, by past spend, and at best brought."""
    series = dict(zip(CAPTURES, ("predicted", "actual", "same_as_last_period"), strict=True))
    groups = [
        (
            f"from {formats.date(row['cutoff'])}",
            [Bar(words, row[name], formats.share(row[name]), series=series[name]) for name, words in CAPTURES.items()],
        )
        for row in cutoffs.to_dict("records")
    ]
    return grouped(groups)
