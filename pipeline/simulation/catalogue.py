"""What the shop sells and to whom: invented products in five families, tastes, countries, lines that are no product."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from pipeline.simulation.shop import Floats, Integers

FAMILIES = ("Bags", "Kitchen", "HomeDecor", "Toys", "Other")

# Noun -> list price in pence. Each noun is sold in every motif.
NOUNS: dict[str, dict[str, int]] = {
    "Bags": {
        "JUMBO BAG": 208,
        "LUNCH BAG": 165,
        "TOTE BAG": 295,
        "SHOPPER BAG": 125,
        "WEEKEND BAG": 895,
        "TOILETRY BAG": 375,
        "CHILDS BACKPACK": 795,
    },
    "Kitchen": {
        "LUNCH BOX": 195,
        "MUG": 255,
        "TEA TOWEL": 295,
        "CAKE TIN": 495,
        "TEAPOT": 795,
        "CEREAL BOWL": 145,
        "BAKING SET": 425,
        "JAM JAR": 345,
    },
    "HomeDecor": {
        "CUSHION COVER": 495,
        "SCENTED CANDLE": 325,
        "T-LIGHT HOLDER": 125,
        "PHOTO FRAME": 295,
        "WALL CLOCK": 850,
        "GARDEN LANTERN": 465,
        "DOORMAT": 675,
        "BUNTING": 495,
    },
    "Toys": {
        "JIGSAW PUZZLE": 295,
        "SOFT TOY": 425,
        "SKIPPING ROPE": 145,
        "PLAYING CARDS": 125,
        "RAG DOLL": 595,
        "WOODEN TOY TRAIN": 850,
    },
    "Other": {
        "GIFT TAG SET": 85,
        "BIRTHDAY CARD": 65,
        "HAND CREAM": 245,
        "UMBRELLA": 595,
        "WARM SCARF": 495,
        "KEYRING": 165,
    },
}
MOTIFS = (
    "MOONLIT FOX",
    "BLUE HERON",
    "COPPER FERN",
    "RED POPPY",
    "SLEEPY OWL",
    "WILD STRAWBERRY",
    "IVORY DAMASK",
    "HARBOUR STRIPE",
    "LITTLE COMET",
    "RETRO DAISY",
    "GREY HARE",
    "SUNNY ORCHARD",
)

# Lines that are no product: code, description. They follow the products in the catalogue.
POSTAGE, WEB_POSTAGE, MANUAL, NO_TEXT, NOTE_DAMAGED, NOTE_COUNT = range(6)
_SERVICES = (
    ("POST", "POSTAGE"),
    ("DOT", "WEB ORDER POSTAGE"),
    ("M", "Manual"),
    ("91000", ""),
    ("91001", "damaged"),
    ("91002", "wrong count?"),
)

# Who buys what: share of the lines by family, in the order of FAMILIES.
TASTES: dict[str, tuple[float, ...]] = {
    "bags": (0.62, 0.14, 0.10, 0.05, 0.09),
    "kitchen": (0.10, 0.64, 0.12, 0.06, 0.08),
    "home": (0.07, 0.13, 0.66, 0.04, 0.10),
    "toys": (0.12, 0.15, 0.08, 0.56, 0.09),
    "gifts": (0.14, 0.18, 0.24, 0.12, 0.32),
}
TYPES = ("regular", "occasional", "passing", "wholesaler")
TASTES_BY_TYPE = np.array(
    [
        [0.32, 0.30, 0.18, 0.12, 0.08],
        [0.20, 0.26, 0.26, 0.16, 0.12],
        [0.12, 0.16, 0.24, 0.22, 0.26],
        [0.30, 0.12, 0.46, 0.06, 0.06],
    ]
)
ABROAD_BY_TYPE = np.array([0.05, 0.08, 0.12, 0.38])

HOME = "United Kingdom"
# Country -> how often it is the home of a private customer abroad, and of a wholesaler abroad.
_ABROAD: dict[str, tuple[float, float]] = {
    "Germany": (19, 12),
    "France": (18, 10),
    "EIRE": (12, 16),
    "Spain": (7, 4),
    "Belgium": (6, 5),
    "Netherlands": (5, 16),
    "Switzerland": (5, 6),
    "Portugal": (4, 2),
    "Italy": (4, 2),
    "Australia": (3, 9),
    "Norway": (3, 3),
    "Sweden": (3, 4),
    "Finland": (3, 2),
    "Austria": (3, 1),
    "Denmark": (2, 2),
    "Channel Islands": (2, 1),
    "Poland": (2, 1),
    "Japan": (1, 4),
    "Cyprus": (1, 1),
    "USA": (1, 1),
    "Unspecified": (4, 0),
    "European Community": (1, 0),
}
COUNTRIES = (HOME, *_ABROAD)
ABROAD_WEIGHTS = np.array(list(_ABROAD.values()), dtype=float).T
ABROAD_WEIGHTS /= ABROAD_WEIGHTS.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Catalogue:
    """Every item that can stand on a line.

    Attributes
    ----------
    codes, descriptions : one a item, the services last.
    pence : list price, 0 for services, shape `(n_items,)`.
    taste_steps : running sum of each taste's chances of every product, shape `(n_tastes, n_products)`.
    """

    codes: tuple[str, ...]
    descriptions: tuple[str, ...]
    pence: Integers
    taste_steps: Floats

    def service(self, which: int) -> int:
        """The item number of a service such as `POSTAGE`."""
        return len(self.codes) - len(_SERVICES) + which


@functools.cache
def catalogue() -> Catalogue:
    """The shop's catalogue: the same for every seed."""
    names, pence, family = _products()
    codes = [f"{20100 + 7 * number}{'' if number % 3 else 'ABCD'[number % 4]}" for number in range(len(names))]
    popularity = 1 / (1 + np.arange(len(names)) * 7919 % len(names)) ** 0.55
    within = popularity / np.bincount(family, popularity)[family]
    chances = np.array([[shares[each] for each in family] for shares in TASTES.values()]) * within
    return Catalogue(
        codes=(*codes, *(code for code, _ in _SERVICES)),
        descriptions=(*names, *(description for _, description in _SERVICES)),
        pence=np.concatenate([pence, np.zeros(len(_SERVICES), dtype=np.int64)]),
        taste_steps=np.cumsum(chances, axis=1),
    )


def _products() -> tuple[list[str], Integers, Integers]:
    """Names, list prices in pence, and family numbers of all products."""
    names, pence, families = [], [], []
    for family, nouns in enumerate(NOUNS.values()):
        for noun, price in nouns.items():
            for motif in MOTIFS:
                names.append(f"{motif} {noun}")
                pence.append(price)
                families.append(family)
    return names, np.array(pence, dtype=np.int64), np.array(families, dtype=np.int64)


def drawn_products(rng: np.random.Generator, taste: Integers) -> Integers:
    """One product for each line, after the taste of its buyer."""
    steps = catalogue().taste_steps
    drawn = rng.random(len(taste))
    product = np.zeros(len(taste), dtype=np.int64)
    for number in range(len(steps)):
        buyers = taste == number
        product[buyers] = np.searchsorted(steps[number][:-1], drawn[buyers], side="right")
    return product
