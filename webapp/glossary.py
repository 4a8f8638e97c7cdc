"""Every term of the result pages in a sentence, so that nobody has to look it up elsewhere."""

from __future__ import annotations

from dash.development.base_component import Component

from webapp import components

TERMS = {
    "Recency": "Days from a customer's last order to the last day in the data. Small is good: bought lately.",
    "Frequency": "How many orders (distinct invoices) a customer has placed.",
    "Monetary": "What a customer has spent in all orders together.",
    "CLV": (
        "Customer lifetime value, here the spending expected of a customer in the next 6 months: how many orders to "
        "expect (BG/NBD model) times what an order is worth (Gamma-Gamma model)."
    ),
    "Revenue": "The sum of what customers have spent: quantity times price over all usable lines.",
    "Customers": "People or firms with a customer number and at least one usable order.",
    "Segment": (
        "A group of customers who behave alike. Segments are numbered by average spending: 0 spends most. The "
        "number is the one in the downloaded table."
    ),
    "Country": "The country where a customer has spent most.",
    "k": "The number of segments.",
    "Method": "The way customers are grouped. All three see the same customers; they may draw the borders differently.",
    "Silhouette": "From -1 to 1: how much closer customers are to their own segment than to the next one.",
    "Inertia": "The summed squared distance of customers from their segment's centre. It always falls as k grows.",
    "Recipe": "Every setting of a run under one name, so that it can be repeated and shared.",
}


def explained(word: str, shown: str = "") -> Component:
    """A term with its explanation on hover and focus; `shown` where another form of it reads better."""
    return components.term(shown or word, TERMS[word])
