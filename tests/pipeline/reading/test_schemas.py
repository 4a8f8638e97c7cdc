"""The exports that shops really have: each is recognised by itself and read to what it says."""

from decimal import Decimal

import pytest

from pipeline import engine
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean
from pipeline.errors import ReadingError
from pipeline.reading.transactions import Reading, read_transactions
from tests.pipeline.reading.conftest import HEADINGS, a_line

SHOPIFY = """Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,\
Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Billing Name,Billing Country,Shipping Country,Id
#1001,ann@x.com,paid,2021-03-01 10:12:00 -0500,USD,50.00,5.00,0.00,55.00,2021-03-01 10:11:12 -0500,\
2,Red mug,10.00,,MUG-R,Ann A,US,US,1
#1001,,,,,,,,,,1,Blue mug,30.00,,MUG-B,,,,
#1002,bob@x.com,paid,2021-03-02 10:12:00 -0500,USD,7.50,0.00,0.00,7.50,2021-03-02 09:00:00 -0500,\
1,Tea towel,7.50,,TT,Bob B,GB,GB,2
#1003,,paid,2021-03-03 10:12:00 -0500,USD,20.00,0.00,0.00,20.00,2021-03-03 09:00:00 -0500,1,Bag,12.00,,BAG,,,,3
#1003,,,,,,,,,,1,Red mug,8.00,,MUG-R,,,,
"""
WOOCOMMERCE = """Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Email (Billing),\
Country Code (Billing),Cart Discount Amount,Order Total Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost
101,completed,2021-03-01 10:11,,Ann,ann@x.com,DE,0,21.00,A1,1,Bag,2,3.00
,,,,,,,,,B2,2,Lamp,1,15.00
102,completed,2021-03-02 10:11,,Bob,bob@x.com,FR,0,9.00,C3,1,Cup,3,3.00
"""
SUPERSTORE = """Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,Country,City,State,\
Postal Code,Region,Product ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,Profit
1,CA-2016-152156,11/8/2016,11/11/2016,Second Class,CG-12520,Claire Gute,Consumer,United States,Henderson,Kentucky,\
42420,South,FUR-BO-10001798,Furniture,Bookcases,Bush Bookcase,261.96,2,0,41.9136
2,CA-2016-152156,11/8/2016,11/11/2016,Second Class,CG-12520,Claire Gute,Consumer,United States,Henderson,Kentucky,\
42420,South,FUR-CH-10000454,Furniture,Chairs,"Hon Chair, round",731.94,3,0,219.582
3,CA-2016-138688,6/22/2016,6/16/2016,Second Class,DV-13045,Darrin Van Huff,Corporate,United States,Los Angeles,\
California,90036,West,OFF-LA-10000240,Office Supplies,Labels,Address Labels,14.62,2,0,6.8714
4,CA-2016-138689,6/23/2016,6/26/2016,Second Class,DV-13045,Darrin Van Huff,Corporate,United States,Los Angeles,\
California,90036,West,OFF-LA-10000240,Office Supplies,Labels,Address Labels,10.00,3,0,6.8714
"""
EUROPEAN = {
    "German": "Bestellnummer;Artikelnr;Artikelbezeichnung;Menge;Bestelldatum;Einzelpreis (€);Kundennummer;Lieferland",
    "French": "N° commande;Référence;Désignation;Quantité;Date de commande;Prix unitaire (€);N° client;Pays",
    "Spanish": "Número de pedido;Referencia;Descripción;Cantidad;Fecha de pedido;Precio unitario (€);ID cliente;País",
    "Italian": "Numero ordine;Codice articolo;Descrizione;Quantità;Data ordine;Prezzo (€);Codice cliente;Paese",
    "Dutch": "Bestelnummer;Artikelcode;Omschrijving;Aantal;Besteldatum;Prijs per stuk (€);Klantnummer;Land",
}


def _cleaned(tmp_path):
    """What cleaning makes of the table that was read: its facts."""
    return clean(tmp_path / "transactions", Cleaning(), tmp_path / "cleaned", tmp_path / "dropped", lambda *_: None)


def test_a_shopify_export_with_its_blank_continuation_rows_is_read(read):
    table, facts = read(SHOPIFY)
    assert facts["interpretation"]["columns"] == {
        "InvoiceNo": "Name",
        "StockCode": "Lineitem sku",
        "Description": "Lineitem name",
        "Quantity": "Lineitem quantity",
        "InvoiceDate": "Created at",
        "UnitPrice": "Lineitem price",
        "CustomerID": "Email",
        "Country": "Shipping Country",
    }
    assert table["CustomerID"].fillna("").tolist() == ["ann@x.com", "ann@x.com", "bob@x.com", "", ""]
    assert table["Country"].fillna("").tolist() == ["US", "US", "GB", "", ""]
    assert table["InvoiceDate"].notna().all()
    assert (table["Quantity"] * table["UnitPrice"]).tolist() == [20, 30, 7.5, 12, 8]
    assert (facts["interpretation"]["continued_rows"], facts["interpretation"]["currency"]) == (1, "USD")
    assert any("further line of orders had no date or customer" in warning for warning in facts["warnings"])


