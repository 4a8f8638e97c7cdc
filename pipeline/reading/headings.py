"""What shops call our columns, in six languages. Every other spelling of a heading ends here."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Sequence

# The surest name first. Compared without case, accents, spaces and punctuation, and without a currency.
ALIASES: dict[str, tuple[str, ...]] = {
    "InvoiceNo": (
        *(
            "InvoiceNo",
            "Invoice",
            "Invoice Number",
            "Invoice ID",
            "Invoice Num",
            "Order ID",
            "Order No",
            "Order Number",
        ),
        *("Order", "Order Name", "Order Ref", "Order Reference", "Transaction ID", "Transaction No"),
        *("Transaction Number", "Receipt No", "Receipt Number", "Receipt ID", "Receipt", "Basket ID", "Sales Order ID"),
        *("Sales Order", "Document No", "Document Number", "Bill No", "Bill Number", "Ticket No", "Purchase ID"),
        *("Rechnungsnummer", "Rechnungsnr", "Rechnung", "Bestellnummer", "Bestellnr", "Bestellung", "Auftragsnummer"),
        *("Auftragsnr", "Belegnummer", "Belegnr", "Auftrag", "Bestell-ID"),
        *("Numéro de facture", "N° facture", "Facture", "Numéro de commande", "N° commande", "Commande", "ID commande"),
        *("Número de factura", "N° factura", "Factura", "Número de pedido", "N° pedido", "Pedido", "ID pedido"),
        *("Numero fattura", "N. fattura", "Fattura", "Numero ordine", "N. ordine", "Ordine", "ID ordine"),
        *("Factuurnummer", "Factuur", "Factuurnr", "Bestelnummer", "Ordernummer", "Bestelling", "Bestelnr"),
    ),
    "StockCode": (
        *("StockCode", "Stock Code", "Product ID", "Product Code", "SKU", "Lineitem SKU", "Item SKU", "Product SKU"),
        *(
            "Item ID",
            "Item Code",
            "Item Number",
            "Item No",
            "Article No",
            "Article Number",
            "Article ID",
            "Article Code",
        ),
        *("Product No", "Product Number", "ASIN", "EAN", "Barcode", "Artikelnummer", "Artikelnr", "Artikel-ID"),
        *("Produktnummer", "Référence", "Référence produit", "Code article", "Code produit", "ID produit"),
        *("Referencia", "Código de producto", "Código", "ID producto", "Codice prodotto", "Codice articolo", "Codice"),
        *("Artikelcode", "Productcode", "Productnummer"),
    ),
    "Description": (
        *("Description", "Product Description", "Item Description", "Product Name", "Item Name", "Lineitem name"),
        *("Product", "Item", "Article", "Product Title", "Item Title", "Title", "Article Name", "Line Item"),
        *("Artikelbezeichnung", "Bezeichnung", "Produktname", "Produkt", "Artikelname", "Artikel", "Beschreibung"),
        *("Désignation", "Nom du produit", "Produit", "Libellé", "Descripción", "Nombre del producto", "Producto"),
        *("Artículo", "Descrizione", "Nome prodotto", "Prodotto", "Articolo", "Omschrijving", "Productnaam"),
        *("Beschrijving", "Artikelnaam"),
    ),
    "Quantity": (
        *("Quantity", "Qty", "Lineitem quantity", "Item Quantity", "Item Qty", "Order Quantity", "Order Qty"),
        *("Quantity Ordered", "Quantity Sold", "Qty Ordered", "Qty Sold", "Quantity (- Refund)", "Units", "Units Sold"),
        *("No of Units", "Number of Units", "Pieces", "Item Count", "Quant", "Menge", "Anzahl", "Stückzahl", "Stück"),
        *("Quantité", "Qté", "Nombre", "Cantidad", "Unidades", "Cant.", "Quantità", "Qtà", "Aantal", "Hoeveelheid"),
    ),
    "InvoiceDate": (
        *("InvoiceDate", "Invoice Date", "Invoice DateTime", "Order Date", "Order DateTime", "Transaction Date"),
        *("Purchase Date", "Order Purchase Timestamp", "Sale Date", "Sales Date", "Date of Sale", "Date of Purchase"),
        *("Date", "DateTime", "Date Time", "Timestamp", "Created at", "Date Created", "Created Date", "Created"),
        *("Order Time", "Order Created", "Ordered at", "Order Placed", "Transaction Time", "Purchased at", "Day"),
        *("Rechnungsdatum", "Bestelldatum", "Auftragsdatum", "Belegdatum", "Kaufdatum", "Datum", "Verkaufsdatum"),
        *("Date de facture", "Date de commande", "Date d'achat", "Fecha de factura", "Fecha de pedido"),
        *("Fecha de compra", "Fecha", "Data fattura", "Data ordine", "Data acquisto", "Data", "Factuurdatum"),
        *("Besteldatum", "Orderdatum", "Aankoopdatum", "Paid at"),
    ),
    "UnitPrice": (
        *("UnitPrice", "Unit Price", "Price", "Price per Unit", "Price Each", "Item Price", "Lineitem price"),
        *("Price per Item", "Selling Price", "Sale Price", "Sales Price", "Product Price", "Item Cost"),
        *("Retail Price", "Einzelpreis", "Stückpreis", "Preis", "Artikelpreis", "Preis pro Stück", "Verkaufspreis"),
        *("Prix unitaire", "Prix", "Prix de vente", "Precio unitario", "Precio", "Precio por unidad"),
        *("Prezzo unitario", "Prezzo", "Eenheidsprijs", "Stukprijs", "Prijs", "Prijs per stuk"),
    ),
    "Amount": (
        *("Line Total", "Line Amount", "Order Line Total", "Lineitem total", "Item Total", "Item Subtotal"),
        *("Line Item Total", "Total Price", "TotalPrice", "Extended Price", "Line Value", "Item Amount", "Sales"),
        *("Sales Amount", "Sale Amount", "Net Sales", "Revenue", "Amount", "Net Amount", "Amount Paid"),
        *("Transaction Amount", "Purchase Amount", "Order Amount", "Order Value", "Order Total", "Invoice Total"),
        *("Invoice Amount", "Order Total Amount", "Total Amount", "Grand Total", "Total Sales", "Total", "Subtotal"),
        *("Turnover", "Value", "Spend", "Amount Spent", "Gesamtpreis", "Betrag", "Summe", "Gesamtbetrag", "Umsatz"),
        *("Rechnungsbetrag", "Zeilensumme", "Gesamt", "Montant", "Montant total", "Prix total", "Total TTC"),
        *("Total ligne", "Chiffre d'affaires", "Importe", "Importe total", "Precio total", "Monto", "Ventas"),
        *("Importo", "Totale", "Prezzo totale", "Totale riga", "Bedrag", "Totaal", "Totaalbedrag", "Totaalprijs"),
        *("Regeltotaal", "Omzet"),
    ),
    "CustomerID": (
        *("CustomerID", "Customer ID", "Customer No", "Customer Number", "Customer Code", "Customer Ref", "Cust ID"),
        *("Customer Key", "Client ID", "Client No", "Client Number", "User ID", "Customer User ID", "Member ID"),
        *("Membership No", "Buyer ID", "Shopper ID", "Account ID", "Account No", "Account Number", "Household ID"),
        *("Customer", "Client", "Customer Email", "Email (Billing)", "Billing Email", "Email", "Email Address"),
        *("E-mail", "Buyer Email", "Buyer", "Customer Unique ID", "Kundennummer", "Kundennr", "Kunden-ID", "Kunde"),
        *("Käufer", "Numéro client", "N° client", "ID client", "Code client", "Client n°", "Número de cliente"),
        *("N° cliente", "ID cliente", "Código cliente", "Cliente", "Correo electrónico", "Numero cliente"),
        *("Codice cliente", "Klantnummer", "Klant-ID", "Klantnr", "Klant", "Customer Name", "Client Name"),
        *("Buyer Name", "Kundenname", "Nom du client", "Nombre del cliente", "Nome cliente", "Klantnaam"),
        *("Company (Billing)", "Loyalty Card", "Card No", "Card Number"),
    ),
    "Country": (
        *("Country", "Country Name", "Customer Country", "Shipping Country", "Ship Country", "Ship To Country"),
        *("Delivery Country", "Country (Shipping)", "Billing Country", "Country (Billing)", "Country Code"),
        *("Country Code (Shipping)", "Country Code (Billing)", "Country/Region", "Land", "Lieferland", "Pays"),
        *("Pays de livraison", "País", "País de envío", "Paese", "Nazione", "Nation"),
    ),
}
CURRENCY = ("Currency", "Currency Code", "Order Currency", "Währung", "Devise", "Moneda", "Divisa", "Valuta")
# What stands over the columns of a table with one row per customer, and over none with one row per purchase.
SUMS_OF_A_CUSTOMER = (
    *("Total Spent", "Total Spend", "Lifetime Spend", "Lifetime Value", "LTV", "CLV", "Customer Value"),
    *("Orders", "Orders Count", "Order Count", "Number of Orders", "Total Orders", "No of Orders", "Total Purchases"),
    *("Number of Purchases", "Purchase Count", "Frequency", "Recency", "Monetary", "Average Order Value", "AOV"),
    *("Last Order", "Last Order Date", "Last Purchase", "Last Purchase Date", "First Order", "First Order Date"),
    *("First Purchase", "Days Since Last Purchase", "Days Since Last Order", "Money Spent", "Total Revenue"),
    *("Anzahl Bestellungen", "Letzte Bestellung", "Gesamtumsatz", "Nombre de commandes", "Dernière commande"),
    *("Número de pedidos", "Último pedido", "Gasto total", "Numero ordini", "Ultimo ordine", "Aantal bestellingen"),
    *("Laatste bestelling",),
)
# A known export whose words mean something else elsewhere: `Name` is an order here, and a person in other files.
SHOPIFY = {
    "InvoiceNo": ("Name",),
    "StockCode": ("Lineitem sku",),
    "Description": ("Lineitem name",),
    "Quantity": ("Lineitem quantity",),
    "InvoiceDate": ("Created at", "Paid at"),
    "UnitPrice": ("Lineitem price",),
    "CustomerID": ("Email", "Customer ID", "Phone"),
    "Country": ("Shipping Country", "Billing Country"),
}
SHOPIFY_IS_KNOWN_BY = ("Name", "Lineitem name", "Lineitem price", "Lineitem quantity")

_IN_MONEY = re.compile(
    r"[\s_]*[(\[]?(?:in )?(?<![A-Za-z])(?:GBP|EUR|USD|CHF|SEK|NOK|DKK|PLN|CZK|INR|BRL|JPY|AUD|CAD|NZD)[)\]]?\s*$|"
    r"\s*[(\[]?(?:in )?[£$€¥₹][)\]]?\s*$",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """A heading without case, accents, spaces, punctuation and currency: `Prix unitaire (€)` is `prixunitaire`."""
    bare = _letters(_IN_MONEY.sub("", heading))
    return bare or _letters(heading)


def headings_key(headings: Sequence[str]) -> str:
    """The same for every file with the same headings in the same order, so that a choice can be remembered."""
    written = "\x1f".join(" ".join(heading.split()).casefold() for heading in headings)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def names_of(headings: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Canonical name -> the plain names that may stand over it in a file with these headings, the surest first."""
    there = {plain(heading) for heading in headings}
    known = SHOPIFY if there >= {plain(name) for name in SHOPIFY_IS_KNOWN_BY} else ALIASES
    return {canonical: tuple(map(plain, known.get(canonical, ()))) for canonical in ALIASES}


def sums_of_a_customer(headings: Sequence[str]) -> list[str]:
    """The headings that only a table with one row per customer has."""
    known = {plain(name) for name in SUMS_OF_A_CUSTOMER}
    return [heading.strip() for heading in headings if plain(heading) in known]


def currency_position(headings: Sequence[str]) -> int | None:
    """Which column says in what currency a line is."""
    known = {_letters(name) for name in CURRENCY}
    return next((place for place, heading in enumerate(headings) if _letters(heading) in known), None)


def currency_in(heading: str) -> str:
    """The currency that a heading names, as `Price (GBP)` does, or an empty text."""
    named = _IN_MONEY.search(heading)
    return re.sub(r"(?i)^in\s", "", named[0].strip(" _()[]")).upper() if named else ""


def _letters(heading: str) -> str:
    parts = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(letter for letter in parts if letter.isalnum())
