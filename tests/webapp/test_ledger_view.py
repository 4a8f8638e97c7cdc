"""The ledger on the page reconciles as it stands there, rule by rule."""

import re
from decimal import Decimal

from webapp import ledger_view, markup
from webapp.charts import money_waterfall


def number(written):
    return Decimal(re.sub(r"[^\d.-]", "", written.replace("−", "-")))


def cells(table):
    body = table.children.children[2]
    return [[cell.children for cell in row.children] for row in body.children]


def test_every_column_of_the_table_adds_up(shop):
    ledger = shop.segmentation.ledger()
    rows = cells(ledger_view.table(ledger, money_waterfall.steps(ledger, ledger_view.NAMES)))
    for column in range(1, 5):
        first, *rules, last = (number(row[column]) for row in rows)
        assert first + sum(rules) == last
    assert number(rows[-1][1]) == shop.segmentation.facts("cleaning")["rows"]


def test_the_sum_in_a_line_comes_out(shop):
    ledger = shop.segmentation.ledger()
    steps = money_waterfall.steps(ledger, ledger_view.NAMES)
    told = [part if isinstance(part, str) else part.children for part in ledger_view.sum_in_a_line(steps)]
    first, *changes, last = told
    signed = [number(re.sub(r"^ (.) ", r"\1", change.split("£")[0] + change.split("£")[1])) for change in changes]
    assert number(first) + sum(signed) == number(last)
    assert last.startswith("= £")


def test_every_rule_of_the_library_has_a_name_in_a_few_words(shop):
    assert {entry["rule"] for entry in shop.segmentation.ledger()} <= set(ledger_view.NAMES)


def test_the_largest_cancellations_stand_folded_under_their_rule_by_name(shop):
    (void,) = [{**entry, "rule": "void", "label": "Void"} for entry in shop.segmentation.ledger()[:1]]
    taken = {"CustomerID": "16446", "StockCode": "23843", "InvoiceNo": "C581484", "money": 168469.6}
    void["examples"] = [{**taken, "cancels": "581483", "minutes": 12}, {**taken, "cancels": "581483", "minutes": 1}]
    returned = {**void, "rule": "return", "examples": [taken]}
    told = [markup.source(ledger_view.largest(each)).replace("</strong>", "") for each in (void, returned)]
    assert (
        "£168,469.60 customer 16446, product 23843: bought on 581483, cancelled on C581484 12 minutes later" in told[0]
    )
    assert "1 minute later" in told[0]
    assert "£168,469.60 customer 16446, product 23843: returned on C581484" in told[1]
    assert ledger_view.largest({**void, "examples": []}) is None
    rows = cells(ledger_view.table([void], money_waterfall.steps([void], ledger_view.NAMES)))
    assert "C581484" in markup.source(rows[1][0])
