"""Past values are what the stages of a run would give of the file as it was, with the finished parameters."""

import calendar
import datetime

import numpy as np
import pandas as pd
import pytest

from pipeline import engine, segmentation
from pipeline.clv.customer_forecast import customer_values
from pipeline.clv.histories import histories_of
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.clv.purchase_history import purchase_history
from pipeline.profiles.past_values import MOST_DAYS, past_values
from pipeline.recipe import BALANCED
from pipeline.simulation import simulate_shop
from pipeline.store import Store


def cut(done, until, folder):
    """The values of customers by the functions of the value stage, of the cleaned lines up to the end of a day.

    Models see a file end on its last day with a purchase; the days without one until `until` are added to its ages.
    """
    lines = engine.read_parquet(done.store.path(done.keys["cleaning"], "transactions"))
    known = lines[lines["InvoiceDate"] < pd.Timestamp(until) + pd.Timedelta(days=1)]
    engine.write_parquet(known, folder / "lines")
    settings = done.recipe.step(LifetimeValue)
    facts = purchase_history(folder / "lines", settings.time_unit, folder / "history")
    history = engine.read_parquet(folder / "history")
    if settings.time_unit == "day":
        history["T"] += (until - datetime.date.fromisoformat(facts["last_day"])).days
    histories = histories_of(history, settings.spend_from)
    values = customer_values(done.fitted_models(), histories, settings.discount_rate, [6])["CLV_6m"]
    return pd.Series(values, index=history["CustomerID"])


@pytest.fixture(scope="module")
def shop_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("past") / "shop.csv"
    simulate_shop(file, customers=300, seed=4)
    return file


def done_with(file, folder, **settings):
    return segmentation.run(file, BALANCED.with_settings({"value": settings}), Store(folder), until="value")


@pytest.mark.parametrize("spend_from", ["repeat", "all"])
def test_every_day_has_the_values_of_the_file_cut_there_and_the_last_those_of_the_results(
    shop_file, tmp_path, spend_from
):
    done = done_with(shop_file, tmp_path / "store", spend_from=spend_from)
    found = done.past_values().set_index("CustomerID")
    assert len(found.columns) == MOST_DAYS
    ends = [datetime.date.fromisoformat(day) for day in found.columns]
    assert all(end.day == calendar.monthrange(end.year, end.month)[1] for end in ends[:-1])
    for end in (ends[0], ends[6]):
        expected = cut(done, end, tmp_path)
        known = found[end.isoformat()].dropna()
        assert 0 < len(known) == len(expected) < len(found)
        np.testing.assert_allclose(known, expected.reindex(known.index), rtol=1e-6)
    last = done.table("value", "value").set_index("CustomerID")["CLV_6m"]
    np.testing.assert_allclose(found.iloc[:, -1], last.reindex(found.index), rtol=1e-6)


def test_counted_by_the_week_a_month_ends_with_its_last_whole_week(shop_file, tmp_path):
    done = done_with(shop_file, tmp_path / "store", time_unit="week")
    found = done.past_values().set_index("CustomerID")
    end = datetime.date.fromisoformat(found.columns[5])
    known = found[end.isoformat()].dropna()
    expected = cut(done, end - datetime.timedelta(days=(end.weekday() + 1) % 7), tmp_path)
    np.testing.assert_allclose(known, expected.reindex(known.index), rtol=1e-6)
    last = done.table("value", "value").set_index("CustomerID")["CLV_6m"]
    np.testing.assert_allclose(found.iloc[:, -1], last.reindex(found.index), rtol=1e-6)


def test_ends_of_months_that_know_less_than_ninety_days_are_left_out(shop_file, tmp_path):
    done = done_with(shop_file, tmp_path / "store")
    days, settings, models = done.days(), done.recipe.step(LifetimeValue), done.fitted_models()
    first = days["Day"].min()
    short = days[days["Day"] < first + pd.Timedelta(days=150)]
    last = short["Day"].max().date()
    found = past_values(short, last, models, settings).columns[1:]
    known = [(datetime.date.fromisoformat(day) - first.date()).days + 1 for day in found]
    assert len(known) in (2, 3) and known[0] >= 90 and found[-1] == last.isoformat()
    shorter = days[days["Day"] < first + pd.Timedelta(days=60)]
    assert len(past_values(shorter, shorter["Day"].max().date(), models, settings).columns) == 2
