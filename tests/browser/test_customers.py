"""The customers view of the Explore page: find one, see all of them, come back, and take an audience along."""

import csv
import io
import json
import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SCHEMES, violations
from tests.browser.test_journey import explored_address, pick, shop_file  # noqa: F401

pytestmark = pytest.mark.browser
ROWS = "#customers-grid .ag-pinned-left-cols-container .ag-row[row-id]"
HEADING = "#one-customer-heading"
CLV_HEADING = "#customers-grid .ag-header-cell[col-id='CLV_6m']"
CHART = "#one-customer-timeline .js-plotly-plot"


@pytest.fixture
def customers_page(page, explored_address):  # noqa: F811
    """The customers view of a shop of 600, its first rows drawn."""
    page.goto(f"{explored_address}&view=customers")
    expect(page.locator(ROWS).first).to_be_visible()
    return page


def test_from_a_search_to_a_customer_and_back(customers_page):
    page = customers_page
    first = page.locator(f"{ROWS}[row-index='0']").get_attribute("row-id")
    page.get_by_label("Find a customer").fill(first[:-1])
    page.wait_for_function(
        "([rows, begins]) => {"
        " const all = [...document.querySelectorAll(rows)].map((row) => row.getAttribute('row-id'));"
        " return all.length > 0 && all.length <= 10 && all.every((one) => one.startsWith(begins)); }",
        arg=[ROWS, first[:-1]],
    )
    page.locator(f"{ROWS}[row-id='{first}']").click()
    expect(page.locator(HEADING)).to_have_text(f"Customer {first}")
    expect(page.locator(HEADING)).to_be_focused()
    expect(page).to_have_url(re.compile(f"customer={first}"))
    expect(page.locator(ROWS).first).not_to_be_visible()
    for title in ("Why in this segment", "Scores, and where they come from", "What they bought"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.go_back()
    expect(page.locator(HEADING)).to_have_count(0)
    expect(page.locator(f"{ROWS}[row-id='{first}']")).to_be_visible()
    expect(page).not_to_have_url(re.compile("customer="))
    page.go_forward()
    expect(page.locator(HEADING)).to_have_text(f"Customer {first}")


def test_enter_opens_a_customer_and_a_similar_one_is_a_click_away(customers_page):
    page = customers_page
    cell = page.locator(f"{ROWS}[row-index='1'] .ag-cell").first
    second = page.locator(f"{ROWS}[row-index='1']").get_attribute("row-id")
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator(HEADING)).to_have_text(f"Customer {second}")
    similar = page.locator("#customers-one [data-customer]").first
    other = similar.get_attribute("data-customer")
    similar.click()
    expect(page.locator(HEADING)).to_have_text(f"Customer {other}")
    page.reload()
    expect(page.locator(HEADING)).to_have_text(f"Customer {other}")
    page.get_by_role("button", name="Back to the list").click()
    expect(page.locator(HEADING)).to_have_count(0)
    expect(page.locator(ROWS).first).to_be_visible()
    expect(page).not_to_have_url(re.compile("customer="))
    page.go_back()
    expect(page.locator(HEADING)).to_have_text(f"Customer {other}")
    page.go_back()
    expect(page.locator(HEADING)).to_have_text(f"Customer {second}")


def test_the_list_sorts_over_all_customers_and_follows_the_filters(customers_page):
    page = customers_page
    first, value = page.locator(f"{ROWS}[row-index='0']"), page.locator(CLV_HEADING)
    best = first.get_attribute("row-id")
    expect(value).to_have_attribute("aria-sort", "descending")
    expect(page).not_to_have_url(re.compile("sort="))
    value.locator(".ag-header-cell-label").click()
    expect(value).to_have_attribute("aria-sort", "ascending")
    expect(page).to_have_url(re.compile("sort=CLV_6m-asc"))
    expect(first).not_to_have_attribute("row-id", best)
    value.locator(".ag-header-cell-label").click()
    expect(value).to_have_attribute("aria-sort", "descending")
    expect(first).to_have_attribute("row-id", best)
    expect(page).not_to_have_url(re.compile("sort="))
    page.get_by_label("Minimum orders").fill("5")
    expect(page.locator("#customers-count")).not_to_have_text("600 customers")
    counts = "#customers-grid .ag-center-cols-container [col-id='Frequency']"
    page.wait_for_function(
        "(cells) => { const all = [...document.querySelectorAll(cells)].map((cell) => Number(cell.textContent));"
        " return all.length > 5 && all.every((orders) => orders >= 5); }",
        arg=counts,
    )
    expect(value).to_have_attribute("aria-sort", "descending")


def test_columns_come_and_go_and_are_remembered(customers_page):
    page = customers_page
    page.locator(".column-choice summary").click()
    country = page.locator("#customers-grid .ag-header-cell[col-id='PrimaryCountry']")
    expect(country).to_have_count(1)
    page.locator(".column-choice").get_by_label("Country").uncheck()
    expect(country).to_have_count(0)
    page.reload()
    expect(page.locator(ROWS).first).to_be_visible()
    expect(page.locator("#customers-grid .ag-header-cell[col-id='SegmentName']")).to_be_visible()
    expect(country).to_have_count(0)


