"""Explore by keyboard alone: Tab reaches every control in order, each shows where one is, and no redraw loses it."""

import csv

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SCHEMES
from tests.browser.test_journey import explored_address, kpi, shop_file  # noqa: F401

pytestmark = pytest.mark.browser
CHIPS = "#explore-chips"
STAND = """() => {
    const at = document.activeElement;
    const shown = at.matches(".btn-check") ? at.nextElementSibling : at;
    const style = getComputedStyle(shown);
    return [at.outerHTML.slice(0, 160), style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth)];
}"""


def reach(page, place, key="Tab", most=110):
    """Press the key until the place has the keyboard; every stop on the way is a control with a visible ring."""
    for _ in range(most):
        page.keyboard.press(key)
        stop, ring = page.evaluate(STAND)
        assert not stop.startswith("<body"), "the page ended before the place was reached"
        assert ring >= 2, f"nothing shows that one stands on {stop}"
        if place.evaluate("place => place === document.activeElement"):
            return
    raise AssertionError(f"{place} was not reached")


def opened(page, address):
    page.goto(address)
    expect(page.locator("#explore-cards .segment-card")).to_have_count(4)
    expect(page.locator("#explore-countries button").first).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_country_a_card_a_chip_and_the_list_by_keyboard_alone(page, explored_address, tmp_path, scheme):  # noqa: F811
    page.emulate_media(color_scheme=scheme)
    opened(page, explored_address)
    country = page.get_by_label("Country", exact=True)
    reach(page, country)
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"{CHIPS} .chip")).to_have_count(2)
    expect(kpi(page)).not_to_have_text("600")
    of_country = int(kpi(page).inner_text().replace(",", ""))
    card = page.locator("#explore-cards .segment-card").nth(1)
    only = card.get_by_role("button", name="Only these")
    reach(page, only)
    page.keyboard.press("Enter")
    expect(page.locator(f"{CHIPS} .chip")).to_have_count(3)
    expect(only).to_be_focused()
    chip = page.get_by_role("button", name="Clear the filter: in “")
    reach(page, chip, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"{CHIPS} .chip")).to_have_count(2)
    expect(kpi(page)).to_have_text(f"{of_country:,}")
    assert page.evaluate("document.activeElement.closest('#explore-chips') !== null")
    reach(page, page.get_by_role("button", name="Show table"), "Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator(".ag-center-cols-container .ag-row").first).to_be_visible()
    expect(page.get_by_role("radio", name="Customers")).to_be_focused()
    take = page.get_by_role("link", name="Take this audience")
    reach(page, take)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == of_country


def test_the_keyboard_is_never_lost_when_what_it_stood_on_goes_away(page, explored_address):  # noqa: F811
    opened(page, f"{explored_address}&min_frequency=2")
    last = page.get_by_role("button", name="Clear all filters")
    last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(CHIPS)).to_contain_text("All 600 customers")
    expect(page.locator(CHIPS)).to_be_focused()
    page.locator("#explore-summary .row-button").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#explore-summary .row-button")).to_have_count(1)
    expect(page.locator("#explore-summary .row-button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#explore-summary .row-button")).to_have_count(4)
    expect(page.locator("#explore-summary .row-button").last).to_be_focused()
    page.get_by_role("button", name="Look closer").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Against everyone")).to_be_visible()
    expect(page.get_by_role("radio", name="One segment")).to_be_focused()
    page.get_by_label("Minimum CLV").fill("99999999")
    page.locator("#explore-empty").get_by_role("button", name="Clear filters").focus()
    page.keyboard.press("Enter")
    expect(page.locator(CHIPS)).to_be_focused()
    expect(page.get_by_role("heading", name="Against everyone")).to_be_visible()


def test_tab_goes_through_the_list_of_customers_in_one_step_and_arrows_within_it(page, explored_address):  # noqa: F811
    page.goto(f"{explored_address}&view=customers")
    first, second = (page.locator(f".ag-row[row-index='{row}'] .ag-cell").first for row in (0, 1))
    expect(second).not_to_be_empty()
    reach(page, page.locator(".ag-header-cell").first)
    reach(page, first)
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    who = page.get_by_label("Who", exact=True)
    page.keyboard.press("Tab")
    expect(who).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.customer-grid') !== null")
    reach(page, page.get_by_label("Find a customer"), "Shift+Tab")


def test_the_link_of_an_insight_leads_the_keyboard_to_what_it_has_filtered(page, explored_address):  # noqa: F811
    opened(page, explored_address)
    link = page.locator("#explore-insights a[data-alone]").first
    reach(page, link)
    page.keyboard.press("Enter")
    expect(page.locator(f"{CHIPS} .chip").first).to_be_visible()
    at = "document.activeElement.matches('#explore-chips, #explore-view input:checked')"
    page.wait_for_function(at)
