"""One measured run inside a process that has loaded everything: imports and first calls are left out of its seconds.

    python -m benchmarks.child reference|duckdb|spark INPUT WARM_UP_INPUT RESULTS_FOLDER

A small file goes through the same code first; then INPUT, under the stop watch, with an empty store. Afterwards what
was found is written for the comparison.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import engine
from pipeline.clv.histories import COLUMNS as HISTORY_COLUMNS
from pipeline.measurement import Measurement

Measures = dict[str, dict[str, float]]
MONTH_DAYS = 365.25 / 12
MONTHS = 6


def reference(source: Path, results: Path | None) -> Measures:
    """The plain script's stages, measured; its findings are written to `results` unless that is None."""
    from benchmarks import reference as script

    measures: Measures = {}

    @contextmanager
    def watched(name: str) -> Iterator[None]:
        with Measurement() as measurement:
            yield
        measures[name] = measurement.to_json()

    with _Whole(measures):
        found = script.segment(source, watched)
    if results is not None:
        customers = found.customers.assign(**_same_months(found.customers, found.facts)).sort_index()
        _write(results, customers.reset_index(), found.labels.sort_index().reset_index(), found.evaluation, found.facts)
    return measures


def _same_months(customers: pd.DataFrame, facts: dict[str, dict[str, float]]) -> dict[str, pd.Series[float]]:
    """Expected orders and CLV by lifetimes' formulas, in the pipeline's months: 30.4375 days instead of 30."""
    from benchmarks.reference import BetaGeoFitter, GammaGammaFitter

    purchases, spend = BetaGeoFitter(), GammaGammaFitter()
    purchases.params_, spend.params_ = pd.Series(facts["bg_nbd"]), pd.Series(facts["gamma_gamma"])
    history = customers["frequency"], customers["recency"], customers["T"]
    until = [
        purchases.conditional_expected_number_of_purchases_up_to_time(month * MONTH_DAYS, *history)
        for month in range(1, MONTHS + 1)
    ]
    orders = [until[0], *(later - earlier for earlier, later in itertools.pairwise(until))]
    per_order = spend.conditional_expected_average_profit(customers["frequency"], customers["monetary_value"])
    discounted = sum(each / 1.01**month for month, each in enumerate(orders, start=1))
    return {"ExpectedOrders_6m": until[-1], "CLV_6m": per_order * discounted}


def ours(source: Path, results: Path | None) -> Measures:
    """The pipeline's stages under the recipe `classic` and BG/NBD with an empty store, measured."""
    from pipeline.output import segments_table
    from pipeline.recipe import RECIPES
    from pipeline.segmentation import run
    from pipeline.store import Store

    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        measures: Measures = {}
        with _Whole(measures):
            segmentation = run(source, RECIPES["classic"].with_settings({"value": {"model": "bg_nbd"}}), store)
            segments_table(segmentation)
            measures |= {stage: segmentation.facts(stage)["measured"] for stage in segmentation.computed}
        if results is not None:
            history = segmentation.table("value", "value")[["CustomerID", *HISTORY_COLUMNS]]
            last = segmentation.ledger()[-1]
            facts = {
                "lines": last["rows_after"],
                "customers": last["customers_after"],
                "invoices": last["invoices_after"],
                "revenue": last["money_after"],
                **{name: segmentation.models()[name] for name in ("bg_nbd", "gamma_gamma")},
            }
            customers = segmentation.customers().merge(history, on="CustomerID")
            _write(results, customers, segmentation.label_table(), segmentation.evaluation(), facts)
        store.close()
    return measures


class _Whole:
    """Adds to the stages' measures those of all of them, what lies between included."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self.measurement = Measurement(started_too=engine.chosen() == engine.SPARK)

    def __enter__(self) -> None:
        self.measurement.__enter__()

    def __exit__(self, *raised: Any) -> None:
        self.measurement.__exit__(*raised)
        self.measures["all"] = self.measurement.to_json()


def _write(
    results: Path, customers: pd.DataFrame, labels: pd.DataFrame, evaluation: pd.DataFrame, facts: dict[str, object]
) -> None:
    customers.to_csv(results / "customers.csv", index=False)
    labels.to_csv(results / "labels.csv", index=False)
    evaluation.to_csv(results / "evaluation.csv", index=False)
    (results / "facts.json").write_text(json.dumps(facts))


RUNNERS: dict[str, Callable[[Path, Path | None], Measures]] = {"reference": reference, "duckdb": ours, "spark": ours}


def main(who: str, source: str, warm_up: str, results: str) -> None:
    if who in engine.ENGINES:
        os.environ[engine.ENGINE] = who
    RUNNERS[who](Path(warm_up), None)
    measures = RUNNERS[who](Path(source), Path(results))
    (Path(results) / "measures.json").write_text(json.dumps(measures))


if __name__ == "__main__":
    main(*sys.argv[1:])
