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
from webapp import lab, prepare_view
from webapp.views import FIRST_METHOD as METHOD
from webapp.workspace import Workspace

REAL_FILE = ROOT.parent / "shared" / "data" / "online_retail.csv.gz"
ROUNDS = 10
PATIENCE_MILLISECONDS = 60_000


@dataclass(frozen=True)
class Choice:
    """A control of the Model page, what to choose of it in turn, and the parts that follow: CSS selectors."""

    control: str
    values: tuple[str, ...]
    parts: tuple[str, ...]


KS = ("2", "3", "5", "6", "7", "8", "4")
METHODS = ("Hierarchical (Ward)", "Gaussian mixture", "K-means")
HTML = ("#model-cards", "#model-shares", "#model-rules", "#model-heat")
MAP = "#model-map .js-plotly-plot"
TRUST = ("#trust-health", "#trust-knife")
MEASURES = tuple(f"#trust-{measure}" for measure in ("silhouette", "inertia", "smallest"))
CHOICES = {
    "segments": {
        "k": Choice("model-k", KS, (*HTML, "#model-map")),
        "method": Choice("model-method", METHODS, (*HTML, "#model-map")),
        "colour": Choice("model-map-colour", ("CLV_6m", "Recency", "segment"), (MAP,)),
        "axis": Choice("model-map-across", ("Recency", "Monetary", "likeness"), (MAP,)),
    },
    "trust": {
        "k": Choice("model-k", KS, TRUST),
        "method": Choice("model-method", METHODS, TRUST),
        "k, charts below the screen too": Choice("model-k", KS, (*TRUST, *MEASURES)),
    },
    "time": {
        "k": Choice("model-k", KS, ("#time-months",)),
        "method": Choice("model-method", METHODS, ("#time-months",)),
    },
    "prepare": {"k": Choice("model-k", KS, ("#prepare-rows",))},
    "compare": {
        "segments": Choice(
            "compare-other",
            ("kmeans_3", "hierarchical_4", "gaussian_mixture_6", "kmeans_5"),
            ("#compare-told", "#compare-chart .js-plotly-plot"),
        )
    },
}
FILTERS = {
    "segment": [{"segment": each} for each in ("1", "0", "2", "*")],
    "country": [{"country": each} for each in ("France", "United Kingdom", "*")],
    "box in a chart": [{"recency": a, "frequency": b} for a, b in (("0-60", "5-"), ("90-", "-3"), ("", ""))],
    "clear all": [{"segment": "1", "min_frequency": 3}, {"segment": "*", "min_frequency": None}],
}
FILTERED = (
    *("#explore-kpis", "#explore-summary", "#explore-value", "#explore-countries", "#explore-chips"),
    *("#explore-recency", "#explore-monetary"),
)

# Does something; resolves when every part that follows it has been drawn and two frames have been painted since.
MEASURE = """([act, parts]) => new Promise((resolve, reject) => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const since = async () => { await painted(); return performance.now() - begin; };
    const heard = { childList: true, subtree: true, characterData: true, attributeFilter: ['data-drawn'] };
    const drawn = (part) => new Promise((done) => {
        const place = document.querySelector(part);
        const end = () => since().then(done);
        if (place.matches('.js-plotly-plot')) { place.once('plotly_afterplot', end); return; }
        const watch = new MutationObserver(() => { watch.disconnect(); end(); });
        watch.observe(place, heard);
    });
    performance.clearResourceTimings();
    setTimeout(() => reject(new Error('not every part was drawn again: ' + JSON.stringify(act))), 30000);
    const all = parts.map(drawn);
    const begin = performance.now();
    if (act.filters) {
        const { controls } = JSON.parse(document.querySelector('[data-filters]').dataset.filters);
        Object.entries(act.filters).forEach(([name, value]) => dash_clientside.set_props(controls[name], { value }));
    } else {
        const field = document.getElementById(act.control);
        if (field.matches('select')) {
            Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(field, act.value);
            field.dispatchEvent(new Event('change', { bubbles: true }));
        } else {
            [...field.querySelectorAll('label')].find((label) => label.textContent.trim() === act.value).click();
        }
    }
    Promise.all(all).then((ends) => {
        const answers = performance.getEntriesByType('resource')
            .filter((each) => each.name.includes('_dash-update-component') && each.startTime >= begin);
        resolve({
            all: Math.max(...ends),
            server: Math.max(0, ...answers.map((each) => each.responseStart - each.requestStart)),
        });
    });
})"""


