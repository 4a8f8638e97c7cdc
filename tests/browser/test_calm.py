"""Nothing jumps while a page comes in: what arrives late finds its room kept free, on a screen and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import GUIDE_SEEN, PATIENCE_MILLISECONDS
from tests.browser.test_journey import explored_address, shop_file  # noqa: F401

pytestmark = pytest.mark.browser
BOUND = 0.02  # of the sum of all shifts; browsers call up to 0.1 good
WATCH = """window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().filter((each) => !each.hadRecentInput)))
    .observe({ type: 'layout-shift', buffered: true });"""
SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(
    window.shifts.reduce((sum, each) => sum + each.value, 0)))))"""
VIEWS = {
    "/?": ".kpis",
    "/explore?": "#explore-recency .dotted",
    "/explore?view=segment&segment=0&": ".spreads",
    "/explore?view=customers&": "#customers-grid .ag-center-cols-container .ag-row",
    "/model?": "#model-map .main-svg",
    "/model?view=trust&": "#trust-knife .knife-blade",
    "/model?view=value&": "#value-verdict .verdict-grade",
    "/model?view=time&": "#moved-chart .sankey-link",
}


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["screen", "phone"])
def test_nothing_jumps_while_a_view_comes_in(studio, chromium, explored_address, size):  # noqa: F811
    data = re.search("data=[0-9a-f]+", explored_address).group()
    shifted = {}
    for view, last in VIEWS.items():
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.add_init_script(GUIDE_SEEN + "\n" + WATCH)
        page = context.new_page()
        page.goto(f"{studio.url}{view}{data}")
        expect(page.locator(last).first).to_be_attached()
        page.wait_for_load_state("networkidle")
        shifted[view] = page.evaluate(SETTLED)
        context.close()
    assert {view: sum for view, sum in shifted.items() if sum > BOUND} == {}
