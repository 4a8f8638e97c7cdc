"""The parts of a past test: which days, what was known, how it is scored, in which words it is told."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import brier_score_loss, roc_auc_score

from pipeline import engine
from pipeline.clv import backtest_grades as grades
from pipeline.clv import backtest_scores as scores
from pipeline.clv.backtest_cutoffs import LEAST_KNOWN_DAYS, LEAST_STEP_DAYS, cutoffs, least_last_day
from pipeline.clv.backtest_histories import happened, histories_until, purchase_days, seen
from pipeline.clv.backtest_sentences import in_words, past_tests, span, summary
from pipeline.clv.backtest_trials import Score, settled, standpoint
from pipeline.clv.forecast import fitted
from pipeline.clv.histories import histories_of
from pipeline.clv.purchase_history import purchase_history
from tests.pipeline.clv.worlds import FIRST_DAY, lines, written

HALF_A_YEAR = 182.625


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    table = lines(customers=800, days=400, seed=1)
    path = written(table, tmp_path_factory.mktemp("shop"))
    return table, path, purchase_days(path)


# Which days


def test_a_year_of_data_allows_four_tests_of_the_whole_horizon():
    days, holdout = cutoffs(373, HALF_A_YEAR, 4)
    assert holdout == 182
    assert days == (95, 127, 159, 191)


def test_two_years_spread_the_tests_over_the_seasons():
    days, holdout = cutoffs(730, HALF_A_YEAR, 4)
    assert (holdout, len(days)) == (182, 4)
    assert min(np.diff(days)) > 90


def test_a_short_file_shortens_the_holdout_before_it_gives_up_tests():
    assert cutoffs(240, HALF_A_YEAR, 4).holdout_days == 94
    assert len(cutoffs(240, HALF_A_YEAR, 4).days) == 3
    assert len(cutoffs(150, HALF_A_YEAR, 4).days) == 2
    assert cutoffs(least_last_day(HALF_A_YEAR) - 1, HALF_A_YEAR, 4).days == ()
    assert len(cutoffs(least_last_day(HALF_A_YEAR), HALF_A_YEAR, 4).days) == 1


@settings(deadline=None, max_examples=300)
@given(last_day=st.integers(0, 4000), months=st.integers(1, 24), wanted=st.integers(3, 5))
def test_every_cut_off_knows_enough_looks_ahead_within_the_file_and_differs_from_the_next(last_day, months, wanted):
    horizon = months * 365.25 / 12
    days, holdout = cutoffs(last_day, horizon, wanted)
    assert bool(days) == (last_day >= least_last_day(horizon))
    assert holdout <= horizon
    for day in days:
        assert day >= max(LEAST_KNOWN_DAYS, last_day // 4)
        assert day + holdout <= last_day
    if days:
        assert days[-1] + holdout == last_day
        assert len(days) <= wanted
        assert all(np.diff(days) >= LEAST_STEP_DAYS)


@settings(deadline=None)
@given(last_week=st.integers(0, 400), months=st.integers(1, 24), wanted=st.integers(3, 5))
def test_counted_by_the_week_everything_is_whole_weeks(last_week, months, wanted):
    days, holdout = cutoffs(7 * last_week, months * 365.25 / 12, wanted, unit=7)
    assert holdout % 7 == 0
    assert all(day % 7 == 0 for day in days)
    if days:
        assert days[-1] + holdout == 7 * last_week


# What was known, and what came


@pytest.mark.parametrize("time_unit", ["day", "week"])
@pytest.mark.parametrize("spend_from", ["repeat", "all"])
def test_histories_of_the_last_day_are_those_of_the_purchase_history(shop, time_unit, spend_from, tmp_path):
    _, path, _ = shop
    purchase_history(path, time_unit, tmp_path / "history")
    days = purchase_days(path, time_unit)
    table = engine.read_parquet(tmp_path / "history")
    ours, theirs = histories_until(days, days.last_day, spend_from), histories_of(table, spend_from)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("cutoff", [120, 217, 399])
def test_histories_of_a_past_day_are_those_of_the_lines_until_then(shop, cutoff, tmp_path):
    table, _, days = shop
    end = FIRST_DAY + pd.Timedelta(days=cutoff + 1)
    known = table[table["InvoiceDate"] < end]
    daily = known.groupby(["CustomerID", known["InvoiceDate"].dt.floor("D")])["TotalPrice"].sum().reset_index()
    rows = []
    for _, person in daily.groupby("CustomerID"):
        first, last = person["InvoiceDate"].min(), person["InvoiceDate"].max()
        rows.append(
            (
                len(person) - 1,
                (last - first).days,
                (end - first).days - 1,
                person["TotalPrice"].iloc[1:].mean() if len(person) > 1 else 0.0,
            )
        )
    expected = np.array(rows).T
    np.testing.assert_allclose(np.array(histories_until(days, cutoff))[:4], expected, rtol=1e-12, atol=1e-9)
    assert seen(days, cutoff).sum() == known["CustomerID"].nunique()


def test_the_holdout_begins_on_the_day_after_and_sums_all_orders_of_a_day(tmp_path):
    on_the_day, after = FIRST_DAY + pd.Timedelta(days=10, hours=23), FIRST_DAY + pd.Timedelta(days=11)
    table = pd.DataFrame(
        {
            "CustomerID": ["a", "a", "a", "a", "b"],
            "InvoiceDate": [FIRST_DAY, on_the_day, after, after + pd.Timedelta(hours=2), after],
            "TotalPrice": [5.0, 7.0, 400.0, 76.0, 9.0],
        }
    )
    days = purchase_days(written(table, tmp_path))
    who = seen(days, 10)
    assert who.tolist() == [True, False]
    came = happened(days, 10, 20, who)
    assert came.orders.tolist() == [1.0]
    assert came.spend.tolist() == [476.0]
    assert histories_until(days, 10).x.tolist() == [1.0]


CUTOFF, UNTIL = 217, 380


def split_by_lifetimes(table):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.utils import calibration_and_holdout_data

        known_until, until = (f"{FIRST_DAY + pd.Timedelta(days=day):%Y-%m-%d}" for day in (CUTOFF, UNTIL))
        money = "TotalPrice"
        return calibration_and_holdout_data(
            table, "CustomerID", "InvoiceDate", known_until, until, monetary_value_col=money
        ).sort_index()


def test_of_whole_dates_lifetimes_knows_the_same_and_averages_the_money_that_came_over_lines(shop):
    table, _, days = shop
    split = split_by_lifetimes(table.assign(InvoiceDate=table["InvoiceDate"].dt.floor("D")))
    known, came = histories_until(days, CUTOFF), happened(days, CUTOFF, UNTIL, seen(days, CUTOFF))
    for name, ours in zip(("frequency", "recency", "T", "monetary_value"), known, strict=False):
        np.testing.assert_allclose(split[f"{name}_cal"], ours, rtol=1e-9, atol=1e-9)
    assert split["frequency_holdout"].tolist() == came.orders.tolist()
    theirs = (split["monetary_value_holdout"] * split["frequency_holdout"]).sum()
    assert theirs < 0.8 * came.spend.sum()


def test_of_times_lifetimes_moves_orders_of_the_last_known_day_into_what_came(shop):
    table, _, days = shop
    split = split_by_lifetimes(table)
    who = seen(days, CUTOFF)
    ids = np.sort(table["CustomerID"].unique())[who]
    assert happened(days, CUTOFF - 1, CUTOFF, who).orders.sum() > 0
    theirs = split["frequency_holdout"].reindex(ids)
    a_day_early = happened(days, CUTOFF - 1, UNTIL - 1, who).orders
    known_to_both = theirs.notna().to_numpy()
    assert theirs[known_to_both].tolist() == a_day_early[known_to_both].tolist()


def test_the_last_period_is_scaled_up_where_the_file_is_younger_than_the_holdout(shop):
    _, _, days = shop
    young, grown = standpoint(days, 99, 150), standpoint(days, 199, 150)
    everything = happened(days, -1, 99, seen(days, 99))
    np.testing.assert_allclose(young.last_period.spend, 1.5 * everything.spend)
    np.testing.assert_allclose(grown.last_period.orders, happened(days, 49, 199, seen(days, 199)).orders)


def test_a_fit_a_hair_from_its_best_counts_and_one_farther_off_does_not(purchase_history):
    models = fitted(histories_of(purchase_history()), "fast", "bg_nbd")

    def left(slope):
        return models._replace(purchases_fit=models.purchases_fit._replace(gradient=slope, converged=False))

    assert settled(models, 2500)
    assert settled(left(1.2e-6), 2500)
    assert not settled(left(1e-4), 2500)
    assert not settled(left(1.2e-6), 1_000_000)


# How it is scored


def test_auc_and_brier_are_those_of_scikit_learn_also_with_equal_scores():
    random = np.random.default_rng(0)
    bought = random.random(500) < 0.4
    for score in (random.random(500), random.integers(0, 5, 500) / 10.0):
        assert scores.auc(score, bought) == pytest.approx(roc_auc_score(bought, score), abs=1e-12)
        assert scores.brier(score, bought) == pytest.approx(brier_score_loss(bought, score), abs=1e-12)


def test_capture_is_the_revenue_of_the_top_and_does_not_depend_on_the_order_of_equals():
    spend = np.array([50.0, 30.0, 10.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert scores.capture(spend, spend) == pytest.approx(0.8)
    assert scores.capture(-spend, spend) == 0.0
    equal = np.zeros(10)
    assert scores.capture(equal, spend) == pytest.approx(0.2)
    mixed = np.random.default_rng(1).permutation(10)
    score = np.array([1.0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    assert (
        scores.capture(score[mixed], spend[mixed])
        == pytest.approx(scores.capture(score, spend))
        == pytest.approx(0.475)
    )


def test_calibration_puts_everybody_in_one_tenth_and_keeps_equal_chances_together():
    random = np.random.default_rng(2)
    chance = np.concatenate([np.full(300, 0.1), random.random(700)])
    bought = random.random(1000) < chance
    rows = scores.calibration(chance, bought)
    assert sum(row["customers"] for row in rows) == 1000
    assert max(row["customers"] for row in rows) >= 300
    assert [row["chance_mean"] for row in rows] == sorted(row["chance_mean"] for row in rows)
    assert all(row["low"] <= row["bought_share"] <= row["high"] for row in rows)


@pytest.mark.parametrize(("hits", "trials"), [(0, 12), (7, 30), (30, 30), (400, 900)])
def test_the_interval_of_a_share_is_wilsons(hits, trials):
    theirs = binomtest(hits, trials).proportion_ci(0.95, method="wilson")
    assert scores.wilson_interval(hits, trials) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


# What it comes to


def scored(model="bg_nbd", cutoff="2024-01-01", auc=0.75, said=100.0, brier=0.2):
    rest = dict.fromkeys(Score._fields, 1.0)
    return Score(
        **rest | {"model": model, "cutoff": cutoff, "auc": auc, "spend_predicted": said, "brier": brier}
    )._replace(spend_actual=100.0, orders_predicted=said, orders_actual=100.0, holdout_days=182, converged=True)


@pytest.mark.parametrize(
    ("aucs", "grade"), [((0.70, 0.70, 0.71), "good"), ((0.9, 0.6, 0.59), "fair"), ((0.6, 0.59, 0.6), "poor")]
)
def test_who_is_graded_by_the_mean_auc(aucs, grade):
    assert grades.grades([scored(auc=auc) for auc in aucs])["who"]["grade"] == grade


@pytest.mark.parametrize(
    ("said", "grade"),
    [((100, 124, 81), "good"), ((100, 126, 100), "fair"), ((100, 79, 100), "fair"), ((100, 100, 165), "poor")],
)
def test_how_much_is_graded_by_the_worst_total_whichever_way(said, grade):
    assert grades.grades([scored(said=each) for each in said])["how_much"]["grade"] == grade


def test_two_tests_are_no_ground_for_a_good_grade():
    assert grades.grades([scored(), scored()])["who"]["grade"] == "fair"
    assert grades.grades([scored(auc=0.5), scored(auc=0.5)])["who"]["grade"] == "poor"


def test_the_range_holds_the_expected_total_and_widens_with_every_miss():
    exact, near, far = (grades.range_factors([scored(said=said)] * 4) for said in (100.0, 110.0, 150.0))
    assert exact == (1.0, 1.0)
    assert far[0] < near[0] < 1 < near[1] < far[1]
    one, four = grades.range_factors([scored(said=110.0)]), grades.range_factors([scored(said=110.0)] * 4)
    assert one[1] > four[1]


def test_eight_of_ten_totals_fall_into_the_range():
    random = np.random.default_rng(3)
    held = []
    for _ in range(4000):
        *past, now = np.exp(random.normal(0, 0.3, 5))
        low, high = grades.range_factors([scored(said=100 / ratio) for ratio in past])
        held.append(low <= now <= high)
    assert np.mean(held) == pytest.approx(0.8, abs=0.02)


def test_a_total_without_tests_has_no_ends():
    assert grades.total_range(5.0, grades.untested("No.")) == {"low": None, "expected": 5.0, "high": None}
    tested = {"factor_low": 0.5, "factor_high": 2.0}
    assert grades.total_range(5.0, tested) == {"low": 2.5, "expected": 5.0, "high": 10.0}


def test_the_model_nearer_to_what_happened_is_chosen_and_alike_ones_change_nothing():
    same_days = [scored("bg_nbd", brier=0.21), scored("mbg_nbd", brier=0.19)]
    chosen, because = grades.better_model(same_days)
    assert chosen == "mbg_nbd"
    assert "0.1900 against 0.2100" in because
    alike = [scored("bg_nbd", brier=0.20001), scored("mbg_nbd", brier=0.2)]
    assert grades.better_model(alike)[0] == "bg_nbd"


def test_models_are_compared_on_shared_days_only():
    only_one_day = [scored("bg_nbd", "2024-01-01", brier=0.2), scored("mbg_nbd", "2024-02-01", brier=0.1)]
    assert grades.better_model(only_one_day)[0] == "bg_nbd"
    assert grades.better_model([scored("mbg_nbd")])[0] == "mbg_nbd"
    assert "no past test" in grades.better_model([])[1]


# In which words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.12, 0.31, "12 % too low to 31 % too high"),
        (-0.31, -0.16, "16 to 31 % too low"),
        (0.04, 0.75, "4 to 75 % too high"),
        (-0.12, -0.12, "12 % too low"),
        (0.001, -0.002, "right"),
        (-0.2, 0.001, "0 to 20 % too low"),
        (0.0, 12.345, "0 to 1,234 % too high"),
    ],
)
def test_a_range_of_errors_in_words(low, high, words):
    assert in_words(low, high) == words


def test_the_summary_reads_as_promised():
    told = summary([scored(said=88.0), scored(said=131.0), scored(), scored()], "good")
    assert told == "In 4 past tests the ranking held; totals came out 12 % too low to 31 % too high."
    assert summary([scored()], "poor") == "In 1 past test the ranking did not hold; totals came out right."
    assert span([65.6, 77.0]) == "66 to 77"
    assert span([65.6, 66.4]) == "66"
    assert past_tests(1) == "1 past test"
