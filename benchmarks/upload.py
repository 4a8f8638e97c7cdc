"""`python -m benchmarks.upload --megabytes 48 2000`: a file through the Data page in Chromium, beside one plain PUT.

The plain PUT goes from the same browser, in one request, to a bare server that writes it to the same disk: what
browser, loopback and disk give where nobody slices, hashes, resumes or shows anything.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from playwright.sync_api import sync_playwright

from benchmarks.studio import browser, served

MEGABYTE = 10**6
BLOCK_BYTES = 256 * 2**10
SAMPLE_SECONDS = 0.1
SETTLE_SECONDS = 2.0
PATIENCE_MILLISECONDS = 30 * 60_000
LINE = b"536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"

# From the moment a file is chosen until the server has taken it in.
STARTED = "() => { performance.setResourceTimingBufferSize(100000); performance.clearResourceTimings(); }"
TAKEN = """() => {
    const ours = (call) => new URL(call.name).pathname.startsWith('/uploads');
    const calls = performance.getEntriesByType('resource').filter(ours);
    const [began, ended] = [calls.map((call) => call.startTime), calls.map((call) => call.responseEnd)];
    return (Math.max(...ended) - Math.min(...began)) / 1000;
}"""
PLAIN_PAGE = b"<!DOCTYPE html><title>plain</title><input type=file>"
PLAIN_PUT = """async () => {
    const begin = performance.now();
    await fetch('/', { method: 'PUT', body: document.querySelector('input').files[0] });
    return (performance.now() - begin) / 1000;
}"""


class Sent(NamedTuple):
    """Seconds of one file on both ways, and by how many MB the server and the browser grew at most meanwhile."""

    seconds: float
    plain_seconds: float
    server_mb: float
    browser_mb: float


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.upload", description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[48, 2000])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print("| file | rounds | MB/s | of a plain PUT | s | plain PUT s | server grew MB | browser grew MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for megabytes in asked.megabytes:
        print(_row(megabytes, _measured(megabytes, asked.rounds)), flush=True)
    return 0


def _row(megabytes: int, rounds: Sequence[Sent]) -> str:
    seconds, plain = (statistics.median(values) for values in list(zip(*rounds, strict=True))[:2])
    share = statistics.median(sent.plain_seconds / sent.seconds for sent in rounds)
    grew = [max(values) for values in list(zip(*rounds, strict=True))[2:]]
    return (
        f"| {megabytes} MB | {len(rounds)} | {megabytes / seconds:.0f} | {share:.0%} | {seconds:.2f} | {plain:.2f} "
        f"| {grew[0]:.1f} | {grew[1]:.1f} |"
    )


def _measured(megabytes: int, rounds: int) -> list[Sent]:
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        file = Path(folder) / "large.csv"
        _write(file, megabytes * MEGABYTE)
        return [_sent(file, Path(folder)) for _ in range(rounds)]


def _sent(file: Path, folder: Path) -> Sent:
    plain = _plain_put(file, folder)
    with tempfile.TemporaryDirectory(dir=folder) as data, served(Path(data)) as (url, server), _page() as page:
        page.goto(url)
        page.get_by_role("button", name="Choose files").wait_for()
        page.wait_for_load_state("networkidle")
        chromium = _chromium()
        _settled([server, *chromium])
        page.evaluate(STARTED)
        with _growth([server]) as server_grew, _growth(chromium) as browser_grew:
            with page.expect_response("**/uploads/finish") as taken, page.expect_file_chooser() as chooser:
                page.get_by_role("button", name="Choose files").click()
                chooser.value.set_files(file)
            assert taken.value.ok, taken.value.text()
        page.wait_for_timeout(200)  # until the browser has noted the last answer's end
        return Sent(page.evaluate(TAKEN), plain, server_grew[0], browser_grew[0])


def _plain_put(file: Path, folder: Path) -> float:
    with _bare_server(folder / "plain") as url, _page() as page:
        page.goto(url)
        page.locator("input").set_input_files(file)
        seconds: float = page.evaluate(PLAIN_PUT)
    assert (folder / "plain").stat().st_size == file.stat().st_size
    (folder / "plain").unlink()
    return seconds


@contextmanager
def _bare_server(target: Path) -> Iterator[str]:
    class Taker(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(PLAIN_PAGE)

        def do_PUT(self) -> None:
            left = int(self.headers["Content-Length"])
            with target.open("wb") as stream:
                while left and (block := self.rfile.read(min(BLOCK_BYTES, left))):
                    stream.write(block)
                    left -= len(block)
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _page() -> Iterator[Any]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        yield page
        chromium.close()


def _chromium() -> list[int]:
    """The processes of the browser that this one started."""
    return [each.pid for each in psutil.Process().children(recursive=True) if "chrom" in each.name()]


@contextmanager
def _growth(pids: Sequence[int]) -> Iterator[list[float]]:
    """In the list, afterwards, the MB of resident memory by which the processes grew at most."""
    before, most, over = _resident(pids), [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_SECONDS):
            most[0] = max(most[0], (_resident(pids) - before) / MEGABYTE)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def _settled(pids: Sequence[int]) -> None:
    """Wait until the processes have loaded what they load at their start."""
    before = -MEGABYTE
    while abs(_resident(pids) - before) > MEGABYTE / 2:
        before = _resident(pids)
        time.sleep(SETTLE_SECONDS)


def _resident(pids: Sequence[int]) -> int:
    sizes = 0
    for pid in pids:
        with suppress(psutil.NoSuchProcess):  # the browser ends what it no longer needs
            sizes += psutil.Process(pid).memory_info().rss
    return sizes


def _write(file: Path, size: int) -> None:
    block = LINE * (MEGABYTE // len(LINE))
    with file.open("wb") as stream:
        while stream.tell() < size:
            stream.write(block[: size - stream.tell()])


if __name__ == "__main__":
    raise SystemExit(main())
