"""Every view on paper: nothing that is a control, nothing wider than a sheet of A4, dark ink on white."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_customers import HEADING, ROWS
from tests.browser.test_journey import explored_address, shop_file  # noqa: F401

pytestmark = pytest.mark.browser
SHEET = 703  # pixels between margins of 12 mm on A4
VIEWS = {
    "Overview": ("/explore", "#explore-countries button"),
    "One segment": ("/explore&view=segment&segment=1", "#explore-shown .one-segment"),
    "Customers": ("/explore&view=customers", ROWS),
    "Segments": ("/model", "#model-map .js-plotly-plot"),
    "Can I trust them?": ("/model&view=trust", "#trust-agreement table"),
    "Compare": ("/model&view=compare", "#compare-told li"),
    "Preparation": ("/model&view=prepare", ".preparation, #prepare-compare"),
    "Value": ("/model&view=value", "#value-verdict .verdict-grade"),
    "Over time": ("/model&view=time", "#moved-chart .sankey-link"),
    "New data": ("/model&view=newdata", "#newdata-later"),
    "About this model": ("/model&view=about", "#model-card li"),
}
FAULTS = """(sheet) => {
    const seen = (each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && each.getBoundingClientRect().width > 1 && each.getBoundingClientRect().height > 1;
    const named = (each) => `${each.tagName} ${each.id} ${each.getAttribute("class")}`;
    const words = ".row-button, .boxes-row, .country-bar, .country-part";  // their words are what the page tells
    const controls = `button:not(${words}), select, input, textarea, .btn, .modebar, [role="radiogroup"]`;
    const wide = (each) => each.getBoundingClientRect().right > sheet + 1 || each.getBoundingClientRect().left < -1;
    const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).every((part) => Number(part) > 235);
    const all = (places) => [...document.querySelectorAll(places)].filter(seen);
    const grounds = [document.body, ...all("main .section")];
    return {
        controls: all(`${controls}, details:not([open])`).map(named),
        wide: all("main :is(table, svg, canvas, figure, .chart, .section)").filter(wide).map(named),
        dark: grounds.filter((each) => !light(getComputedStyle(each).backgroundColor)
            && getComputedStyle(each).backgroundColor !== "rgba(0, 0, 0, 0)").map(named),
        faint: all("main :is(h1, h2, p, td, th)").filter((each) => light(getComputedStyle(each).color)).map(named),
    };
}"""


def on_paper(page):
    """The page as a printer gets it. A browser that prints tells the page before; one that shows print does not."""
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_on_paper_is_whole_light_and_without_controls(page, explored_address, name):  # noqa: F811
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    place, shown = VIEWS[name]
    path, _, more = place.partition("&")
    page.goto(explored_address.replace("/explore", path) + (f"&{more}" if more else ""))
    expect(page.locator(shown).first).to_be_visible()
    on_paper(page)
    assert page.evaluate(FAULTS, SHEET) == {"controls": [], "wide": [], "dark": [], "faint": []}
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_customer_on_paper_is_whole_light_and_without_controls(page, explored_address):  # noqa: F811
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(f"{explored_address}&view=customers")
    page.locator(ROWS).first.click()
    expect(page.locator(HEADING)).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    on_paper(page)
    assert page.evaluate(FAULTS, SHEET) == {"controls": [], "wide": [], "dark": [], "faint": []}


def test_a_printer_is_given_the_light_page_too(page, explored_address):  # noqa: F811
    page.emulate_media(color_scheme="dark")
    page.goto(explored_address.replace("/explore", "/model") + "&view=about")
    expect(page.locator("#model-card li").first).to_be_visible()
    page.evaluate(
        "window.addEventListener('beforeprint', () => { window.printed = document.documentElement.dataset.bsTheme; })"
    )
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.wait_for_function("window.printed === 'light'")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", re.compile("dark"))
