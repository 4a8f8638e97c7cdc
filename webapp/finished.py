"""Finished results at hand: read from disk once, kept in memory for a while, so that a change of view is a look-up."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from pipeline.clustering.labels import label_column
from pipeline.clustering.methods import METHODS
from pipeline.clustering.sweep import Clusters
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.errors import PipelineError
from pipeline.profiles.health import Health, health
from pipeline.profiles.names import Named
from pipeline.profiles.summary import segment_summary
from pipeline.segmentation import stage_keys
from pipeline.standing import Standing
from webapp import ahead, formats, workspace
from webapp.horizon import Horizon
from webapp.made import Made
from webapp.sources import Dataset
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation

KEPT = 6
KEPT_CUSTOMERS = 2_000_000  # of all results together; the results looked at last are kept however many they have
T = TypeVar("T")


class Finished:
    """The results of one run, each table read at most once. Tables are shared between requests: never change one.

    Parameters
    ----------
    segmentation : where the results are.
    """

    def __init__(self, segmentation: Segmentation) -> None:
        self.segmentation = segmentation
        self._made = Made()
        self._changing = threading.Lock()
        self._ahead: threading.Thread | None = None
        self._tested: Segmentation | None = None

    @cached_property
    def size(self) -> int:
        """How many customers there are, without reading them."""
        return int(self.segmentation.facts("clusters")["customers"])

    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row per customer, sorted by CustomerID: the features and CLV_6m."""
        return self.segmentation.customers()

    @cached_property
    def ids(self) -> pd.Index[str]:
        """The CustomerID of `customers`, for finding them in other tables."""
        import pandas as pd

        ids: pd.Index[str] = pd.Index(self.customers["CustomerID"])
        return ids

    @cached_property
    def value(self) -> pd.DataFrame:
        """One row per customer, sorted by CustomerID: the purchase history and all that is expected."""
        return self.segmentation.table("value", "value")

    @cached_property
    def horizon(self) -> Horizon:
        """How far ahead the run looks, and by what it counts purchases."""
        settings = self.segmentation.recipe.step(LifetimeValue)
        return Horizon(settings.horizon_months, settings.time_unit)

    @cached_property
    def spend(self) -> pd.DataFrame:
        """What an order of each is worth, aligned with `value`: Own (a mean; missing where unknown), Expected."""
        return self.segmentation.spend_per_order()

    @cached_property
    def past_values(self) -> pd.DataFrame:
        """What the models make of each as known on earlier days, aligned with `customers`: a column per day (ISO)."""
        known = self.segmentation.past_values().set_index("CustomerID")
        return known.reindex(self.customers["CustomerID"]).reset_index(drop=True)

    @cached_property
    def label_table(self) -> pd.DataFrame:
        """The labels of every method and k, aligned with `customers`, in columns named `kmeans_4` and so on."""
        return self.segmentation.label_table()

    @cached_property
    def evaluation(self) -> pd.DataFrame:
        """One row per method and k: method, k, silhouette, inertia, smallest."""
        return self.segmentation.evaluation()

    @cached_property
    def ks(self) -> list[int]:
        """The numbers of segments that were computed, ascending."""
        return self.segmentation.ks()

    @cached_property
    def currency(self) -> str | None:
        """What the file says its amounts are in, where it says so."""
        said: str | None = self.segmentation.interpretation().get("currency")
        return said

    @cached_property
    def titles(self) -> dict[str, str]:
        """The methods that were computed and their names for people."""
        computed = set(self.evaluation["method"])
        return {name: method.TITLE for name, method in METHODS.items() if name in computed}

    @cached_property
    def countries(self) -> list[str]:
        """The countries of the customers, the one with most revenue first."""
        revenue = self.customers["Monetary"].groupby(self.customers["PrimaryCountry"].fillna("Unknown")).sum()
        return [str(country) for country in revenue.sort_values(ascending=False).index]

    @property
    def standing(self) -> Standing:
        """Where customers stood on any day."""
        return self.once("standing", lambda: Standing(self.segmentation))

    def settled(self, view: View) -> View:
        """The view with a k that was computed, or none where the method decides on it itself."""
        return view.within(self.ks, self.segmentation.recipe.step(Clusters).n_clusters)

    def in_segments(self, view: View) -> pd.DataFrame:
        """`customers` with their `Segment` (0 to k-1) under a settled view."""
        return self.customers.assign(Segment=self.labels(view))

    def labels(self, view: View) -> pd.Series[int]:
        """The segment of each customer under a settled view, aligned with `customers`."""
        return self.label_table[label_column(view.method, view.k)]

    def summary(self, view: View) -> pd.DataFrame:
        """One row per segment of the whole base, as `pipeline.profiles.summary` describes it."""
        return self.once(("summary", view.method, view.k), lambda: segment_summary(self.customers, self.labels(view)))

    def names(self, view: View) -> dict[int, str]:
        """Segment -> its name, as shown everywhere."""
        return {number: named.name for number, named in self.named(view).items()}

    def named(self, view: View) -> dict[int, Named]:
        """Segment -> its name and its kind under a settled view."""
        key = ("named", view.method, view.k)
        return self.once(key, lambda: self.segmentation.named(view.method, view.k, customers=self.customers))

    def tested(self, view: View) -> Segmentation | None:
        """The same results with the test of stability, which nobody waits for; None until it is done."""
        if self._tested is None and self.segmentation.store.has(self._test_key):
            self._tested = workspace.current().find(view.data, view.recipe, "stability")
        return self._tested

    @cached_property
    def _test_key(self) -> str:
        return stage_keys(self.segmentation.source_digest, self.segmentation.recipe)["stability"]

    def health(self, view: View) -> dict[int, Health]:
        """How far to trust each segment of a settled view, by number."""
        key = ("health", view.method, view.k, self.tested(view) is not None)
        return self.once(key, lambda: self._health(view))

    def _health(self, view: View) -> dict[int, Health]:
        tested, column = self.tested(view), label_column(view.method, view.k)
        jaccards = None if tested is None else tested.jaccards(view.method, view.k)
        others = {
            title: (self.labels(other).to_numpy(dtype=np.intp), self.names(other))
            for title, other in self._other_methods(view)
        }
        measured = self.silhouettes[column].to_numpy() if column in self.silhouettes else None
        return health(self.customers, self.labels(view).to_numpy(dtype=np.intp), jaccards, measured, others)

    def _other_methods(self, view: View) -> list[tuple[str, View]]:
        """The other methods at the same k, or at the recipe's own where this one has none."""
        asked = [(name, replace(view, method=name)) for name in self.titles if name != view.method]
        return [(self.titles[name], self.settled(other)) for name, other in asked]

    @cached_property
    def silhouettes(self) -> pd.DataFrame:
        """The silhouettes of all clusterings, aligned with `customers`; missing for who was not measured."""
        measured = self.segmentation.silhouettes().set_index("CustomerID")
        return measured.reindex(self.customers["CustomerID"]).reset_index(drop=True)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this key. Numbers may be written in it, so each language has its own."""
        return self._made.once((formats.written_as().tag, key), make)

    def ahead(self, makes: Sequence[Callable[[], object]]) -> threading.Thread:
        """Make in the background, in this order and only the first time, what people are likely to ask for next."""
        with self._changing:
            if self._ahead is None:
                self._ahead = ahead.begin(makes)
            return self._ahead


class _Shelf:
    """The results used last, the least recently used dropped first. Several threads of the server share it."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[Any, Finished] = OrderedDict()
        self._lock = threading.Lock()

    def kept(self, segmentation: Segmentation) -> Finished:
        """These results, the same object for the same results."""
        key = (str(segmentation.store.directory), *segmentation.keys.values(), segmentation.recipe)
        with self._lock:
            found = self._kept.pop(key, None) or Finished(segmentation)
            self._kept[key] = found
            while len(self._kept) > 1 and not self._fits():
                self._kept.popitem(last=False)
            return found

    def _fits(self) -> bool:
        return len(self._kept) <= self._room and sum(each.size for each in self._kept.values()) <= KEPT_CUSTOMERS

    def forget(self, source_digest: str) -> None:
        """Drop the results of this data set."""
        with self._lock:
            for key in [key for key, kept in self._kept.items() if kept.segmentation.source_digest == source_digest]:
                del self._kept[key]


_SHELF = _Shelf(KEPT)


def forget(dataset: Dataset) -> None:
    """Keep nothing of a data set in memory."""
    _SHELF.forget(dataset.digest)


def finished(view: View) -> Finished | None:
    """The finished results that a view shows, or None where they have not been computed.

    Raises
    ------
    PipelineError
        If the data set or the recipe is not known.
    """
    found = workspace.current().find(view.data, view.recipe)
    if found is None:
        return None
    results = _SHELF.kept(found)
    formats.write_amounts_in(results.currency)
    return results


def at_hand(view: View) -> Finished:
    """The finished results that a view shows.

    Raises
    ------
    PipelineError
        If the data set or the recipe is not known, or the results are not kept any more.
    """
    results = finished(view)
    if results is None:
        raise PipelineError("These results are not kept any more; press Run on the Model page to compute them again.")
    return results
