"""The whole way in a real browser: bring a file, find segments, look at them from several sides, take a list along."""

import csv
import re

import pytest
from playwright.sync_api import expect

from benchmarks.redraw import times
from pipeline.simulation import simulate_shop
from tests.browser.accessibility import SCHEMES, violations
from tests.browser.conftest import GUIDE_SEEN, PATIENCE_MILLISECONDS
from tests.browser.test_data_page import bring

pytestmark = pytest.mark.browser
CARD = ".segment-card"
MAP = "#model-map .js-plotly-plot"
COLOURS = "plot => Array.from(plot._fullData[0].marker.color)"


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory):
    """A simulated shop of 600 customers."""
    path = tmp_path_factory.mktemp("journey") / "orders 2011.csv"
    simulate_shop(path, customers=600, seed=8)
    return path


@pytest.fixture(scope="session")
def explored_address(studio, chromium, shop_file):
    """The Explore page of a file that was uploaded and modelled through the pages themselves."""
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    page.add_init_script(GUIDE_SEEN)
    page.goto(studio.url)
    bring(page, shop_file)
    page.get_by_role("link", name="Build segments").click()
    expect(page.locator(CARD)).to_have_count(4)
    page.get_by_role("link", name="Explore segments").click()
    expect(page.get_by_role("heading", name="Explore", level=1)).to_be_visible()
    address = page.url
    page.close()
    return address


def drawn(page, place=MAP):
    """The segments of the points of a chart as Plotly has them, once it has been drawn; others are painted over it."""
    page.wait_for_function(f"document.querySelector('{place}')?._fullData?.length > 0")
    return page.eval_on_selector(place, COLOURS)


def painted(page, segments):
    """The picture of all points that are painted over the map of customers, once it is so many segments."""
    canvas = f"{MAP} canvas.dots"
    page.wait_for_function(f"document.querySelector('{canvas}')?.dataset.segments === '{segments}'")
    drawn_points, picture = page.eval_on_selector(canvas, "canvas => [canvas.dataset.drawn, canvas.toDataURL()]")
    assert int(drawn_points) == len(drawn(page))
    return picture


def pick(page, group, option):
    page.get_by_role("radiogroup", name=group).get_by_text(option, exact=True).click()


def kpi(page, position=0):
    return page.locator(".kpi-value").nth(position)


def expect_a_list(page):
    """The list of customers shows its first rows once it is in sight."""
    page.locator(".customer-grid").scroll_into_view_if_needed()
    expect(page.locator(".ag-center-cols-container .ag-row").first).to_be_visible()


def test_from_a_file_to_segments_that_redraw_at_once(own_studio, page, shop_file):
    page.goto(own_studio.url)
    bring(page, shop_file)
    page.get_by_role("link", name="Build segments").click()
    expect(page.get_by_role("heading", name="Model", level=1)).to_be_visible()
    expect(page.locator(CARD)).to_have_count(4)
    expect(page.get_by_role("button", name="Up to date")).to_be_disabled()
    assert set(drawn(page)) == {0, 1, 2, 3}
    pick(page, "Segments", "6")
    expect(page.locator(CARD)).to_have_count(6)
    of_kmeans = painted(page, segments=6)
    pick(page, "Method", "Gaussian mixture")
    pick(page, "View", "About this model")
    expect(page.locator("#model-card")).to_contain_text("Gaussian mixture with 6 segments")
    pick(page, "Segments", "5")
    expect(page.locator("#model-card")).to_contain_text("Gaussian mixture with 5 segments")
    pick(page, "View", "Segments")
    expect(page.locator(CARD)).to_have_count(5)
    pick(page, "Segments", "6")
    expect(page.locator(CARD)).to_have_count(6)
    expect(page).to_have_url(re.compile(r"k=6.*method=gaussian_mixture|method=gaussian_mixture.*k=6"))
    assert painted(page, segments=6) != of_kmeans


