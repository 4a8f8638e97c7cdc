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
    "Chance to buy": "How likely at least one order is within a number of days: 0.3 means three of ten such customers.",
    "Expected orders": "How many orders to expect on average; 0.4 means four orders from ten such customers.",
    "Range": "Eight of ten times the sum should lie between these two amounts.",
    "Overdue": (
        "The days since the last order, counted in the customer's own usual gaps between orders. Above 1 is late; from "
        "about 3 they may be gone."
    ),
    "Next order": "The day by which the next order has come in half of all such cases.",
    "Who to target": "Whether the customers put first were those who then bought, in past tests.",
    "How much in total": "How near the sums forecast in past tests came to what was then spent.",
    "Active": (
        "The model's chance that the customer has not left for good. It is 100 % for many who came once, so it says "
        "nothing about who will buy: shown for reference, never used to rank."
    ),
    "Revenue": "The sum of what customers have spent: quantity times price over all usable lines.",
    "Customers": "People or firms with a customer number and at least one usable order.",
    "Segment": (
        "A group of customers who behave alike. Segments are numbered by average spending: 0 spends most. The "
        "number is the one in the downloaded table."
    ),
    "Country": "The country where a customer has spent most.",
    "Mean": "The sum over all customers divided by their number. A few who spend very much lift it above most of them.",
    "Median": "The customer in the middle: half are above, half below. A few who spend very much do not move it.",
    "k": "The number of segments.",
    "Method": "The way customers are grouped. All see the same customers; they may draw the borders differently.",
    "Silhouette": "From -1 to 1: how much closer customers are to their own segment than to the next one.",
    "Inertia": "The summed squared distance of customers from their segment's centre. It always falls as k grows.",
    "Stability": (
        "Whether a segment is found again among customers drawn anew from the same shop. From 75 % on it is stable, "
        "from 60 % on a pattern; below, do not trust it."
    ),
    "Stability index": (
        "How far the customers of a later file differ from those before, all tenths compared (population stability "
        "index): below 0.1 hardly, below 0.25 somewhat, above it much."
    ),
    "Recipe": "Every setting of a run under one name, so that it can be repeated and shared.",
}


def explained(word: str, shown: str = "") -> Component:
    """A term with its explanation on hover and focus; `shown` where another form of it reads better."""
    return components.term(shown or word, TERMS[word])
