"""The report in a real browser: it asks for nothing, every reader can read it, it fits phone and paper, and pages
lead to it.
"""

import re

import pytest
from playwright.sync_api import expect

from pipeline.cli import main
from tests.browser.accessibility import SCHEMES, violations
from tests.browser.test_journey import explored_address, pick, shop_file  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report on a small shop, as the command line writes it."""
    folder = tmp_path_factory.mktemp("report")
    shop, target = folder / "shop.csv", folder / "report.html"
    assert main(["sample", str(shop), "--customers", "300", "--seed", "5"]) == 0
    assert main(["report", str(shop), "--output", str(target), "--data-dir", str(folder)]) == 0
    return target


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_report_is_whole_without_a_network_and_readable_for_everyone(page, report, scheme):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    page.emulate_media(color_scheme=scheme)
    page.goto(report.as_uri())
    assert asked == [report.as_uri()]
    assert page.get_by_role("heading", name="The segments").is_visible()
    assert page.get_by_role("img", name="Revenue by month").is_visible()
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page) == []


def test_the_report_fits_a_phone_and_prints_on_a4(page, report):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    written = page.pdf(prefer_css_page_size=True)
    assert written.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594" in written or b"/MediaBox [0 0 595" in written


def test_the_report_is_a_click_away_and_has_the_segments_that_are_shown(page, explored_address, tmp_path):  # noqa: F811
    page.goto(explored_address)
    page.get_by_label("Segments", exact=True).select_option("6")
    take = page.get_by_role("link", name="Download", exact=True)
    expect(page.locator("#explore-report-take")).to_have_attribute("href", re.compile(r"report\.html\?.*k=6"))
    page.locator(".report-menu summary").click()
    expect(page.get_by_text("opens in any browser without the app")).to_be_visible()
    with page.expect_download() as download:
        take.click()
    assert download.value.suggested_filename == "orders_2011-report.html"
    download.value.save_as(tmp_path / "report.html")
    assert "K-means, 6 segments" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_model_page_opens_the_report_in_a_tab_of_its_own(page, explored_address):  # noqa: F811
    page.goto(explored_address.replace("/explore", "/model"))
    pick(page, "Segments", "3")
    look = page.locator("#model-report-open")
    expect(look).to_have_attribute("href", re.compile("k=3.*show=yes"))
    page.locator(".report-menu summary").click()
    assert violations(page) == []
    with page.expect_popup() as popup:
        look.click()
    expect(popup.value.get_by_role("heading", name="The segments")).to_be_visible()
    expect(popup.value.get_by_text("K-means, 3 segments")).to_be_visible()
