"""The charts of the past tests: what was forecast beside what happened, in true numbers."""

import pandas as pd
import pytest

from webapp import comparison, theme
from webapp.charts import best_customers, calibration, order_counts, past_forecasts, tracking


@pytest.fixture
def cutoffs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": ["bg_nbd"] * 2,
            "cutoff": ["2011-06-01", "2011-09-01"],
            "until": ["2011-08-31", "2011-11-30"],
            "customers": [1_000, 1_500],
            "buyers": [400, 500],
            "orders_actual": [1_000.0, 0.0],
            "orders_predicted": [1_310.0, 900.0],
            "orders_same_as_last_period": [800.0, 1_000.0],
            "spend_actual": [200_000.0, 250_000.0],
            "spend_predicted": [176_000.0, 250_000.0],
            "spend_same_as_last_period": [150_000.0, 200_000.0],
            "auc": [0.78, 0.81],
            "top20_capture": [0.66, 0.7],
            "top20_capture_past_spend": [0.65, 0.71],
            "top20_best_possible": [0.8, 0.85],
        }
    )


@pytest.fixture
def groups() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cutoff": ["2011-09-01", "2011-09-01", "2011-06-01"],
            "chance_mean": [0.5, 0.1, 0.3],
            "bought_share": [0.45, 0.12, 0.25],
            "low": [0.4, 0.08, 0.2],
            "high": [0.52, 0.17, 0.31],
            "customers": [200, 300, 1_000],
        }
    )


@pytest.fixture
def weeks() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "week": ["2011-01-03", "2011-01-10", "2011-01-17"],
            "orders_actual": [10.0, 20.0, 30.0],
            "orders_expected": [12.0, 18.0, 25.0],
            "cumulative_actual": [10.0, 30.0, 60.0],
            "cumulative_expected": [12.0, 30.0, 55.0],
            "is_holdout": [False, False, True],
        }
    )


def test_each_past_day_has_what_happened_the_forecast_and_the_plain_rule(cutoffs):
    happened, forecast, rule, words = past_forecasts.figure(cutoffs, "spend").data
    assert list(happened.y) == [200_000, 250_000]
    assert list(forecast.y) == [176_000, 250_000]
    assert list(rule.y) == [150_000, 200_000]
    assert happened.x[0] == "1\u00a0Jun<br>2011"
    assert list(words.text) == ["−12\u00a0%", "±0\u00a0%"]
    assert list(words.y) == [200_000, 250_000]
    assert forecast.customdata[0] == "£176\u00a0k (−12\u00a0%)"
    assert happened.marker.color == theme.HAPPENED
    assert forecast.marker.pattern.shape == "/"


def test_a_forecast_of_what_never_came_has_no_percentage(cutoffs):
    assert list(past_forecasts.figure(cutoffs, "orders").data[3].text) == ["+31\u00a0%", "–"]


def test_the_table_of_past_forecasts_holds_both_measures(cutoffs):
    table = past_forecasts.readable(cutoffs)
    assert table["Orders, forecast"].tolist() == ["1,310", "900"]
    assert table["Spend, off by"].tolist() == ["−12\u00a0%", "±0\u00a0%"]
    assert table["to"].tolist() == ["31\u00a0Aug\u00a02011", "30\u00a0Nov\u00a02011"]


def test_the_best_fifth_is_shown_beside_past_spend_and_the_best_there_could_be(cutoffs):
    drawn = best_customers.figure(cutoffs)
    by_name = {trace.name: list(trace.y) for trace in drawn.data}
    assert by_name[best_customers.MODEL] == [0.66, 0.7]
    assert by_name[best_customers.PAST_SPEND] == [0.65, 0.71]
    assert by_name[best_customers.BEST] == [0.8, 0.85]
    assert drawn.layout.shapes[0].y0 == drawn.layout.shapes[0].y1 == 0.2
    assert best_customers.readable(cutoffs)["Ranked right (AUC)"].tolist() == ["0.78", "0.81"]


def test_groups_lie_at_their_chance_with_intervals_beside_the_diagonal(groups):
    diagonal, earlier, last = calibration.figure(groups).data
    assert list(diagonal.x) == list(diagonal.y)
    assert list(last.x) == [0.1, 0.5]
    assert list(last.y) == [0.12, 0.45]
    assert list(last.error_y.array) == pytest.approx([0.05, 0.07])
    assert list(last.error_y.arrayminus) == pytest.approx([0.04, 0.05])
    assert list(earlier.x) == [0.3]
    assert last.line.color == theme.ACCENT
    assert earlier.line.color == theme.QUIET
    assert calibration.readable(groups)["Customers"].tolist() == ["300", "200", "1,000"]


def test_weeks_that_the_models_had_not_seen_are_shaded(weeks):
    drawn = tracking.figure(weeks, "cumulative")
    happened, forecast = drawn.data
    assert list(happened.y) == [10, 30, 60]
    assert list(forecast.y) == [12, 30, 55]
    assert forecast.line.dash == "dash"
    (shade,) = drawn.layout.shapes
    assert pd.Timestamp(shade.x0) == pd.Timestamp("2011-01-17")
    assert list(tracking.figure(weeks, "orders").data[0].y) == [10, 20, 30]
    assert tracking.readable(weeks)["Seen by the models"].tolist() == ["yes", "yes", "no"]


def test_where_all_weeks_were_seen_nothing_is_shaded(weeks):
    assert not tracking.figure(weeks.assign(is_holdout=False), "orders").layout.shapes


def test_the_last_bar_stands_for_itself_and_all_above():
    counts = pd.DataFrame(
        {
            "repeat_orders": [0, 1, 2],
            "or_more": [False, False, True],
            "customers_actual": [50, 30, 20],
            "customers_expected": [52.4, 28.0, 19.6],
        }
    )
    happened, forecast = order_counts.figure(counts).data
    assert list(happened.x) == ["0", "1", "2+"]
    assert list(forecast.y) == [52.4, 28.0, 19.6]
    assert (happened.name, forecast.name) == (comparison.HAPPENED, comparison.FORECAST)
    assert order_counts.readable(counts)["Model expects"].tolist() == ["52", "28", "20"]
