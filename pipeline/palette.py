"""One colour per segment wherever it appears: on the pages, in the report, in any picture of it."""

from __future__ import annotations

PALETTE = (
    "#4c5ef5",
    "#f5a31a",
    "#3fb98f",
    "#ce245c",
    "#7a2cb8",
    "#ab8410",
    "#22c0fa",
    "#9a3030",
    "#8585b5",
    "#7e720a",
    "#cda0d8",
    "#4b4a8c",
)
"""Chosen so that neighbours stay apart for red-green and blue-yellow colour blindness, on white and on near-black."""

NOT_ORDINARY = {-1: "#8a93a3", -2: "#b8860b", -3: "#b4bcc8"}
"""Customers in no segment are grey, key accounts that were set aside are gold, who is no customer yet is pale."""


def segment_colour(label: int) -> str:
    """The colour of a segment, the same in every chart, card and table; those below 0 are no ordinary segments."""
    return NOT_ORDINARY.get(label) or PALETTE[label % len(PALETTE)]
