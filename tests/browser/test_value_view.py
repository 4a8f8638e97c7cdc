"""The value view of the Model page in a real browser: the verdict, one customer, and the model card as a file."""

import json
import re

import pytest
from playwright.sync_api import expect

from pipeline.simulation import simulate_shop
from tests.browser.test_data_page import bring
from tests.browser.test_journey import pick

pytestmark = pytest.mark.browser


def test_from_the_segments_to_the_verdict_a_customer_and_the_card(studio, page, tmp_path):
    simulate_shop(tmp_path / "orders 2011.csv", customers=500, seed=8)
    page.goto(studio.url)
    bring(page, tmp_path / "orders 2011.csv")
    page.get_by_role("link", name="Build segments").click()
    expect(page.locator(".segment-card").first).to_be_visible()
    pick(page, "View", "Value")
    verdict = page.locator("#value-verdict")
    expect(verdict).to_contain_text(re.compile(r"In \d past tests? the ranking .*; totals came out "))
    expect(page.locator(".verdict")).to_have_count(3)
    expect(page.locator(".segment-card").first).not_to_be_visible()
    expect(page).to_have_url(re.compile("view=value"))
    page.wait_for_function("document.querySelector('#value-map .js-plotly-plot')?._fullData?.length > 2")
    assert page.locator("#value-past-orders").count() == 0
    page.get_by_text("How the forecast did in the past").click()
    page.locator("#value-past-orders").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#value-past-orders .js-plotly-plot')?._fullData?.length > 2")

    number = page.get_by_label("Customer number")
    page.locator(".later-customer").scroll_into_view_if_needed()
    shown = number.input_value()
    page.get_by_role("button", name="Likeliest to order in 30 days").click()
    expect(number).not_to_have_value(shown)
    other = number.input_value()
    expect(page).to_have_url(re.compile(f"customer={other}"))
    expect(page.locator("#value-customer-figures")).to_contain_text("Why this number")
    number.fill("nobody of that name")
    expect(page.locator("#value-customer-problem")).to_contain_text("There is no customer nobody of that name")

    said = verdict.inner_text()
    pick(page, "View", "About this model")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert download.value.suggested_filename == "orders_2011-model-card.json"
    download.value.save_as(tmp_path / "card.json")
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert card["backtest"]["sentences"][0] in said

    pick(page, "View", "Value")
    expect(number).to_have_value("nobody of that name")
    page.reload()
    expect(verdict).to_be_visible()
    page.locator(".later-customer").scroll_into_view_if_needed()
    expect(number).to_have_value(other)
    pick(page, "View", "Segments")
    expect(page.locator(".segment-card").first).to_be_visible()
    expect(verdict).not_to_be_visible()
    expect(page).not_to_have_url(re.compile("view="))
