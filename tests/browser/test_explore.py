"""On the Explore page whatever is clicked filters everything, chips say so and undo it, and the way back works."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SCHEMES, violations
from tests.browser.conftest import GUIDE_SEEN, PATIENCE_MILLISECONDS
from tests.browser.test_journey import explored_address, shop_file  # noqa: F401

pytestmark = pytest.mark.browser
CHIPS = "#explore-chips"
SCATTER = "#explore-recency .js-plotly-plot"


def told(page, words):
    """The chips tell this, which they do once the filter has been drawn."""
    expect(page.locator(CHIPS)).to_contain_text(words)


def opened(page, address):
    page.goto(address)
    page.wait_for_function(f"document.querySelector('{SCATTER}')?._fullData?.length > 0")
    told(page, "All 600 customers")


def points_drawn(page, expression):
    """Wait until what `expression` says of how many points of the scatter are in colour, `points`, is true."""
    page.wait_for_function(
        f"(() => {{ const points = Number(document.querySelector('{SCATTER} canvas.dots')?.dataset.drawn);"
        f" return {expression}; }})()"
    )


def test_a_row_a_country_and_a_box_filter_together_and_each_has_its_chip(page, explored_address):  # noqa: F811
    opened(page, explored_address)
    page.locator("#explore-summary tbody tr").first.click()
    told(page, "in “")
    expect(page.locator("#explore-summary tbody tr")).to_have_count(1)
    page.locator("#explore-countries button").first.click()
    expect(page.locator(f"{CHIPS} .chip")).to_have_count(3)
    expect(page).to_have_url(re.compile("segment=0.*country="))
    page.get_by_role("button", name="Clear the filter: in “").click()
    expect(page.locator(f"{CHIPS} .chip")).to_have_count(2)
    page.get_by_role("button", name="Clear all filters").click()
    told(page, "All 600 customers")
    points_drawn(page, "points === 600")


def test_cards_side_by_side_have_what_tells_the_same_on_one_line(page, explored_address):  # noqa: F811
    opened(page, explored_address)
    for part in ("h3", ".card-facts", ".card-action", ".card-reach", ".card-ways"):
        tops = page.eval_on_selector_all(
            f"#explore-cards .segment-card {part}",
            "all => all.map((each) => Math.round(each.getBoundingClientRect().top))",
        )
        cards = page.eval_on_selector_all(
            "#explore-cards .segment-card", "all => all.map((each) => Math.round(each.getBoundingClientRect().top))"
        )
        assert len(set(zip(cards, tops, strict=True))) == len(set(cards)) < len(cards), part


def test_charts_grow_with_a_very_large_screen_and_no_card_stands_alone_on_a_tablet(page, explored_address):  # noqa: F811
    page.set_viewport_size({"width": 3840, "height": 2160})
    opened(page, explored_address)
    size = "each => parseFloat(getComputedStyle(each).fontSize)"
    words, body = page.eval_on_selector(f"{SCATTER} .xtick > text", size), page.eval_on_selector("body", size)
    assert words > max(16, 0.85 * body)
    page.set_viewport_size({"width": 768, "height": 1024})
    lefts = "all => all.map((each) => each.getBoundingClientRect().left)"
    assert len(set(page.eval_on_selector_all("#explore-kpis .kpi", lefts))) == 2
    assert page.eval_on_selector(f"{SCATTER} .xtick > text", size) < 16


def test_a_box_in_a_chart_is_a_range_of_two_measures_that_others_can_open(page, explored_address):  # noqa: F811
    opened(page, explored_address)
    chart = page.locator(f"{SCATTER} .nsewdrag")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 0.02 * box["width"], box["y"] + 0.05 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.95 * box["height"], steps=6)
    page.mouse.up()
    told(page, "days ago")
    expect(page).to_have_url(re.compile(r"recency=\d*-\d+"))
    points_drawn(page, "0 < points && points < 600")
    shown = page.locator(f"{CHIPS} .chips-told").inner_text()
    page.reload()
    expect(page.locator(f"{CHIPS} .chips-told")).to_have_text(shown)


def test_the_way_back_undoes_filters_one_by_one(page, explored_address):  # noqa: F811
    opened(page, explored_address)
    page.get_by_label("Segments", exact=True).select_option("3")
    expect(page.locator("#explore-summary tbody tr")).to_have_count(3)
    page.locator("#explore-summary .row-button").nth(1).click()
    expect(page.locator("#explore-summary tbody tr")).to_have_count(1)
    told(page, "in “")
    page.go_back()
    expect(page.locator("#explore-summary tbody tr")).to_have_count(3)
    told(page, "All 600 customers")
    page.go_forward()
    expect(page.locator("#explore-summary tbody tr")).to_have_count(1)
    expect(page.get_by_label("Segment", exact=True)).to_have_value("1")
    page.go_back()
    expect(page.locator("#explore-summary tbody tr")).to_have_count(3)
    page.go_back()
    expect(page.locator("#explore-summary tbody tr")).to_have_count(4)
    expect(page.get_by_label("Segments", exact=True)).to_have_value("4")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nobody_is_kept_from_exploring(page, explored_address, scheme):  # noqa: F811
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{explored_address}&min_frequency=2&recency=0-300")
    told(page, "2 or more orders")
    points_drawn(page, "points > 0")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nobody_is_kept_from_one_segment(page, explored_address, scheme):  # noqa: F811
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{explored_address}&view=segment&segment=1")
    expect(page.get_by_role("heading", name="Against everyone")).to_be_visible()
    assert violations(page) == []


def test_the_keyboard_alone_leads_to_a_filter_a_segment_and_back(page, explored_address):  # noqa: F811
    opened(page, explored_address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the report's menu stands first in the content
    page.keyboard.press("Enter")
    expect(page.locator(".report-holds")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".report-holds")).not_to_be_visible()
    expect(page.locator(".report-menu summary")).to_be_focused()
    page.locator("#explore-summary .row-button").nth(1).focus()
    page.keyboard.press("Enter")
    told(page, "in “")
    page.get_by_role("button", name="Clear all filters").focus()
    page.keyboard.press("Space")
    told(page, "All 600 customers")
    page.get_by_role("radiogroup", name="View").get_by_role("radio", name="Overview").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Against everyone")).to_be_visible()


def test_a_segment_is_looked_at_closer_and_the_way_back_leads_to_all(page, explored_address):  # noqa: F811
    opened(page, explored_address)
    page.get_by_role("button", name="Look closer").nth(1).click()
    expect(page.get_by_role("heading", name="Against everyone")).to_be_visible()
    expect(page).to_have_url(re.compile("segment=1.*view=segment|view=segment.*segment=1"))
    told(page, "in “")
    assert violations(page) == []
    page.go_back()
    expect(page.locator("#explore-summary")).to_be_visible()
    told(page, "All 600 customers")


def test_a_lasso_holds_who_is_inside_it_and_not_who_is_in_its_box(page, explored_address):  # noqa: F811
    opened(page, explored_address)
    chart = page.locator(f"{SCATTER} .nsewdrag")
    chart.scroll_into_view_if_needed()
    chart.hover()
    page.locator(f"{SCATTER} [data-title='Lasso Select']").click()
    box = chart.bounding_box()

    def at(across, down):
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"], steps=5)

    at(0.02, 0.05)
    page.mouse.down()
    for corner in ((0.02, 0.97), (0.97, 0.97), (0.03, 0.06)):
        at(*corner)
    page.mouse.up()
    told(page, "inside the outline in Recency × Frequency")
    expect(page).to_have_url(re.compile(r"outline_orders=[-\d._~%E]{10,}"))
    points_drawn(page, "0 < points && points < 600")
    shown = page.locator(f"{CHIPS} .chips-told").inner_text()
    page.reload()
    expect(page.locator(f"{CHIPS} .chips-told")).to_have_text(shown)
    points_drawn(page, f"points === {int(shown.split(' ')[0])}")
    page.get_by_role("button", name="Clear the filter: inside").click()
    told(page, "All 600 customers")


def test_a_german_browser_reads_german_numbers_and_any_language_can_be_chosen(chromium, explored_address):  # noqa: F811
    context = chromium.new_context(locale="de-DE", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    context.add_init_script(GUIDE_SEEN)
    page = context.new_page()
    page.goto(explored_address)
    revenue = page.locator("#explore-kpis .kpi-value").nth(1)
    expect(revenue).to_have_text(re.compile(r"^\d{3}\.\d{3}\s£$"))
    expect(page.locator("#explore-summary tbody td").nth(1)).to_have_text(re.compile(r"^\d+,\d\s%$"))
    page.get_by_role("button", name="Open the guide").click()
    page.get_by_label("Written as in").select_option("nl")
    expect(revenue).to_have_text(re.compile(r"^£\s[\d,]+K$"))
    page.get_by_role("button", name="Open the guide").click()
    expect(page.get_by_label("Written as in")).to_have_value("nl")
    context.close()


def test_while_the_server_is_away_the_page_says_that_it_is_behind_and_it_follows_at_once(page, explored_address):  # noqa: F811
    page.expected_errors = ["Failed to load resource"]
    opened(page, explored_address)
    away = "**/_dash-update-component*"
    page.route(away, lambda asked: asked.abort())
    page.get_by_label("Minimum orders").fill("5")
    bar = page.locator("#outage")
    expect(bar).to_be_visible()
    told(page, "All 600 customers")
    page.unroute(away)
    bar.get_by_role("button", name="Try again").click()
    told(page, "5 or more orders")
    expect(bar).not_to_be_visible()
    expect(page.locator("#explore-kpis .kpi-value").first).not_to_have_text("600")


def test_a_link_to_a_part_of_the_data_page_arrives_there(page, explored_address):  # noqa: F811
    page.goto(explored_address.replace("/explore", "/") + "#ledger")
    expect(page.locator("#ledger")).to_be_focused()
    expect(page.locator("#ledger h2")).to_be_in_viewport()
    at = "document.querySelector('#ledger').getBoundingClientRect().top"
    page.wait_for_function(f"60 <= {at} && {at} <= 110")  # below the bar at the top, and not far below