def test_a_woocommerce_export_with_orders_over_several_rows_is_read(read):
    table, facts = read(WOOCOMMERCE)
    assert table["InvoiceNo"].tolist() == ["101", "101", "102"]
    assert table["CustomerID"].tolist() == ["ann@x.com", "ann@x.com", "bob@x.com"]
    assert table["Country"].tolist() == ["DE", "DE", "FR"]
    assert (table["Quantity"] * table["UnitPrice"]).tolist() == [6, 15, 9]
    assert facts["interpretation"]["columns"]["Description"] == "Item Name"


def test_a_superstore_file_counts_its_sales_to_the_penny(read, tmp_path):
    table, facts = read(SUPERSTORE)
    assert facts["interpretation"]["columns"]["Amount"] == "Sales"
    assert facts["interpretation"]["columns"]["CustomerID"] == "Customer ID"
    assert table["Quantity"].tolist() == [2, 3, 2, 3]
    assert table["UnitPrice"].tolist() == pytest.approx([130.98, 243.98, 7.31, 10 / 3])
    assert str(table["InvoiceDate"][0]) == "2016-11-08 00:00:00"
    assert Decimal(_cleaned(tmp_path)["money_exact"]) == Decimal("1018.52")


@pytest.mark.parametrize("language", EUROPEAN)
def test_european_headings_and_numbers_are_known(read, language):
    rows = "17;A1;Lampe;2;31.12.2010 10:00;1.234,50;K1;Deutschland\n18;A2;Vase;1;30.12.2010 10:00;0,99;K2;France\n"
    table, facts = read(EUROPEAN[language] + "\n" + rows)
    assert list(facts["interpretation"]["columns"].values()) == EUROPEAN[language].split(";")
    assert table["UnitPrice"].tolist() == [1234.5, 0.99]
    assert (facts["interpretation"]["currency"], facts["warnings"]) == ("€", [])


def test_both_years_of_online_retail_are_known_by_name(read):
    headings = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
    table, facts = read(headings + a_line())
    assert facts["interpretation"]["unused_headings"] == facts["warnings"] == []
    assert table["UnitPrice"].tolist() == [3.39]


def test_customer_date_and_amount_are_enough_and_a_day_is_an_order(read, tmp_path):
    table, facts = read(
        "client,when,spent\n7,2011-12-30,9.99\n7,2011-12-30,5\n7,2011-12-31,-2.50\n8,2011-12-31,1.005\n"
    )
    assert table["InvoiceNo"].tolist() == ["7 2011-12-30", "7 2011-12-30", "7 2011-12-31", "8 2011-12-31"]
    assert table["Quantity"].tolist() == [1, 1, -1, 1]
    assert table["UnitPrice"].tolist() == [9.99, 5, 2.5, 1.005]
    assert table["Amount"].tolist() == [9.99, 5, -2.5, 1.005]
    assert (
        "The file has no column for InvoiceNo, so all that a customer buys on one day counts as one order."
        in (facts["warnings"])
    )
    cleaned = _cleaned(tmp_path)
    assert (cleaned["money_exact"], cleaned["invoices"]) == ("15.995", 2)


def test_one_row_per_invoice_is_read(read):
    table, facts = read(
        "Invoice,Date,Customer,Total,Country\n"
        + "".join(f"{number},2011-12-{number:02},{number % 7},{number}.50,France\n" for number in range(1, 31))
    )
    assert facts["interpretation"]["columns"]["Amount"] == "Total"
    assert table["UnitPrice"].sum() == table["Amount"].sum() == sum(range(1, 31)) + 15
    assert table["InvoiceNo"].nunique() == 30


def test_amounts_that_pieces_do_not_divide_add_up_to_the_penny(read, tmp_path):
    rows = [f"{number},2011-12-31,{number},{3 + number % 7},{number}.01\n" for number in range(1, 400)]
    read("Order ID,Date,Customer,Quantity,Amount\n" + "".join(rows))
    whole = sum(Decimal(f"{number}.01") for number in range(1, 400))
    assert Decimal(_cleaned(tmp_path)["money_exact"]) == whole


@pytest.mark.parametrize(("quantity", "amount"), [("3", "-6"), ("-3", "6"), ("-3", "-6")])
def test_a_return_has_negative_pieces_and_money_however_the_file_says_it(read, quantity, amount):
    table, _ = read(f"Order ID,Date,Customer,Quantity,Amount\n1,2011-12-31,7,{quantity},{amount}\n2,2011-12-31,8,2,4\n")
    assert table[["Quantity", "UnitPrice", "Amount"]].to_numpy().tolist() == [[-3, 2, -6], [2, 2, 4]]


