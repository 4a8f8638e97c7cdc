"""The purchase history is the one that lifetimes defines, to the last customer."""

import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.clv.purchase_history import purchase_history


def _ours(lines, folder, time_unit="day"):
    with engine.connection() as duck:
        exact = duck.from_df(lines).project("* REPLACE (round(TotalPrice, 9)::DECIMAL(38, 9) AS TotalPrice)")
        exact.write_parquet(str(folder / "lines"))
    facts = purchase_history(folder / "lines", time_unit, folder / "history")
    return engine.read_parquet(folder / "history"), facts


def _theirs(lines, freq="D"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.utils import summary_data_from_transaction_data

        summary = summary_data_from_transaction_data(
            lines, "CustomerID", "InvoiceDate", monetary_value_col="TotalPrice", freq=freq
        )
    return summary.reset_index().sort_values("CustomerID", ignore_index=True)


def _assert_equal(lines, folder, time_unit="day"):
    ours, facts = _ours(lines, folder, time_unit)
    theirs, days = _theirs(lines, "D" if time_unit == "day" else "W"), 1 if time_unit == "day" else 7
    assert list(ours["CustomerID"]) == list(theirs["CustomerID"])
    assert list(ours["frequency"]) == list(theirs["frequency"])
    assert list(ours["recency"]) == list(theirs["recency"] * days)
    assert list(ours["T"]) == list(theirs["T"] * days)
    spent = lines.groupby("CustomerID")["TotalPrice"].sum().sort_index().to_numpy()
    assert (ours["average_order"] * (ours["frequency"] + 1)).to_numpy() == pytest.approx(spent)
    assert facts["last_day"] == str(lines["InvoiceDate"].max().date())
    pd.testing.assert_series_equal(ours["monetary_value"], theirs["monetary_value"], rtol=1e-12)
    assert facts["purchase_days"] == (theirs["frequency"] + 1).sum()


purchases = st.lists(
    st.tuples(
        st.sampled_from(["12346", "12347", "2", "A"]),
        st.datetimes(pd.Timestamp("2010-12-01"), pd.Timestamp("2011-03-01")),
        st.integers(1, 10**7).map(lambda parts: parts / 1000),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(purchases=purchases, time_unit=st.sampled_from(["day", "week"]))
def test_it_equals_lifetimes_on_anything(purchases, time_unit, tmp_path_factory):
    lines = pd.DataFrame(purchases, columns=["CustomerID", "InvoiceDate", "TotalPrice"])
    _assert_equal(lines, tmp_path_factory.mktemp("history"), time_unit)


def test_two_purchases_on_one_day_are_one_purchase_day(tmp_path):
    days = pd.to_datetime(["2011-01-01 09:00", "2011-01-05 09:00", "2011-01-05 17:00", "2011-01-11 12:00"])
    lines = pd.DataFrame({"CustomerID": "1", "InvoiceDate": days, "TotalPrice": [100.0, 10.0, 20.0, 50.0]})
    ours, _ = _ours(lines, tmp_path)
    assert ours.to_dict("records") == [
        {"CustomerID": "1", "frequency": 2, "recency": 10, "T": 10, "monetary_value": 40.0, "average_order": 60.0}
    ]
