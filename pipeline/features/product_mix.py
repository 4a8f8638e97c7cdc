"""What each customer buys: the share of spend in each product category, by keywords of the description."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pipeline import engine
from pipeline.parameters import Step, text

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from pipeline.engine import LazyTable

OTHER = "Other"
NAMED = ("Bags", "Kitchen", "HomeDecor", "Toys")
CATEGORIES = (*NAMED, OTHER)
WORDS = {"Bags": "bags", "Kitchen": "kitchenware", "HomeDecor": "home decor", "Toys": "toys", OTHER: "anything else"}
"""Category -> the word for it within a sentence."""

SHARES = tuple(f"CatShare_{category}" for category in CATEGORIES)
SHIPPED = (Path(__file__).parent / "categories.txt").read_text(encoding="utf-8")


def keyword_map(written: str) -> dict[str, str]:
    """Keyword -> category, from lines such as `Bags: bag, shopper`; lines that start with # say something to people.

    Raises
    ------
    ValueError
        With the reason, if a line names no known category, or a keyword no word, or one keyword two categories.
    """
    found: dict[str, str] = {}
    for line in written.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        category, colon, words = line.partition(":")
        if not colon or category.strip() not in NAMED:
            raise ValueError(f"the line {line[:40]!r} does not start with one of {', '.join(NAMED)} and a colon")
        for word in filter(None, (" ".join(word.lower().split()) for word in words.split(","))):
            if found.setdefault(word, category.strip()) != category.strip():
                raise ValueError(f"the keyword {word!r} stands in both {found[word]} and {category.strip()}")
    if not found:
        raise ValueError("there is not one keyword")
    return found


@dataclass(frozen=True)
class ProductMix(Step):
    """Which words make which category."""

    NAME: ClassVar[str] = "product_mix"
    TITLE: ClassVar[str] = "Product categories"
    HELP: ClassVar[str] = "Each product is put into one of five categories by the words of its description."

    categories: str = text(
        SHIPPED,
        label="Keywords of each category",
        help="One category a line: Bags, Kitchen, Toys or HomeDecor, a colon, and keywords with commas between. "
        "The keyword with the most words wins, then the category that comes first; what matches none is Other.",
        multiline=True,
        check=keyword_map,
    )


def categoriser(written: str) -> Callable[[str], str]:
    """The function that gives a description its category, under the keywords as written (see `keyword_map`)."""
    keywords = keyword_map(written)
    order = {category: number for number, category in enumerate(dict.fromkeys(keywords.values()))}
    longest_first = sorted(keywords, key=lambda word: (-word.count(" "), -len(word)))
    anywhere = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?:e?s)?(?![\w-])")

    def category(description: str) -> str:
        matched = anywhere.findall(" ".join(description.lower().split()))
        ranked = [(-word.count(" "), order[keywords[word]]) for word in matched]
        return list(order)[min(ranked)[1]] if ranked else OTHER

    return category


def category_of(descriptions: Iterable[str], written: str) -> dict[str, str]:
    """Category of each distinct description."""
    category = categoriser(written)
    return {description: category(description) for description in set(descriptions)}


def product_mix(baskets: LazyTable) -> pd.DataFrame:
    """The share of each customer's spend in each category.

    Parameters
    ----------
    baskets : with CustomerID, Category and TotalPrice.

    Returns
    -------
    Indexed by CustomerID, sorted: `CatShare_Bags` and so on, in the order of `SHARES`; 0 to 1, each row adds up to 1.
    """
    import narwhals as nw

    def spend(category: str) -> nw.Expr:
        return nw.when(nw.col("Category") == category).then(nw.col("TotalPrice")).sum().cast(nw.Float64)

    added = {share: spend(category) for share, category in zip(SHARES, CATEGORIES, strict=True)}
    found = engine.collected(baskets.group_by("CustomerID").agg(**added))
    wide = found.set_index("CustomerID")[list(SHARES)].fillna(0.0).sort_index()
    return wide.div(wide.sum(axis=1), axis=0)
