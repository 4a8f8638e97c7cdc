"""What is said of one customer is what their lines, the rule of their segment and scikit-learn say."""

import re

import pytest
from sklearn.neighbors import NearestNeighbors

from pipeline import engine, segmentation
from pipeline.clustering.methods import METHODS
from pipeline.clustering.scaling import Preparation, prepared
from pipeline.profiles.affinity import purchases
from pipeline.profiles.history import PRODUCT
from pipeline.recipe import BALANCED
from pipeline.store import Store
from webapp import formats, markup, one_customer
from webapp.finished import Finished, finished


@pytest.fixture
def results(shop):
    return finished(shop.view())


@pytest.mark.parametrize("row", [0, 100, -1])
def test_similar_customers_are_the_nearest_by_what_segments_are_made_of(results, shop, row):
    view = results.settled(shop.view())
    customer = results.customers["CustomerID"].iloc[row]
    found = one_customer.alike(results, view, customer)
    ready = prepared(results.customers, results.segmentation.recipe.step(Preparation))
    own = ready.customer_ids.tolist().index(customer)
    known = NearestNeighbors(n_neighbors=len(found) + 1, algorithm="brute").fit(ready.matrix)
    (rows,) = known.kneighbors(ready.matrix[[own]], return_distance=False)
    others = [place for place in rows if place != own]
    assert customer not in set(found["CustomerID"])
    assert found["CustomerID"].tolist() == ready.customer_ids[others].tolist()[: len(found)]


def test_the_parts_of_the_rule_are_those_of_the_customers_own_segment(results, shop):
    view = results.settled(shop.view(k="4"))
    labels, rules = results.labels(view), results.segmentation.rules(view.method, view.k)
    for row in range(0, len(labels), 40):
        parts, told = one_customer.why(results, view, results.customers["CustomerID"].iloc[row])
        assert len(parts) == len(rules[int(labels.iloc[row])]["conditions"])
        assert results.names(view)[int(labels.iloc[row])] in " ".join(told)


def test_most_customers_of_a_segment_meet_its_whole_rule_as_often_as_it_covers(results, shop):
    view = results.settled(shop.view(k="3"))
    labels, rules = results.labels(view), results.segmentation.rules(view.method, view.k)
    members = results.customers["CustomerID"][labels == 0]
    met = [all(part.holds for part in one_customer.why(results, view, each)[0]) for each in members]
    assert sum(met) / len(met) == pytest.approx(rules[0]["covered"])


@pytest.mark.parametrize("method", METHODS)
def test_a_customer_is_drawn_whole_under_every_method(results, shop, method):
    view = results.settled(shop.view(method=method))
    customer = results.customers["CustomerID"].iloc[3]
    drawn = str(one_customer.area(results, view, customer))
    last = formats.date(results.segmentation.facts("cleaning")["span"]["last"])
    assert repr(f"Dates count from the last day of the file, {last}.")[1:-1] in drawn
    for title in (
        one_customer.WHY_TITLE,
        one_customer.SCORES_TITLE,
        one_customer.BOUGHT_TITLE,
        one_customer.ALIKE_TITLE,
    ):
        assert title in drawn


def test_what_was_bought_adds_up_to_what_was_spent(results):
    for row in (0, 5, 50):
        customer = results.customers.iloc[row]
        assert one_customer.bought(results, customer["CustomerID"])["Money"].sum() == pytest.approx(
            customer["Monetary"]
        )


def test_fees_are_told_beside_the_products_and_all_money_is_accounted_for(results, shop):
    lines = results.segmentation.store.path(results.segmentation.keys["cleaning"], "transactions")
    every = engine.read_parquet(lines)
    paid = every[every["StockCode"].isin(["POST", "DOT", "M"])]
    customer = paid["CustomerID"].iloc[0]
    found = one_customer.bought(results, customer)
    assert found["Money"].sum() == pytest.approx(float(every.loc[every["CustomerID"] == customer, "TotalPrice"].sum()))
    shown = markup.html_of(one_customer._bought(results, customer).children[-1].children)
    fees = found[~found["IsProduct"]]
    assert f"{formats.money_exact(fees['Money'].sum())} went to postage, fees or corrections" in shown
    listed = re.findall(r'<tr><td class="words">([^<]+)</td>', shown)
    assert len(listed) and not {name.capitalize() for name in fees["Description"]} & set(listed)
    assert one_customer.NO_PRODUCTS in shown


def test_neither_cards_nor_insights_name_a_fee_as_a_product(results):
    held = purchases(results.segmentation.bought(), results.customers["CustomerID"], PRODUCT)
    assert len(held.items) and not {"POSTAGE", "WEB ORDER POSTAGE", "Manual"} & set(held.items)
    missed = {each["description"] for each in results.segmentation.coverage()["top_other"]}
    assert missed and not {"POSTAGE", "WEB ORDER POSTAGE", "Manual"} & missed
    assert 0 < results.segmentation.coverage()["no_product"] < 0.1


@pytest.mark.parametrize(("cancellations", "told"), [("drop", True), ("net", False)])
def test_who_gave_nearly_all_back_is_to_be_checked_first_until_cleaning_takes_it_off(
    tmp_path, shop, cancellations, told
):
    lines = [
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        "1,A,MUG,400,2011-03-13 10:00,50,B7,France",
        "2,B,PEN,1,2011-03-14 10:00,2.5,B7,France",
        "C3,A,MUG,-400,2011-03-15 15:00,50,B7,France",
        "4,A,MUG,9,2011-03-13 10:00,50,K1,France",
        "C5,A,MUG,-1,2011-03-15 15:00,50,K1,France",
    ]
    (tmp_path / "shop.csv").write_text("\n".join(lines) + "\n")
    recipe = BALANCED.with_settings({"cleaning": {"cancellations": cancellations}})
    store = Store(tmp_path / "store")
    results = Finished(segmentation.run(tmp_path / "shop.csv", recipe, store, until="cleaning"))
    said = {id: markup.source(one_customer._to_do(results, shop.view(), id, "Thank them.")) for id in ("B7", "K1")}
    store.close()
    assert said["K1"] == "<div><strong>Do: </strong>Thank them.</div>"
    if not told:
        assert said["B7"] == said["K1"]
        return
    sentence = "£20.0 k of the £20.0 k they bought came back (cancelled); it still counts here, because cleaning keeps"
    assert f"<strong>Check first: </strong>{sentence}" in said["B7"].replace(formats.SPACE, " ")
    assert "Thank them" not in said["B7"]
    assert f'href="/?data={shop.data}#cleaning"' in said["B7"]


def test_what_to_do_with_a_customer_who_kept_what_they_bought_is_said_of_their_segment(results, shop):
    view = results.settled(shop.view())
    drawn = str(one_customer.area(results, view, results.customers["CustomerID"].iloc[3]))
    assert "Do: " in drawn and "Check first" not in drawn
