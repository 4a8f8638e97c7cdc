"""The plain rule of each segment: a few conditions on what is known of a customer, and how far they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import formats
from pipeline.clustering.labels import Floats, Labels, sample_of

if TYPE_CHECKING:
    import pandas as pd

DEPTH, DEEPER = 3, 4  # conditions at most, and where these gain `WORTH` of F1 against it
WORTH = 0.1
FITTED_ON = 10_000  # customers that a rule is looked for in; how far it holds is counted over all
SHARE_STEP = 0.05
NEGLIGIBLE = 0.005  # of F1: a condition that adds less is left out
AT_LEAST, AT_MOST = ">=", "<="


class Condition(NamedTuple):
    """One condition: `column` is at least or at most `value`, in the column's own unit."""

    column: str
    side: str
    value: float

    def holds(self, values: Floats) -> NDArray[np.bool_]:
        """For whom it holds, of the column's values."""
        return values >= self.value if self.side == AT_LEAST else values <= self.value


class Columns(NamedTuple):
    """What rules speak of: `names`, and `matrix`, the values of all customers, `(n_customers, n_columns)`."""

    names: tuple[str, ...]
    matrix: Floats


def columns(customers: pd.DataFrame) -> Columns:
    """The raw columns that rules are made of; unknown values count as 0, and columns unknown for everyone are left out.

    Parameters
    ----------
    customers : `Recency` (days), `Frequency` (orders), `Monetary` (money), and where there are `IsUK` and `CatShare_*`.
    """
    mix = [name for name in customers.columns if name == "IsUK" or name.startswith("CatShare_")]
    names = ("Recency", "Frequency", "Monetary", *(name for name in mix if customers[name].notna().any()))
    return Columns(names, customers[list(names)].to_numpy(dtype=np.float64, na_value=0.0))


def rules(known: Columns, labels: Labels, seed: int) -> dict[int, dict[str, Any]]:
    """The rule of each segment, for JSON.

    A shallow tree tells the segment from everyone else; the branch with the best balance (F1) of coverage and
    precision is the rule, its limits rounded to numbers that people use. Coverage and precision are counted after that.

    Parameters
    ----------
    labels : the segment of each customer, `(n_customers,)`; those below 0 get no rule but count as others.

    Returns
    -------
    dict
        Segment -> `conditions`, each [column, ">=" or "<=", value]; `named`, the customers for whom they hold;
        `covered`, the share of the segment that is among them; `right`, the share of them that is in the segment.
    """
    drawn = sample_of(len(labels), FITTED_ON, seed)
    sampled = Columns(known.names, known.matrix[drawn])
    found = {}
    for segment in np.unique(labels[labels >= 0]):
        member = labels == segment
        conditions = _pruned(sampled, member[drawn], _tidied(_best_branch(sampled, member[drawn])))
        found[int(segment)] = {"conditions": [list(each) for each in conditions], **counted(known, member, conditions)}
    return found


def counted(known: Columns, member: NDArray[np.bool_], conditions: Sequence[Condition]) -> dict[str, float]:
    """How far conditions describe the members: `named` customers, the shares `covered` and `right`."""
    named = np.ones(len(member), dtype=bool)
    for each in conditions:
        named &= each.holds(known.matrix[:, known.names.index(each.column)])
    both = int((named & member).sum())
    return {
        "named": int(named.sum()),
        "covered": both / max(int(member.sum()), 1),
        "right": both / max(int(named.sum()), 1),
    }


def _best_branch(known: Columns, member: NDArray[np.bool_]) -> list[Condition]:
    """The conditions on the way to the node of the tree with the highest F1; none where nobody else is there.

    One condition more than people easily remember is taken only where it says much more, as of a cell of a grid.
    """
    if member.all() or not member.any():
        return []
    shallow = _branch(known, member, DEPTH)
    balance = _balance(known, member, shallow)
    if balance > 1 - WORTH:
        return shallow
    deep = _branch(known, member, DEEPER)
    return deep if _balance(known, member, deep) >= balance + WORTH else shallow


def _branch(known: Columns, member: NDArray[np.bool_], depth: int) -> list[Condition]:
    from sklearn.tree import DecisionTreeClassifier

    fitted = DecisionTreeClassifier(max_depth=depth, random_state=0)
    tree = fitted.fit(known.matrix.astype(np.float32), member).tree_
    ways = _ways(tree, known.names).values()
    return max(ways, key=lambda way: _balance(known, member, way), default=[])


