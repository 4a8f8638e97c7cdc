"""What is approximate about the clusters of very many customers, and by how much, in a sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline import formats
from pipeline.clustering.labels import SAMPLE


def approximations(evaluation: Sequence[Mapping[str, Any]], titles: Mapping[str, str], customers: int) -> list[str]:
    """The sentences; none where everything is exact.

    Parameters
    ----------
    evaluation : the records of every method and k, as `evaluation` makes them.
    titles : method -> its name for people.
    customers : how many there are.
    """
    grouped = [each for each in evaluation if "grouped_customers" in each]
    errors = [each["silhouette_error"] for each in evaluation if each.get("silhouette_error") is not None]
    sampled = {
        str(each["method"]): int(each["sampled_customers"]) for each in evaluation if "sampled_customers" in each
    }
    sentences = [_grouped(grouped, titles[grouped[0]["method"]], customers)] if grouped else []
    sentences += [
        f"{titles[method]}: fitted to a sample of {formats.count(size)} of the {formats.count(customers)} customers; "
        "everyone else is put where that fits best."
        for method, size in sampled.items()
    ]
    if errors:
        sentences.append(
            f"Silhouettes are those of a sample of {formats.count(SAMPLE // 2)} customers, with a standard error of at "
            f"most {formats.number(max(errors), 3)}; all other measures are counted over everyone."
        )
    return sentences


def _grouped(records: Sequence[Mapping[str, Any]], title: str, customers: int) -> str:
    alike = [float(each["exact_ari"]) for each in records]
    spread = [100 * (float(each["exact_inertia"]) - 1) for each in records]
    return (
        f"{title}: with {formats.count(customers)} customers the tree joins "
        f"{formats.count(records[0]['grouped_customers'])} small groups of them, not single customers. On a sample of "
        f"{formats.count(SAMPLE)}, where both can be made, its segments and those of the exact tree are alike to "
        f"{formats.number(min(alike), 2)} to {formats.number(max(alike), 2)} (1 is the same, 0 is chance) and the "
        f"spread within them differs by {_signed(min(spread))} % to {_signed(max(spread))} %."
    )


def _signed(points: float) -> str:
    return f"{'+' if points >= 0 else ''}{formats.number(points)}"
