"""Whether segments can be trusted, in a real browser: the test fills in, and the suggestion is taken by a button."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_journey import explored_address, pick, shop_file  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


def test_the_test_of_stability_fills_in_and_the_suggested_number_is_one_click_away(page, explored_address):  # noqa: F811
    page.goto(explored_address.replace("/explore", "/model"))
    expect(page.locator(".segment-card").first).to_be_visible()
    pick(page, "View", "Can I trust them?")
    expect(page.locator("#trust-health tbody tr").first).to_be_visible()
    expect(page.locator("#trust-test")).to_contain_text("Tested on 20 draws", timeout=90_000)
    expect(page.locator("#trust-health")).not_to_contain_text("Not tested yet")
    use = page.locator("#trust-use")
    wanted = re.search(r"\d+", use.inner_text()).group()
    pick(page, "Segments", "8" if wanted != "8" else "2")
    expect(page.locator("#trust-health tbody tr")).not_to_have_count(int(wanted))
    use.click()
    expect(page.locator("#trust-health tbody tr")).to_have_count(int(wanted))
    expect(page).to_have_url(re.compile(f"k={wanted}"))
    pick(page, "View", "Segments")
    expect(page.locator(".segment-card")).to_have_count(int(wanted))
