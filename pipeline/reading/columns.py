"""Headings of any shop's export -> our words. Every other spelling of a heading ends here."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from pipeline.errors import ReadingError

NEEDED = ("InvoiceNo", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
OPTIONAL = ("StockCode", "Description", "Country")
CANONICAL = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")

# The surest name first. Compared without case, spaces and punctuation.
ALIASES: dict[str, tuple[str, ...]] = {
    "InvoiceNo": (
        *("InvoiceNo", "Invoice", "Invoice Number", "Invoice ID", "Invoice Num", "Order ID", "Order No"),
        *("Order Number", "Order", "Transaction ID", "Transaction No", "Transaction Number", "Receipt No"),
        *("Receipt Number", "Receipt ID", "Receipt", "Basket ID", "Sales Order ID", "Document No", "Bill No"),
        *("Rechnungsnummer", "Bestellnummer", "Numéro de facture", "Número de factura"),
    ),
    "StockCode": (
        *("StockCode", "Stock Code", "Product ID", "Product Code", "SKU", "Lineitem SKU", "Item ID", "Item Code"),
        *("Item Number", "Article No", "Article Number", "Article ID", "Artikelnummer"),
    ),
    "Description": (
        *("Description", "Product Description", "Item Description", "Product Name", "Item Name", "Lineitem name"),
        *("Product", "Item", "Article", "Product Title", "Title", "Bezeichnung", "Produkt", "Produit"),
    ),
    "Quantity": (
        *("Quantity", "Qty", "Lineitem quantity", "Item Quantity", "Order Quantity", "Quantity Ordered"),
        *("Quantity Sold", "Units", "Units Sold", "Pieces", "Menge", "Anzahl", "Quantité", "Cantidad"),
    ),
    "InvoiceDate": (
        *("InvoiceDate", "Invoice Date", "Invoice DateTime", "Order Date", "Order DateTime", "Transaction Date"),
        *("Purchase Date", "Order Purchase Timestamp", "Sale Date", "Sales Date", "Date", "DateTime", "Date Time"),
        *("Timestamp", "Created at", "Order Time", "Rechnungsdatum", "Bestelldatum", "Datum", "Fecha"),
    ),
    "UnitPrice": (
        *("UnitPrice", "Unit Price", "Price", "Price per Unit", "Price Each", "Item Price", "Lineitem price"),
        *("Price per Item", "Selling Price", "Unit Price GBP", "Unit Price EUR", "Unit Price USD", "Einzelpreis"),
        *("Stückpreis", "Preis", "Prix unitaire", "Precio unitario", "Precio", "Prix"),
    ),
    "CustomerID": (
        *("CustomerID", "Customer ID", "Customer No", "Customer Number", "Customer Code", "Customer", "Client ID"),
        *("Client No", "Client Number", "Client", "User ID", "Member ID", "Buyer ID", "Shopper ID", "Account ID"),
        *("Account No", "Customer Email", "Email", "Kundennummer", "Kunden-ID", "Kunde", "ID client"),
    ),
    "Country": (
        *("Country", "Country Name", "Customer Country", "Shipping Country", "Ship Country", "Billing Country"),
        *("Country Code", "Country/Region", "Land", "Pays", "País"),
    ),
}


def overrides(written: str) -> dict[str, str]:
    """The mapping that a person wrote, `CustomerID = Client no; UnitPrice = Price`, as canonical name -> heading.

    Raises
    ------
    ValueError
        With the reason, if a part has no `=`, or its left side is not one of our columns, or stands twice.
    """
    mapping: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in written.replace("\n", ";").split(";"))):
        name, equals, heading = (piece.strip() for piece in part.partition("="))
        if not equals or not heading:
            raise ValueError(f"{part!r} is not of the form CustomerID = heading in the file")
        canonical = next((each for each in CANONICAL if each.lower() == name.lower()), None)
        if canonical is None:
            raise ValueError(f"{name!r} is not one of {', '.join(CANONICAL)}")
        if canonical in mapping:
            raise ValueError(f"{canonical} is given twice")
        mapping[canonical] = heading
    return mapping


def mapped(headings: Sequence[str], told: Mapping[str, str]) -> dict[str, int]:
    """Which heading stands for which of our columns: canonical name -> position, for those that are there.

    What a person told goes first; of the aliases the surest wins; no heading is taken twice.
    """
    plain = [_plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for canonical, heading in told.items():
        position = _position(headings, plain, heading)
        if position is not None:
            found[canonical] = position
    for canonical in CANONICAL:
        if canonical in told:
            continue
        for alias in map(_plain, ALIASES[canonical]):
            if alias in plain and plain.index(alias) not in found.values():
                found[canonical] = plain.index(alias)
                break
    return {canonical: found[canonical] for canonical in CANONICAL if canonical in found}


def doubled(headings: Sequence[str], found: Mapping[str, int]) -> dict[str, list[int]]:
    """The columns that were `found` under a heading which other columns have too: canonical name -> all positions."""
    plain = [_plain(heading) for heading in headings]
    alike = {name: [place for place, each in enumerate(plain) if each == plain[at]] for name, at in found.items()}
    return {name: places for name, places in alike.items() if plain[found[name]] and len(places) > 1}


def check_needed(headings: Sequence[str], told: Mapping[str, str]) -> None:
    """Raise `ReadingError`, naming what is missing and what there is, unless every needed column is found."""
    found = mapped(headings, told)
    there = ", ".join(heading.strip()[:40] or "(no name)" for heading in headings[:12])
    there += f" and {len(headings) - 12} more" if len(headings) > 12 else ""
    for canonical, heading in told.items():
        if canonical not in found:
            raise ReadingError(f"The file has no column {heading!r} to take for {canonical}; its columns are: {there}.")
    missing = [canonical for canonical in NEEDED if canonical not in found]
    if missing:
        raise ReadingError(
            f"The file has no column for {_listed(missing)}; its columns are: {there}. "
            "If one of these is meant, name it in the setting Columns (reading.columns), "
            f"as in {missing[0]} = its heading."
        )


def _position(headings: Sequence[str], plain: Sequence[str], wanted: str) -> int | None:
    exact = [heading.strip() for heading in headings]
    if wanted in exact:
        return exact.index(wanted)
    return plain.index(_plain(wanted)) if _plain(wanted) in plain else None


def _plain(heading: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", heading).casefold() if letter.isalnum())


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
