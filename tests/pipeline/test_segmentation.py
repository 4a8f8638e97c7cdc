"""The stages run in order, once, and everything that comes out can be traced and found again."""

import json

import pandas as pd
import pytest

from pipeline import segmentation
from pipeline.clustering.labels import NOISE
from pipeline.clustering.methods import METHODS
from pipeline.errors import CancelledError, PipelineError, SettingError
from pipeline.features.rfm_scores import cell_names
from pipeline.output import segments_table, write_segments
from pipeline.recipe import RECIPES
from pipeline.segmentation import find, identity, run
from pipeline.simulation import simulate_shop
from pipeline.stages import RESULTS, STAGES
from pipeline.store import Store, file_digest

BALANCED = RECIPES["balanced"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    target = tmp_path_factory.mktemp("shop") / "shop.csv"
    truth = simulate_shop(target, customers=400, seed=3)
    return target, truth


@pytest.fixture(scope="module")
def finished(shop, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("store"))
    yield run(shop[0], BALANCED, store)
    store.close()


def test_a_run_computes_every_stage_once_and_then_finds_it(shop, finished):
    assert finished.computed == STAGES[: STAGES.index(RESULTS) + 1]
    again = run(shop[0], BALANCED, finished.store)
    assert again.computed == ()
    pd.testing.assert_frame_equal(segments_table(again), segments_table(finished))


def test_a_finished_run_is_found_without_computing(shop, finished):
    assert find(file_digest(shop[0]), BALANCED, finished.store) is not None
    assert find("0" * 64, BALANCED, finished.store) is None
    assert find(file_digest(shop[0]), RECIPES["classic"], finished.store) is None
    assert find(file_digest(shop[0]), RECIPES["classic"], finished.store, until="value") is not None


def test_another_way_to_cluster_recomputes_clusters_only(shop, finished):
    assert run(shop[0], RECIPES["classic"], finished.store).computed == ("clusters", "pictures")


def test_the_past_tests_are_made_again_for_another_model_and_not_for_another_discount(shop, finished):
    dearer = BALANCED.with_settings({"value": {"discount_rate": 0.05}})
    assert run(shop[0], dearer, finished.store, until="value").computed == ("value",)
    farther = run(shop[0], BALANCED.with_settings({"value": {"horizon_months": 12}}), finished.store, until="value")
    assert farther.computed == (
        "check",
        "backtest",
        "value",
    )  # the check says whether the file is long enough for tests
    assert farther.facts("value")["total_12m"]["expected"] > farther.facts("value")["total_6m"]["expected"]
    other = BALANCED.with_settings({"value": {"model": "mbg_nbd"}})
    by_hand = run(shop[0], other, finished.store, until="value")
    assert by_hand.computed == ("backtest", "value")
    assert by_hand.models()["model"] == by_hand.backtest()["chosen_model"] == "mbg_nbd"


def test_the_forecast_of_a_simulated_shop_is_tested_and_its_total_holds_what_came(shop, finished):
    found, total = finished.backtest(), finished.facts("value")["total_6m"]
    assert found["n_cutoffs"] == 4
    assert len(finished.table("backtest", "cutoffs")) == 8
    assert total["low"] < total["expected"] < total["high"]
    assert total["low"] < float(shop[1]["next_6m"]["revenue"]) < total["high"]


def test_another_k_recomputes_nothing(shop, finished):
    six = BALANCED.with_settings({"clusters": {"n_clusters": 6}})
    again = run(shop[0], six, finished.store)
    assert again.computed == ()
    assert set(segments_table(again)["Cluster_KMeans"]) == set(range(6))


def test_a_changed_source_of_the_library_makes_old_results_unfindable(shop, finished, monkeypatch):
    monkeypatch.setattr(segmentation, "code_digest", lambda: "another")
    assert find(file_digest(shop[0]), BALANCED, finished.store) is None


def test_the_public_table_has_its_names_and_one_row_per_customer(finished):
    table = segments_table(finished)
    categories = [f"CatShare_{name}" for name in ("Bags", "Kitchen", "HomeDecor", "Toys", "Other")]
    described = ["CustomerID", "Recency", "Frequency", "Monetary", *categories, "PrimaryCountry", "IsUK"]
    chances = ["ChanceToBuy_30d", "ChanceToBuy_90d", "ChanceToBuy_182d"]
    spend, dates = ["Spend_6m_Low", "Spend_6m_High"], ["NextOrder_25", "NextOrder_50", "NextOrder_75"]
    foretold = ["CLV_6m", "ExpectedOrders_6m", *chances, *spend, *dates, "Overdue", "P_Alive", "Tenure"]
    scores = ["R_Score", "F_Score", "M_Score"]
    methods = ("KMeans", "Hierarchical", "GMM", "HDBSCAN")
    clusters = [f"{kind}_{method}" for method in methods for kind in ("Cluster", "Segment")]
    assert list(table.columns) == [*described, *foretold, *scores, *clusters, "Segment_RFM"]
    cells = cell_names(table["R_Score"].to_numpy(), table["F_Score"].to_numpy())
    assert table["Segment_RFM"].tolist() == cells
    for method in methods:
        pairs = table.groupby(f"Cluster_{method}")[f"Segment_{method}"].nunique()
        assert (pairs == 1).all()
    assert table["CustomerID"].is_unique
    assert table.notna().all(axis=None)
    assert (table["CLV_6m"] >= 0).all()


def test_the_table_agrees_with_the_simulated_truth(shop, finished):
    truth = shop[1]["cleaned"]
    table = segments_table(finished)
    assert len(table) == truth["customers"]
    assert table["Frequency"].sum() == truth["invoices"]
    assert table["Monetary"].sum() == pytest.approx(float(truth["revenue"]), abs=0.005)


def test_labels_go_from_the_highest_mean_spend_to_the_lowest(finished):
    for name, method in METHODS.items():
        for k in (2, 5, 8):
            labels = finished.labels(name, k)
            means = finished.customers()["Monetary"].groupby(labels.to_numpy()).mean().drop(NOISE, errors="ignore")
            assert list(means.index) == list(range(k if method.TAKES_K else len(means)))
            assert means.is_monotonic_decreasing


def test_labels_that_were_not_computed_are_refused(finished):
    with pytest.raises(SettingError, match="k is 2 to 8"):
        finished.labels("kmeans", 9)
    with pytest.raises(SettingError, match="'kmedians'"):
        finished.labels("kmedians", 3)


def test_progress_only_grows_and_ends_at_one(shop, tmp_path):
    told = []
    store = Store(tmp_path)
    run(shop[0], BALANCED, store, progress=lambda *news: told.append(news))
    store.close()
    shares = [share for _, share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == list(STAGES[: STAGES.index(RESULTS) + 1])


def test_a_cancelled_run_leaves_no_half_stage_and_can_go_on(shop, tmp_path):
    store = Store(tmp_path)

    def stop_in_features(stage, share, sentence):
        if stage == "features":
            raise CancelledError

    with pytest.raises(CancelledError):
        run(shop[0], BALANCED, store, progress=stop_in_features)
    assert find(file_digest(shop[0]), BALANCED, store, until="cleaning") is not None
    assert find(file_digest(shop[0]), BALANCED, store, until="features") is None
    after = ("features", "history", "backtest", "value", "clusters", "pictures")
    assert run(shop[0], BALANCED, store).computed == after
    store.close()


def test_a_stage_that_was_not_run_is_said_to_be_missing(shop, finished):
    cleaned = run(shop[0], BALANCED, finished.store, until="cleaning")
    assert len(cleaned.preview(7)) == 7
    with pytest.raises(PipelineError, match="clusters has not been run; the run ended at cleaning"):
        cleaned.labels("kmeans", 3)


def test_a_missing_file_is_said_in_one_sentence(tmp_path, finished):
    with pytest.raises(PipelineError, match=r"There is no file .*gone.csv"):
        run(tmp_path / "gone.csv", BALANCED, finished.store)


def test_several_files_are_one_run_in_whatever_order_they_are_given(shop, finished, tmp_path):
    lines = shop[0].read_text(encoding="utf-8").splitlines(keepends=True)
    halves = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for half, body in zip(halves, (lines[1 : len(lines) // 2], lines[len(lines) // 2 :]), strict=True):
        half.write_text(lines[0] + "".join(body), encoding="utf-8")
    whole = run(halves, BALANCED, finished.store, until="features")
    assert run(halves[::-1], BALANCED, finished.store, until="features").computed == ()
    assert find(identity([file_digest(half) for half in halves[::-1]]), BALANCED, finished.store, "features")
    pd.testing.assert_frame_equal(whole.table("features", "customers"), finished.table("features", "customers"))


def test_one_file_goes_by_its_own_digest():
    assert identity(["ab12"]) == "ab12"
    assert identity(["ab12", "cd34"]) != identity(["ab12"])


def test_the_same_file_given_twice_is_refused(shop, finished, tmp_path):
    (tmp_path / "copy.csv").write_bytes(shop[0].read_bytes())
    with pytest.raises(PipelineError, match=r"copy\.csv and shop\.csv are the same, byte for byte; give one of them"):
        run([shop[0], tmp_path / "copy.csv"], BALANCED, finished.store)


def test_the_manifest_says_how_the_table_came_about(shop, finished, tmp_path):
    written = write_segments(finished, shop[0], tmp_path / "out" / "rfm_segments.csv")
    assert written == tmp_path / "out" / "rfm_segments.manifest.json"
    manifest = json.loads(written.read_text())
    assert manifest["input"]["files"] == [
        {"file": "shop.csv", "sha256": file_digest(shop[0]), "bytes": shop[0].stat().st_size}
    ]
    assert manifest["input"]["parts"][0]["interpretation"]["columns"]["CustomerID"] == "CustomerID"
    assert set(manifest["clv"]["bg_nbd"]) == {"r", "alpha", "a", "b"}
    assert set(manifest["clv"]["gamma_gamma"]) == {"p", "q", "v"}
    assert manifest["backtest"] == finished.backtest()
    assert manifest["backtest"]["chosen_model"] == manifest["clv"]["model"]
    assert {(row["method"], row["k"]) for row in manifest["clustering"]["evaluation"]} == {
        (name, k) for name, method in METHODS.items() for k in (range(2, 9) if method.TAKES_K else [None])
    }
    assert [stage["stage"] for stage in manifest["stages"]] == list(STAGES[: STAGES.index(RESULTS) + 1])
    assert all(stage["seconds"] >= 0 and stage["peak_memory_mb"] > 0 for stage in manifest["stages"])
    assert manifest["recipe"] == BALANCED.to_json()
    assert manifest["output"]["sha256"] == file_digest(tmp_path / "out" / "rfm_segments.csv")
    assert "lifetimes" in manifest["versions"]


def test_the_written_table_reads_back_as_it_was(shop, finished, tmp_path):
    write_segments(finished, shop[0], tmp_path / "rfm_segments.csv")
    as_text = dict.fromkeys(("CustomerID", "NextOrder_25", "NextOrder_50", "NextOrder_75"), str)
    read = pd.read_csv(tmp_path / "rfm_segments.csv", dtype=as_text, keep_default_na=False)
    pd.testing.assert_frame_equal(read, segments_table(finished), check_dtype=False, rtol=1e-15)


def test_a_write_that_fails_leaves_neither_table_nor_manifest(shop, finished, tmp_path, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr("pipeline.output.manifest", broken)
    with pytest.raises(OSError, match="disk full"):
        write_segments(finished, shop[0], tmp_path / "rfm_segments.csv")
    assert list(tmp_path.iterdir()) == []
