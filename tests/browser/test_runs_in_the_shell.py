"""A run as a person meets it: it survives a reload, a change of page, a lost answer; it can be stopped."""

import re
import signal

import psutil
import pytest
from playwright.sync_api import expect

from pipeline.simulation import simulate_shop
from tests.browser.test_data_page import bring, choose, confirm

pytestmark = pytest.mark.browser
WORKING = re.compile("run-working")
UNREACHABLE = [  # and what a page says of the parts that it was loading just then
    *("net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE", "Loading chunk"),
]


@pytest.fixture(scope="session")
def large_shop_file(tmp_path_factory):
    """A shop that takes some seconds to be read."""
    path = tmp_path_factory.mktemp("shop") / "large.csv"
    simulate_shop(path, customers=20_000, seed=6)
    return path


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory):
    """A shop that is read at once, and whose segments take some seconds."""
    path = tmp_path_factory.mktemp("shop") / "orders.csv"
    simulate_shop(path, customers=1_500, seed=6)
    return path


def workers(studio):
    """The processes that do the jobs of a server."""
    family = psutil.Process(studio.process.pid).children(recursive=True)
    return [process for process in family if process.parent().pid != studio.process.pid]


def test_a_run_shows_its_stages_and_goes_on_when_the_page_changes(own_studio, page, large_shop_file):
    page.goto(own_studio.url)
    bring(page, large_shop_file)
    strip = page.locator("#run-strip")
    expect(strip).to_have_class(WORKING)
    expect(page.locator("#run-stage")).to_have_text(re.compile("Reading|Cleaning"))
    expect(page.locator("#run-elapsed")).to_have_text(re.compile(r"\d:\d\d"))
    page.get_by_role("link", name="Segment Studio").click()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    expect(strip).to_have_class(WORKING)
    expect(strip).not_to_have_class(WORKING)
    page.get_by_role("link", name="large.csv", exact=True).click()
    expect(page.locator(".kpi-label").first).to_have_text("Customers")


def test_the_clock_of_a_run_that_says_nothing_new_goes_on(studio, page):
    page.clock.install()
    page.goto(studio.url)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.evaluate("window.dash_clientside.studio.jobStarted({ data: '0', recipe: null, until: 'check', nonce: 'one' })")
    clock = page.locator("#run-elapsed")
    for ahead, heard, shown in (("00:05", 0.0, "0:05"), ("00:03", 0.0, "0:08"), ("00:01", 60.0, "1:00")):
        page.clock.fast_forward(ahead)
        said = {"share": 0.1, "stage": "Reading", "sentence": "", "seconds": heard, "heard": ahead}
        page.evaluate("said => window.dash_clientside.set_props('run-progress', { data: said })", said)
        expect(page.locator("#run-bar")).to_have_attribute("style", re.compile("10%"))
        expect(clock).to_have_text(re.compile(f"^{shown[:-1]}[{shown[-1]}{int(shown[-1]) + 1}]$"))
    page.evaluate("window.dash_clientside.studio.jobStarted({ data: '0', recipe: null, until: 'check', nonce: 'two' })")
    expect(clock).to_have_text(re.compile("0:0[01]"))


def test_a_run_survives_a_reload_of_its_page_without_starting_twice(own_studio, page, large_shop_file):
    page.goto(own_studio.url)
    bring(page, large_shop_file)
    expect(page.locator("#run-stage")).to_have_text(re.compile("Reading"))
    before = {process.pid for process in workers(own_studio)}
    page.reload()
    expect(page.locator("#run-strip")).to_have_class(WORKING)
    assert {process.pid for process in workers(own_studio)} == before
    expect(page.locator(".kpi-label").first).to_have_text("Customers")
    assert page.evaluate("sessionStorage.getItem('studio-run')") is None


def test_a_run_can_be_cancelled_and_started_again(own_studio, page, large_shop_file):
    page.goto(own_studio.url)
    bring(page, large_shop_file)
    expect(page.locator("#run-stage")).to_have_text(re.compile("Reading"))
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#run-strip")).not_to_have_class(WORKING)
    expect(page.get_by_role("alert")).to_contain_text("The run was cancelled.")
    assert workers(own_studio) == []
    page.get_by_role("button", name="Read it again").click()
    expect(page.locator(".kpi-label").first).to_have_text("Customers")


