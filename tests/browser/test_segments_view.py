"""The segments view in a real browser: the map's axes and colours, and the tree that is cut by hand and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from pipeline.simulation import simulate_shop
from tests.browser.conftest import GUIDE_SEEN
from tests.browser.test_data_page import bring

pytestmark = pytest.mark.browser
CARD = ".segment-card"
MAP = "#model-map .js-plotly-plot"
TREE = "#model-tree-drawing"
SAME_NAMES = """() => {
    const names = (place) => [...document.querySelectorAll(place)].map((each) => each.innerText.trim()).filter(Boolean);
    const [cards, rules, factors] = [".segment-card h3", "#model-rules strong", "#model-heat thead th"].map(
        (place) => names(place).join(" | "));
    return cards !== "" && cards === rules && cards === factors;
}"""


@pytest.fixture(scope="module")
def segments_address(studio, chromium, tmp_path_factory):
    """The Model page of a simulated shop of 500 customers."""
    path = tmp_path_factory.mktemp("segments") / "segments shop.csv"
    simulate_shop(path, customers=500, seed=21)
    page = chromium.new_page()
    page.add_init_script(GUIDE_SEEN)
    page.goto(studio.url)
    bring(page, path)
    page.get_by_role("link", name="Build segments").click()
    expect(page.locator(CARD)).to_have_count(4)
    address = page.url
    page.close()
    return address


def pick(page, group, option):
    page.get_by_role("radiogroup", name=group).get_by_text(option, exact=True).click()


def on_map(page, expression):
    """Waits until something is true of the drawn map, of which `trace` is all points and `layout` the axes."""
    drawn = f"document.querySelector('{MAP}')"
    page.wait_for_function(
        f"{drawn}?._fullData?.length && ((trace, layout) => {expression})({drawn}._fullData[0], {drawn}._fullLayout)"
    )


def expect_painted(page, segments, drawn=500):
    """Waits until so many customers of so many segments are painted over the map."""
    dots = page.locator(f"{MAP} canvas.dots")
    expect(dots).to_have_attribute("data-segments", str(segments))
    expect(dots).to_have_attribute("data-drawn", str(drawn))


def test_the_map_takes_other_segments_colours_and_axes(page, segments_address):
    page.goto(segments_address)
    on_map(page, "Math.max(...trace.marker.color) === 3")
    pick(page, "Segments", "6")
    expect(page.locator(CARD)).to_have_count(6)
    expect_painted(page, 6)
    page.get_by_label("Colour", exact=True).select_option("CLV")
    on_map(page, "Math.max(...trace.marker.color) === 1 && trace.marker.showscale")
    pick(page, "Segments", "3")
    expect(page.locator(CARD)).to_have_count(3)
    expect(page.locator("#model-rules li")).to_have_count(3)
    on_map(page, "Math.max(...trace.marker.color) === 1")
    expect_painted(page, 3, drawn=0)
    page.get_by_label("Across", exact=True).select_option("Last order")
    page.get_by_label("Up", exact=True).select_option("Spent so far")
    on_map(page, "layout.yaxis.type === 'log' && /Recency/.test(layout.xaxis.title.text) && trace.marker.showscale")
    expect(page.locator("#model-map-caption")).to_contain_text("equal distances are equal factors")
    page.get_by_label("Colour", exact=True).select_option("Segment")
    on_map(page, "Math.max(...trace.marker.color) === 2 && !trace.marker.showscale")
    expect_painted(page, 3)


def test_every_segment_has_its_rule_and_its_factors_under_every_method(page, segments_address):
    page.goto(segments_address)
    for method in ("Hierarchical (Ward)", "Gaussian mixture"):
        before = page.locator("#model-rules li").all_text_contents()
        pick(page, "Method", method)
        expect(page).to_have_url(re.compile(f"method={method.split()[0].lower()}"))
        expect(page.locator("#model-rules li")).not_to_have_text(before)
        expect(page.locator("#model-rules li")).to_have_count(4)
        page.wait_for_function(SAME_NAMES)


def cut_height(page):
    return float(page.locator(f"{TREE} .cut").get_attribute("y1"))


def test_the_tree_is_cut_by_mouse_and_keyboard(page, segments_address):
    page.goto(segments_address)
    expect(page.locator("#model-tree-note")).to_contain_text("belongs to the method Hierarchical (Ward)")
    expect(page.locator(f"{TREE} svg")).to_be_hidden()
    expect(page.locator("#model-tree-caption")).to_be_hidden()
    pick(page, "Method", "Hierarchical (Ward)")
    expect(page.locator("#model-tree-note")).to_contain_text("cuts the tree into 4 segments")
    expect(page.locator("#model-tree-caption")).to_contain_text("The bars below are the groups' sizes.")
    four = cut_height(page)
    tree = page.locator(f"{TREE} svg")
    tree.scroll_into_view_if_needed()
    box = tree.bounding_box()
    middle, scale = box["x"] + box["width"] / 2, box["height"] / 280
    page.mouse.move(middle, box["y"] + four * scale)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + 14 * scale, steps=5)
    page.mouse.up()
    expect(page.locator(CARD)).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\bk=2"))
    assert cut_height(page) < four
    slider = page.get_by_role("slider", name="Segments that the tree is cut into")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(CARD)).to_have_count(3)
    page.keyboard.press("End")
    expect(page.locator(CARD)).to_have_count(8)
    expect_painted(page, 8)
    expect(page.locator(f"{TREE} .cut")).to_have_count(1)
    assert cut_height(page) > four
    assert len(set(page.locator(f"{TREE} rect").evaluate_all("bars => bars.map(bar => bar.getAttribute('fill'))"))) == 8


def test_another_k_moves_the_line_in_the_tree(page, segments_address):
    page.goto(segments_address.replace("kmeans&k=4", "hierarchical&k=5"))
    expect(page.locator("#model-tree-note")).to_contain_text("5 segments")
    before = cut_height(page)
    pick(page, "Segments", "2")
    expect(page.locator("#model-tree-note")).to_contain_text("2 segments")
    page.wait_for_function(f"Number(document.querySelector('{TREE} .cut').getAttribute('y1')) < {before}")


def test_profiles_show_as_a_table_a_snake_or_lines_and_follow_k_while_they_show(page, segments_address):
    page.goto(segments_address)
    pick(page, "Shown as", "Snake plot")
    snake = "#model-profile-chart-snake .js-plotly-plot"
    page.wait_for_function(f"document.querySelector('{snake}')?._fullData?.length === 4")
    expect(page.locator("#model-heat")).to_be_hidden()
    pick(page, "Segments", "6")
    page.wait_for_function(f"document.querySelector('{snake}')._fullData.length === 6")
    pick(page, "Shown as", "Customer lines")
    lines = "#model-profile-chart-parallel .js-plotly-plot"
    page.wait_for_function(f"document.querySelector('{lines}')?._fullData?.[0].type === 'parcoords'")
    pick(page, "Shown as", "Factors")
    expect(page.locator("#model-heat thead th")).to_have_count(6)
    expect(page.locator("#model-profile-chart")).to_be_hidden()


def test_the_map_names_segments_in_its_tooltips_and_shows_crowds_that_follow_k(page, segments_address):
    page.goto(segments_address)
    names = page.locator(f"{CARD} h3")
    expect(names).to_have_count(4)
    on_map(page, "new Set(trace.hovertext).size === 4")
    pick(page, "Segments", "3")
    expect(names).to_have_count(3)
    on_map(page, "new Set(trace.hovertext).size === 3")
    shown = set(names.all_inner_texts())
    on_map(page, f"trace.hovertext.every((name) => {sorted(shown)}.includes(name))")
    section = page.locator(".section", has=page.get_by_role("heading", name="Map of customers"))
    section.get_by_text("Density", exact=True).click()
    crowds = "document.querySelector('#model-map-crowds .js-plotly-plot')"
    page.wait_for_function(f"{crowds}?._fullData?.filter((trace) => trace.type === 'contour').length === 3")
    expect(page.locator("#model-map")).to_be_hidden()
    expect(page.get_by_label("Colour", exact=True)).to_be_disabled()
    pick(page, "Segments", "5")
    page.wait_for_function(f"{crowds}?._fullData?.length === 5")
    page.get_by_label("Up", exact=True).select_option("Spent so far")
    page.wait_for_function(f"{crowds}?._fullLayout?.yaxis.type === 'log'")
    section.get_by_text("Points", exact=True).click()
    expect(page.locator("#model-map")).to_be_visible()
    on_map(page, "layout.yaxis.type === 'log' && new Set(trace.hovertext).size === 5")


def test_an_address_that_asks_for_what_there_is_not_is_corrected(page, segments_address):
    data = re.search("data=[0-9a-f]+", segments_address).group()
    page.goto(f"{segments_address.split('?')[0]}?{data}&method=zzz&k=999&view=nothing")
    expect(page.locator(CARD)).to_have_count(4)
    expect(page).to_have_url(re.compile(r"method=kmeans&k=4$"))
    page.goto(f"{segments_address.split('?')[0]}?{data}&method=rfm_grid&k=999")
    expect(page.locator(CARD).first).to_be_visible()
    expect(page).to_have_url(re.compile(r"method=rfm_grid&k=4$"))  # the number that other methods are left with
