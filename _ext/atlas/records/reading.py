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
from collections.abc import Mapping
from types import MappingProxyType

from .bounds import bound_of
from .moments import moment
from .numerals import digits, halved, multiplied, number
from .tokens import MOMENTS, QUALIFIER, STOP, TIMES, WORDS, Cursor, Reading, is_time
from .units import find_unit, is_plural

_CURRENCIES: Mapping[str, str] = MappingProxyType(
    {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"} | {sign: sign for sign in "$€£¥"}
)
_OPENERS = frozenset(("a", "an", "half", "us")).union(WORDS, TIMES, (code.lower() for code in _CURRENCIES))
_NOUNS = 3
_DASHES = ("–", "—", "-", "−", "to")


def read_value(text: str) -> Reading | None:
    """The quantity that `text` begins with, qualifiers aside; None for a token such as `READONLY`."""
    bound, start = "", 0
    while qualifier := QUALIFIER.match(text, start):
        bound = {"less": "<", "more": ">", "about": "~"}.get(qualifier.lastgroup or "", bound)
        start = qualifier.end()
    cursor = Cursor(text[start:].strip())
    begins = cursor.token.start == 0
    cursor.take("between")
    reading = _span(cursor) if begins else None
    return None if reading is None else reading._replace(bound=bound)


def read_all(text: str) -> tuple[Reading, ...]:
    """Every quantity inside a phrase, in order, with its bound."""
    cursor, found = Cursor(text), []
    while cursor.token.kind:
        start, following = cursor.token.start, cursor.at + 1
        if (reading := _span(cursor)) is not None:
            end = cursor.ahead(-1).end
            found.append(reading._replace(bound=bound_of(text, start, end), printed=text[start:end]))
        else:
            cursor.at = following
    return tuple(found)


def _span(cursor: Cursor) -> Reading | None:
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


def _part(cursor: Cursor) -> Reading | None:
    if cursor.token.kind in ("date", "clock"):
        return moment(cursor)
    if cursor.token.kind == "compact":
        return _compact(cursor)
    return _compound(cursor)


def _compound(cursor: Cursor) -> Reading | None:
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


def _amount(cursor: Cursor) -> Reading | None:
    if cursor.token.kind == "word" and cursor.token.fold not in _OPENERS:
        return None
    mark = cursor.at
    money = _currency(cursor)
    sign = _minus(cursor)
    times = TIMES.get(cursor.token.fold)
    reading = Reading(times, times) if times else number(cursor)
    if reading is None:
        cursor.at = mark
        return None
    cursor.at += 1 if times else 0
    reading = multiplied(cursor, reading, money=bool(money)).times(sign)
    base, scale = ("×", 1.0) if times else (money, 1.0) if money else _unit(cursor)
    unit, scale = _rates(cursor, base, scale)
    reading = reading.times(scale)._replace(unit=unit, scale=scale) if unit else reading
    return halved(cursor, reading, scale)


def _currency(cursor: Cursor) -> str:
    """`$`, `US$`, `USD` before a number; nothing otherwise."""
    width = 1 if cursor.token.fold == "us" else 0
    money = _CURRENCIES.get(cursor.ahead(width).text, "")
    cursor.at += width + 1 if money else 0
    return money


def _minus(cursor: Cursor) -> float:
    if cursor.token.text not in ("-", "−"):
        return 1.0
    spaced = not cursor.joined() or cursor.at == 0
    if spaced and cursor.joined(1) and cursor.ahead(1).kind == "number":
        cursor.at += 1
        return -1.0
    return 1.0


def _unit(cursor: Cursor) -> tuple[str, float]:
    cursor.take("+")
    if cursor.token.text == "-" and cursor.joined() and cursor.joined(1) and cursor.ahead(1).kind == "word":
        cursor.at += 1
    if cursor.take("per", "cent"):
        return _points(cursor)
    word = cursor.token.text
    if unit := find_unit(word):
        cursor.at += 1
        if unit[0] == "%":
            return _points(cursor)
        bits = re.fullmatch("[kKMGT]b", word) and cursor.token.fold in ("/", "per")
        return unit[0], unit[1] / 8 if bits else unit[1]
    return _noun(cursor)


def _points(cursor: Cursor) -> tuple[str, float]:
    """A share, or the points by which it differs from another."""
    return "pp" if cursor.take_one("points", "point") else "%", 1.0


def _noun(cursor: Cursor) -> tuple[str, float]:
    """The unit among the words that follow: `concurrent users`, `additional hours`."""
    nouns: list[str] = []
    while len(nouns) < _NOUNS and cursor.token.kind == "word" and cursor.token.fold not in STOP:
        word = cursor.token.text
        cursor.at += 1
        if len(word) > 2 and (unit := find_unit(word)):
            return unit
        nouns.append(word)
    plural = (noun for noun in nouns if is_plural(noun) and not noun.isupper())
    return next(plural, nouns[0] if nouns else "").lower(), 1.0


def _rates(cursor: Cursor, base: str, scale: float) -> tuple[str, float]:
    """`/s`, `per request`, `a day`, one after the other."""
    while per := _rate(cursor, base):
        base, scale = f"{base}/{per[0]}", scale / per[1]
    return base, scale


def _rate(cursor: Cursor, base: str) -> tuple[str, float] | None:
    word = cursor.ahead(1)
    if word.kind != "word" or word.fold in STOP:
        return None
    unit = find_unit(word.text) or (word.fold, 1.0)
    spoken = ("a", "an", "every", "each") if base and is_time(word.text) else ()
    if "/" in unit[0] or not cursor.take_one("/", "per", *spoken):
        return None
    cursor.at += 1
    return unit


def _compact(cursor: Cursor) -> Reading:
    """`2h28m`, as clocks and schedulers write it."""
    total = Reading(0.0, 0.0)
    for amount, unit in re.findall(r"(\d+)([a-z]+)", cursor.token.text):
        base, scale = find_unit(unit) or ("s", 1.0)
        total = total.plus(digits(amount).times(scale)._replace(unit=base, scale=scale))
    cursor.at += 1
    return total
