"""On Online Retail both engines agree, and the window's one blind spot is named."""

import datetime

import numpy as np
import pytest

from pipeline import engine
from pipeline.clv.lifetime_value import LifetimeValue, value

LAST_DAY = datetime.date(2011, 12, 9)


def silent(share, sentence):
    assert sentence


def test_both_engines_value_the_real_customers_alike(real_tables, tmp_path):
    tables, facts = {}, {}
    for name in ("fast", "lifetimes"):
        target = tmp_path / f"{name}.parquet"
        facts[name] = value(real_tables.history, LAST_DAY, LifetimeValue(engine=name), "bg_nbd", target, silent)
        tables[name] = engine.read_parquet(target)
    ours, theirs = tables["fast"], tables["lifetimes"]
    assert len(ours) == 4338
    assert np.allclose(ours["CLV_6m"], theirs["CLV_6m"], rtol=1e-5)
    assert np.isfinite(ours["CLV_6m"]).all()
    assert (ours["CLV_6m"] >= 0).all()
    for model in ("bg_nbd", "gamma_gamma"):
        assert facts["fast"][model] == pytest.approx(facts["lifetimes"][model], rel=1e-4)
    assert facts["fast"]["bg_nbd_log_likelihood"] >= facts["lifetimes"]["bg_nbd_log_likelihood"] - 1e-6
    assert facts["fast"]["bg_nbd"]["a"] == pytest.approx(0.0034, abs=0.0002)
    assert any("No churn is visible in this window" in sentence for sentence in facts["fast"]["warnings"])


def test_a_cancelled_order_of_80995_pieces_is_no_promise_of_more(real_tables, tmp_path):
    """Customer 16446 cancelled it after 12 minutes; taken as a purchase it makes a lifetime value of 90,386."""
    values = {}
    for name, history in (("kept", real_tables.history), ("netted", real_tables.netted_history)):
        value(history, LAST_DAY, LifetimeValue(), "bg_nbd", tmp_path / name, silent)
        table = engine.read_parquet(tmp_path / name).set_index("CustomerID")
        values[name] = table.loc["16446", "CLV_6m"]
    assert values["kept"] > 50_000
    assert 100 < values["netted"] < 500
