"""The list of what is worth acting on leads to the customers it speaks of."""

from webapp import markup, worth_acting
from webapp.finished import finished


def test_each_sentence_links_to_its_customers_and_to_no_other_filter(shop, monkeypatch):
    results = finished(shop.view())
    view = results.settled(shop.view(k=3, min_frequency=5))
    told = [
        worth_acting.Finding("“A” & more.", 9.0, {"segment": 0}),
        worth_acting.Finding("B.", 1.0, {"country": "EIRE"}),
    ]
    monkeypatch.setattr(worth_acting, "findings", lambda *asked: told)
    monkeypatch.setattr(results, "once", lambda key, make: make())
    drawn = markup.source(worth_acting.listed(results, view))
    assert "&amp;segment=0" in drawn and "&amp;country=EIRE" in drawn
    assert "min_frequency" not in drawn
    assert "{&quot;segment&quot;: &quot;0&quot;}" in drawn
    assert drawn.count("data-alone") == 2
    monkeypatch.setattr(worth_acting, "findings", lambda *asked: [])
    assert worth_acting.listed(results, view) is None
