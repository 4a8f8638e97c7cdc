"""How many customers each segment holds in a later file, against then: two bars a segment."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd

TITLE = "How many in each segment, then and now"
CAPTION = "Shares of all customers: the pale bar when the segments were made, the full bar in the later file."


def counted(then: pd.Series[int], now: pd.Series[int]) -> pd.DataFrame:
    """One row per segment that has customers in either: Segment, Then, Now, ThenShare, NowShare (0 to 1).

    Parameters
    ----------
    then, now : the segment of each customer of the first and of the later file.
    """
    import pandas as pd

    counts = pd.DataFrame({"Then": then.value_counts(), "Now": now.value_counts()}).fillna(0).astype(int)
    counts.index.name = "Segment"
    shares = counts / counts.sum().clip(lower=1)
    return counts.assign(ThenShare=shares["Then"], NowShare=shares["Now"]).sort_index().reset_index()


def bars(shift: pd.DataFrame, names: Mapping[int, str]) -> Component:
    """A line per segment in plain HTML: its name, both bars, and the shares.

    Parameters
    ----------
    shift : as `counted` makes it.
    names : segment -> its name.
    """
    widest = max(float(shift[["ThenShare", "NowShare"]].to_numpy().max(initial=0.0)), 0.01)
    return html.Ul([_line(row, names, widest) for row in shift.to_dict("records")], className="shifts")


def readable(shift: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """The same as texts for people: Segment, Then, Now, their shares, and the change of the share in points."""
    import pandas as pd

    return pd.DataFrame(
        {
            "Segment": shift["Segment"].map(names),
            "Then": shift["Then"].map(formats.count),
            "of all then": shift["ThenShare"].map(formats.share),
            "Now": shift["Now"].map(formats.count),
            "of all now": shift["NowShare"].map(formats.share),
            "Change": [_points(row) for row in shift.to_dict("records")],
        }
    )


def _line(row: Mapping[Hashable, Any], names: Mapping[int, str], widest: float) -> Component:
    label = int(row["Segment"])
    colour = theme.segment_colour(label)
    tracks = [
        html.Span(style={"width": f"{100 * row[part] / widest:.1f}%", "background": shade})
        for part, shade in (("ThenShare", theme.faded(colour, 0.4)), ("NowShare", colour))
    ]
    told = f"{formats.share(row['ThenShare'])} then, {formats.share(row['NowShare'])} now"
    return html.Li(
        [html.Strong(names[label]), html.Span(tracks, className="shift-bars"), html.Span(told, className="num")]
    )


def _points(row: Mapping[Hashable, Any]) -> str:
    points = 100 * (row["NowShare"] - row["ThenShare"])
    sign = "+" if points > 0 else formats.MINUS if points < 0 else ""
    return f"{sign}{formats.number(abs(points))} points"