def test_totals_that_are_not_quantity_times_price_are_told_and_can_be_taken(read):
    content = "Order ID,Date,Customer,Quantity,Price,Line total\n1,2011-12-31,7,2,5,10\n2,2011-12-31,8,2,5,9\n"
    table, facts = read(content)
    assert table["UnitPrice"].tolist() == [5, 5]
    assert facts["warnings"][0] == (
        "Quantity times price, which counts, is not what 'Line total' says on 1 of 2 lines; if that was paid, set "
        "Columns (reading.columns) to Amount = Line total."
    )
    table, facts = read(content, columns="Amount = Line total")
    assert table[["UnitPrice", "Amount"]].to_numpy().tolist() == [[5, 10], [4.5, 9]]
    assert facts["warnings"][0] == "The amount of each line counts, not quantity times price."


def test_an_orders_total_on_each_of_its_lines_is_told(read):
    rows = "".join(f"{n},2011-12-31,{n},Lamp,{n}.50\n{n},2011-12-31,{n},Cup,{n}.50\n" for n in range(1, 9))
    _, facts = read("Order ID,Date,Customer,Product,Order total\n" + rows)
    assert facts["warnings"][0].startswith(
        "8 orders bear the same 'Order total' on each of their lines: if that is the"
    )
    _, facts = read("Order ID,Date,Customer,Product,Line total\n" + rows.replace("Cup,", "Cup,1"))
    assert not any("bear the same" in warning for warning in facts["warnings"])


def test_two_currencies_are_told(read):
    rows = "1,2011-12-31,7,2,5,EUR\n2,2011-12-31,8,2,5,GBP\n3,2011-12-31,8,2,5,EUR\n"
    _, facts = read("Order ID,Date,Customer,Quantity,Price,Currency\n" + rows)
    assert facts["interpretation"]["currency"] is None
    assert "The amounts are in several currencies (EUR, GBP)" in facts["warnings"][0]
    _, facts = read(HEADINGS + a_line(price="£3.50") + a_line(price="£4.50"))
    assert facts["interpretation"]["currency"] == "£"


@pytest.mark.parametrize(("told", "found"), [("auto", None), ("USD", "USD"), ("none", "")])
def test_what_the_amounts_are_in_is_what_a_person_says_where_the_file_says_nothing(read, told, found):
    _, facts = read(HEADINGS + a_line(), currency=told)
    assert facts["interpretation"]["currency"] == found


def test_a_pivoted_sheet_with_blanks_under_each_order_is_read_and_its_total_is_no_sale(read):
    sheet = "Order;Date;Customer;Product;Pieces;Amount\n1;2011-12-30;Ann;Lamp;2;5\n"
    sheet += ";;;Cup;1;3\n;;;Bag;1;4\n2;2011-12-31;Bob;Cup;1;3\n"
    table, facts = read(sheet + "Grand total;;;;5;15\n")
    sold = table[table["InvoiceDate"].notna()]
    assert sold["InvoiceNo"].tolist() == ["1", "1", "1", "2"]
    assert sold["CustomerID"].tolist() == ["Ann", "Ann", "Ann", "Bob"]
    assert (sold["Amount"].sum(), facts["interpretation"]["continued_rows"]) == (15, 2)


def test_a_customer_that_is_missing_here_and_there_is_not_filled_from_the_line_above(read):
    lines = [a_line(customer="" if number == 7 else "17850") for number in range(20)]
    table, facts = read(HEADINGS + "".join(lines))
    assert table["CustomerID"].isna().sum() == 1
    assert facts["interpretation"]["continued_rows"] == 0


def test_blanks_are_never_filled_across_orders(read):
    rows = "1,2011-12-30,Ann,5\n1,,,6\n2,,,7\n2,,,8\n3,2011-12-31,Bob,9\n3,,,1\n"
    rows += "".join(f"{number},2011-12-31,Cid,1\n{number},,,1\n" for number in range(4, 9))
    table, _ = read("Invoice,Date,Customer,Amount\n" + rows)
    assert table["CustomerID"].fillna("").tolist()[:6] == ["Ann", "Ann", "", "", "Bob", "Bob"]


CUSTOMERS = "Customer ID,First Name,Email,Total Spent,Total Orders,Last Order Date\n"


def test_a_table_of_customers_is_refused_with_the_reason(read):
    rows = "".join(f"{number},Ann,a{number}@x.com,{number}.50,3,2011-12-{number:02}\n" for number in range(10, 31))
    with pytest.raises(ReadingError) as refusal:
        read(CUSTOMERS + rows)
    assert str(refusal.value) == (
        "The file has one row per customer, not one per purchase: each 'Customer ID' stands in it once, beside sums "
        "such as 'Total Spent', 'Total Orders', 'Last Order Date'; export the orders themselves, with a customer, a "
        "date and an amount on each row."
    )


