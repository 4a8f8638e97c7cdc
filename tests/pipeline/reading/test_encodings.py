"""Whatever the letters are written in, they arrive."""

import pytest

from pipeline.errors import ReadingError
from pipeline.reading import source
from tests.pipeline.reading.conftest import HEADINGS, a_line

TEXT = HEADINGS + a_line("£5 CAFÉ SIGN") + a_line("PLAIN")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_letters_survive_every_encoding(read, encoding, ends):
    table, facts = read(TEXT.replace("\n", ends).encode(encoding))
    assert table["Description"].tolist() == ["£5 CAFÉ SIGN", "PLAIN"]
    assert table["Country"].tolist() == ["United Kingdom"] * 2
    assert table["Line"].tolist() == [2, 3]
    assert facts["warnings"] == []


def test_the_first_odd_letter_may_stand_megabytes_into_the_file(read):
    plain = a_line() * 70_000
    table, facts = read((HEADINGS + plain).encode() + a_line("£ SIGN").encode("cp1252"))
    assert facts["interpretation"]["encoding"] == "cp1252"
    assert table["Description"].iloc[-1] == "£ SIGN"
    assert len(table) == 70_001


def test_a_letter_cut_in_two_by_the_block_size_is_read_whole(read, monkeypatch):
    monkeypatch.setattr(source, "CHUNK", 7)
    table, facts = read((HEADINGS + a_line("É" * 40)).replace("\n", "\r\n"))
    assert facts["interpretation"]["encoding"] == "utf-8"
    assert table["Description"].tolist() == ["É" * 40]


def test_windows_letters_that_latin_1_has_not_are_read_as_windows(read):
    table, facts = read((HEADINGS + a_line("5 € – “new”")).encode("cp1252"))
    assert facts["interpretation"]["encoding"] == "cp1252"
    assert table["Description"].tolist() == ["5 € – “new”"]


def test_a_utf8_file_with_one_damaged_letter_stays_utf8_and_says_so(read):
    table, facts = read((HEADINGS + a_line("É" * 30)).encode() + a_line("X?X").encode().replace(b"?", b"\xe9"))
    assert facts["interpretation"]["encoding"] == "utf-8"
    assert table["Description"].tolist() == ["É" * 30, "X\ufffdX"]
    assert facts["warnings"] == ["Letters that are not utf-8 and are shown as \ufffd: 1."]


def test_a_wrong_encoding_that_was_told_is_refused(read):
    with pytest.raises(ReadingError, match=r"not written in utf-8.*set Encoding \(reading.encoding\) to auto"):
        read(TEXT.encode("cp1252"), encoding="utf-8")


def test_mac_roman_is_read_when_told(read):
    table, _ = read(TEXT.replace("\n", "\r").encode("mac-roman"), encoding="mac-roman")
    assert table["Description"].tolist() == ["£5 CAFÉ SIGN", "PLAIN"]


@pytest.mark.parametrize("ends", [("\r", "\r", "\r"), ("\r\n", "\n", "\n"), ("\n", "\r\n", "\n")])
def test_lines_may_end_in_any_way_or_in_several(read, ends):
    table, facts = read("".join(line + end for line, end in zip(TEXT.splitlines(), ends, strict=True)))
    assert table["Line"].tolist() == [2, 3]
    assert facts["rejected"] == 0


def test_a_stray_zero_byte_is_left_out(read):
    table, _ = read(HEADINGS + a_line("LAN\0TERN"))
    assert table["Description"].tolist() == ["LANTERN"]


WORDS = {
    "English": [
        "CAFÉ SIGN",
        "£5 GIFT",
        "CHILDREN’S CUP",
        "“NEW” MUG",
        "DON’T PANIC",
        "JAM – LARGE",
        "FIANCÉE CARD",
        "boys’ bag",
    ],
    "French": [
        "théière à fleurs",
        "coussin rayé",
        "L’été à Nîmes",
        "FORÊT DE NOËL",
        "garçon",
        "crème brûlée",
        "5 € le lot",
    ],
    "German": ["Grüße aus Köln", "GLÜHWEIN", "Schlüssel", "Straße", "Öl", "Ähre", "Käse für 5 €", "Weihnachtsbäume"],
    "Spanish": ["NIÑO", "corazón", "¿Qué?", "María", "añil", "CAFÉ", "lápiz", "jamón 5 €"],
}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman", "latin-1"])
def test_real_words_tell_their_encoding(read, language, encoding):
    words = [word for word in WORDS[language] if encoding != "latin-1" or not set(word) & set("€’“”–")]
    table, _ = read((HEADINGS + "".join(map(a_line, words))).encode(encoding))
    assert table["Description"].tolist() == words


@pytest.mark.parametrize("word", ["£5", "5 €", "Größe", "thé", "CAFÉ", "NIÑO", "don’t", "crème", "Lego™", "20 °C"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
def test_a_single_word_in_a_long_file_tells_its_encoding(read, word, encoding):
    table, _ = read((HEADINGS + a_line() * 50 + a_line(word)).encode(encoding))
    assert table["Description"].iloc[-1] == word


def test_words_of_another_alphabet_are_read_in_it(read):
    words = ["белая лампа", "красная чашка", "большая корзина", "подарочная коробка", "деревянная игрушка"]
    table, facts = read((HEADINGS + "".join(map(a_line, words))).encode("cp1251"))
    assert table["Description"].tolist() == words
    assert facts["interpretation"]["encoding"] == "cp1251"
