"""What the view of time shows adds up, and follows the segments."""

import re
from dataclasses import replace

from dash import html

from webapp import time_view
from webapp.finished import finished


def test_months_by_segment_name_every_segment_and_follow_k(shop):
    results = finished(shop.view())
    view = results.settled(shop.view(method="kmeans", k=3))
    drawn = time_view.redrawn(results, view)[time_view.MONTHS]
    assert re.findall(r'<th scope="row">([^<]*)', drawn) == [
        name.replace("&", "&amp;") for name in results.names(view).values()
    ]
    assert drawn != time_view.redrawn(results, replace(view, k=5))[time_view.MONTHS]


def test_the_view_has_cohorts_and_says_what_of_the_movement_is_noise(shop):
    results = finished(shop.view())
    told = str(html.Div(time_view.area(results, results.settled(shop.view()))))
    for words in ("Who came back", "Brought so far, per customer", "one day alone moves", "Who moved with most"):
        assert words in told, words