def _balance(known: Columns, member: NDArray[np.bool_], conditions: Sequence[Condition]) -> float:
    """F1, the harmonic mean of coverage and precision."""
    found = counted(known, member, conditions)
    return 2 * found["covered"] * found["right"] / max(found["covered"] + found["right"], 1e-12)


def _pruned(known: Columns, member: NDArray[np.bool_], conditions: list[Condition]) -> list[Condition]:
    """The conditions without those that hardly matter: a rule is to be remembered."""
    balance = _balance(known, member, conditions)
    for each in conditions:
        without = [other for other in conditions if other is not each]
        if without and _balance(known, member, without) >= balance - NEGLIGIBLE:
            return _pruned(known, member, without)
    return conditions


def _ways(tree: Any, names: Sequence[str]) -> dict[int, list[Condition]]:
    """The conditions on the way to every node, the root aside."""
    ways: dict[int, list[Condition]] = {0: []}
    for node in range(tree.node_count):  # a node comes before what is below it
        if tree.children_left[node] < 0:
            continue
        name, limit = names[tree.feature[node]], float(tree.threshold[node])
        low, high = _rounded(name, limit)
        ways[tree.children_left[node]] = [*ways[node], Condition(name, AT_MOST, low)]
        ways[tree.children_right[node]] = [*ways[node], Condition(name, AT_LEAST, high)]
    del ways[0]
    return ways


def _rounded(column: str, limit: float) -> tuple[float, float]:
    """What people say for "at most" and for "at least" a limit that no customer is at."""
    if column == "IsUK":
        return 0.0, 1.0
    if column.startswith("CatShare_"):
        nearest = round(round(limit / SHARE_STEP) * SHARE_STEP, 2)
        return nearest, max(nearest, SHARE_STEP)
    if column == "Monetary":
        nearest = _two_figures(limit)
        return nearest, nearest
    low = float(np.floor(limit))
    return (low, low + 1) if low < 30 else (_two_figures(low), _two_figures(low + 1))


def _two_figures(value: float) -> float:
    return float(f"{value:.2g}")


def _tidied(conditions: Sequence[Condition]) -> list[Condition]:
    """Of two limits on the same side of a column the tighter one, in the order of the columns' first mention."""
    tightest: dict[tuple[str, str], Condition] = {}
    for each in conditions:
        known = tightest.get(each[:2])
        tighter = known is None or (each.value > known.value) == (each.side == AT_LEAST)
        tightest[each[:2]] = each if known is None or tighter else known
    return list(tightest.values())


def in_words(conditions: Sequence[Sequence[Any]]) -> str:
    """Conditions as a phrase: "At least 6 orders, last order within 40 days"."""
    by_column: dict[str, dict[str, float]] = {}
    for column, side, value in conditions:
        by_column.setdefault(column, {})[side] = value
    phrases = [_phrase(column, limits) for column, limits in by_column.items()]
    told = " and ".join([", ".join(phrases[:-1]), phrases[-1]]) if len(phrases) > 1 else "".join(phrases)
    return told[:1].upper() + told[1:] or "Everyone"


def _phrase(column: str, limits: Mapping[str, float]) -> str:
    low, high = limits.get(AT_LEAST), limits.get(AT_MOST)
    if column == "IsUK":
        return "outside the UK" if low is None else "in the UK"
    if column == "Recency":
        words = ("last order {} to {} ago", "last order {} ago or more", "last order within {}")
        return _between(low, high, formats.days, *words)
    if column == "Frequency":
        return _orders(low, high)
    if column == "Monetary":
        return _between(low, high, _whole_money, "spent {} to {}", "spent {} or more", "spent at most {}")
    product = column.removeprefix("CatShare_")
    if high == 0:
        return f"buys no {product}"
    words = (f"{{}} to {{}} of spend on {product}", f"{{}} or more of spend on {product}", f"at most {{}} on {product}")
    return _between(low, high, _percent, *words)


def _orders(low: float | None, high: float | None) -> str:
    if low is not None and low == high:
        return f"exactly {formats.plural(low, 'order')}"
    if high == 1 and low is None:
        return "one order only"
    if low is not None and high is not None:
        return f"{formats.count(low)} to {formats.count(high)} orders"
    if low is not None:
        return f"at least {formats.plural(low, 'order')}"
    return f"at most {formats.plural(high or 0, 'order')}"


def _between(low: float | None, high: float | None, write: Any, both: str, above: str, below: str) -> str:
    if low is not None and high is not None:
        return both.format(write(low), write(high))
    return above.format(write(low)) if low is not None else below.format(write(high))


def _whole_money(amount: float) -> str:
    return formats.in_currency(formats.count(amount))


def _percent(part: float) -> str:
    return formats.whole_share(part)
