"""The check of the data on the page: what there is enough for, and the charts with their tables."""

from pipeline.insights.insight import PRICES
from webapp import check_view
from webapp.charts import months


def test_every_part_is_told_with_its_verdict_and_its_reason():
    parts = [
        {"part": "Segments", "enough": True, "sentence": "400 buyers are enough for up to 8 segments."},
        {"part": "Lifetime value", "enough": False, "sentence": "There are only 400 buyers (at least 500)."},
    ]
    told = str(check_view.enough(parts))
    for word in ("Segments", "Enough", "Lifetime value", "Not enough", "only 400 buyers"):
        assert word in told


def test_the_charts_hold_what_the_library_found(shop):
    card = check_view.glance(shop.segmentation)
    for measure, id in check_view.CHARTS.items():
        assert list(card[id].figure.data[0].y) == shop.segmentation.months()[measure].tolist()
    assert list(card[check_view.WEEK].figure.data[0].y) == shop.segmentation.weekdays()["orders"].tolist()
    told = str(card)
    assert repr(months.caption(shop.segmentation.months()))[1:-1] in told
    sentences = [repr(sentence)[1:-1] for sentence in shop.segmentation.data_check()["sentences"]]  # as `told` is
    assert all(sentence in told for sentence in sentences if "&" not in sentence)
    assert "of revenue from the top 20" in told


def test_odd_prices_are_listed_with_the_usual_ones_and_no_card_stands_where_all_are_usual():
    assert check_view.odd_prices({}) == []
    assert check_view.odd_prices({"oddities": {"prices": None}}) == []
    told = {"invoice": "X1", "product": "MUG", "code": "10", "price": 125.0, "usual": 1.25, "lines": 3, "money": 900.0}
    (card,) = check_view.odd_prices({"oddities": {"prices": {"lines": 3, "worst": [told]}}})
    written = str(card)
    for words in ("X1 and 2 more lines", "MUG (10)", "£125.00", "£1.25", "£900", "3 lines in all"):
        assert words in written.replace("\u00a0", " ")
    assert card.id == PRICES
