"""Preparations are compared in a real browser, and the one that is chosen becomes the recipe of the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_journey import explored_address, pick, shop_file  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


def test_preparations_are_compared_and_one_is_taken_over(page, explored_address):  # noqa: F811
    page.goto(explored_address.replace("/explore", "/model"))
    expect(page.locator(".segment-card").first).to_be_visible()
    pick(page, "View", "Preparation")
    page.get_by_role("button", name="Compare", exact=True).click()
    cards = page.locator(".preparation")
    expect(cards).to_have_count(7, timeout=240_000)
    expect(cards.first).to_contain_text("In use")
    expect(cards.first).to_contain_text("Balanced")
    pick(page, "Segments", "3")
    expect(page.locator("#prepare-rows .told").first).to_contain_text("With 3 segments")
    page.get_by_role("button", name="Use the preparation Logarithm").click()
    expect(page).to_have_url(re.compile(r"recipe=[0-9a-f]+"))
    expect(cards.first).to_contain_text("Logarithm", timeout=120_000)
    expect(cards.first).to_contain_text("In use")
    expect(cards).to_have_count(7)
    page.reload()
    expect(cards.first).to_contain_text("Logarithm")
    pick(page, "View", "Compare")
    page.get_by_label("Of the recipe").select_option("Balanced")
    expect(page.locator("#compare-list")).to_have_attribute("href", re.compile("against=[0-9a-f]+"))
    expect(page.locator("#compare-told")).to_contain_text("change company")