def test_the_way_back_leads_over_the_pages_one_came_by(studio, page, explored_address):
    data = re.search("data=[0-9a-f]+", explored_address).group()
    page.goto(f"{studio.url}/?{data}")
    page.get_by_role("link", name="Build segments").click()
    expect(page.locator(CARD)).to_have_count(4)
    page.get_by_role("link", name="Explore segments").click()
    expect(page.get_by_role("heading", name="Explore", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Model", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    assert page.url.endswith(f"/?{data}")


def test_the_address_is_the_view_after_a_reload_and_in_another_tab(studio, page, explored_address):
    page.goto(explored_address.replace("/explore", "/model"))
    pick(page, "Segments", "3")
    expect(page.locator(CARD)).to_have_count(3)
    expect(page).to_have_url(re.compile("k=3"))
    cards = page.locator(CARD).all_text_contents()
    page.reload()
    expect(page.locator(CARD)).to_have_text(cards)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(CARD)).to_have_text(cards)
    page.get_by_role("link", name="Explore segments").click()
    expect(page.locator(".summary tbody tr").first).to_be_visible()
    expect(page.get_by_label("Segments", exact=True)).to_have_value("3")
    page.go_back()
    expect(page.locator(CARD)).to_have_count(3)


def test_one_choice_on_the_model_page_is_one_step_of_the_way_back(page, explored_address):
    page.goto("about:blank")
    page.goto(explored_address.replace("/explore", "/model"))
    expect(page.locator(CARD)).to_have_count(4)
    pick(page, "Segments", "6")
    expect(page.locator(CARD)).to_have_count(6)
    pick(page, "Method", "RFM grid")
    expect(page.locator("#model-k-note")).to_contain_text("finds its own number")
    pick(page, "View", "About this model")
    expect(page.locator("#model-card")).to_contain_text("RFM grid")
    page.go_back()
    expect(page.locator(CARD).first).to_be_visible()
    expect(page.locator("#model-k-note")).to_be_visible()
    page.go_back()
    expect(page.locator(CARD)).to_have_count(6)
    expect(page.locator("#model-k-note")).to_be_hidden()
    page.go_back()
    expect(page.locator(CARD)).to_have_count(4)
    page.go_forward()
    expect(page.locator(CARD)).to_have_count(6)
    page.go_back()
    expect(page.locator(CARD)).to_have_count(4)
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_a_method_that_finds_its_own_number_says_so_and_keeps_the_number_of_the_others(page, explored_address):
    page.goto(explored_address.replace("/explore", "/model"))
    pick(page, "Segments", "6")
    expect(page.locator(CARD)).to_have_count(6)
    pick(page, "Method", "RFM grid")
    expect(page).to_have_url(re.compile("method=rfm_grid"))
    page.reload()
    expect(page.locator("#model-k-note")).to_have_text("This method finds its own number: 10 segments.")
    pick(page, "Method", "K-means")
    expect(page.locator(CARD)).to_have_count(6)
    expect(page.get_by_role("radio", name="6", exact=True)).to_be_checked()


def test_the_steps_lead_to_the_same_view_on_every_page(page, explored_address):
    step = page.get_by_role("navigation", name="Steps").get_by_role("link")
    page.goto(explored_address)
    page.get_by_label("Segments", exact=True).select_option("6")
    expect(page).to_have_url(re.compile("k=6"))
    page.get_by_label("Minimum orders").fill("5")
    expect(page).to_have_url(re.compile("min_frequency=5"))
    step.filter(has_text="Model").click()
    expect(page.locator(CARD)).to_have_count(6)
    pick(page, "Segments", "3")
    expect(page.locator(CARD)).to_have_count(3)
    step.filter(has_text="Data").click()
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    step.filter(has_text="Explore").click()
    expect(page.get_by_label("Segments", exact=True)).to_have_value("3")
    expect(page.get_by_label("Minimum orders")).to_have_value("5")


def test_filters_narrow_figures_charts_and_the_list_alike(page, explored_address):
    page.goto(explored_address)
    everyone = int(kpi(page).inner_text().replace(",", ""))
    page.get_by_label("Minimum orders").fill("5")
    expect(kpi(page)).not_to_have_text(f"{everyone:,}")
    left = int(kpi(page).inner_text().replace(",", ""))
    assert 0 < left < everyone
    expect(page.locator(".chips")).to_contain_text(f"{left:,} of {everyone:,} customers")
    page.wait_for_function(f"document.querySelector('#explore-recency canvas.dots')?.dataset.drawn === '{left}'")
    page.get_by_role("button", name="Show table").click()
    expect_a_list(page)
    expect(page.locator("#customers-count")).to_have_text(f"{left:,} customers")
    page.reload()
    expect(page.locator(".chips")).to_contain_text(f"{left:,} of {everyone:,} customers")
    expect(page.get_by_label("Minimum orders")).to_have_value("5")
    expect_a_list(page)


def test_the_download_holds_the_customers_in_sight(page, explored_address, tmp_path):
    page.goto(explored_address.replace("k=4", "k=3") + "&min_frequency=5")
    left = int(kpi(page).inner_text().replace(",", ""))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "orders_2011-kmeans-3-segments-filtered.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == left
    assert min(int(row["Frequency"]) for row in rows) >= 5
    assert {row["Cluster_KMeans"] for row in rows} <= {"0", "1", "2"}


def test_one_segment_is_a_filter_until_another_k_makes_other_segments(page, explored_address, tmp_path):
    page.goto(explored_address)
    everyone = kpi(page).inner_text()
    page.get_by_label("Segment", exact=True).select_option("1")
    expect(page.locator("#explore-summary tbody tr")).to_have_count(1)
    expect(kpi(page)).not_to_have_text(everyone)
    expect(page).to_have_url(re.compile("segment=1"))
    left = kpi(page).inner_text()
    page.reload()
    expect(kpi(page)).to_have_text(left)
    expect(page.get_by_label("Segment", exact=True)).to_have_value("1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert download.value.suggested_filename == "orders_2011-kmeans-segment-1-of-4.csv"
    download.value.save_as(tmp_path / "segment.csv")
    rows = (tmp_path / "segment.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == int(left.replace(",", ""))
    page.get_by_label("Segments", exact=True).select_option("3")
    expect(page.locator("#explore-summary tbody tr")).to_have_count(3)
    expect(page.get_by_label("Segment", exact=True).locator("option:not([hidden])")).to_have_count(4)
    expect(page).not_to_have_url(re.compile("segment="))
    page.get_by_label("Segment", exact=True).select_option("0")
    expect(page.locator("#explore-summary tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Clear all filters").click()
    expect(page.locator("#explore-summary tbody tr")).to_have_count(3)
    expect(kpi(page)).to_have_text(everyone)


def test_a_filter_that_leaves_nobody_says_so_and_can_be_cleared(page, explored_address):
    page.goto(explored_address)
    before = kpi(page).inner_text()
    page.get_by_label("Minimum CLV").fill("99999999")
    expect(page.get_by_role("heading", name="Nothing left after the filter")).to_be_visible()
    expect(page.locator("#explore-recency")).not_to_be_visible()
    page.locator("#explore-empty").get_by_role("button", name="Clear filters").click()
    expect(page.locator("#explore-recency")).to_be_visible()
    expect(kpi(page)).to_have_text(before)


def test_a_mistaken_setting_is_told_in_its_place_and_a_changed_one_makes_a_recipe(page, explored_address):
    page.goto(explored_address.replace("/explore", "/model"))
    expect(page.get_by_role("button", name="Up to date")).to_be_disabled()
    page.get_by_role("button", name="All settings").click()
    clusters = page.locator(".accordion-item", has=page.get_by_label("Smallest k tried"))
    clusters.get_by_role("button").first.click()
    fewest, most = page.get_by_label("Smallest k tried"), page.get_by_label("Largest k tried")
    fewest.fill("99")
    expect(page.get_by_text("must be a whole number from 2 to")).to_be_visible()
    expect(page.get_by_role("button", name="Check the marked settings")).to_be_disabled()
    fewest.fill("2")
    most.fill("5")
    page.get_by_role("button", name="Run with 1 change").click()
    expect(page).to_have_url(re.compile("recipe=[0-9a-f]{24}"))
    expect(page.get_by_role("radiogroup", name="Segments").locator("label")).to_have_text(["2", "3", "4", "5"])
    expect(page.locator(CARD)).to_have_count(4)
    expect(page.get_by_text("Your own", exact=True)).to_be_visible()


def test_the_classic_recipe_is_one_click_away(page, explored_address):
    page.goto(explored_address.replace("/explore", "/model"))
    expect(page.locator(CARD)).to_have_count(4)
    before = page.locator(CARD).all_text_contents()
    pick(page, "Recipe", "Classic")
    expect(page.get_by_text("as a textbook script would do it")).to_be_visible()
    expect(page.locator(CARD)).not_to_have_text(before)
    expect(page.locator(CARD)).to_have_count(4)


def test_every_filter_has_room_for_its_words(page, explored_address):
    page.goto(explored_address)
    country, minimum = page.get_by_label("Country", exact=True), page.get_by_label("Minimum CLV")
    expect(country).to_be_visible()
    assert country.bounding_box()["width"] > 160
    assert minimum.bounding_box()["width"] > 80
    fields = page.locator(".filters label").all_inner_texts()
    assert fields == [
        "Method",
        "Segments",
        "Segment",
        "Country",
        "Minimum CLV",
        "Minimum orders",
    ]


@pytest.mark.parametrize("path", ["/model", "/explore"])
def test_nothing_reaches_over_the_edge_of_a_phone(studio, chromium, explored_address, path):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    context.add_init_script(GUIDE_SEEN)
    phone = context.new_page()
    phone.goto(explored_address.replace("/explore", path))
    expect(phone.locator(".js-plotly-plot").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    cut = "all => all.filter((part) => part.scrollWidth > part.clientWidth + 1).length"
    assert phone.eval_on_selector_all("main .table-scroll:has(.summary)", cut) == 0
    context.close()


def test_the_real_file_goes_the_whole_way(own_studio, page, online_retail, capsys):
    page.set_default_timeout(120_000)
    page.goto(own_studio.url)
    bring(page, online_retail)
    page.get_by_role("link", name="Build segments").click(timeout=120_000)
    expect(page.locator(CARD)).to_have_count(4, timeout=120_000)
    shown = drawn(page)
    assert len(shown) == 4_338
    with capsys.disabled():
        print(f"\n  k to painted on 4,338 customers: {times(page, rounds=1).told()}")  # noqa: T201
    page.get_by_role("link", name="Explore segments").click()
    expect(kpi(page)).to_have_text("4,338")
    expect(kpi(page, 1)).to_have_text("£8.9\u00a0M")


def test_no_view_of_the_model_page_has_a_fault_that_axe_knows_in_light_or_dark(page, explored_address):
    page.emulate_media(reduced_motion="reduce")  # no colour is still on its way from light to dark
    page.goto(explored_address.replace("/explore", "/model"))
    expect(page.locator(CARD)).to_have_count(4)
    shown = {
        "Segments": CARD,
        "Can I trust them?": "#trust-health table",
        "Compare": "#compare-told li",
        "Preparation": "#prepare-compare, .preparation",
        "Value": "#value-verdict .verdict-grade",
        "New data": "#newdata-later",
        "About this model": "#model-card li",
    }
    for view, place in shown.items():
        pick(page, "View", view)
        expect(page.locator(place).first).to_be_visible()
        for scheme in SCHEMES:
            page.evaluate("scheme => document.documentElement.setAttribute('data-bs-theme', scheme)", scheme)
            assert violations(page) == [], (view, scheme)
