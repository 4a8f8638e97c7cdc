"""Each note on the calendar is told where its cause is simulated, with its numbers, and not where it is not."""

import datetime
import re

import numpy as np
import pandas as pd
import pytest

from pipeline import formats
from pipeline.clv.backtest_histories import histories_until, purchase_days
from pipeline.clv.backtest_trials import foretold, standpoint
from pipeline.clv.calendar_caveats import Missed, calendar_caveats, peak_at_the_end
from pipeline.clv.forecast import fitted
from pipeline.clv.regularity import regularity
from tests.pipeline.clv.worlds import FIRST_DAY, lines, written

CUTOFFS = (300, 400)
END = FIRST_DAY + pd.Timedelta(days=358)


def notes(table, folder, cutoffs=CUTOFFS):
    days = purchase_days(written(table, folder))
    parameters = fitted(histories_until(days, days.last_day), "fast", "bg_nbd").purchases
    return calendar_caveats(days, days, peak_at_the_end(days, parameters, cutoffs), cutoffs)


def the(sentences, word):
    return next((sentence for sentence in sentences if word in sentence), None)


@pytest.fixture(scope="module")
def grown():
    """Lines of a shop that has been open for three years; the file shows the last one and a half."""
    table = lines(customers=6000, days=1095, seed=6, truth={"r": 0.8, "alpha": 50.0, "a": 1.2, "b": 2.5})
    return table[table["InvoiceDate"] >= FIRST_DAY + pd.Timedelta(days=550)]


def until(table, date):
    return table[table["InvoiceDate"] < pd.Timestamp(date) + pd.Timedelta(days=1)]


@pytest.mark.parametrize(("last", "told"), [("2025-12-09", True), ("2025-10-31", False), ("2025-10-28", False)])
def test_an_unfinished_last_month_is_named_with_its_day(grown, tmp_path, last, told):
    note = the(notes(until(grown, last), tmp_path), "last month ends")
    assert (note is not None) == told
    if told:
        assert f"ends on {formats.date('2025-12-09')}" in note


def test_a_peak_at_the_end_is_told_with_how_much_more(grown, tmp_path):
    calm = until(grown, "2025-12-09")
    assert the(notes(calm, tmp_path), "peak") is None
    repeat = calm.duplicated("CustomerID") & (calm["InvoiceDate"] >= "2025-10-20")
    more = calm[repeat].assign(InvoiceDate=lambda rush: rush["InvoiceDate"] - pd.Timedelta(days=1))
    note = the(notes(pd.concat([calm, more]), tmp_path), "peak")
    assert "peak at Christmas" in note
    assert "leans high; none of the past tests stood on such a peak" in note
    percent = int(note.split(" % more")[0].split()[-1])
    assert 50 < percent < 110


@pytest.mark.parametrize("height", [2.0, 3.5])
def test_tests_that_looked_into_a_peak_are_no_reason_to_raise_a_forecast_from_it(tmp_path, height):
    """What follows are ordinary months: the forecast comes out too high by what the note says, or more.

    So what comes is less than the most to plan with.
    """
    pace = np.ones(540)
    pace[308:358] = height
    days = purchase_days(written(lines(customers=4000, days=540, pace=pace), tmp_path))
    stand = standpoint(days, 357, 182)
    models = fitted(stand.known, "fast", "bg_nbd")
    said = foretold(models, stand.known, 182)
    too_high = said.orders.sum() / stand.holdout.orders.sum() - 1
    known = purchase_days(written(lines(customers=4000, days=540, pace=pace).query("InvoiceDate < @END"), tmp_path))

    def told(cutoffs, missed):
        peak = peak_at_the_end(known, models.purchases, cutoffs)
        return the(calendar_caveats(known, known, peak, cutoffs, missed), "peak")

    note = told((120, 170), Missed(182, -0.31, -0.16))
    assert "They looked into it, so that their totals came out too low is no reason to raise this one" in note
    least = int(re.search(r"too high, by these (\d+)\s% or more", note).group(1)) / 100
    assert 0.25 <= least < too_high
    peak = peak_at_the_end(known, models.purchases, (120, 170))
    assert not peak.is_tested
    assert stand.holdout.spend.sum() < said.spend.sum() / (1 + peak.above)
    for cutoffs, missed in (
        ((120, 170), Missed(182, -0.31, 0.02)),
        ((60, 110), Missed(182, -0.31, -0.16)),
        ((), None),
    ):
        assert "They looked into it" not in told(cutoffs, missed)