def test_a_file_in_which_every_customer_bought_once_is_no_table_of_customers(read):
    rows = "".join(f"{number},c{number},2011-12-{number:02},{number}.50\n" for number in range(10, 31))
    assert len(read("Order ID,Customer ID,Date,Amount\n" + rows)[0]) == 21
    without_orders = "".join(f"c{number},2011-12-{number:02},{number}.50\n" for number in range(10, 31))
    assert len(read("Customer ID,Date,Amount\n" + without_orders)[0]) == 21


def test_purchases_with_sums_of_the_customer_beside_them_are_purchases(read):
    rows = "".join(f"c{n},2011-12-{n:02},{n}.50,99\n" for n in range(10, 31))
    with pytest.raises(ReadingError, match="one row per customer"):
        read("Customer ID,Date,Amount,Lifetime value\n" + rows)
    assert len(read("Customer ID,Date,Amount,Lifetime value\n" + rows + "c10,2011-12-31,5,99\n")[0]) == 22
    with_orders = "".join(f"c{n},2011-12-{n:02},{n}.50,99,{n}\n" for n in range(10, 31))
    assert len(read("Customer ID,Date,Amount,Lifetime value,Order ID\n" + with_orders)[0]) == 21


def test_order_numbers_that_look_a_little_like_dates_are_order_numbers(read):
    rows = "".join(f"2011-12-{n:04},c{n % 5},2011-12-{n:02},{n}.50\n" for n in range(10, 31))
    _, facts = read("Invoice number,Customer,Date,Amount\n" + rows)
    assert facts["interpretation"]["columns"]["InvoiceNo"] == "Invoice number"


def test_of_two_headings_the_one_whose_cells_fit_is_taken(read):
    rows = "".join(f"{n},web,2011-12-{n:02},late,c{n % 5},KY,United States,5\n" for n in range(10, 31))
    _, facts = read("Order,Invoice,Order Date,Date,Customer,Country,Billing Country,Amount\n" + rows)
    assert facts["interpretation"]["columns"]["Country"] == "Billing Country"
    assert facts["interpretation"]["columns"]["InvoiceDate"] == "Order Date"
    assert facts["interpretation"]["columns"]["InvoiceNo"] == "Order"


def test_a_column_headed_date_that_holds_none_leaves_the_place_to_one_that_does(read):
    rows = "".join(f"{n},yes,2011-12-{n:02},c{n % 5},5\n" for n in range(10, 31))
    table, facts = read("Order,Date,Bought,Customer,Amount\n" + rows)
    assert facts["interpretation"]["columns"]["InvoiceDate"] == "Bought"
    assert table["InvoiceDate"].notna().all()


@pytest.fixture(scope="module")
def known_truth(online_retail, tmp_path_factory):
    """The real file as Kaggle has it: cp1252, CRLF, m/d/Y; read and cleaned."""
    folder = tmp_path_factory.mktemp("kaggle")
    plain, source = folder / "plain.csv", folder / "kaggle.csv"
    with engine.connection() as duck:
        dated = "strftime(InvoiceDate::TIMESTAMP, '%-m/%-d/%Y %-H:%M') AS InvoiceDate"
        copy = f"SELECT * REPLACE ({dated}) FROM read_csv('{online_retail}', all_varchar = true)"
        duck.execute(f"COPY ({copy}) TO '{plain}' (HEADER)")
    with plain.open(encoding="utf-8", newline="") as lines, source.open("w", encoding="cp1252", newline="") as written:
        written.writelines(line.replace("\n", "\r\n") for line in lines)
    read_transactions(source, Reading(), folder / "transactions", lambda *_: None)
    return clean(folder / "transactions", Cleaning(), folder / "cleaned", folder / "dropped", lambda *_: None)


def test_the_kaggle_copy_of_the_real_file_gives_the_known_truth(known_truth):
    facts = {name: known_truth[name] for name in ("rows", "customers", "invoices", "money_exact")}
    assert facts == {"rows": 397_884, "customers": 4_338, "invoices": 18_532, "money_exact": "8911407.904"}


def test_what_can_only_be_guessed_is_named_and_left_to_a_person(read):
    rows = "".join(f"c{number % 5},2011-12-{number},{number}.50\n" for number in range(10, 31))
    with pytest.raises(ReadingError, match=r"no column for UnitPrice \(or Amount\).* as in Amount = zorg\."):
        read("Customer,Date,zorg\n" + rows)
    assert len(read("Customer,Date,zorg\n" + rows, columns="Amount = zorg")[0]) == 21
