"""A segment's card says how far to trust it, before and after the test, in as much room."""

from dash import html

from pipeline.profiles.health import Health
from webapp import badges, markup, segments_view
from webapp.finished import finished


def test_each_alarm_is_a_word_with_its_sentence_and_twins_are_one_word():
    own = Health("doubtful", 0.4, 0.3, {"Borderline": "30 % lie near to another."}, ["Ward finds it.", "So does GMM."])
    told = markup.source(badges.on_a_card(own, "/model?data=1&view=trust", "model-view", "trust"))
    assert "Do not trust" in told
    assert "Borderline" in told
    assert "30 % lie near to another." in told
    assert "Ward finds it. So does GMM." in told
    assert 'href="/model?data=1&amp;view=trust"' in told
    assert 'data-view="trust"' in told


def test_every_card_of_a_segment_says_not_tested_yet_before_the_test_and_leads_to_it(shop):
    results = finished(shop.view())
    view = results.settled(shop.view(k=3))
    cards = segments_view.redrawn(results, view)[segments_view.CARDS]
    assert cards.count("badge-health") == 3
    if results.tested(view) is None:
        assert cards.count("Not tested yet") == 3
    assert cards.count("view=trust") == 3


def test_groups_that_are_no_segments_have_no_badge(shop):
    results = finished(shop.view())
    view = results.settled(shop.view(method="hdbscan"))
    drawn = html.Div(segments_view.area(results, view))
    assert markup.html_of(drawn[segments_view.CARDS]).count("badge-health") == len(results.health(view))