def test_a_peak_in_summer_is_not_called_christmas(grown, tmp_path):
    calm = until(grown, "2025-08-10")
    rush = calm[calm["InvoiceDate"] >= "2025-06-20"]
    more = rush.assign(InvoiceDate=rush["InvoiceDate"] - pd.Timedelta(days=1))
    note = the(notes(pd.concat([calm, more]), tmp_path), "peak")
    assert note is not None
    assert "Christmas" not in note


def test_growth_is_told_by_the_same_days_of_two_years(grown, tmp_path):
    assert the(notes(grown, tmp_path), "The shop") is None
    fewer = grown[(grown["InvoiceDate"] >= "2025-06-01") | (np.arange(len(grown)) % 3 == 0)]
    assert "The shop grew" in the(notes(fewer, tmp_path), "The shop")
    then = grown[(grown["InvoiceDate"] < "2025-06-01") | (np.arange(len(grown)) % 3 == 0)]
    assert "The shop shrank" in the(notes(then, tmp_path), "The shop")


def test_growth_is_not_guessed_from_one_year(grown, tmp_path):
    short = grown[grown["InvoiceDate"] >= FIRST_DAY + pd.Timedelta(days=720)]
    assert the(notes(short, tmp_path, ()), "The shop") is None


def test_customers_older_than_the_file_are_counted(tmp_path):
    table = lines(customers=3000, days=1095, seed=6, truth={"r": 2.0, "alpha": 50.0, "a": 0.4, "b": 4.0})
    table = table[table["InvoiceDate"] >= FIRST_DAY + pd.Timedelta(days=550)]
    note = the(notes(table, tmp_path), "first appear")
    first = table.groupby("CustomerID")["InvoiceDate"].min()
    start = table["InvoiceDate"].min().normalize()
    early = (first < start + pd.Timedelta(days=30)).sum()
    assert note.startswith(f"{early:,} of {len(first):,} customers first appear in the first 30 days")


def test_a_shop_that_opened_with_the_file_has_no_older_customers(tmp_path):
    assert the(notes(lines(customers=2000, days=400, seed=7), tmp_path, ()), "first appear") is None


@pytest.mark.parametrize("seed", range(4))
def test_purchases_by_chance_have_a_regularity_of_one(tmp_path, seed):
    found = regularity(purchase_days(written(lines(customers=4000, days=500, seed=seed), tmp_path)))
    assert found.low < 1.06
    assert found.high > 0.94
    assert found.customers > 1000


@pytest.mark.parametrize("shape", [0.5, 2.0, 4.0])
def test_the_regularity_of_simulated_gaps_is_found_and_told(tmp_path, shape):
    table = lines(customers=5000, days=500, seed=8, rhythm=shape)
    found = regularity(purchase_days(written(table, tmp_path)))
    assert found.k == pytest.approx(shape, rel=0.2)
    note = the(notes(table, tmp_path), "regularity")
    assert ("on a rhythm" if shape > 1 else "in bursts") in note
    assert f"regularity {found.k:.2f}" in note


def test_chance_is_told_to_nobody_and_few_customers_say_nothing(tmp_path):
    assert the(notes(lines(customers=3000, days=500, seed=9), tmp_path), "regularity") is None
    assert regularity(purchase_days(written(lines(customers=90, days=500), tmp_path))) is None


def test_dates_are_those_of_the_file(tmp_path):
    days = purchase_days(written(lines(customers=50, days=60), tmp_path))
    assert days.date(0) == FIRST_DAY.date()
    assert days.date(days.last_day) - days.date(0) == datetime.timedelta(days=days.last_day)
