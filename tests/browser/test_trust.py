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
    expect(page.locator("#trust-suggested .caption")).to_contain_text("on the test of stability: 20 draws")
    use = page.locator("#trust-use")
    wanted = re.search(r"\d+", use.inner_text()).group()
    pick(page, "Segments", "8" if wanted != "8" else "2")
    expect(page.locator("#trust-health tbody tr")).not_to_have_count(int(wanted))
    use.click()
    expect(page.locator("#trust-health tbody tr")).to_have_count(int(wanted))
    ringed = "#trust-davies_bouldin .measure-chosen g:has(circle[cx='{}'])"
    at = page.locator("#trust-davies_bouldin .measure-ring").get_attribute("cx")
    expect(page.locator(ringed.format(at)).locator("title")).to_contain_text(f"{wanted} segments")
    expect(page).to_have_url(re.compile(f"k={wanted}"))
    pick(page, "View", "Segments")
    expect(page.locator(".segment-card")).to_have_count(int(wanted))
    pick(page, "Segments", "8" if wanted != "8" else "2")
    expect(page.locator(".segment-card")).not_to_have_count(int(wanted))
    expect(page.locator(".segment-card .badge-health").first).not_to_contain_text("Not tested yet")


END_OF_THE_TEST = """() => {
    const [data, recipe] = ["data", "recipe"].map((name) => new URLSearchParams(location.search).get(name));
    const done = { state: "done", until: "stability", data, recipe, sentence: "", nonce: "ended just now" };
    dash_clientside.set_props("run-status", { data: done });
}"""


def test_an_answer_to_the_number_of_segments_before_never_comes_last(page, explored_address):  # noqa: F811
    held = []

    def of_the_end(request):
        return '"run-status.data"' in (request.post_data or "")

    def late(route):
        """What the end of a run asks of the server is answered when the reader has gone on."""
        if of_the_end(route.request):
            held.append(route)
        else:
            route.continue_()

    page.goto(explored_address.replace("/explore", "/model") + "&view=trust")
    rows = page.locator("#trust-health tbody tr")
    expect(rows).to_have_count(4)
    blades = page.locator("#trust-knife .knife-blade")
    expect(blades).to_have_count(4)
    page.route("**/_dash-update-component*", late)
    with page.expect_request(of_the_end):
        page.evaluate(END_OF_THE_TEST)
    pick(page, "Segments", "7")
    expect(rows).to_have_count(7)
    expect(blades).to_have_count(7)
    for answer in held:
        with page.expect_event("requestfinished", lambda ended, own=answer: ended == own.request):
            answer.continue_()
    pick(page, "View", "Compare")
    expect(page.locator("#compare-told")).to_be_visible()
    pick(page, "View", "Can I trust them?")
    expect(rows).to_have_count(7)
    expect(blades).to_have_count(7)


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


WIDE_LETTERS = "* { letter-spacing: 0.06em !important }"  # a wider font than any machine is likely to have
CUT = """() => ["#trust-health", "#trust-agreement"].filter((place) => {
    const box = document.querySelector(`${place} .table-scroll`);
    return box.scrollWidth > box.clientWidth;
})"""


@pytest.mark.parametrize("letters", ["", WIDE_LETTERS], ids=["own letters", "wide letters"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_tables_of_trust_are_not_cut(page, explored_address, width, letters):  # noqa: F811
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(explored_address.replace("/explore", "/model") + "&view=trust")
    page.add_style_tag(content=letters or "/* those of this machine */")
    expect(page.locator("#trust-health tbody tr").first).to_be_visible()
    expect(page.locator("#trust-agreement table")).to_be_visible()
    expect(page.locator("#trust-test")).to_contain_text("Tested on 20 draws", timeout=90_000)
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.querySelectorAll('#trust-health .badge-health').forEach((at) => at.append(' or not'))")
    assert page.evaluate(CUT) == []
