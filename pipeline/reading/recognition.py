"""Which column of a file is which of ours: by its name, by what its cells look like, and by both together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import ReadingError
from pipeline.reading.columns import CANONICAL, check_told, listing, missing, position
from pipeline.reading.contents import Content, content, contradicts, fits
from pipeline.reading.headings import names_of, plain, sums_of_a_customer

SURE, LIKELY, GUESS = "sure", "likely", "guess"
LEAST_ROWS = 5  # fewer say nothing of whether ids repeat
# Words inside longer headings that no list of names can hold: `shop_order_ref_v2`, `Kundennr. (neu)`.
WORDS = {
    "InvoiceDate": ("date", "datum", "fecha", "data", "time", "created"),
    "CustomerID": ("customer", "cust", "client", "kunde", "klant", "user", "member", "buyer", "shopper", "mail"),
    "InvoiceNo": ("invoice", "order", "receipt", "transaction", "rechnung", "bestell", "auftrag", "beleg", "facture"),
    "Quantity": ("qty", "quantity", "menge", "anzahl", "quantit", "cantidad", "aantal", "units", "pieces"),
    "UnitPrice": ("price", "preis", "prix", "precio", "prezzo", "prijs"),
    "Amount": (
        "amount",
        "total",
        "spent",
        "paid",
        "sales",
        "revenue",
        "betrag",
        "umsatz",
        "montant",
        "importe",
        "totale",
        "bedrag",
    ),
    "StockCode": ("sku", "stock", "productid", "productcode", "itemcode", "artikelnr"),
    "Description": ("product", "item", "description", "produkt", "artikel", "produit", "producto", "prodotto"),
    "Country": ("country", "land", "pays", "pais", "paese"),
}
# and words that make the heading something else: `Order status`, `Tax amount`, `Customer segment`.
OTHER_WORDS = {
    "CustomerID": ("segment", "type", "group", "since", "note", "gender", "age", "city", "service", "status", "phone"),
    "InvoiceNo": ("status", "type", "priority", "total", "amount", "value", "count", "channel", "source", "method"),
    "UnitPrice": ("total", "list", "compare", "original"),
    "Amount": ("tax", "discount", "shipping", "fee", "refund", "vat", "steuer", "mwst", "rabatt", "versand", "tva"),
    "Description": ("type", "group", "category", "count", "price"),
    "StockCode": ("level",),
}
ORDER = tuple(WORDS)  # what is found first leaves less for the others to be mistaken for
LOOKS_LIKE = {
    "InvoiceDate": "holds dates",
    "CustomerID": "holds what can name a customer",
    "InvoiceNo": "holds what can name an order",
    "Quantity": "holds whole numbers",
    "UnitPrice": "holds amounts",
    "Amount": "holds amounts",
    "StockCode": "holds codes",
    "Description": "holds words",
    "Country": "holds countries",
}


@dataclass(frozen=True)
class Finding:
    """One of our columns found in the file: its position, how sure that is, and a sentence on why."""

    position: int
    confidence: str
    why: str


@dataclass(frozen=True)
class Recognition:
    """What a file's columns are taken for.

    Attributes
    ----------
    headings : as in the file.
    contents : what the cells of each column look like.
    found : canonical name -> finding; a `guess` is for a person to confirm, and reading does not use it.
    refused : position -> why a column is not what its heading says, as the rest of a sentence.
    spare_total : position of a column of totals that quantity and price make needless.
    """

    headings: tuple[str, ...]
    contents: tuple[Content, ...]
    found: dict[str, Finding]
    refused: dict[int, str]
    spare_total: int | None = None

    def columns(self) -> dict[str, int]:
        """Canonical name -> position of what is sure or likely, in our order."""
        usable = {name: each.position for name, each in self.found.items() if each.confidence != GUESS}
        return {name: usable[name] for name in CANONICAL if name in usable}


def recognised(headings: Sequence[str], rows: Sequence[Sequence[str]], told: Mapping[str, str]) -> Recognition:
    """What the columns of a file are.

    Parameters
    ----------
    headings : the cells of the heading row.
    rows : some rows of the file, from all over it, each with a cell per heading.
    told : canonical name -> column, as a person told it; nothing overrules that.
    """
    contents = tuple(content([row[place] for row in rows]) for place in range(len(headings)))
    seen = Recognition(tuple(headings), contents, {}, {})
    for canonical, column in told.items():
        place = position(headings, column)
        if place is not None:
            seen.found[canonical] = Finding(place, SURE, "As you said.")
    for search in (_by_name, _by_word, _by_content):
        for canonical in ORDER:
            if canonical not in seen.found and canonical not in told:
                search(seen, canonical)
    return _with_money(seen, told)


def check_recognised(seen: Recognition, told: Mapping[str, str]) -> None:
    """Raise `ReadingError`, in a sentence that says what to do, unless everything needed is found."""
    check_told(seen.headings, told)
    if reason := lacks(seen):
        raise ReadingError(one_row_per_customer(seen) or reason)


def lacks(seen: Recognition) -> str:
    """The sentence on what is needed and not found, or an empty one."""
    found = seen.columns()
    lacking = missing(found)
    if "UnitPrice" in found and "Amount" not in found and "Quantity" not in found:
        lacking.append("Quantity")
    if not lacking:
        return ""
    names = ["UnitPrice (or Amount)" if name == "Amount" else name for name in lacking]
    guessed = next((name for name in lacking if name in seen.found), None)
    example = guessed or lacking[0].replace("Amount", "UnitPrice")
    heading = seen.headings[seen.found[guessed].position].strip() if guessed else "its heading"
    not_taken = ", ".join(f"{seen.headings[place].strip()!r} {why}" for place, why in seen.refused.items())
    return (
        f"The file has no column for {_listed(names)}{f' ({not_taken})' if not_taken else ''}; its columns are: "
        f"{listing(seen.headings)}. If one of these is meant, name it in the setting Columns (reading.columns), "
        f"as in {example} = {heading}."
    )


def one_row_per_customer(seen: Recognition) -> str:
    """Why the file seems a table of customers and not of purchases, or an empty text.

    A file in which every customer bought once is not: it has orders, or at least no sums over orders. Whether a
    customer stands in it twice after all, only the whole file tells.
    """
    sums = sums_of_a_customer(seen.headings)
    customer, order = seen.found.get("CustomerID"), seen.found.get("InvoiceNo")
    if customer is None or not sums or (order is not None and order.confidence == SURE):
        return ""
    ids = seen.contents[customer.position]
    if ids.distinct < 1 or ids.cells < LEAST_ROWS:
        return ""
    return (
        f"The file has one row per customer, not one per purchase: each {seen.headings[customer.position].strip()!r} "
        f"stands in it once, beside sums such as {', '.join(map(repr, sums[:3]))}; export the orders themselves, with "
        "a customer, a date and an amount on each row."
    )


def _by_name(seen: Recognition, canonical: str) -> None:
    taken = {each.position for each in seen.found.values()}
    ranks = {name: rank for rank, name in enumerate(names_of(seen.headings)[canonical])}
    named = [(ranks[bare], place) for place, bare in enumerate(map(plain, seen.headings)) if bare in ranks]
    candidates = []
    for rank, place in named:
        reason = contradicts(canonical, seen.contents[place])
        if reason and place not in taken:
            example = seen.contents[place].example
            seen.refused[place] = f"is headed like {canonical}, but {reason}, such as {example!r}"
        elif place not in taken:
            candidates.append((not fits(canonical, seen.contents[place]), rank, place))
    if candidates:
        misfit, _, place = min(candidates)
        seen.refused.pop(place, None)
        if misfit:
            seen.found[canonical] = Finding(place, LIKELY, "Its heading says so.")
        else:
            seen.found[canonical] = Finding(place, SURE, f"Its heading says so, and it {LOOKS_LIKE[canonical]}.")


def _by_word(seen: Recognition, canonical: str) -> None:
    candidates = [
        place
        for place in _free(seen)
        if any(word in plain(seen.headings[place]) for word in WORDS[canonical])
        and not any(word in plain(seen.headings[place]) for word in OTHER_WORDS.get(canonical, ()))
        and _looks_like(canonical, seen.contents[place])
    ]
    if candidates:
        word = next(word for word in WORDS[canonical] if word in plain(seen.headings[candidates[0]]))
        why = f"Its heading has {word!r} in it, and it {LOOKS_LIKE[canonical]}."
        seen.found[canonical] = Finding(candidates[0], LIKELY if len(candidates) == 1 else GUESS, why)


def _by_content(seen: Recognition, canonical: str) -> None:
    telling = {
        "InvoiceDate": lambda found: found.dates >= 0.9 and found.whole < 0.5,
        "CustomerID": lambda found: found.emails >= 0.8,
        "Country": lambda found: found.countries >= 0.8 and found.letters >= 0.8,
    }
    hinting = {
        "Quantity": lambda found: found.small >= 0.95 and found.distinct < 0.5,
        "Amount": lambda found: found.numbers >= 0.95 and found.whole < 0.9 and found.dates < 0.5,
        "CustomerID": lambda found: found.is_id and found.filled > 0.5 and 0 < found.distinct < 0.9,
    }
    if (canonical == "Quantity") != ("UnitPrice" in seen.found) and canonical in ("Quantity", "Amount"):
        return  # pieces are needed beside a price, and an amount where there is none
    for tests, confidence in ((telling, LIKELY), (hinting, GUESS)):
        places = [place for place in _free(seen) if canonical in tests and tests[canonical](seen.contents[place])]
        if places:
            only = confidence if len(places) == 1 else GUESS
            seen.found[canonical] = Finding(places[0], only, f"Its heading is unknown, but it {LOOKS_LIKE[canonical]}.")
            return


def _looks_like(canonical: str, found: Content) -> bool:
    """Stricter than `fits`: a word in a heading alone is weak."""
    if canonical in ("UnitPrice", "Amount"):
        return found.numbers >= 0.9 and found.dates < 0.1
    if canonical in ("InvoiceNo", "StockCode"):
        return fits(canonical, found) and found.distinct > 0.01 and found.countries < 0.5
    return fits(canonical, found)


def _free(seen: Recognition) -> list[int]:
    taken = {each.position for each in seen.found.values()} | set(seen.refused)
    return [place for place in range(len(seen.headings)) if place not in taken]


def _with_money(seen: Recognition, told: Mapping[str, str]) -> Recognition:
    """One way of telling the money: pieces times price, or the amount of the line."""
    found, spare = dict(seen.found), None
    price, amount = found.get("UnitPrice"), found.get("Amount")
    whole = price is not None and "Quantity" in found and GUESS not in (price.confidence, found["Quantity"].confidence)
    if amount and whole and "Amount" not in told:
        spare = found.pop("Amount").position if amount.confidence == SURE else None
    elif amount and price and not whole and "UnitPrice" not in told:
        del found["UnitPrice"]
    elif price and not amount and "Quantity" not in found and told.get("Amount") != "none":
        del found["UnitPrice"]
        why = "There is no quantity, so it is taken for the money of the line."
        found["Amount"] = replace(price, confidence=price.confidence if "UnitPrice" in told else LIKELY, why=why)
    return replace(seen, found=found, spare_total=spare)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
