"""Whether segments can be trusted, in a real browser: the test fills in, and the suggestion is taken by a button."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_journey import explored_address, pick, shop_file  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


def test_the_test_of_stability_fills_in_and_the_suggested_number_is_one_click_away(page, explored_address):  # noqa: F811
    page.goto(explored_address.replace("/explore", "/model"))
    expect(page.locator(".segment-card").first).to_be_visible()
    badge = page.locator(".segment-card .badge-health").first
    expect(badge).to_be_visible()
    badge.click()
    expect(page.locator("#trust-health tbody tr").first).to_be_visible()
    expect(page.locator("#trust-test")).to_contain_text("Tested on 20 draws", timeout=90_000)
    expect(page.locator("#trust-health")).not_to_contain_text("Not tested yet")
    use = page.locator("#trust-use")
    wanted = re.search(r"\d+", use.inner_text()).group()
    pick(page, "Segments", "8" if wanted != "8" else "2")
    expect(page.locator("#trust-health tbody tr")).not_to_have_count(int(wanted))
    use.click()
    expect(page.locator("#trust-health tbody tr")).to_have_count(int(wanted))
    below = "document.querySelector('#trust-davies_bouldin .js-plotly-plot')._fullData"
    page.wait_for_function(f"{below}.find((trace) => trace.name === 'chosen').x[0] === {wanted}")
    expect(page).to_have_url(re.compile(f"k={wanted}"))
    pick(page, "View", "Segments")
    expect(page.locator(".segment-card")).to_have_count(int(wanted))
    pick(page, "Segments", "8" if wanted != "8" else "2")
    expect(page.locator(".segment-card")).not_to_have_count(int(wanted))
    expect(page.locator(".segment-card .badge-health").first).not_to_contain_text("Not tested yet")


def test_a_method_that_takes_no_number_says_so_and_offers_none(page, explored_address):  # noqa: F811
    page.goto(explored_address.replace("/explore", "/model"))
    five = page.get_by_role("radiogroup", name="Segments").get_by_role("radio", name="5")
    expect(five).to_be_enabled()
    expect(page.locator("#model-k-note")).to_be_hidden()
    pick(page, "Method", "RFM grid")
    expect(page.locator("#model-k-note")).to_be_visible()
    expect(five).to_be_disabled()
    pick(page, "View", "Can I trust them?")
    expect(page.locator("#trust-suggested")).to_contain_text("It decides on the number itself")
    expect(page.locator("#trust-use")).to_be_hidden()
    pick(page, "Method", "K-means")
    expect(five).to_be_enabled()
    expect(page.locator("#trust-use")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_tables_of_trust_are_not_cut(page, explored_address, width):  # noqa: F811
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(explored_address.replace("/explore", "/model") + "&view=trust")
    expect(page.locator("#trust-health tbody tr").first).to_be_visible()
    for place in ("#trust-health", "#trust-agreement"):
        expect(page.locator(f"{place} table")).to_be_visible()
        page.wait_for_function(
            f"(box => box.scrollWidth <= box.clientWidth)(document.querySelector('{place} .table-scroll'))"
        )
