"""What is written in a label is printed as written, in the drawing and in the table, within its page."""

from __future__ import annotations

import pytest

from atlas.drawing import ruler
from atlas.files.printing import Typecase


def squeezed(text):
    """Without blanks: where a line is broken, one is gone."""
    return "".join(text.split())


@pytest.fixture
def volume(lawful, nasty_page):
    lawful.write("source/incidents/nasty.md", nasty_page)
    bound = lawful.bind()
    assert "was not set" not in bound.log
    assert "is not PDF/UA-1" not in bound.log
    return bound.volume("category-incidents")


def test_every_label_is_printed(volume, nasty_labels):
    fonts = [ruler.characters(path) for path in (ruler.REGULAR, ruler.EMOJIS)]
    case = Typecase(frozenset().union(*fonts))
    text = squeezed(volume.plain_text())
    for label in nasty_labels:
        words = squeezed(case.legible(label["shown"]))
        assert text.count(words) >= 2, label


def test_every_word_stands_within_its_box(volume):
    """The boxes of the longest word are the widest; all others have room beside them."""
    page = max(word.page for word in volume.words() if word.text.startswith("averyvery"))
    widest = max(word.right - word.left for word in volume.words() if word.text.startswith("averyvery"))
    spelled = [word for word in volume.words() if word.page == page and word.text.startswith("U+")]
    assert spelled
    assert all(word.right - word.left < widest / 3 for word in spelled)
