"""The report in a real browser: it asks for nothing, every reader can read it, and it fits phone and paper."""

import pytest

from pipeline.cli import main
from tests.browser.accessibility import SCHEMES, violations

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