def test_what_needs_results_waits_for_them(own_studio, page, shop_file):
    page.goto(own_studio.url)
    bring(page, shop_file)
    page.get_by_role("link", name="Build segments").click()
    strip, run = page.locator("#run-strip"), page.locator("#model-run")
    expect(page.get_by_text("Finding the segments of your customers.")).to_be_visible()
    expect(run).to_have_text("Running …")
    expect(run).to_be_disabled()
    expect(page.get_by_role("link", name="Explore segments")).to_be_hidden()
    expect(strip).to_have_class(WORKING)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("The run was cancelled.")
    expect(page.get_by_role("link", name="Explore segments")).to_be_hidden()
    run.click()
    expect(run).to_have_text("Running …")
    expect(page.locator(".segment-card").first).to_be_visible()
    expect(run).to_have_text("Up to date")
    expect(page.get_by_role("link", name="Explore segments")).to_be_visible()


def test_one_lost_answer_does_not_lose_the_run(own_studio, page, large_shop_file):
    page.expected_errors = ["net::ERR_FAILED"]
    lost = []

    def lose_some(route):
        if "cacheKey" in route.request.url and len(lost) < 3:
            lost.append(route.request.url)
            route.abort()
        else:
            route.fallback()

    page.route("**/_dash-update-component*", lose_some)
    page.goto(own_studio.url)
    bring(page, large_shop_file)
    expect(page.locator(".kpi-label").first).to_have_text("Customers")
    assert len(lost) == 3


def test_a_worker_that_dies_is_told_on_the_page_and_the_run_can_be_tried_again(own_studio, page, large_shop_file):
    page.goto(own_studio.url)
    bring(page, large_shop_file)
    expect(page.locator("#run-stage")).to_have_text(re.compile("Reading"))
    for process in workers(own_studio):
        process.kill()
    expect(page.get_by_role("alert")).to_contain_text("The run ended before it was finished")
    page.get_by_role("button", name="Read it again").click()
    expect(page.locator(".kpi-label").first).to_have_text("Customers")


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_goes_on_by_itself_when_its_server_was_restarted(own_studio, page, large_shop_file, blow):
    page.expected_errors = UNREACHABLE
    page.goto(own_studio.url)
    bring(page, large_shop_file)
    expect(page.locator("#run-stage")).to_have_text(re.compile("Reading"))
    own_studio.process.send_signal(blow)
    own_studio.process.communicate(timeout=20)
    expect(page.locator("#run-strip")).to_contain_text("The server does not answer; trying again …")
    own_studio.start_again()
    expect(page.locator("#run-strip")).not_to_contain_text("does not answer")
    expect(page.locator(".kpi-label").first).to_have_text("Customers")
    expect(page.locator("#run-strip")).not_to_have_class(WORKING)


def test_a_run_whose_start_was_lost_with_the_server_starts_when_it_is_back(own_studio, page, large_shop_file):
    page.expected_errors = UNREACHABLE
    page.goto(own_studio.url)

    def kill_before_the_start(route):
        if '"run-job"' in (route.request.post_data or "") and own_studio.process.poll() is None:
            own_studio.process.kill()
            own_studio.process.communicate(timeout=20)
        route.fallback()

    page.route("**/_dash-update-component*", kill_before_the_start)
    choose(page, large_shop_file)
    expect(page.locator("#run-strip")).to_contain_text("The server does not answer; trying again …")
    own_studio.start_again()
    confirm(page)
    expect(page.locator(".kpi-label").first).to_have_text("Customers")


def test_two_tabs_read_the_same_new_file_at_once(own_studio, page, large_shop_file):
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(own_studio.url)
    for tab in (page, other):
        bring(tab, large_shop_file)
    for tab in (page, other):
        expect(tab.locator(".kpi-label").first).to_have_text("Customers")


def test_an_error_that_nobody_foresaw_is_told_by_a_reference(own_studio, page):
    page.goto(own_studio.url)
    page.get_by_role("button", name="Try it with sample data").click()
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    (next((own_studio.data_dir / "raw").iterdir()) / "dataset.json").write_text("broken")
    page.get_by_role("link", name="Other data").click()
    toast = page.locator(".studio-toast")
    expect(toast).to_contain_text("Something went wrong (reference ")
    reference = re.search(r"reference (\w{4})", toast.inner_text()).group(1)
    log = (own_studio.data_dir.parent / "server.log").read_text()
    assert f"reference {reference}" in log
    assert "JSONDecodeError" in log
