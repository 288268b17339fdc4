"""The words of a quantity, a cursor over them, and what a reading of them is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from .units import find_unit

MOMENTS = frozenset(("clock", "date"))
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_MONTH = "(?:Sept|" + "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS) + r")\b\.?"
VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_TOKEN = re.compile(
    rf"""
      (?P<date> (?<![\w.-]) (?: \d{{4}}-\d\d-\d\d(?!\d)T?
        | \d{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?{_MONTH}(?:,?\ \d{{4}}(?!\d))?
        | {_MONTH}\ (?:\d{{1,2}}(?:st|nd|rd|th)?(?![\d:])(?:,?\ \d{{4}}(?!\d))?|\d{{4}}(?!\d)) ))
    | (?P<clock> (?:(?<![\w.:])|(?<=\dT)) \d{{1,2}}
        (?: :\d\d(?::\d\d(?:\.\d+)?)?(?![\d:])(?:\ ?[AaPp]\.?[Mm]\b\.?)?
        | (?:\.\d\d)?\ ?[AaPp]\.?[Mm]\b\.? )
        (?:\ ?(?:UTC|GMT|Z|[A-Z]{{1,4}}T)\b(?:[+-]\d{{1,2}}(?::?\d\d)?)?)? )
    | (?P<compact> (?<![\w.]) (?:\d{{1,9}}(?:ms|min|d|h|m|s)){{2,}}\b )
    | (?P<number> (?<![\w.]) (?:\d{{1,3}}(?:[,_\u00a0\u2009\u202f]\d{{3}}){{1,9}}+(?!\d)|\d{{1,30}}+)
        (?:\.\d{{1,30}}+)?(?:[eE][+-]?\d{{1,2}}\b)?(?!\.?[\d{VULGAR}])
        | (?<![\w.]) \d{{0,9}} [{VULGAR}] )
    | (?P<word> [万亿] | [^\W\d_万亿]++(?:\d\w*+)? )
    | (?P<sign> [%×¢$€£¥/*+,–—−-] )
    """,
    re.VERBOSE,
)
QUALIFIER = re.compile(
    r"""\s*(?: (?P<less> <=?|≤|(?:under|below|within|at\ most|up\ to|(?:no\ more|less|fewer)\ than)\b)
    | (?P<more> >=?|≥|(?:over|above|at\ least|(?:more|greater|longer)\ than)\b)
    | (?P<about> ~|≈|(?:about|around|nearly|almost|approximately|roughly|some|circa|approx|ca)\b\.?)
    | (?:exactly|only|from|on|at|just|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b,? )\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
WORDS: Mapping[str, int] = MappingProxyType(
    {word: n for n, word in enumerate(_SMALL.split())}
    | {word: 10 * n for n, word in enumerate(_TENS.split(), start=2)}
)
TIMES: Mapping[str, int] = MappingProxyType(
    {"once": 1, "twice": 2, "double": 2, "doubled": 2, "triple": 3, "tripled": 3, "quadrupled": 4}
)
_NOT_UNITS = """a about across after an and are as at be before between but by during each every for from
    had has have if in into is it its half of on or over per so than that the then they to under until was we
    were when which while who will with"""
STOP = frozenset(_NOT_UNITS.split()).union(WORDS, MOMENTS)


class Reading(NamedTuple):
    """What was printed: `low` to `high` in base units, and how.

    `step` is the worth of the last digit shown, `figure` of the last one that is not zero; `bound` is `<`,
    `>`, `~` or nothing; `scale` and `multiplier` are those of unit and number, which half a range may borrow;
    `printed` is what was read, in a phrase.
    """

    low: float
    high: float
    unit: str = ""
    step: float = 1.0
    figure: float = 1.0
    bound: str = ""
    scale: float = 1.0
    multiplier: float = 1.0
    printed: str = ""

    def times(self, factor: float) -> Reading:
        """The same reading, `factor` times as large."""
        if factor == 1.0:
            return self
        low, high, step, figure = (n * factor for n in (self.low, self.high, self.step, self.figure))
        return self._replace(low=low, high=high, step=step, figure=figure)

    def plus(self, other: Reading) -> Reading:
        """A compound: `24 h` plus `11 min`, as fine as the second."""
        return other._replace(low=self.low + other.low, high=self.high + other.high)


class _Token(NamedTuple):
    kind: str
    text: str
    fold: str
    start: int
    end: int


_END = _Token("", "", "", -1, -1)


class Cursor:
    """The tokens of a phrase and how far they are read; ends stand for what lies beyond either end."""

    def __init__(self, text: str) -> None:
        found = _TOKEN.finditer(text)
        self.tokens = [_Token(m.lastgroup or "", m[0], m[0].lower(), m.start(), m.end()) for m in found]
        self.tokens += [_END] * 4
        self.at = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def ahead(self, distance: int) -> _Token:
        return self.tokens[self.at + distance]

    def joined(self, distance: int = 0) -> bool:
        """True where no space stands before the token."""
        return self.ahead(distance).start == self.ahead(distance - 1).end

    def take(self, *words: str) -> bool:
        """Step over these words, all of them or none."""
        taken = self.token.fold == words[0] and all(self.ahead(n).fold == w for n, w in enumerate(words))
        self.at += len(words) if taken else 0
        return taken

    def take_one(self, *words: str) -> bool:
        """Step over any one of these words."""
        taken = self.token.fold in words
        self.at += taken
        return taken


def is_time(word: str) -> bool:
    unit = find_unit(word) if len(word) > 2 else None
    return unit is not None and unit[0] in ("s", "month")
