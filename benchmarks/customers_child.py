"""One step on many customers, in a process of its own that `benchmarks.customers` measures.

    python -m benchmarks.customers_child STEP FOLDER CUSTOMERS MEMORY_MB

FOLDER/data is the data directory of a web app, in which the results of a small shop are taken for those of a large
one: its tables are repeated with other CustomerIDs and with amounts and days that are a little moved.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine, segmentation
from pipeline.measurement import Measurement
from pipeline.recipe import BALANCED
from pipeline.simulation import simulate_shop
from pipeline.stages import IN_ORDER
from webapp.sources import Dataset
from webapp.workspace import Workspace

if TYPE_CHECKING:
    from webapp.views import View

SHOP_CUSTOMERS = int(os.environ.get("SHOP_CUSTOMERS", "2000"))
KNOWN = ("reading", "cleaning", "check", "features", "history", "backtest")  # before the stages that are measured
MOVED_DAYS = 30
MOVED = {
    "customers": "Recency + moved_days AS Recency, Monetary * moved AS Monetary",
    "history": '"T" + moved_days AS "T", monetary_value * moved AS monetary_value',
    "days": "",
    "bought": "",
}


def tables(folder: Path, customers: int) -> None:
    """Run the small shop, and keep its tables, repeated, as the results of the large one."""
    here = Workspace(folder / "data")
    shop = folder / "shop.csv"
    simulate_shop(shop, SHOP_CUSTOMERS, 1)
    few = here.adopt(shop, shop.name)
    small = segmentation.run(few.files, BALANCED, here.store, source_digest=few.digest, until="value")
    times = -(-customers // len(small.customers()))
    large = _large(folder, here, customers)
    keys = segmentation.stage_keys(large.digest, BALANCED)
    for stage in IN_ORDER:
        if stage.name in KNOWN:
            own = {name: here.store.path(small.keys[stage.name], name) for name in stage.tables}
            made = {
                name: repeated(path, folder / name, times, MOVED[name]) if name in MOVED else path
                for name, path in own.items()
            }
            here.store.put(keys[stage.name], made, small.facts(stage.name), tag=large.digest)
    repeated(here.store.path(small.keys["value"], "history"), folder / "history", times, MOVED["history"])
    (folder / "value of few.json").write_text(json.dumps(small.facts("value")))


def repeated(table: Path, target: Path, times: int, moved: str) -> Path:
    """A table many times over, in the order of its customers, whose numbers stay apart."""
    columns = ", ".join(["lpad(round::VARCHAR, 6, '0') || CustomerID AS CustomerID", *filter(None, [moved])])
    chance = "hash(round, CustomerID)"
    with engine.connection() as duck:
        duck.execute(
            f"COPY (SELECT * EXCLUDE (round, moved_days, moved) REPLACE ({columns}) FROM (SELECT *, "
            f"{chance} % {MOVED_DAYS} AS moved_days, 0.9 + {chance} % 200 / 1000 AS moved "
            f"FROM range({times}) AS rounds(round), read_parquet('{table}')) ORDER BY round, CustomerID) "
            f"TO '{target}' (FORMAT parquet)"
        )
    return target


def value(folder: Path, customers: int) -> None:
    """The stage of that name, on purchase histories that are there already."""
    from pipeline.clv import lifetime_value
    from pipeline.clv.backtest_grades import total_range

    here, large = _there(folder, customers)
    keys, settings = segmentation.stage_keys(large.digest, BALANCED), BALANCED.step(lifetime_value.LifetimeValue)
    few, tests = json.loads((folder / "value of few.json").read_text()), here.store.facts(keys["backtest"])
    last_day = datetime.date.fromisoformat(few["last_day"]) + datetime.timedelta(days=MOVED_DAYS)
    history, target = folder / "history", folder / "value"
    found = lifetime_value.value(history, last_day, settings, tests["chosen_model"], target, _unheard)
    totals = {f"total_{horizon}": total_range(total, tests) for horizon, total in found["expected_spend"].items()}
    here.store.put(keys["value"], {"history": history, "value": target}, few | found | totals, tag=large.digest)


def clusters(folder: Path, customers: int, until: str = "clusters") -> None:
    """The stage of that name; all before it are known."""
    here, large = _there(folder, customers)
    segmentation.run(large.files, BALANCED, here.store, source_digest=large.digest, until=until)


def pictures(folder: Path, customers: int) -> None:
    """The stage of that name."""
    clusters(folder, customers, until="pictures")


def segments(folder: Path, customers: int) -> None:
    """What the command line does after the last stage."""
    from pipeline.output import write_segments

    here, large = _there(folder, customers)
    found = segmentation.find(large.digest, BALANCED, here.store)
    assert found is not None, "all stages have run"
    write_segments(found, large.files, folder / "segments.csv")
    manifest = json.loads((folder / "segments.manifest.json").read_text())
    (folder / "segments.json").write_text(json.dumps({"customers": manifest["output"]["rows"]}))


def explore(folder: Path, customers: int) -> None:
    """The Explore page, as the server answers it: each request once, in the order in which a person asks."""
    from webapp.pages import exploration
    from webapp.server import create_app
    from webapp.settings import Server

    _, large = _there(folder, customers)
    app = create_app(Server(data_dir=str(folder / "data")))
    answers = []
    with app.server.test_request_context():
        for what, answered in _requests(large.id, exploration).items():
            with Measurement() as measurement:
                _as_sent(answered())
            answers.append({"what": what, **measurement.to_json(), "held_mb": round(measurement.held_memory_mb)})
            print(answers[-1], file=sys.stderr)
    (folder / "explore.json").write_text(json.dumps({"answers": answers}))


def _requests(data: str, page: Any) -> dict[str, Callable[[], object]]:
    """What is asked -> what answers it."""
    from webapp import customers_view, one_segment_view, overview_view
    from webapp.finished import at_hand
    from webapp.views import View

    def view(**asked: Any) -> View:
        found = View.from_address(data, None, **asked)
        return at_hand(found).settled(found)

    def drawn(tab: Any, **asked: Any) -> Callable[[], object]:
        return lambda: tab.redrawn(at_hand(view(**asked)), view(**asked))

    def listed(asked: dict[str, Any], **filters: Any) -> Callable[[], object]:
        return lambda: customers_view.listed(view(**filters), {"startRow": 0, "endRow": 100, **asked})

    by_value = {"sortModel": [{"colId": "CLV_6m", "sort": "desc"}]}
    return {
        "the page, first time": lambda: page.layout(data),
        "the page again": lambda: page.layout(data),
        "overview, another number of segments": drawn(overview_view, k=5),
        "overview, one segment": drawn(overview_view, segment="0"),
        "overview, at least 3 orders": drawn(overview_view, min_frequency=3),
        "one segment's view": drawn(one_segment_view, segment="1"),
        "list, first rows": listed({}),
        "list, sorted by value": listed(by_value),
        "list, sorted, next rows": listed(by_value | {"startRow": 100, "endRow": 200}),
        **{f"list, at least {n} orders, sorted": listed(by_value, min_frequency=n) for n in range(2, 8)},
    }


def _as_sent(answer: object) -> str:
    from dash._utils import to_json

    return str(to_json(answer))


def _large(folder: Path, here: Workspace, customers: int) -> Dataset:
    """A data set to have results under; nothing ever reads its file."""
    stands_for = folder / "large.txt"
    stands_for.write_text(f"{customers} customers\n")
    return here.adopt(stands_for, stands_for.name)


def _there(folder: Path, customers: int) -> tuple[Workspace, Dataset]:
    here = Workspace(folder / "data")
    return here, _large(folder, here, customers)


def _unheard(share: float, sentence: str) -> None:
    del share, sentence


def main(step: str, folder: str, customers: str, memory_mb: str) -> None:
    os.environ[engine.MEMORY] = memory_mb
    {"tables": tables, "value": value, "clusters": clusters, "pictures": pictures, "segments": segments}.get(
        step, explore
    )(Path(folder), int(customers))


if __name__ == "__main__":
    main(*sys.argv[1:])
