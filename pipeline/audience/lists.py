"""An audience: chosen customers with chosen columns and a control group, and beside it how the list came about."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.audience.columns import USUAL, chosen_groups, columns_of, rounded
from pipeline.audience.control import CONTROL, ControlGroup, can_be_noticed, groups
from pipeline.audience.economics import Economics, economics, in_words
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.errors import PipelineError
from pipeline.output import versions
from pipeline.parameters import Step, Value, parameters
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation

GROUP = "Group"
COLUMNS = "columns"
STEPS: tuple[type[ControlGroup] | type[Economics], ...] = (ControlGroup, Economics)


@dataclass(frozen=True)
class Wishes:
    """What an audience is to hold.

    Attributes
    ----------
    groups : of columns, names in `pipeline.audience.columns.GROUPS`; those of `economics` come with "campaign" only.
    control, economics : the steps of that name.
    """

    groups: tuple[str, ...] = USUAL
    control: ControlGroup = field(default_factory=ControlGroup)
    economics: Economics = field(default_factory=Economics)


def wishes(typed: Mapping[str, Any]) -> Wishes:
    """The wishes of a command line or an address: `columns`, groups with commas between, and settings by their keys.

    Raises
    ------
    SettingError
        If a setting has a value that is not allowed, or a group of columns is not known.
    """
    said = str(typed.get(COLUMNS) or ",".join(USUAL))
    control, campaign = (step.from_json(_parsed(step, typed)) for step in STEPS)
    assert isinstance(control, ControlGroup) and isinstance(campaign, Economics)
    return Wishes(chosen_groups(name.strip() for name in said.split(",")), control, campaign)


def _parsed(step: type[Step], typed: Mapping[str, Any]) -> dict[str, Value]:
    given = {each.name: (each, typed.get(each.key)) for each in parameters(step)}
    return {name: each.parse(str(value)) for name, (each, value) in given.items() if value not in (None, "")}


@dataclass(frozen=True)
class Audience:
    """A list of customers ready to be written.

    Attributes
    ----------
    table : one row per customer, whoever has the highest CLV_6m first: CustomerID, `GROUP` where there is a control
        group, and the columns.
    about : how it came about, for JSON.
    """

    table: pd.DataFrame
    about: Facts


def audience(
    segmentation: Segmentation,
    customers: pd.DataFrame,
    wishes: Wishes,
    *,
    method: str,
    chosen_by: Sequence[str] = (),
    made: datetime.datetime | None = None,
) -> Audience:
    """These customers as an audience.

    Parameters
    ----------
    segmentation : where they come from.
    customers : rows of `Segmentation.customers()` with `Segment` and, where segments have names, `SegmentName`.
    method : whose segments they are.
    chosen_by : the filters that left them, in words.
    made : when, by default now.

    Raises
    ------
    PipelineError
        If nobody is left to write, or a group of columns is not known.
    """
    if customers.empty:
        raise PipelineError("No customer is left after the filter, so there is no list to write; loosen the filter.")
    names = chosen_groups(wishes.groups)
    ranked = full = customers.sort_values("CLV_6m", ascending=False, kind="stable")
    if "campaign" in names:
        full = ranked.join(economics(expected_revenue(segmentation, ranked), wishes.economics))
    table = rounded(full[columns_of(map(str, full.columns), names)]).reset_index(drop=True)
    if wishes.control.share_percent:
        table.insert(1, GROUP, groups(ranked["CustomerID"], ranked["Segment"], wishes.control))
    told = sentences(segmentation, ranked, table, wishes)
    return Audience(table, _about(segmentation, table, wishes, method, list(chosen_by), told, made))


def expected_revenue(segmentation: Segmentation, customers: pd.DataFrame) -> pd.Series[float]:
    """What each would spend without a campaign within the run's horizon, as far as the forecast can tell."""
    months = segmentation.recipe.step(LifetimeValue).horizon_months
    revenue: pd.Series[float] = customers[f"CLV_{months}m"]
    return revenue


def sentences(segmentation: Segmentation, customers: pd.DataFrame, table: pd.DataFrame, wishes: Wishes) -> list[str]:
    """What the control group can show, and what the campaign is assumed to bring."""
    from pipeline.formats import months_ahead

    held_back = int((table[GROUP] == CONTROL).sum()) if GROUP in table else 0
    usual = float(customers["ChanceToBuy_30d"].mean())
    told = [can_be_noticed(usual, len(table) - held_back, held_back, "order within 30 days")]
    if "campaign" in wishes.groups:
        months = segmentation.recipe.step(LifetimeValue).horizon_months
        told += in_words(expected_revenue(segmentation, customers), wishes.economics, months_ahead(months))
    return told


def _about(
    segmentation: Segmentation,
    table: pd.DataFrame,
    wishes: Wishes,
    method: str,
    chosen_by: list[str],
    told: list[str],
    made: datetime.datetime | None,
) -> Facts:
    moment = made or datetime.datetime.now(datetime.UTC)
    return {
        "made": moment.isoformat(timespec="seconds"),
        "customers": len(table),
        "chosen_by": chosen_by or ["all customers"],
        "segments_of": method,
        "groups": table[GROUP].value_counts().to_dict() if GROUP in table else {},
        "control": wishes.control.to_json() if GROUP in table else None,
        "economics": wishes.economics.to_json() if "campaign" in wishes.groups else None,
        "told": told,
        "columns": list(table.columns),
        "data_ends": segmentation.facts("cleaning")["span"]["last"],
        "data_set": segmentation.source_digest,
        "recipe": segmentation.recipe.to_json(),
        "versions": versions(),
    }
