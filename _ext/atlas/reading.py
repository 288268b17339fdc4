"""Numbers as they are printed, in a `value` or in the words of a source. One forgiving grammar reads both.

value     = { qualifier } span
qualifier = "<" | "≥" | "~" | "about" | "up to" | …
span      = part [ ( "–" | "-" | "to" ) part ]                36–90 s, $3 to 5 million, between 3 and 7
part      = moment | amount { [ "and" | "," ] amount }        24 h 11 min
amount    = [ currency ] number { multiplier } [ unit ] { per }
number    = digits [ "," digits ] [ "." digits ] | words      2,026, 1e6, forty-three, three and a half
unit      = a name of `units`, or the noun that follows       7.4 million concurrent users
per       = ( "/" | "per" | "a" ) unit                        $3.2 M/year, 12 messages a day
moment    = [ date ] [ clock ]                                08:45 PST, 21 October 2018
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from .units import find_unit, is_plural

DAY = 86400.0
MOMENTS = frozenset(("clock", "date"))
YEARLESS = 4
"""The year of a date that names none: a leap year, long before every source."""

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_MONTH = "(?:Sept|" + "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS) + r")\b\.?"
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
        (?:\.\d{{1,30}}+)?(?:[eE][+-]?\d{{1,2}}\b)?(?!\.?\d) )
    | (?P<word> [万亿] | [^\W\d_万亿]++(?:\d\w*+)? )
    | (?P<sign> [%×¢$€£¥/*+,–—−-] )
    """,
    re.VERBOSE,
)
_QUALIFIER = re.compile(
    r"""\s*(?: (?P<less> <=?|≤|(?:under|below|within|at\ most|up\ to|(?:no\ more|less|fewer)\ than)\b)
    | (?P<more> >=?|≥|(?:over|above|at\ least|(?:more|greater|longer)\ than)\b)
    | (?P<about> ~|≈|(?:about|around|nearly|almost|approximately|roughly|some|circa|approx|ca)\b\.?)
    | (?:exactly|only|from|on|at|just|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b,? )\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d+)(?:[:.](\d+))?(?::([\d.]+))?\ ?([AaPp](?=\.?[Mm]))?")
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS: Mapping[str, int] = MappingProxyType(
    {word: n for n, word in enumerate(_SMALL.split())}
    | {word: 10 * n for n, word in enumerate(_TENS.split(), start=2)}
)
_TIMES: Mapping[str, int] = MappingProxyType(
    {"once": 1, "twice": 2, "double": 2, "doubled": 2, "triple": 3, "tripled": 3, "quadrupled": 4}
)
_FACTORS = """12 dozen
1e2 hundred
1e3 thousand k K
1e4 万
1e6 million mn M
1e8 亿
1e9 billion bn G
1e12 trillion tn T"""
_MULTIPLIERS: Mapping[str, float] = MappingProxyType(
    {word: float(row.split()[0]) for row in _FACTORS.splitlines() for word in row.split()[1:]}
)
# `5m` is five minutes and `2B` two bytes, but `$5m` is money and `2B users` are people.
_LETTERS: Mapping[str, float] = MappingProxyType({"m": 1e6, "b": 1e9, "B": 1e9, "t": 1e12})
_NOT_UNITS = """a about across after an and are as at be before but by during each every for from had has have
    if in into is it its half of on or over per so than that the then they to under until was we were when
    which while who will with"""
_STOP = frozenset(_NOT_UNITS.split()).union(_WORDS, MOMENTS)
_CURRENCIES: Mapping[str, str] = MappingProxyType(
    {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"} | {sign: sign for sign in "$€£¥"}
)
_OPENERS = frozenset(("a", "an", "half", "us")).union(_WORDS, _TIMES, (code.lower() for code in _CURRENCIES))
_NOUNS = 3
_DASHES = ("–", "—", "-", "−", "to")


class Reading(NamedTuple):
    """What was printed: `low` to `high` in base units, and how.

    `step` is the worth of the last digit shown, `figure` of the last one that is not zero; `bound` is `<`,
    `>`, `~` or nothing; `scale` and `multiplier` are those of unit and number, which half a range may borrow.
    """

    low: float
    high: float
    unit: str = ""
    step: float = 1.0
    figure: float = 1.0
    bound: str = ""
    scale: float = 1.0
    multiplier: float = 1.0

    def times(self, factor: float) -> Reading:
        """The same reading, `factor` times as large."""
        if factor == 1.0:
            return self
        low, high, step, figure = (n * factor for n in (self.low, self.high, self.step, self.figure))
        return self._replace(low=low, high=high, step=step, figure=figure)

    def plus(self, other: Reading) -> Reading:
        """A compound: `24 h` plus `11 min`, as fine as the second."""
        return other._replace(low=self.low + other.low, high=self.high + other.high)


def read_value(text: str) -> Reading | None:
    """The quantity that `text` begins with, qualifiers aside; None for a token such as `READONLY`."""
    bound, start = "", 0
    while qualifier := _QUALIFIER.match(text, start):
        bound = {"less": "<", "more": ">", "about": "~"}.get(qualifier.lastgroup or "", bound)
        start = qualifier.end()
    cursor = _Cursor(text[start:].strip())
    begins = cursor.token.start == 0
    cursor.take("between")
    reading = _span(cursor) if begins else None
    return None if reading is None else reading._replace(bound=bound)


def read_all(text: str) -> tuple[Reading, ...]:
    """Every quantity inside a phrase, in order."""
    cursor, found = _Cursor(text), []
    while cursor.token.kind:
        following = cursor.at + 1
        if (reading := _span(cursor)) is not None:
            found.append(reading)
        else:
            cursor.at = following
    return tuple(found)


class _Token(NamedTuple):
    kind: str
    text: str
    fold: str
    start: int
    end: int


_END = _Token("", "", "", -1, -1)


class _Cursor:
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


def _span(cursor: _Cursor) -> Reading | None:
    paired = cursor.ahead(-1).fold == "between"
    if (first := _part(cursor)) is None:
        return None
    mark = cursor.at
    if cursor.take_one(*_DASHES) or (paired and cursor.take("and")):
        second = _part(cursor)
        joined = None if second is None else _range(first, second)
        if joined is not None:
            return joined
    cursor.at = mark
    return first


def _range(first: Reading, second: Reading) -> Reading | None:
    """`3–5 M users`: the half without unit or multiplier borrows it; None where the two are unlike."""
    if first.unit != second.unit and not MOMENTS.isdisjoint((first.unit, second.unit)):
        return None
    if first.multiplier == 1.0 != second.multiplier and first.low < second.low / second.multiplier:
        first = first.times(second.multiplier)
    if not first.unit:
        first = first.times(second.scale)._replace(unit=second.unit)
    elif not second.unit:
        second = second.times(first.scale)._replace(unit=first.unit)
    if first.unit != second.unit:
        return None
    low, high = sorted((first.low, second.low))
    return second._replace(low=low, high=high, step=min(first.step, second.step))


def _part(cursor: _Cursor) -> Reading | None:
    if cursor.token.kind in ("date", "clock"):
        return _moment(cursor)
    if cursor.token.kind == "compact":
        return _compact(cursor)
    return _compound(cursor)


def _compound(cursor: _Cursor) -> Reading | None:
    """One amount, or several of time that grow finer."""
    total = _amount(cursor)
    while total is not None and total.unit == "s":
        mark = cursor.at
        cursor.take_one("and", ",")
        finer = _amount(cursor)
        if finer is None or finer.unit != "s" or finer.scale >= total.scale:
            cursor.at = mark
            break
        total = total.plus(finer)
    return total


def _amount(cursor: _Cursor) -> Reading | None:
    if cursor.token.kind == "word" and cursor.token.fold not in _OPENERS:
        return None
    mark = cursor.at
    money = _currency(cursor)
    sign = _minus(cursor)
    times = _TIMES.get(cursor.token.fold)
    reading = Reading(times, times) if times else _number(cursor)
    if reading is None:
        cursor.at = mark
        return None
    cursor.at += 1 if times else 0
    reading = _multiplied(cursor, reading, money=bool(money)).times(sign)
    base, scale = ("×", 1.0) if times else (money, 1.0) if money else _unit(cursor)
    unit, scale = _rates(cursor, base, scale)
    reading = reading.times(scale)._replace(unit=unit, scale=scale) if unit else reading
    return _halved(cursor, reading, scale)


def _currency(cursor: _Cursor) -> str:
    """`$`, `US$`, `USD` before a number; nothing otherwise."""
    width = 1 if cursor.token.fold == "us" else 0
    money = _CURRENCIES.get(cursor.ahead(width).text, "")
    cursor.at += width + 1 if money else 0
    return money


def _minus(cursor: _Cursor) -> float:
    if cursor.token.text not in ("-", "−"):
        return 1.0
    spaced = not cursor.joined() or cursor.at == 0
    if spaced and cursor.joined(1) and cursor.ahead(1).kind == "number":
        cursor.at += 1
        return -1.0
    return 1.0


def _number(cursor: _Cursor) -> Reading | None:
    if cursor.token.kind != "number":
        return _spelled(cursor)
    reading = _digits(cursor.token.text)
    cursor.at += 1
    while cursor.token.text == "*" and cursor.ahead(1).kind == "number":
        reading = reading.times(_digits(cursor.ahead(1).text).low)
        cursor.at += 2
    return _halved(cursor, reading)


def _digits(text: str) -> Reading:
    mantissa, _, exponent = re.sub(r"[^\d.eE+-]", "", text).lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    step = 10.0 ** (int(exponent or 0) - len(decimals))
    zeros = 0 if decimals else len(whole) - len(whole.rstrip("0") or whole)
    value = float(f"{mantissa}e{exponent or 0}")
    return Reading(value, value, step=step, figure=step * 10.0**zeros)


def _spelled(cursor: _Cursor) -> Reading | None:
    """`forty-three`, `two hundred and fifty`, `half a`, `a` before a million or an hour."""
    word = cursor.token.fold
    if word == "half":
        cursor.at += 1
        cursor.take_one("a", "an", "of")
        return Reading(0.5, 0.5, step=0.5, figure=0.5)
    if word in ("a", "an") and (_multiplier(cursor.ahead(1).text) or _is_time(cursor.ahead(1).text)):
        cursor.at += 1
        return Reading(1.0, 1.0)
    if word not in _WORDS:
        return None
    value = _tens(cursor)
    if cursor.take("hundred"):
        value *= 100
        follows = 1 if cursor.token.text == "and" else 0
        if cursor.ahead(follows).fold in _WORDS:
            cursor.at += follows
            value += _tens(cursor)
    return _halved(cursor, Reading(value, value))


def _tens(cursor: _Cursor) -> float:
    value = _WORDS[cursor.token.fold]
    cursor.at += 1
    follows = 1 if cursor.token.text == "-" else 0
    ones = _WORDS.get(cursor.ahead(follows).fold, 0)
    if value >= 20 and 0 < ones < 10:
        cursor.at += follows + 1
        return float(value + ones)
    return float(value)


def _halved(cursor: _Cursor, reading: Reading, scale: float = 1.0) -> Reading:
    """`three and a half hours`, `an hour and a half`: half of one more."""
    if cursor.take("and", "a", "half") or cursor.take("and", "half"):
        more = scale / 2
        return reading._replace(low=reading.low + more, high=reading.high + more, step=more, figure=more)
    return reading


def _multiplied(cursor: _Cursor, reading: Reading, *, money: bool) -> Reading:
    total = 1.0
    while factor := _multiplier(cursor.token.text) or _letter(cursor, money=money):
        total *= factor
        cursor.at += 1
    return reading if total == 1.0 else reading.times(total)._replace(multiplier=total)


def _multiplier(word: str) -> float:
    spelled = word.lower().removesuffix("s") if len(word) > 2 else ""
    return _MULTIPLIERS.get(word) or _MULTIPLIERS.get(spelled, 0.0)


def _letter(cursor: _Cursor, *, money: bool) -> float:
    following = cursor.ahead(1).text
    people = cursor.joined() and is_plural(following) and not find_unit(following)
    return _LETTERS.get(cursor.token.text, 0.0) if money or people else 0.0


def _unit(cursor: _Cursor) -> tuple[str, float]:
    cursor.take("+")
    if cursor.token.text == "-" and cursor.joined() and cursor.joined(1) and cursor.ahead(1).kind == "word":
        cursor.at += 1
    if cursor.take("per", "cent"):
        return "%", 1.0
    word = cursor.token.text
    if unit := find_unit(word):
        cursor.at += 1
        bits = re.fullmatch("[kKMGT]b", word) and cursor.token.fold in ("/", "per")
        return unit[0], unit[1] / 8 if bits else unit[1]
    return _noun(cursor)


def _noun(cursor: _Cursor) -> tuple[str, float]:
    """The unit among the words that follow: `concurrent users`, `additional hours`."""
    nouns: list[str] = []
    while len(nouns) < _NOUNS and cursor.token.kind == "word" and cursor.token.fold not in _STOP:
        word = cursor.token.text
        cursor.at += 1
        if len(word) > 2 and (unit := find_unit(word)):
            return unit
        nouns.append(word)
    plural = (noun for noun in nouns if is_plural(noun) and not noun.isupper())
    return next(plural, nouns[0] if nouns else "").lower(), 1.0


def _rates(cursor: _Cursor, base: str, scale: float) -> tuple[str, float]:
    """`/s`, `per request`, `a day`, one after the other."""
    while per := _rate(cursor, base):
        base, scale = f"{base}/{per[0]}", scale / per[1]
    return base, scale


def _rate(cursor: _Cursor, base: str) -> tuple[str, float] | None:
    word = cursor.ahead(1)
    if word.kind != "word" or word.fold in _STOP:
        return None
    unit = find_unit(word.text) or (word.fold, 1.0)
    spoken = ("a", "an", "every", "each") if base and _is_time(word.text) else ()
    if "/" in unit[0] or not cursor.take_one("/", "per", *spoken):
        return None
    cursor.at += 1
    return unit


def _is_time(word: str) -> bool:
    unit = find_unit(word) if len(word) > 2 else None
    return unit is not None and unit[0] in ("s", "month")


def _compact(cursor: _Cursor) -> Reading:
    """`2h28m`, as clocks and schedulers write it."""
    total = Reading(0.0, 0.0)
    for number, unit in re.findall(r"(\d+)([a-z]+)", cursor.token.text):
        base, scale = find_unit(unit) or ("s", 1.0)
        total = total.plus(_digits(number).times(scale)._replace(unit=base, scale=scale))
    cursor.at += 1
    return total


def _moment(cursor: _Cursor) -> Reading | None:
    """A date, a clock, or both in either order, in seconds."""
    parts = {cursor.token.kind: cursor.token.text}
    cursor.at += 1
    mark = cursor.at
    while cursor.token.fold in (",", "on", "at") or cursor.token.text.endswith("day"):
        cursor.at += 1
    if cursor.token.kind in ("date", "clock") and cursor.token.kind not in parts:
        parts[cursor.token.kind] = cursor.token.text
        cursor.at += 1
    else:
        cursor.at = mark
    days = _days(parts["date"]) if "date" in parts else (0.0, 0.0)
    seconds = _seconds(parts["clock"]) if "clock" in parts else 0.0
    if days is None or seconds is None:
        return None
    return Reading(days[0] + seconds, days[1] + seconds, "date" if "date" in parts else "clock")


def _days(text: str) -> tuple[float, float] | None:
    """The first and last day meant, in seconds since 0001-01-01; None for a 31 February."""
    year = int(found[0]) if (found := re.search(r"\d{4}", text)) else YEARLESS
    if "-" in text:
        month, day = int(text[5:7]), int(text[8:10])
    else:
        month = next(n for n, name in enumerate(_MONTHS, start=1) if name[:3] in text)
        day = int(found[0]) if (found := re.search(r"(?<!\d)\d{1,2}(?!\d)", text)) else 0
    if not (1 <= month <= 12 and year and day <= monthrange(year, month)[1]):
        return None
    first, last = date(year, month, day or 1), date(year, month, day or monthrange(year, month)[1])
    return first.toordinal() * DAY, last.toordinal() * DAY


def _seconds(text: str) -> float | None:
    """The second of the day; None for a clock that no watch shows."""
    hour, minute, second, half = _CLOCK.findall(text)[0]
    hours = int(hour) % 12 + 12 * (half in "Pp") if half else int(hour)
    if hours > 23 or int(minute or 0) > 59:
        return None
    return hours * 3600.0 + int(minute or 0) * 60.0 + float(second or 0)
