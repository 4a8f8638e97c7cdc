"""What segments are compared by: the measures of a customer, their names, and how values are written."""

from __future__ import annotations

from webapp import formats

MEASURES = {
    "Recency": "Days since last order",
    "Frequency": "Orders",
    "Monetary": "Spent so far",
    "CLV_6m": "CLV, 6 months",
    "CatShare_Bags": "Bags",
    "CatShare_Kitchen": "Kitchen",
    "CatShare_HomeDecor": "Home decor",
    "CatShare_Toys": "Toys",
    "CatShare_Other": "Other products",
    "IsUK": "In the UK",
}


def written(measure: str, value: float) -> str:
    """A value of a measure for people."""
    if measure in ("Monetary", "CLV_6m"):
        return formats.money(value)
    if measure == "Recency":
        return formats.days(value)
    if measure == "Frequency":
        return formats.number(value, 0 if float(value).is_integer() else 1)  # half of an order is an average
    return formats.share(value)
