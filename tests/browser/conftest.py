"""The real server and a real browser for the tests of this folder."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE_MILLISECONDS = 60_000  # of a busy machine; a test that holds waits no longer than it must
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CANDIDATES = ("chromium", "chromium-browser", "google-chrome")
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@dataclass
class Studio:
    """A running server: where it is, where its data lies, and its process."""

    url: str
    data_dir: Path
    process: subprocess.Popen
    port: int
    successors: list["Studio"] = field(default_factory=list)

    def stop(self):
        """End the server, and those started again in its place, as Ctrl-C does."""
        for each in (self, *self.successors):
            if each.process.poll() is None:
                each.process.terminate()
                each.process.communicate(timeout=20)

    def start_again(self, port=None):
        """Another server on the same data, by default at the same address; it ends with this one, after the page."""
        self.successors.append(start_server(self.data_dir, self.port if port is None else port))
        return self.successors[-1]


def start_server(data_dir, port=0, **environment):
    """Start `python app.py`; it is ready when this returns."""
    command = [sys.executable, "app.py", "--port", str(port), "--data-dir", str(data_dir)]
    log = (data_dir.parent / "server.log").open("a")
    with log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **environment}
        )
    line = process.stdout.readline()
    url = re.fullmatch(r"Segment Studio is at (http://\S+)\n", line).group(1)
    return Studio(url, data_dir, process, int(url.rsplit(":", 1)[1]))


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    """One server for all tests that leave it as it is; what one test uploads, another finds."""
    running = start_server(tmp_path_factory.mktemp("studio") / "data")
    yield running
    running.stop()


@pytest.fixture
def own_studio(tmp_path):
    """A server for one test alone, with an empty data directory."""
    running = start_server(tmp_path / "data")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    found = [shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *CANDIDATES) if name]
    path = next((each for each in found if each), None)
    if path is None:
        pytest.skip("no Chromium or Chrome on this machine; install one or name it in the variable CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


GUIDE_SEEN = "if (location.protocol === 'http:') { localStorage.setItem('studio-guide-seen', 'yes') }"


HARMLESS = ("Cannot patch undefined",)  # Dash's renderer, of an answer to a page that was left meanwhile


@pytest.fixture
def page(chromium):
    """A page that fails its test on any error in the console, unless the test lists it in `page.expected_errors`."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    context.add_init_script(GUIDE_SEEN)
    opened = context.new_page()
    slowness = os.environ.get("SLOW_BROWSER")
    if slowness:
        context.new_cdp_session(opened).send("Emulation.setCPUThrottlingRate", {"rate": float(slowness)})
    errors = []
    opened.expected_errors = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    unexpected = [text for text in errors if not any(known in text for known in (*HARMLESS, *opened.expected_errors))]
    assert unexpected == []
