"""The guide: every term of the pages is in it, and it says of each page what to do there."""

from webapp import glossary, guide, markup, shell


def test_the_guide_holds_every_term_with_its_sentence():
    inside = markup.html_of(guide.panel()[guide.TERMS])
    assert inside.count('class="guide-term"') == len(glossary.TERMS)
    for word in glossary.TERMS:
        assert f"<dt>{word}</dt>" in inside


def test_the_guide_has_a_part_for_every_step_of_the_way():
    assert [title.split(":")[0] for title in guide.STEPS] == [word for _, word in shell.STEPS]


def test_the_hint_and_the_guide_are_closed_until_the_browser_opens_them():
    panel = guide.panel()
    assert panel[guide.HINT].hidden
    assert not panel[guide.PANEL].is_open
