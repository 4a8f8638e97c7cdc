"""`python -m benchmarks.redraw [FILE]`: a click on k to painted in Chromium, beside the server's share."""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.processes import ROOT
from benchmarks.studio import browser, served
from pipeline import segmentation
from pipeline.recipe import BALANCED
from pipeline.simulation import simulate_shop
from webapp.workspace import Workspace

REAL_FILE = ROOT.parent / "shared" / "data" / "online_retail.csv.gz"
ROUNDS = 10
KS = ("2", "3", "5", "6", "7", "8", "4")
PATIENCE_MILLISECONDS = 60_000

# Clicks a k; resolves when the map, and then every chart, has been drawn and two frames have been painted since.
CLICK = """k => new Promise((resolve, reject) => {
    const plots = [...document.querySelectorAll('#model-results .js-plotly-plot')];
    const option = [...document.querySelectorAll('#model-k label')].find((label) => label.textContent.trim() === k);
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    performance.clearResourceTimings();
    setTimeout(() => reject(new Error('not every chart was drawn again')), 30000);
    const begin = performance.now();
    const drawn = plots.map((plot) => new Promise((done) => plot.once('plotly_afterplot', async () => {
        await painted();
        done([plot.parentElement.id || plot.parentElement.parentElement.id, performance.now() - begin]);
    })));
    option.click();
    Promise.all(drawn).then((ends) => {
        const answers = performance.getEntriesByType('resource')
            .filter((each) => each.name.includes('_dash-update-component') && each.startTime >= begin);
        const map = ends.find(([id]) => id.includes('model-map'));
        resolve({
            map: map[1],
            all: Math.max(...ends.map(([, end]) => end)),
            server: Math.max(...answers.map((each) => each.responseStart - each.requestStart)),
        });
    });
})"""


@dataclass(frozen=True)
class Times:
    """Milliseconds from click to painted, of many clicks: the map, every chart, and the server's longest answer."""

    map: list[float]
    all: list[float]
    server: list[float]

    def told(self) -> str:
        """Medians and the slowest, in a line."""
        middle = {name: statistics.median(values) for name, values in vars(self).items()}
        return (
            f"map {middle['map']:.0f} ms, every chart {middle['all']:.0f} ms (slowest {max(self.all):.0f}); "
            f"of that the server {middle['server']:.0f} ms; medians of {len(self.all)}"
        )


def times(page: Any, rounds: int = ROUNDS) -> Times:
    """Click every k of the Model page that is open, `rounds` times."""
    page.wait_for_function("document.querySelectorAll('#model-results .js-plotly-plot').length >= 6")
    page.wait_for_timeout(1000)
    measured = []
    for _ in range(rounds):
        for k in KS:
            measured.append(page.evaluate(CLICK, k))
            page.wait_for_timeout(100)
    return Times(*([each[name] for each in measured] for name in ("map", "all", "server")))


def main() -> int:
    """Measure on a file of transactions and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redraw", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="transactions; else the real file or a simulated shop")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        file = asked.file or _usual_file(Path(folder))
        data, customers = _modelled(file, Path(folder))
        with served(Path(folder) / "data") as (url, _), sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(PATIENCE_MILLISECONDS)
            page.goto(f"{url}/model?data={data}")
            first, then = times(page, rounds=1), times(page, asked.rounds)
            chromium.close()
    print(f"{file.name}, {customers:,} customers, {os.cpu_count()} cores, from click to painted")
    print(f"  first look at each k: {first.told()}")
    print(f"  afterwards:           {then.told()}")
    return 0


def _usual_file(folder: Path) -> Path:
    """The real file where it is at hand, else a simulated shop of about its size."""
    if REAL_FILE.is_file():
        return REAL_FILE
    simulated = folder / "simulated shop.csv"
    simulate_shop(simulated, 4_338, 1)
    return simulated


def _modelled(file: Path, folder: Path) -> tuple[str, int]:
    """The id of the file's data set, its results finished, and its number of customers."""
    here = Workspace(folder / "data")
    arrived = folder / file.name.removesuffix(".gz")
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as source, arrived.open("wb") as target:
        shutil.copyfileobj(source, target)
    dataset = here.adopt(arrived, arrived.name)
    done = segmentation.run(dataset.files, BALANCED, here.store, source_digest=dataset.digest)
    return dataset.id, len(done.customers())


if __name__ == "__main__":
    raise SystemExit(main())
