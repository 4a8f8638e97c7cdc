"""Who moved between two days, in a real browser: days, method, diagram, matrix, list, one mover, the file, axe."""

import re

import pytest
from playwright.sync_api import expect

from pipeline.simulation import simulate_shop
from tests.browser.accessibility import SCHEMES, violations
from tests.browser.test_data_page import bring
from tests.browser.test_segments_view import pick

pytestmark = pytest.mark.browser
BANDS = "#moved-chart .sankey-link"
MATRIX = "#moved-matrix tbody tr"


@pytest.fixture
def over_time(studio, page, tmp_path):
    """The view of a simulated shop of two years, open."""
    simulate_shop(tmp_path / "two years.csv", customers=300, seed=41)
    page.goto(studio.url)
    bring(page, tmp_path / "two years.csv")
    page.get_by_role("link", name="Build segments").click()
    expect(page.locator(".segment-card")).to_have_count(4)
    pick(page, "View", "Over time")
    expect(page.locator(BANDS).first).to_be_visible()
    return page


def test_days_and_method_redraw_the_diagram_and_a_mover_leads_to_their_own_page(over_time):
    page, told = over_time, over_time.locator("#moved-told")
    expect(page.locator(MATRIX)).to_have_count(5)
    pick(page, "Shown", "Spent so far, all")
    expect(page.get_by_role("table", name="Spent so far, all")).to_be_visible()
    expect(page.locator("#time-cohorts-share")).to_be_hidden()
    before = told.inner_text()
    page.get_by_role("button", name="180 days").click()
    expect(told).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"since=\d{4}-\d\d-\d\d"))
    chosen = page.get_by_label("First day").input_value()
    pick(page, "Method", "RFM grid")
    expect(page.locator(MATRIX).filter(has_text="Can't lose")).to_have_count(1)
    expect(page.locator("#moved-chart .node-label").filter(has_text="Hibernating").first).to_be_visible()
    page.reload()
    expect(page.get_by_label("First day")).to_have_value(chosen)
    expect(page.locator(MATRIX).filter(has_text="Can't lose")).to_have_count(1)
    page.get_by_label("First day").fill(page.get_by_label("Second day").input_value())
    expect(told).to_contain_text("must come before")
    expect(page.locator("#moved-body")).to_be_hidden()
    page.get_by_label("First day").fill(chosen)
    expect(page.locator(BANDS).first).to_be_visible()
    page.get_by_label("From segment").select_option(label="Hibernating")
    rows = page.locator("#moved-list tbody tr")
    expect(rows.filter(has_not_text="Hibernating")).to_have_count(0)
    mover = rows.first.get_by_role("link")
    number = mover.inner_text()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download these movers").click()
    assert taken.value.suggested_filename.startswith("two_years-moved-")
    assert number in taken.value.path().read_text(encoding="utf-8")
    mover.click()
    expect(page.get_by_role("heading", name=re.compile(rf"{number}$"))).to_be_visible()


def test_days_and_moves_stand_in_the_address_of_their_own_view_alone(over_time):
    page, first_day = over_time, over_time.get_by_label("First day")
    usual = first_day.input_value()
    page.get_by_role("button", name="180 days").click()
    page.get_by_label("From segment").select_option(label="Hibernating")
    expect(page).to_have_url(re.compile("since=.*gone_from="))
    asked, chosen = page.url, first_day.input_value()
    assert chosen != usual
    explore = page.get_by_role("navigation", name="Steps").get_by_role("link", name="Explore")
    expect(explore).not_to_have_attribute("href", re.compile("since=|gone_from="))
    pick(page, "View", "Compare")
    expect(page).to_have_url(re.compile("view=compare"))
    assert "since=" not in page.url
    assert "gone_from=" not in page.url
    page.go_back()
    expect(page).to_have_url(asked)
    expect(first_day).to_have_value(chosen)
    pick(page, "View", "Compare")
    expect(page).to_have_url(re.compile("view=compare$|view=compare&(?!since)"))
    pick(page, "View", "Over time")
    expect(page).to_have_url(re.compile("since=.*gone_from=|gone_from=.*since="))
    expect(first_day).to_have_value(chosen)
    page.reload()
    expect(first_day).to_have_value(chosen)


ON_A_BAND = """([bands, wanted]) => {
  for (const band of document.querySelectorAll(bands)) {
    if (band.__data__.link.customdata !== wanted) { continue; }
    const box = band.getBoundingClientRect();
    for (let across = 0.1; across < 0.95; across += 0.1) { for (let down = 0.02; down < 1; down += 0.02) {
      const [x, y] = [box.left + box.width * across, box.top + box.height * down];
      if (document.elementFromPoint(x, y) === band) { return [x, y]; }
    } }
  }
  return null; }"""


def test_a_band_of_the_diagram_lists_those_who_went_that_way(over_time):
    page = over_time
    page.get_by_role("heading", name="Who moved, most at stake first").scroll_into_view_if_needed()
    went = page.locator("#moved-list tbody tr").first.locator("td").all_inner_texts()
    choices = [page.get_by_label(side) for side in ("From segment", "To segment")]
    numbers = [
        choice.locator("option", has_text=name.strip()).first.get_attribute("value")
        for choice, name in zip(choices, went[1:3], strict=True)
    ]
    page.locator("#moved-chart").scroll_into_view_if_needed()
    page.mouse.click(*page.wait_for_function(ON_A_BAND, arg=[BANDS, ",".join(numbers)]).json_value())
    for choice, number in zip(choices, numbers, strict=True):
        expect(choice).to_have_value(number)
    expect(page).to_have_url(re.compile(rf"gone_from={numbers[0]}.*gone_to={numbers[1]}"))
    for name in went[1:3]:
        expect(page.locator("#moved-list tbody tr").filter(has_not_text=name.strip())).to_have_count(0)


def test_the_view_has_no_fault_that_axe_knows_in_light_or_dark(over_time):
    for scheme in SCHEMES:
        over_time.emulate_media(color_scheme=scheme)
        assert violations(over_time) == []
