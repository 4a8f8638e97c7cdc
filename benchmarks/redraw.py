"""`python -m benchmarks.redraw [FILE] [--page explore]`: from a choice to painted, and the server's share of it."""

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
CHOICES = {
    "k": ("model-k", ("2", "3", "5", "6", "7", "8", "4")),
    "method": ("model-method", ("Hierarchical (Ward)", "Gaussian mixture", "K-means")),
    "colour": ("model-map-colour", ("CLV_6m", "Recency", "segment")),
    "axis": ("model-map-across", ("Recency", "Monetary", "likeness")),
}
FILTERS = {
    "segment": [{"segment": each} for each in ("1", "0", "2", "*")],
    "country": [{"country": each} for each in ("France", "United Kingdom", "*")],
    "box in a chart": [{"recency": a, "frequency": b} for a, b in (("0-60", "5-"), ("90-", "-3"), ("", ""))],
    "clear all": [{"segment": "1", "min_frequency": 3}, {"segment": "*", "min_frequency": None}],
}
PATIENCE_MILLISECONDS = 60_000

# Makes a choice; resolves when every part that follows it has been drawn and two frames have been painted since.
CHOOSE = """([id, choice]) => new Promise((resolve, reject) => {
    const field = document.getElementById(id);
    const plots = [...document.querySelectorAll('#model-tab-segments .js-plotly-plot')];
    const follow = field.matches('select') ? [] : ['model-cards', 'model-shares', 'model-rules', 'model-heat'];
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const since = async () => { await painted(); return performance.now() - begin; };
    performance.clearResourceTimings();
    setTimeout(() => reject(new Error('not every part was drawn again after ' + choice)), 30000);
    const drawn = plots.map((plot) => new Promise((done) => plot.once('plotly_afterplot', () => since().then(done))));
    const written = follow.map((id) => new Promise((done) => {
        const watch = new MutationObserver(() => { watch.disconnect(); since().then(done); });
        watch.observe(document.getElementById(id), { childList: true, subtree: true, characterData: true });
    }));
    const begin = performance.now();
    if (field.matches('select')) {
        Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(field, choice);
        field.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
        [...field.querySelectorAll('label')].find((label) => label.textContent.trim() === choice).click();
    }
    Promise.all([Promise.all(drawn), Promise.all(written)]).then(([charts, texts]) => {
        const answers = performance.getEntriesByType('resource')
            .filter((each) => each.name.includes('_dash-update-component') && each.startTime >= begin);
        resolve({
            all: Math.max(...charts, ...texts),
            server: Math.max(0, ...answers.map((each) => each.responseStart - each.requestStart)),
        });
    });
})"""


# Sets filters; resolves as above. Every part is told anew by each of these filters, but the parts that did not change.
FILTER = """(values) => new Promise((resolve, reject) => {
    const spec = JSON.parse(document.querySelector('[data-filters]').dataset.filters);
    const plots = [...document.querySelectorAll('#explore-tab-segments canvas.dots')];
    const follow = ['explore-kpis', 'explore-summary', 'explore-value', 'explore-countries', 'explore-chips'];
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const since = async () => { await painted(); return performance.now() - begin; };
    performance.clearResourceTimings();
    setTimeout(() => reject(new Error('not every part was drawn again: ' + JSON.stringify(values))), 30000);
    const drawn = plots.map((canvas) => new Promise((done) => {
        const watch = new MutationObserver(() => { watch.disconnect(); since().then(done); });
        watch.observe(canvas, { attributes: true, attributeFilter: ['data-drawn'] });
    }));
    const written = follow.map((id) => new Promise((done) => {
        const watch = new MutationObserver(() => { watch.disconnect(); since().then(done); });
        watch.observe(document.getElementById(id), { childList: true, subtree: true, characterData: true });
    }));
    const begin = performance.now();
    Object.entries(values).forEach(([name, value]) => dash_clientside.set_props(spec.controls[name], { value }));
    Promise.all([Promise.all(drawn), Promise.all(written)]).then(([charts, texts]) => {
        const answers = performance.getEntriesByType('resource')
            .filter((each) => each.name.includes('_dash-update-component') && each.startTime >= begin);
        resolve({
            all: Math.max(...charts, ...texts),
            server: Math.max(0, ...answers.map((each) => each.responseStart - each.requestStart)),
        });
    });
})"""


@dataclass(frozen=True)
class Times:
    """Milliseconds from a choice to painted, of many choices: every part, and the server's longest answer."""

    all: list[float]
    server: list[float]

    def told(self) -> str:
        """Medians and the slowest, in a line."""
        middle = {name: statistics.median(values) for name, values in vars(self).items()}
        return (
            f"every part {middle['all']:.0f} ms (slowest {max(self.all):.0f}); "
            f"of that the server {middle['server']:.0f} ms; medians of {len(self.all)}"
        )


def times(page: Any, what: str = "k", rounds: int = ROUNDS) -> Times:
    """Make every choice of a control of the segments view that is open, `rounds` times; `what` is one of `CHOICES`."""
    page.wait_for_function("document.querySelectorAll('#model-tab-segments .js-plotly-plot').length >= 1")
    page.wait_for_timeout(1000)
    id, choices = CHOICES[what]
    measured = []
    for _ in range(rounds):
        for choice in choices:
            measured.append(page.evaluate(CHOOSE, [id, choice]))
            page.wait_for_timeout(100)
    return Times(*([each[name] for each in measured] for name in ("all", "server")))


def filter_times(page: Any, what: str = "segment", rounds: int = ROUNDS) -> Times:
    """Set filters of the overview that is open, `rounds` times; `what` is one of `FILTERS`."""
    page.wait_for_function("document.querySelectorAll('#explore-tab-segments canvas.dots').length === 2")
    page.wait_for_timeout(1000)
    measured = []
    for _ in range(rounds):
        for values in FILTERS[what]:
            measured.append(page.evaluate(FILTER, values))
            page.wait_for_timeout(150)
    return Times(*([each[name] for each in measured] for name in ("all", "server")))


def _of_model(page: Any, rounds: int) -> dict[str, Times]:
    found = {"k, first look at each": times(page, "k", rounds=1)}
    return found | {what: times(page, what, rounds) for what in CHOICES}


def _of_explore(page: Any, rounds: int) -> dict[str, Times]:
    return {what: filter_times(page, what, rounds) for what in FILTERS}


PAGES = {"model": _of_model, "explore": _of_explore}


def main() -> int:
    """Measure on a file of transactions and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redraw", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="transactions; else the real file or a simulated shop")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--page", choices=tuple(PAGES), default="model")
    parser.add_argument("--customers", type=int, help="a simulated shop of this size instead of a file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        file = asked.file or _usual_file(Path(folder), asked.customers)
        data, customers = _modelled(file, Path(folder))
        with served(Path(folder) / "data") as (url, _), sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(PATIENCE_MILLISECONDS)
            page.goto(f"{url}/{asked.page}?data={data}")
            found = PAGES[asked.page](page, asked.rounds)
            chromium.close()
    print(f"{file.name}, {customers:,} customers, {os.cpu_count()} cores, from a choice to painted")
    for what, measured in found.items():
        print(f"  {what}: {measured.told()}")
    return 0


def _usual_file(folder: Path, customers: int | None) -> Path:
    """A simulated shop of so many customers; without a number the real file, or a shop of about its size."""
    if REAL_FILE.is_file() and customers is None:
        return REAL_FILE
    simulated = folder / "simulated shop.csv"
    simulate_shop(simulated, customers or 4_338, 1)
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
