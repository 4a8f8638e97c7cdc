"""Which encoding the letters beyond ASCII are in: the one under which most words that have them look like words.

Mac Roman, Windows (cp1252) and Latin-1 give every byte some meaning, so none of them ever fails: the byte 8E is é in
`café` as Mac Roman, and Ž as Windows. All such words of the file are looked at, not those of its head.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

BLOCK = 4 * 2**20
WORDS_A_BLOCK = 20_000
SAMPLE_WORDS = 5_000
LEAST_WORDS = 3  # fewer do not tell what other encoding they may be in
SOME_BYTES = 16  # before a byte beyond ASCII, in which the start of its word is looked for
UNUSED_IN_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+(?:[A-Za-z]*[\x80-\xff]+)*[A-Za-z]*.?", re.DOTALL)
_START = re.compile(rb"[A-Za-z\x80-\xff]*\Z")

_COMMON = "éèêëàâäáãåçîïíìôöóòõøùûüúñßæœ"
_AT_END = "éèêàáäåíìóòöúùüßñ"
_ALONE = "àéèêyóáôù"
_SIGNS = "£€¥§©®™°²³½¼¾•·–—…«»“”‘’„‚´×\u00a0"
_CONTRACTED = re.compile(r"(?:^|[^a-z])(?:[a-z]|qu)’|’(?:s|t|d|m|ll|re|ve)?$|n’t$", re.IGNORECASE)


def likeliest(path: Path, old_mac: bool) -> str:
    """`cp1252`, `latin-1` or `mac-roman`, or another encoding where the words are none under all of these.

    Parameters
    ----------
    path : a file that is not UTF-8.
    old_mac : whether its lines end as they did on old Macs only, which speaks for Mac Roman.
    """
    words = set(_words(path))
    windows = "latin-1" if any(UNUSED_IN_WINDOWS.search(word) for word in words) else "cp1252"
    as_windows, as_mac = _worth(words, windows), _worth(words, "mac-roman") + 2 * old_mac
    if max(as_windows, as_mac) < -len(words) and len(words) >= LEAST_WORDS:
        return _another(words) or windows
    return "mac-roman" if as_mac > as_windows else windows


def _words(path: Path) -> Iterator[bytes]:
    """The words with letters or signs beyond ASCII, and the byte behind each."""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            for number, found in enumerate(_BEYOND_ASCII.finditer(block)):
                if number == WORDS_A_BLOCK:
                    break
                start = _START.search(block[max(found.start() - SOME_BYTES, 0) : found.start()])
                yield (start.group() if start else b"") + found.group()


def _worth(words: Iterable[bytes], encoding: str) -> int:
    return sum(_word_worth(word.decode(encoding, "replace")) for word in words)


def _word_worth(text: str) -> int:
    bare = text if text[-1:].isalpha() or ord(text[-1:] or "a") > 127 else text[:-1]
    worth = 0
    for place, letter in enumerate(bare):
        if ord(letter) > 127:
            before, after = bare[place - 1 : place] if place else "", bare[place + 1 : place + 2]
            is_letter = letter.lower() in _COMMON
            worth += _letter_worth(letter, before, after) if is_letter else _sign_worth(letter, before, after, bare)
    return worth


def _letter_worth(letter: str, before: str, after: str) -> int:
    if all(ord(each) > 127 and each.isalpha() for each in (before or "a", after or "a")):
        return -3  # three such letters in a row: another alphabet
    if not before.isalpha() and not after.isalpha():
        return 1 if letter in _ALONE else -1
    if letter.isupper() and (before.islower() or (before.isalpha() and after.islower())):
        return -1
    if letter.islower() and ((before.isupper() and after.isupper()) or (not before and after.isupper())):
        return -1
    if not after.isalpha() and before.isalpha():
        return 2 if letter.lower() in _AT_END else 0
    return 2


def _sign_worth(sign: str, before: str, after: str, word: str) -> int:
    if sign not in _SIGNS and sign not in "¡¿ªº":
        return -3
    if sign == "’" and _CONTRACTED.search(word):
        return 3
    if sign in "¡¿":
        return 1 if after.isalpha() and len(word) > 2 else -2
    if sign in "ªº":
        return -1 if before.isalpha() else 1
    if before.isalpha() and after.isalpha():
        return -2 if sign != "’" else 0
    if sign == "“" and before.isalpha():
        return 2 if "„" in word else -1
    if sign in "“”" and "“" in word and "”" in word:
        return 3
    return 2 if sign in "™“”" else 1


def _another(words: Iterable[bytes]) -> str:
    """What charset-normalizer makes of the words, or an empty text."""
    from charset_normalizer import from_bytes

    best = from_bytes(b" ".join(sorted(words)[:SAMPLE_WORDS])).best()
    return best.encoding.replace("_", "-") if best is not None else ""
