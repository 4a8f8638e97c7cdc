"""Shops whose truth is known: customers who order at a pace of their own, and whatever a test plants among them."""

import numpy as np
import pandas as pd

from pipeline.insights.insight import Shop

NAMES = {0: "Champions", 1: "At risk", 2: "Hibernating", -1: "In no segment"}
SPAN = 400
MOST = 200  # orders of a customer that are drawn at all
PACE = (0.8, 60.0)
END = pd.Timestamp("2011-12-09")


def days_of(rng, n=1000, span=SPAN, pace=PACE, shape=1.0, worth=(4.0, 1.0), arrive=None):
    """Days with orders of customers whose gaps have a shape (1 is chance) and a mean of their own."""
    first = rng.integers(0, span, n) if arrive is None else arrive
    mean = 1 / rng.gamma(pace[0], 1 / pace[1], n)
    gaps = rng.gamma(shape, mean[:, None] / shape, (n, MOST)).cumsum(axis=1)
    at = np.column_stack([np.zeros(n), gaps]).astype(int)
    customer, order = np.nonzero(at <= first[:, None])
    table = pd.DataFrame({"Customer": customer, "Ago": first[customer] - at[customer, order]}).drop_duplicates()
    return pd.DataFrame(
        {
            "CustomerID": "C" + table["Customer"].astype(str).str.zfill(5),
            "Day": END - pd.to_timedelta(table["Ago"], unit="D"),
            "Orders": 1,
            "Revenue": np.exp(rng.normal(*worth, len(table))),
        }
    )


def shop_of(days, pace=PACE, **columns):
    """The shop of these days, with one segment and one country unless a column says otherwise."""
    days = days.sort_values(["CustomerID", "Day"], ignore_index=True)
    by = days.groupby("CustomerID")
    first, last, end = by["Day"].min(), by["Day"].max(), days["Day"].max()
    x, T = by.size() - 1, (end - first).dt.days
    r, alpha = pace
    silence = (end - last).dt.days
    customers = pd.DataFrame(
        {
            "Recency": silence,
            "Frequency": x + 1,
            "Monetary": by["Revenue"].sum(),
            "CLV_6m": 100.0,
            "Overdue": silence * (r + x) / (alpha + T - silence),
            "Tenure": T,
            "PrimaryCountry": "United Kingdom",
            "Segment": 0,
        }
    ).reset_index()
    history = pd.DataFrame({"frequency": x, "T": T}).reset_index(drop=True)
    return Shop(customers.assign(**columns), NAMES, days, history, pace)
