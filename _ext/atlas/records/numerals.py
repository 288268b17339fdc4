"""Numbers in figures and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import numeric

from .tokens import STOP, VULGAR, WORDS, Cursor, Reading, is_time
from .units import find_unit, is_plural

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
_VULGAR: Mapping[str, float] = MappingProxyType({sign: numeric(sign) for sign in VULGAR})
FRACTIONS: Mapping[str, int] = MappingProxyType(
    {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4}
    | {f"{name}th": n for n, name in enumerate("fif six seven eigh nin ten eleven twelf".split(), start=5)}
    | {"sixteenth": 16, "twentieth": 20, "hundredth": 100, "thousandth": 1000}
)


def number(cursor: Cursor) -> Reading | None:
    if cursor.token.kind != "number":
        return spelled(cursor)
    reading = digits(cursor.token.text)
    cursor.at += 1
    while cursor.token.text == "*" and cursor.ahead(1).kind == "number":
        reading = reading.times(digits(cursor.ahead(1).text).low)
        cursor.at += 2
    return halved(cursor, reading)


def digits(text: str) -> Reading:
    """`2,026`, `1e6`, `3½`; a fraction is known as well as it is printed, to the hundredth."""
    whole, part = (text[:-1], _VULGAR[text[-1]]) if text[-1] in _VULGAR else (text, 0.0)
    mantissa, _, exponent = re.sub(r"[^\d.eE+-]", "", whole).lower().partition("e")
    if part:
        value = float(mantissa or 0) + part
        return Reading(value, value, step=0.01, figure=0.01)
    whole, _, decimals = mantissa.partition(".")
    step = 10.0 ** (int(exponent or 0) - len(decimals))
    zeros = 0 if decimals else len(whole) - len(whole.rstrip("0") or whole)
    value = float(f"{mantissa}e{exponent or 0}")
    return Reading(value, value, step=step, figure=step * 10.0**zeros)


def spelled(cursor: Cursor) -> Reading | None:
    """`forty-three`, `two hundred and fifty thousand`, `two thirds`, `half a`, `a` before a million."""
    word = cursor.token.fold
    if word == "half":
        cursor.at += 1
        cursor.take_one("a", "an", "of")
        return Reading(0.5, 0.5, step=0.5, figure=0.5)
    if (part := _fraction(cursor)) is not None:
        return part
    if word in ("a", "an"):
        factor = _multiplier(cursor.ahead(1).text)
        if not (factor or is_time(cursor.ahead(1).text)):
            return None
        cursor.at += 1
        compound = factor == 100 and cursor.ahead(1).fold in {*WORDS, "and", "thousand", "million"}
        return _large(cursor, 1.0) if compound else Reading(1.0, 1.0)
    if word not in WORDS:
        return None
    return halved(cursor, _large(cursor, _tens(cursor)))


def _fraction(cursor: Cursor) -> Reading | None:
    """`a third of`, `two-thirds`, `three quarters`; a third replica is none, nor what is half-open."""
    first = cursor.token.fold
    follows = 2 if cursor.ahead(1).text == "-" else 1
    word, beyond = cursor.ahead(follows).fold, cursor.ahead(follows + 1)
    count = 1 if first in ("a", "one") else WORDS.get(first, 0)
    part = FRACTIONS.get(word if count == 1 else word.removesuffix("s"), 0)
    if not (count and part) or (count > 1 and not word.endswith("s")) or beyond.text == "-":
        return None
    if count == 1 and beyond.kind == "word" and beyond.fold not in STOP:
        return None
    cursor.at += follows + 1
    cursor.take("of", "a") or cursor.take("of", "an")
    return Reading(count / part, count / part, step=0.01, figure=0.01)


def _large(cursor: Cursor, value: float) -> Reading:
    """Hundreds, and thousands of them; a multiplier behind which nothing follows is left to `multiplied`."""
    total = 0.0
    while True:
        if cursor.take("hundred"):
            value = value * 100 + _more(cursor)
        factor = _multiplier(cursor.token.text)
        follows = 2 if cursor.ahead(1).fold == "and" else 1
        more = cursor.ahead(follows).fold in WORDS
        if factor < 1000 or not (more or total):
            return Reading(total + value, total + value)
        cursor.at += follows if more else 1
        total += value * factor
        value = _tens(cursor) if more else 0.0


def _more(cursor: Cursor) -> float:
    """The tens and ones behind a hundred, with `and` or without."""
    follows = 1 if cursor.token.text == "and" else 0
    if cursor.ahead(follows).fold not in WORDS:
        return 0.0
    cursor.at += follows
    return _tens(cursor)


def _tens(cursor: Cursor) -> float:
    value = WORDS[cursor.token.fold]
    cursor.at += 1
    follows = 1 if cursor.token.text == "-" else 0
    ones = WORDS.get(cursor.ahead(follows).fold, 0)
    if value >= 20 and 0 < ones < 10:
        cursor.at += follows + 1
        return float(value + ones)
    return float(value)


def halved(cursor: Cursor, reading: Reading, scale: float = 1.0) -> Reading:
    """`three and a half hours`, `an hour and a half`: half of one more."""
    if cursor.take("and", "a", "half") or cursor.take("and", "half"):
        more = scale / 2
        return reading._replace(low=reading.low + more, high=reading.high + more, step=more, figure=more)
    return reading


def multiplied(cursor: Cursor, reading: Reading, *, money: bool) -> Reading:
    total = 1.0
    while factor := _multiplier(cursor.token.text) or _letter(cursor, money=money):
        total *= factor
        cursor.at += 1
    return reading if total == 1.0 else reading.times(total)._replace(multiplier=total)


def _multiplier(word: str) -> float:
    spelled = word.lower().removesuffix("s") if len(word) > 2 else ""
    return _MULTIPLIERS.get(word) or _MULTIPLIERS.get(spelled, 0.0)


def _letter(cursor: Cursor, *, money: bool) -> float:
    following = cursor.ahead(1).text
    people = cursor.joined() and is_plural(following) and not find_unit(following)
    return _LETTERS.get(cursor.token.text, 0.0) if money or people else 0.0
