"""A later file of the shop is put into the segments of a page, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from pipeline.simulation import simulate_shop
from tests.browser.test_data_page import BAD_FILES, bring, choose
from tests.browser.test_segments_view import pick

pytestmark = pytest.mark.browser
PLACE, UNSCORED = "#newdata-result", "#newdata-unscored"


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    """A simulated shop until some day, and all of it."""
    folder = tmp_path_factory.mktemp("later")
    simulate_shop(folder / "until December.csv", customers=300, seed=31)
    lines = (folder / "until December.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "until autumn.csv").write_text("".join(lines[: 4 * len(lines) // 5]), encoding="utf-8")
    return folder


def test_a_later_file_is_put_into_the_segments_and_follows_method_and_number(own_studio, page, shops):
    page.goto(own_studio.url)
    bring(page, shops / "until autumn.csv")
    page.get_by_role("link", name="Build segments").click()
    expect(page.locator(".segment-card")).to_have_count(4)
    pick(page, "View", "New data")
    pick(page, "Segments", "3")
    page.get_by_role("link", name="Add a file").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Add a later file")
    choose(page, shops / "until December.csv")
    expect(page.get_by_role("heading", level=1)).to_have_text("Model")
    choice = page.get_by_label("Later file")
    expect(choice.locator("option:checked")).to_contain_text("until December.csv")
    lines = page.locator(f"{PLACE} .shifts li")
    expect(lines).to_have_count(3, timeout=60_000)
    expect(page.locator(PLACE)).to_contain_text("in both files")
    expect(page.locator(PLACE)).to_contain_text("until December.csv")
    pick(page, "Segments", "6")
    expect(lines).to_have_count(6)
    expect(page).to_have_url(re.compile("later=[0-9a-f]{24}"))
    page.reload()
    expect(lines).to_have_count(6)
    page.wait_for_function("document.querySelector('#newdata-chart .js-plotly-plot')?._fullData?.length === 1")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download these customers").click()
    assert taken.value.suggested_filename == "until_December-scored.csv"
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download the model").click()
    assert taken.value.suggested_filename == "until_autumn-model.json"


def test_a_later_file_that_cannot_be_read_is_one_sentence(own_studio, page, shops, tmp_path):
    (tmp_path / "returns.csv").write_bytes(BAD_FILES["returns.csv"][0])
    page.goto(own_studio.url)
    bring(page, tmp_path / "returns.csv")
    expect(page.get_by_role("alert").filter(visible=True)).to_be_visible()
    page.goto(own_studio.url)
    bring(page, shops / "until autumn.csv")
    page.get_by_role("link", name="Build segments").click()
    expect(page.locator(".segment-card")).to_have_count(4)
    pick(page, "View", "New data")
    page.get_by_label("Later file").select_option(index=1)
    again = page.locator(UNSCORED).get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(page.locator(PLACE)).to_be_hidden()
    expect(page.locator(UNSCORED).get_by_role("alert")).to_have_text(re.compile(r"[^\n]+\."))
