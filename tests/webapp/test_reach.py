"""With what and when: one row for every segment, and ranges that leave out what is as usual."""

import re

from webapp import reach
from webapp.finished import finished


def test_every_segment_has_a_row_and_only_sure_favourites(shop):
    results = finished(shop.view())
    view = results.settled(shop.view(method="kmeans", k=3))
    rows = reach.readable(results, view)
    assert rows["Segment"].tolist() == list(results.names(view).values())
    lows = [int(low) for told in rows["Bought more than usual"] for low in re.findall(r"\((\d+)–", told)]
    assert lows and min(lows) >= 100
    assert rows["Best reached"].str.match("Best reached|Most of these").all()
