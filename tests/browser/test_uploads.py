"""Files on their way in a real browser: several at once, broken, left and taken up again; and the list they end in."""

import re

import pytest
from playwright.sync_api import expect

from pipeline.simulation import simulate_shop
from tests.browser.test_data_page import bring, choose, confirm

pytestmark = pytest.mark.browser
MEGABYTE = 2**20


@pytest.fixture(scope="session")
def shop_files(tmp_path_factory):
    """Two simulated shops of the same columns."""
    folder = tmp_path_factory.mktemp("shops")
    paths = [folder / "orders 2010.csv", folder / "orders 2011.csv"]
    for seed, path in enumerate(paths):
        simulate_shop(path, customers=80, seed=seed)
    return paths


@pytest.fixture
def large_file(tmp_path):
    """Three slices of text."""
    path = tmp_path / "large.csv"
    path.write_bytes(b"InvoiceNo,CustomerID\n" + b"536365,17850\n" * (20 * MEGABYTE // 13))
    return path


def drop(page, files):
    """Drop files on the page as a person does from their desktop."""
    transfer = page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            files.forEach(([name, contents]) => transfer.items.add(new File([new Uint8Array(contents)], name)));
            return transfer;
        }""",
        [[name, list(contents)] for name, contents in files],
    )
    page.dispatch_event("#drop-zone", "drop", {"dataTransfer": transfer})


def hold_slices_from(page, offset, held):
    """Let no slice from this offset on reach the server."""

    def hold(route):
        if route.request.method == "PUT" and int(route.request.url.split("offset=")[1]) >= offset:
            held.append(route)
        else:
            route.fallback()

    page.route("**/uploads/*?offset=*", hold)


def test_several_files_dropped_become_one_data_set(own_studio, page, shop_files):
    page.goto(own_studio.url)
    drop(page, [(path.name, path.read_bytes()) for path in shop_files])
    expect(page.get_by_role("heading", level=1)).to_have_text("orders 2010.csv and orders 2011.csv")
    confirm(page)
    expect(page.locator(".kpi-label").first).to_have_text("Customers")
    data = re.search(r"\?data=([0-9a-f]{24})", page.url).group(1)
    kept = sorted(path.read_bytes() for path in (own_studio.data_dir / "raw" / data).glob("source*.csv"))
    assert kept == sorted(path.read_bytes() for path in shop_files)


def test_a_refused_file_is_told_and_the_others_wait_for_a_word(own_studio, page, shop_files):
    page.goto(own_studio.url)
    drop(page, [("invoice.pdf", b"%PDF-1.7\n"), (shop_files[0].name, shop_files[0].read_bytes())])
    alert = page.get_by_role("alert").filter(visible=True)
    expect(alert).to_have_text(re.compile(r"^invoice\.pdf is a PDF document, not a table of transactions\."))
    expect(page.locator("#upload-list li")).to_have_text([re.compile("not sent"), re.compile("sent")])
    go_on = page.get_by_role("button", name="Go on with the file that arrived")
    expect(go_on).to_be_focused()
    go_on.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("orders 2010.csv")


@pytest.mark.parametrize(
    ("name", "contents", "what"),
    [
        ("invoice.csv", b"%PDF-1.4", "a PDF document"),
        ("shop.xlsx", b"\x89PNG\r\n", "a picture"),
        ("letter", b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml", "a Word document"),
    ],
)
def test_what_is_no_table_is_refused_before_anything_is_sent(studio, page, name, contents, what):
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method in ("POST", "PUT") else None)
    page.goto(studio.url)
    drop(page, [(name, contents)])
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text(f"{name} is {what}")
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    assert [url for url in sent if url.startswith(f"{studio.url}/uploads")] == []


def test_a_slice_that_breaks_is_sent_again(studio, page, shop_files):
    page.expected_errors = ["net::ERR_FAILED", "net::ERR_CONNECTION_RESET"]
    page.goto(studio.url)
    broken = []

    def break_once(route):
        if route.request.method == "PUT" and not broken:
            broken.append(route.request.url)
            route.abort()
        else:
            route.fallback()

    page.route("**/uploads/**", break_once)
    bring(page, shop_files[0])
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    assert len(broken) == 1


def test_an_upload_goes_on_after_the_page_was_reloaded_and_the_server_restarted(own_studio, page, large_file):
    page.expected_errors = ["net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET"]
    page.goto(own_studio.url)
    held = []
    hold_slices_from(page, 2 * 8 * MEGABYTE, held)
    choose(page, large_file)
    bar = page.get_by_role("progressbar", name="All files")
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^(79|8\d)$"))
    own_studio.stop()
    again = own_studio.start_again()
    page.reload()
    page.unroute_all(behavior="ignoreErrors")
    expect(page.get_by_text("large.csv was half sent (16.8 of 21.0 MB): choose it again to go on.")).to_be_visible()
    with (
        page.expect_request(lambda request: request.method == "PUT") as first,
        page.expect_response("**/uploads/finish") as finished,
        page.expect_file_chooser() as chooser,
    ):
        page.get_by_role("button", name="Choose large.csv again").click()
        chooser.value.set_files(large_file)
    assert first.value.url.endswith(f"offset={2 * 8 * MEGABYTE}")
    kept = again.data_dir / "raw" / finished.value.json()["data"] / "source.csv"
    assert kept.read_bytes() == large_file.read_bytes()


def test_what_was_half_sent_can_be_forgotten(own_studio, page, large_file):
    page.goto(own_studio.url)
    held = []
    hold_slices_from(page, 8 * MEGABYTE, held)
    choose(page, large_file)
    expect(page.get_by_role("progressbar", name="All files")).to_have_attribute(
        "aria-valuenow", re.compile(r"^[34]\d$")
    )
    page.reload()
    page.unroute_all(behavior="ignoreErrors")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="Forget large.csv").click()
    expect(page.get_by_text("was half sent")).to_have_count(0)
    assert list((own_studio.data_dir / "incoming").iterdir()) == []


def test_an_upload_can_be_cancelled_and_leaves_nothing(own_studio, page, shop_files):
    page.goto(own_studio.url)
    held = []
    hold_slices_from(page, 0, held)
    choose(page, shop_files)
    expect(page.locator("#upload-name")).to_have_text("Sending 2 files")
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as removed:
        page.get_by_role("button", name="Cancel").click()
    assert removed.value.status == 200
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert list((own_studio.data_dir / "incoming").iterdir()) == []


def test_a_data_set_is_renamed_extended_and_deleted_by_keyboard(own_studio, page, shop_files):
    page.goto(own_studio.url)
    bring(page, shop_files[0])
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    page.get_by_role("link", name="Other data").click()
    row = page.get_by_role("listitem").filter(has_text="orders 2010.csv")
    expect(row).to_contain_text("customers")
    row.get_by_role("button", name="Rename").press("Enter")
    field = page.get_by_role("textbox", name="New name for orders 2010.csv")
    expect(field).to_be_focused()
    field.fill("never mind")
    field.press("Escape")
    expect(page.get_by_role("link", name="orders 2010.csv", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("orders 2010.csv")
    field.fill("Our first year")
    field.press("Enter")
    expect(page.get_by_role("link", name="Our first year", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Rename Our first year")).to_be_focused()
    page.get_by_role("link", name="Add files to Our first year").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add files to Our first year")
    choose(page, shop_files[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("orders 2010.csv and orders 2011.csv")
    confirm(page)
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    page.get_by_role("link", name="Other data").click()
    page.get_by_role("button", name="Delete Our first year").press("Enter")
    dialog = page.get_by_role("dialog", name="Delete Our first year?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Delete it").press("Enter")
    told = page.get_by_role("status").filter(has_text="Our first year is deleted")
    expect(told).to_be_focused()
    expect(page.get_by_role("link", name="Our first year", exact=True)).to_have_count(0)
    assert len(list((own_studio.data_dir / "raw").iterdir())) == 1
