"""Where customers stood on any day: the table as of that day, and the segments that the finished model gives them."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline import formats
from pipeline.clustering.labels import GROUP_NAMES, Labels, label_column
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import RFM
from pipeline.clustering.scaling import Prepared, prepared_like
from pipeline.clustering.sweep import Clusters, assigned_numbers
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.data_check.oddities import givers_back
from pipeline.errors import PipelineError
from pipeline.features.as_of import customers_as_of
from pipeline.features.product_mix import SHARES
from pipeline.profiles.movement import (
    BORDER_DAYS,
    LEAST_DAYS,
    NOT_YET,
    NOT_YET_NAME,
    USUAL_DAYS,
    Movement,
    movement,
)
from pipeline.profiles.steady import TIMES, Steady, as_they_would_stand, steady, who_goes_on
from pipeline.results import Segmentation
from pipeline.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

KEPT_DAYS, KEPT_SEGMENTS = 4, 64
WAITS = (0, -BORDER_DAYS, BORDER_DAYS)
FEW = 50_000  # customers up to which all of `WAITS` are worked out at once


def with_names(movers: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """The movers of `Standing.movers` for a file: From and To, the names of their segments, instead of numbers."""
    named = movers.drop(columns=["Before", "After"])
    named.insert(1, "From", movers["Before"].map(names))
    named.insert(2, "To", movers["After"].map(names))
    return named


class _GoingOn(NamedTuple):
    """Customers of a day who are let go on as before, `TIMES` times: who they are, and all of them on the scales."""

    ids: pd.Index[str]
    ready: Prepared


class Standing:
    """Finished results as of any of their days. What was worked out last is kept; tables are shared: change none.

    Nothing is fitted: scales, centres, clouds, examples and edges are those of the whole file, on every day.

    Parameters
    ----------
    segmentation : where the results are.
    """

    def __init__(self, segmentation: Segmentation) -> None:
        self._segmentation = segmentation
        span = segmentation.facts("cleaning")["span"]
        self.first, self.last = (datetime.date.fromisoformat(span[end]) for end in ("first", "last"))
        self._baskets = segmentation.store.path(segmentation.keys["history"], "baskets")
        known = segmentation.table("features", "customers")
        self._described = bool(known[list(SHARES)].notna().any(axis=None))
        self._placed = bool(known["PrimaryCountry"].notna().any())
        self._preparation = segmentation.facts("clusters")["preparation"]
        models = segmentation.table("clusters", "models").to_dict("records")
        self._models = {label_column(row["method"], _k_of(row)): str(row["model"]) for row in models}
        self.customers = functools.lru_cache(KEPT_DAYS)(self._customers)
        self._ids = functools.lru_cache(KEPT_DAYS)(self._ids_as_of)
        self._prepared = functools.lru_cache(KEPT_DAYS)(self._prepared_near)
        self._going_on = functools.lru_cache(KEPT_DAYS)(self._stand_in)
        self._numbers = functools.lru_cache(KEPT_SEGMENTS)(self._segments_near)
        self._movement = functools.lru_cache(KEPT_DAYS)(self._moved)

    def day(self, typed: str) -> datetime.date:
        """A day of the file.

        Raises
        ------
        PipelineError
            If it is no day, or not one of the file's.
        """
        try:
            found = datetime.date.fromisoformat(typed)
        except ValueError:
            raise PipelineError(f"{typed[:20]!r} is not a day; write it as 2011-12-09.") from None
        if not self.first <= found <= self.last:
            whole = f"which runs from {formats.date(self.first)} to {formats.date(self.last)}"
            raise PipelineError(f"{formats.date(found)} is not in the file, {whole}.")
        return found

    def between(self, since: str = "", until: str = "") -> tuple[datetime.date, datetime.date]:
        """Two days to look at movement between: those asked for (ISO), else the last one and `USUAL_DAYS` before it.

        Raises
        ------
        PipelineError
            If the file is too short, or they are not two days of it in their order.
        """
        covered = (self.last - self.first).days
        if covered < 2 * LEAST_DAYS:
            raise PipelineError(f"Movement needs {2 * LEAST_DAYS} days of orders; this file holds {covered + 1}.")
        later = self.day(until) if until else self.last
        back = USUAL_DAYS if (later - self.first).days >= 2 * USUAL_DAYS else LEAST_DAYS
        earlier = self.day(since) if since else max(later - datetime.timedelta(days=back), self.first)
        if earlier >= later:
            told = f"{formats.date(earlier)} does not come before {formats.date(later)}"
            raise PipelineError(f"The first day must come before the second; {told}.")
        return earlier, later

    def movement(self, earlier: datetime.date, later: datetime.date, method: str, k: int | None) -> Movement:
        """Who is in another segment on the later day than on the earlier one, and who of them only by a hair.

        Raises
        ------
        PipelineError
            If there is no such model.
        """
        return self._movement(earlier, later, method, k)

    def _moved(self, earlier: datetime.date, later: datetime.date, method: str, k: int | None) -> Movement:
        (before, *near_before), (after, *near_after) = (self._numbers(day, method, k) for day in (earlier, later))
        return movement(before, after, near_before, near_after, self.steady(earlier, later, method, k))

    def steady(self, earlier: datetime.date, later: datetime.date, method: str, k: int | None) -> Steady | None:
        """How many would have moved without a change; None where nobody had bought yet."""
        going_on = self._going_on(earlier, later)
        if going_on is None:
            return None
        with one_thread("sklearn.neighbors", "scipy.linalg"):
            numbers = assigned_numbers(self._model(method, k), METHODS[method], going_on.ready)
        before = self.segments(earlier, method, k)
        after = _in_order(numbers, going_on.ready).reshape(TIMES, -1)
        known = np.asarray(before.reindex(going_on.ids), dtype=np.intp)
        return steady(known, after, len(before))

    def segments(self, day: datetime.date, method: str, k: int | None) -> pd.Series[int]:
        """The segment of each customer as of a day, by CustomerID."""
        return self._numbers(day, method, k)[0]

    def movers(
        self, earlier: datetime.date, later: datetime.date, method: str, k: int | None, expected: pd.DataFrame
    ) -> pd.DataFrame:
        """Those who moved for sure, whoever most is expected of first.

        Parameters
        ----------
        expected : CustomerID, and what is expected of each from the last day of the file on.

        Returns
        -------
        CustomerID; Before, After; OrdersSince and SpentSince, between the two days; CameBack, 1 where there is an order
        between them and was none for at least as many days before the first; GaveBack, 1 where nearly all that was
        bought was taken back and still counts; Recency, Frequency and Monetary on the later day; and the column of
        `expected`.
        """
        moved = self.movement(earlier, later, method, k).customers
        sure = moved["Firm"].to_numpy()
        now = self.customers(later)[sure].set_index("CustomerID")
        then = self.customers(earlier).iloc[self._ids(earlier).get_indexer(now.index)]
        value = next(name for name in expected.columns if name != "CustomerID")
        ordered, was_away = now["Frequency"] - then["Frequency"].to_numpy(), then["Recency"] >= (later - earlier).days
        table = moved.loc[sure, ["Before", "After"]].assign(
            OrdersSince=ordered,
            SpentSince=now["Monetary"] - then["Monetary"].to_numpy(),
            CameBack=((ordered > 0) & was_away.to_numpy()).astype(int),
            GaveBack=now.index.isin(self._givers_back).astype(int),
            **{name: now[name] for name in RFM},
            **{value: expected.set_index("CustomerID")[value].reindex(now.index)},
        )
        return table.reset_index().sort_values([value, "CustomerID"], ascending=[False, True], ignore_index=True)

    @functools.cached_property
    def _givers_back(self) -> list[str]:
        """Whose purchases nearly all came back: what is expected of them counts on money that the shop has not."""
        done = self._segmentation
        return givers_back(*(done.store.path(done.keys["cleaning"], table) for table in ("transactions", "dropped")))

    def names(self, method: str, k: int | None, customers: pd.DataFrame | None = None) -> dict[int, str]:
        """What every segment is called that anybody can be in on any day, by its number.

        Parameters
        ----------
        customers : as `Segmentation.customers()` gives them, where they are at hand.
        """
        found = self._segmentation.named(method, k, customers=customers)
        named = {number: each.name for number, each in found.items()}
        return {**self._segmentation.rule_names(method), NOT_YET: NOT_YET_NAME, **GROUP_NAMES, **named}

    def as_in_the_results(self, method: str, k: int | None) -> float:
        """The share of customers whom the model puts on the last day where the results have them, 0 to 1.

        Centres and examples stand for a tree or for crowds, so it may be below 1 for some methods.
        """
        labels = self._segmentation.label_table()
        own = labels.set_index("CustomerID")[label_column(method, k)]
        given = self.segments(self.last, method, k)
        return float((given.reindex(own.index) == own).mean())

    def caveats(self, method: str, k: int | None) -> list[str]:
        """What time does by itself, and where the model is not quite the segments of the results."""
        told = [
            "Recency grows by itself and orders and spend only add up, so some rise or sink with time alone; orders "
            f"before {formats.date(self.first)} are not in the file, so early days know less of everybody."
        ]
        alike = self.as_in_the_results(method, k)
        if alike < 1:
            told.append(
                f"{METHODS[method].TITLE} has no rule for other days, so customers are put where those nearest to them "
                f"are: on the last day that is their own segment for {formats.share(alike)}."
            )
        return told

    def _customers(self, day: datetime.date) -> pd.DataFrame:
        return customers_as_of(self._baskets, day, self._described, self._placed)

    def _ids_as_of(self, day: datetime.date) -> pd.Index[str]:
        """One index for all segments of a day, since finding customers in a new one costs as much as all the rest."""
        import pandas as pd

        ids: pd.Index[str] = pd.Index(self.customers(day)["CustomerID"])
        return ids

    def _prepared_near(self, day: datetime.date) -> list[Prepared]:
        """The customers of a day on the scales of the model, once for each of `WAITS`: as they are, and near that day.

        All at once where they are few, since a transform has a price of its own.
        """
        import pandas as pd

        customers = self.customers(day)
        waited = [customers.assign(Recency=(customers["Recency"] + wait).clip(lower=0)) for wait in WAITS]
        together = [pd.concat(waited, ignore_index=True)] if len(customers) <= FEW else waited
        return [prepared_like(each, self._preparation) for each in together]

    def _stand_in(self, earlier: datetime.date, later: datetime.date) -> _GoingOn | None:
        import pandas as pd

        settings, seed = self._segmentation.recipe.step(LifetimeValue), self._segmentation.recipe.step(Clusters).seed
        days = self._segmentation.days()
        known = days[days["Day"] <= pd.Timestamp(earlier)]
        customers = who_goes_on(self.customers(earlier), known, seed)
        if customers.empty:
            return None
        models, counted = self._segmentation.fitted_models(), (settings.time_unit, settings.spend_from)
        stood = as_they_would_stand(customers, known, models, counted, (earlier, later), seed)
        return _GoingOn(pd.Index(customers["CustomerID"]), prepared_like(stood, self._preparation))

    def _model(self, method: str, k: int | None) -> str:
        written = self._models.get(label_column(method, k))
        if written is None:
            raise PipelineError(f"There are no segments of {method!r} with {k} segments in these results.")
        return written

    def _segments_near(self, day: datetime.date, method: str, k: int | None) -> list[pd.Series[int]]:
        """The segment of each customer by CustomerID, as of a day and, for the others of `WAITS`, near it."""
        import pandas as pd

        written, ids = self._model(method, k), self._ids(day)
        if ids.empty:
            return [pd.Series(dtype="int64", index=ids) for _ in WAITS]
        with one_thread("sklearn.neighbors", "scipy.linalg"):
            labels = [_in_order(assigned_numbers(written, METHODS[method], own), own) for own in self._prepared(day)]
        return [pd.Series(own, index=ids) for own in np.split(np.concatenate(labels), len(WAITS))]


def _in_order(numbers: Labels, ready: Prepared) -> Labels:
    """The numbers in the order of the table that was prepared; an as-of table leaves nobody out."""
    found = np.empty_like(numbers)
    found[ready.rows] = numbers
    return found


def _k_of(row: Mapping[Hashable, Any]) -> int | None:
    return None if row["k"] is None or row["k"] != row["k"] else int(row["k"])
