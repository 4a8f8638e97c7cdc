"""The model card tells what a run did, in numbers that are those of the run."""

import pytest

from webapp import formats, model_card
from webapp.finished import finished


def test_the_sentences_hold_the_runs_own_numbers(shop):
    results = finished(shop.view())
    data, value, segments = model_card.sentences(results, results.settled(shop.view(k=3)))
    cleaned = shop.segmentation.facts("cleaning")
    assert formats.count(cleaned["rows"]) in data
    assert formats.money(cleaned["money"]) in data
    assert formats.money(results.customers["CLV_6m"].sum()) in value
    assert segments.startswith("K-means with 3 segments")


def test_parameters_are_those_of_the_models_and_nothing_else():
    models = {
        "bg_nbd": {"r": 0.8, "alpha": 68.123456},
        "bg_nbd_standard_errors": {"r": 0.0312, "alpha": 4.1},
        "gamma_gamma": {"p": 2.1, "note": "text"},
        "log_likelihood": -3.0,
    }
    table = model_card.parameters(models)
    assert table["Parameter"].tolist() == ["r", "alpha", "p"]
    assert table["Value"].tolist() == ["0.8000", "68.1235", "2.1000"]
    assert table["Standard error"].tolist() == ["0.0312", "4.1000", "–"]


def test_every_fitted_parameter_of_a_run_is_shown(shop):
    table = model_card.parameters(shop.segmentation.models())
    assert table["Parameter"].tolist() == ["r", "alpha", "a", "b", "p", "q", "v"]


def test_categories_come_by_share_and_other_last():
    table = model_card.coverage({"coverage": {"Other": 0.6, "Bags": 0.1, "HomeDecor": 0.3}})
    assert table["Category"].tolist() == ["Home decor", "Bags", "Other, no keyword matches"]


def test_the_coverage_of_a_run_adds_up(shop):
    facts = shop.segmentation.coverage()
    assert model_card.coverage(facts)["Share"].sum() == pytest.approx(1)
    assert len(model_card.unmatched(facts, most=3)) <= 3