def test_an_audience_with_a_control_group_is_the_file_that_the_panel_tells_of(customers_page, tmp_path):
    page = customers_page
    page.get_by_label("Minimum orders").fill("3")
    told = page.locator("#audience-told")
    expect(told).to_contain_text("3 or more orders")
    pick(page, "File", "ZIP")
    page.get_by_label("Held back").fill("20")
    expect(told).to_contain_text("are held back in the column Group")
    page.get_by_label("Product mix").check()
    expect(page.get_by_role("link", name="Take this audience")).to_have_attribute("href", re.compile("zip.*products"))
    said = int(re.match(r"([\d,]+)\scustomers", told.locator("li").first.inner_text()).group(1).replace(",", ""))
    with page.expect_download() as download:
        page.get_by_role("link", name="Take this audience").click()
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    assert target.name == "orders_2011-kmeans-4-segments-filtered-audience.zip"
    with zipfile.ZipFile(target) as packed:
        listed, side = (packed.read(name).decode("utf-8-sig") for name in packed.namelist())
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert len(rows) == said == json.loads(side)["customers"]
    assert min(int(row["Frequency"]) for row in rows) >= 3
    assert "CatShare_Bags" in rows[0]
    assert sum(row["Group"] == "control" for row in rows) == pytest.approx(0.2 * said, abs=0.5)


def test_a_setting_that_is_not_allowed_takes_the_link_away(customers_page):
    page = customers_page
    page.get_by_label("Held back").fill("95")
    expect(page.get_by_text("Held back must be")).to_be_visible()
    expect(page.get_by_role("link", name="Take this audience")).not_to_be_visible()
    page.get_by_label("Held back").fill("10")
    expect(page.get_by_role("link", name="Take this audience")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_list_and_a_customer_are_readable_for_everyone(page, explored_address, scheme):  # noqa: F811
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{explored_address}&view=customers")
    expect(page.locator(ROWS).first).to_be_visible()
    assert violations(page) == []
    page.locator(ROWS).first.click()
    expect(page.locator(HEADING)).to_be_visible()
    page.wait_for_function(f"document.querySelector('{CHART}')?._fullData?.length > 2")
    assert violations(page) == []


def test_a_customer_fits_a_phone(page, explored_address):  # noqa: F811
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{explored_address}&view=customers")
    expect(page.locator(ROWS).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(ROWS).first.click()
    page.wait_for_function(f"document.querySelector('{CHART}')?._fullData?.length > 2")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_search_in_the_list_narrows_its_count_and_the_audience(customers_page):
    page = customers_page
    first = page.locator(f"{ROWS}[row-index='0']").get_attribute("row-id")
    page.get_by_label("Find a customer").fill(first)
    expect(page.locator("#customers-count")).to_contain_text(f"1 of 600 customers: Customer starts with {first}.")
    expect(page.locator("#audience-told")).to_contain_text(f"1 customer (Customer starts with {first})")
    expect(page.get_by_role("link", name="Take this audience")).to_have_attribute(
        "href", re.compile("list=.*startsWith")
    )
    page.get_by_label("Find a customer").fill("")
    expect(page.locator("#customers-count")).to_have_text("600 customers")
    expect(page.locator("#audience-told")).to_contain_text("600 customers (all customers)")


def test_the_lists_own_filters_and_order_stand_in_the_address(customers_page):
    page = customers_page
    first = page.locator(f"{ROWS}[row-index='0']").get_attribute("row-id")
    count, held, value = (page.locator(place) for place in ("#customers-count", "#audience-told li", CLV_HEADING))
    page.get_by_label("Find a customer").click()
    page.get_by_label("Find a customer").fill(first[:-1])  # at once: with pauses, each key would be a step of its own
    expect(count).to_contain_text(f"starts with {first[:-1]}")
    expect(page).to_have_url(re.compile(r"rows=.*startsWith"))
    value.locator(".ag-header-cell-label").click()
    expect(value).to_have_attribute("aria-sort", "ascending")
    expect(page).to_have_url(re.compile("sort=CLV_6m-asc"))
    page.reload()
    expect(value).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_label("Find a customer")).to_have_value(first[:-1])
    expect(count).to_contain_text(f"starts with {first[:-1]}")
    expect(held.first).to_contain_text(f"Customer starts with {first[:-1]}")
    page.go_back()
    expect(value).to_have_attribute("aria-sort", "descending")
    expect(count).to_contain_text(f"starts with {first[:-1]}")
    page.go_back()
    expect(count).not_to_contain_text("starts with")
    expect(held.first).not_to_contain_text("starts with")
    expect(page.get_by_label("Find a customer")).to_have_value("")
    page.go_forward()
    expect(count).to_contain_text(f"starts with {first[:-1]}")
    expect(held.first).to_contain_text(f"Customer starts with {first[:-1]}")
    expect(page.locator(f"{ROWS}[row-id='{first}']")).to_be_visible()
