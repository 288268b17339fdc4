"""Figures in words: which are quantities, and which only tell things apart.

Numbers are read by the grammar of `records.numerals`, the one that reads ledgers. A quantity is a number word
above ten, one with a multiplier (`two thousand`), one that is measured (`five minutes`, `three percent`), a
share (`two thirds`, `half of`, `one in ten`) and a vague one (`dozens`, `a dozen`, `hundreds of`). None are
numbers up to ten that count (`two copies`), ranks, `a` and `one` before a unit, `twice`, `several`, `few`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlas.records.numerals import FRACTIONS, multiplied, spelled
from atlas.records.tokens import WORDS, Cursor

from .digits import REACH, counts, is_measure, next_words, typed_digits

MOST_COUNTED = 10
"""The largest number that may be spelt out where it counts things."""

_VAGUE = frozenset("dozens hundreds thousands millions billions trillions zillions".split())
_ROUGH = frozenset("about almost around nearly roughly some over under than by in least most only".split())
_PARTED = frozenset("all of the its their our your this that as".split())
_OTHER = frozenset("first second other which either each one latter former upper lower every same".split())
_COMPARED = frozenset(
    """as more less fewer faster slower higher lower larger smaller bigger longer shorter over the its
    that""".split()
)
_NO_UNITS = frozenset("us more fewer less".split())
_MULTIPLIED = frozenset("hundred thousand million billion trillion dozen".split())
_BEGINS = _VAGUE | WORDS.keys() | frozenset("a an couple half several few tens".split())
"""What any quantity in words begins with, but for `tenfold` and its like."""
# Numerals that are letters of other scripts: several in a row, or one alone.
_CJK = "〇一二三四五六七八九十百千万億亿兆壹贰叁肆伍陆柒捌玖拾"
_IDEOGRAPH = "\u3400-\u9fff"
_FOREIGN = re.compile(rf"[{_CJK}]{{2,}}|(?<![{_IDEOGRAPH}])[{_CJK}](?![{_IDEOGRAPH}])")
_ROMAN = re.compile(
    r"\b(?=[IVXLCDM]{3}|[IVX]{2}|[ivx]{3})(?:M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
    r"|x{0,3}(?:ix|iv|v?i{0,3}))\b"
)
_TITLED = re.compile(
    r"(?<![\w.])(?:[A-Z][\w.]*+|type|phase|part|level|class|tier|chapter|section|step|mark)\s+$"
)


def typed_numerals(text: str) -> list[str]:
    """Roman numerals that count or measure, and ideographs that are numbers."""
    roman = (m for m in _ROMAN.finditer(text) if m[0])
    counting = (m for m in roman if counts(text[m.end() : m.end() + REACH]))
    untitled = (m for m in counting if not _TITLED.search(text[max(0, m.start() - 24) : m.start()]))
    return [m[0] for m in untitled] + _FOREIGN.findall(text)


def typed_words(text: str) -> list[str]:
    """The quantities that a label or a sentence spells out, as they are written."""
    cursor = Cursor(text)
    found = []
    while cursor.token.kind:
        begins = cursor.at
        if cursor.token.kind == "word" and _may_begin(cursor.token.fold) and _is_quantity(cursor, text):
            found.append(text[cursor.tokens[begins].start : cursor.ahead(-1).end])
        else:
            cursor.at = begins + 1
    return found


def _may_begin(word: str) -> bool:
    return word in _BEGINS or word.endswith("fold")


def _is_quantity(cursor: Cursor, text: str) -> bool:
    """True of a quantity at the cursor, which then stands behind it."""
    return _is_vague(cursor) or _is_half(cursor, text) or _is_share(cursor) or _is_large(cursor, text)


def _is_vague(cursor: Cursor) -> bool:
    """`dozens`, `tens of`, `several million`, `tenfold`, `a couple of hundred`."""
    word, follows = cursor.token.fold, cursor.ahead(1).fold
    if word == "couple" and cursor.ahead(2).fold in _MULTIPLIED | _VAGUE:
        cursor.at += 3
        return True
    several = word in ("several", "few") and follows in _MULTIPLIED
    vague = several or word in _VAGUE or _is_fold(word) or (word == "tens" and follows == "of")
    cursor.at += vague + several
    return vague


def _is_large(cursor: Cursor, text: str) -> bool:
    """A number word that is no small count. Behind a figure `a million` is its unit."""
    word, before = cursor.token.fold, cursor.ahead(-1).fold
    priced = word == "a" and text[max(0, cursor.token.start - 8) : cursor.token.start].rstrip().endswith("…")
    reading = spelled(cursor)
    if reading is None or priced or _is_rank(cursor):
        return False
    number, last = multiplied(cursor, reading, money=False).low, cursor.ahead(-1)
    rest = text[last.end : last.end + REACH]
    after = f" {rest[1:]}" if rest.startswith("-") else rest
    if word == "half":
        return number > 1 or (before not in _OTHER and last.fold != "half" and is_measure(after))
    if number != int(number):  # a quarter alone is a time
        return not last.fold.startswith("quarter") or cursor.token.fold == "of"
    return number > MOST_COUNTED or (number != 1 and _is_measured(after))


def _is_fold(word: str) -> bool:
    """`tenfold`; what is twofold has two sides."""
    return word.endswith("fold") and WORDS.get(word.removesuffix("fold"), 0) > 2


def _is_half(cursor: Cursor, text: str) -> bool:
    """`half of`, `half the disk`, `by half`; not `half-way`, `the other half`, `half a body`."""
    if cursor.token.fold != "half":
        return False
    before, follows = cursor.ahead(-1).fold, cursor.ahead(1)
    apart = bool(text[cursor.token.end : follows.start].strip())
    whole = follows.fold in _PARTED and before not in _OTHER and not apart
    rough = before in _ROUGH and follows.text != "-" and follows.fold not in ("a", "an")
    cursor.at += whole or rough
    return whole or rough


def _is_share(cursor: Cursor) -> bool:
    """`one in ten`, `nine out of ten`; `two of three` names things."""
    width = {"in": 2, "out": 3}.get(cursor.ahead(1).fold, 0)
    if not width or (width == 3 and cursor.ahead(2).fold != "of"):
        return False
    one, all_of_them = (WORDS.get(cursor.ahead(n).fold, 0) for n in (0, width))
    if not 0 < one < all_of_them:
        return False
    cursor.at += width + 1
    return True


def _is_rank(cursor: Cursor) -> bool:
    """`ninety-ninth`."""
    follows = cursor.ahead(1).fold
    return cursor.token.text == "-" and (follows in FRACTIONS or follows in ("first", "second"))


def _is_measured(after: str) -> bool:
    """True where a unit, a share or nines follow, or times that compare and do not repeat."""
    first, second = next_words(after.lower())[:2]
    if first == "times":
        return second in _COMPARED
    return first == "nines" or (first not in _NO_UNITS and is_measure(after))


def typed_figures(text: str, technologies: frozenset[str] = frozenset()) -> Iterator[str]:
    """What no label and no sentence may spell: typed digits, quantities in words and in other numerals."""
    yield from typed_digits(text, technologies)
    yield from typed_words(text)
    yield from typed_numerals(text)