@dataclass(frozen=True)
class Times:
    """Milliseconds of many choices: to painted, of that the server's longest answer; processor time of the page."""

    all: list[float]
    server: list[float]
    page: list[float]

    def told(self) -> str:
        """Medians and the slowest, in a line."""
        middle = {name: statistics.median(values) for name, values in vars(self).items()}
        return (
            f"every part {middle['all']:.0f} ms (slowest {max(self.all):.0f}); "
            f"of that the server {middle['server']:.0f} ms; processor time of the page {middle['page']:.0f} ms; "
            f"medians of {len(self.all)}"
        )


def times(page: Any, what: str = "k", rounds: int = ROUNDS, view: str = "segments") -> Times:
    """Make every choice of a control of the view that is open, `rounds` times; `what` is one of `CHOICES[view]`."""
    choice = CHOICES[view][what]
    page.wait_for_function("(parts) => parts.every((part) => document.querySelector(part))", arg=list(choice.parts))
    page.wait_for_function(
        "[...document.querySelectorAll('.chart')].every((chart) => chart.querySelector('.main-svg'))"
    )
    page.wait_for_timeout(1000)
    acts = [{"control": choice.control, "value": value} for value in choice.values]
    return _measured(page, acts, choice.parts, rounds)


def filter_times(page: Any, what: str = "segment", rounds: int = ROUNDS) -> Times:
    """Set filters of the overview that is open, `rounds` times; `what` is one of `FILTERS`."""
    page.wait_for_function("document.querySelectorAll('#explore-tab-segments canvas.dots').length === 2")
    page.wait_for_timeout(1000)
    return _measured(page, [{"filters": values} for values in FILTERS[what]], FILTERED, rounds)


def _measured(page: Any, acts: list[dict[str, Any]], parts: tuple[str, ...], rounds: int) -> Times:
    inside = page.context.new_cdp_session(page)
    inside.send("Performance.enable", {"timeDomain": "threadTicks"})
    measured = []
    for _ in range(rounds):
        for act in acts:
            before = _worked(inside)
            found = page.evaluate(MEASURE, [act, parts])
            measured.append({**found, "page": _worked(inside) - before})
            page.wait_for_timeout(150)
    return Times(*([each[name] for each in measured] for name in ("all", "server", "page")))


def _worked(inside: Any) -> float:
    """Milliseconds of processor time of the page's main thread so far: these hold on a busy machine, too."""
    metrics = inside.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def _of_model(page: Any, rounds: int, view: str) -> dict[str, Times]:
    found = {}
    if "k" in CHOICES[view]:
        found = {"k, first look at each": times(page, "k", 1, view)}
    return found | {what: times(page, what, rounds, view) for what in CHOICES[view]}


def _of_explore(page: Any, rounds: int, _: str) -> dict[str, Times]:
    return {what: filter_times(page, what, rounds) for what in FILTERS}


PAGES = {"model": _of_model, "explore": _of_explore}


def main() -> int:
    """Measure on a file of transactions and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redraw", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="transactions; else the real file or a simulated shop")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--page", choices=tuple(PAGES), default="model")
    parser.add_argument("--view", choices=tuple(CHOICES), default="segments", help="of the Model page")
    parser.add_argument("--customers", type=int, help="a simulated shop of this size instead of a file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        file = asked.file or _usual_file(Path(folder), asked.customers)
        data, customers = _modelled(file, Path(folder))
        if asked.view == prepare_view.NAME:
            lab.by(METHOD).make(Workspace(Path(folder) / "data"), data, None, lambda *_: None)
        with served(Path(folder) / "data") as (url, _), sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(PATIENCE_MILLISECONDS)
            page.goto(f"{url}/{asked.page}?data={data}&view={asked.view}")
            found = PAGES[asked.page](page, asked.rounds, asked.view)
            chromium.close()
    print(f"{file.name}, {customers:,} customers, {os.cpu_count()} cores, from a choice to painted")
    for what, measured in found.items():
        print(f"  {what}: {measured.told()}")
    return 0


def _usual_file(folder: Path, customers: int | None) -> Path:
    """A simulated shop of so many customers; without a number the real file, or a shop of about its size."""
    if REAL_FILE.is_file() and customers is None:
        return REAL_FILE
    simulated = folder / "made" / "simulated shop.csv"  # the file itself is moved to where the app keeps it
    simulated.parent.mkdir()
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
