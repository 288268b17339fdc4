"""Quantities: parse, compare and compute the numbers that facts carry.

What counts as a number is the grammar of `reading`. A time of day has the unit `clock` (seconds of the day as
written: zones are not converted), a date the unit `date` (seconds since 0001-01-01; without a year, in 4).

An expression of a derived fact is arithmetic over names of facts:

sum     = product { ( "+" | "-" ) product }
product = atom { ( "*" | "/" ) atom }
atom    = name | integer | "(" sum ")"
name    = ( letter | digit | "_" ) { letter | digit | "_" | "-" }

A hyphen inside a name belongs to it, so minus stands between spaces: `total-writes - lost-writes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import product
from math import isclose, isfinite
from types import MappingProxyType

from . import units
from .model import Quantity
from .moments import DAY, YEARLESS
from .reading import read_all, read_value
from .tokens import MOMENTS, Reading

_LONGEST = 200
_WORD = re.compile(r"\w[\w-]*")


def parse(text: str) -> Quantity | None:
    """The quantity that a value shows, in base units; None for a token such as `READONLY`."""
    reading = read_value(text)
    return None if reading is None else _quantity(reading)


def find_all(text: str) -> tuple[Quantity, ...]:
    """Every quantity in the words of a source, in order."""
    return tuple(_quantity(reading) for reading in read_all(text))


def show(quantity: Quantity) -> str:
    """A quantity in base units, for messages."""
    low, high = f"{quantity.low:,.10g}", f"{quantity.high:,.10g}"
    return f"{low if low == high else f'{low}–{high}'} {quantity.unit}".strip()


def same(a: Quantity, b: Quantity) -> bool:
    """True where both mean one number after conversion; a unit that one leaves out is no difference."""
    if a.unit in MOMENTS or b.unit in MOMENTS:
        return _same_moment(a, b)
    return any(_close(a.low, b.low * n) and _close(a.high, b.high * n) for n in units.factors(a.unit, b.unit))


def holds(text: str, quantity: Quantity) -> bool:
    """True where the words of a source hold this quantity, on its own or as one end of a range."""
    found = find_all(text)
    ends = [Quantity(end, end, q.unit) for q in found if q.low != q.high for end in (q.low, q.high)]
    if any(same(quantity, other) for other in (*found, *ends)):
        return True
    low, high = (Quantity(end, end, quantity.unit) for end in (quantity.low, quantity.high))
    return low != high and all(any(same(end, other) for other in found) for end in (low, high))


def agrees(value: str, quantity: Quantity) -> bool:
    """True where `value` is `quantity` rounded to the digits shown (`over 2,000`: cut off there)."""
    shown = read_value(value)
    if shown is None or (shown.unit in MOMENTS) != (quantity.unit in MOMENTS):
        return False
    if shown.unit in MOMENTS:
        return _same_moment(_quantity(shown), quantity)
    if shown.unit == "pp" and quantity.unit == "%":  # two shares differ by points
        shown = shown._replace(unit="%")
    return any(
        _within(shown, shown.low, quantity.low * n) and _within(shown, shown.high, quantity.high * n)
        for n in units.factors(shown.unit, quantity.unit)
    )


class QuantityError(ValueError):
    """An expression that cannot be computed. `str()` shows it with carets below the culprit."""

    def __init__(self, message: str, expression: str, start: int, end: int) -> None:
        super().__init__(f"{message}\n  {expression}\n  {' ' * start}{'^' * max(1, end - start)}")
        self.message = message
        self.column = start + 1


def names_in(expression: str) -> tuple[str, ...]:
    """The names of facts that an expression uses, in order."""
    return tuple(word for word in _WORD.findall(expression) if not word.isdigit())


def evaluate(expression: str, names: Mapping[str, Quantity]) -> Quantity:
    """The value of an expression over `names`, in base units. Raises `QuantityError`."""
    if len(expression) > _LONGEST:
        raise QuantityError(f"longer than {_LONGEST} characters", expression, _LONGEST, len(expression))
    parser = _Parser(expression, names)
    result = parser.sum()
    if parser.word:
        raise parser.error("expected an operator here")
    return result


class _Parser:
    """Recursive descent over the grammar above, computing as it goes."""

    def __init__(self, expression: str, names: Mapping[str, Quantity]) -> None:
        self.expression, self.names = expression, names
        self.words = list(re.finditer(rf"{_WORD.pattern}|\S", expression))
        self.at = 0

    @property
    def word(self) -> str:
        return self.words[self.at][0] if self.at < len(self.words) else ""

    def error(self, message: str, *, back: int = 0) -> QuantityError:
        end = len(self.expression)
        at = self.at - back
        start, stop = self.words[at].span() if at < len(self.words) else (end, end)
        return QuantityError(message, self.expression, start, stop)

    def sum(self) -> Quantity:
        total = self.product()
        while self.word in ("+", "-"):
            total = self.apply(total, self.product)
        return total

    def product(self) -> Quantity:
        total = self.atom()
        while self.word in ("*", "/"):
            total = self.apply(total, self.atom)
        return total

    def apply(self, left: Quantity, operand: Callable[[], Quantity]) -> Quantity:
        operator, self.at = self.at, self.at + 1
        right = operand()
        try:
            return _OPERATIONS[self.words[operator][0]](left, right)
        except ValueError as error:
            raise self.error(str(error), back=self.at - operator) from None

    def atom(self) -> Quantity:
        word = self.word
        self.at += 1
        if word == "(":
            inner = self.sum()
            if self.word != ")":
                raise self.error("expected `)`")
            self.at += 1
            return inner
        if word.isdecimal():
            return Quantity(float(word), float(word))
        if not _WORD.fullmatch(word):
            raise self.error("expected a name, an integer or `(`", back=1)
        if word not in self.names:
            raise self.error(f"no number is called `{word}`{_advice(word, self.names)}", back=1)
        return self.names[word]


def _advice(word: str, names: Iterable[str]) -> str:
    if any(name in word.split("-") for name in names) and "-" in word:
        return "; minus stands between spaces"
    return "".join(f"; did you mean `{name}`?" for name in get_close_matches(word, names, n=1))


def _add(a: Quantity, b: Quantity) -> Quantity:
    return _finite(a.low + b.low, a.high + b.high, _common_unit(a.unit, b.unit))


def _subtract(a: Quantity, b: Quantity) -> Quantity:
    if a.unit == b.unit == "date":
        return Quantity(a.low - b.high, a.high - b.low, "s")
    if a.unit == b.unit == "clock":
        return Quantity((a.low - b.high) % DAY, (a.high - b.low) % DAY, "s")
    return _finite(a.low - b.high, a.high - b.low, _common_unit(a.unit, b.unit))


def _multiply(a: Quantity, b: Quantity) -> Quantity:
    a, b = _operand(a), _operand(b)
    ends = [x * y for x, y in product((a.low, a.high), (b.low, b.high))]
    return _finite(min(ends), max(ends), units.combine(a.unit, b.unit, sign=1))


def _divide(a: Quantity, b: Quantity) -> Quantity:
    a, b = _operand(a), _operand(b)
    if b.low <= 0 <= b.high:
        raise ValueError("division by zero")
    ends = [x / y for x, y in product((a.low, a.high), (b.low, b.high))]
    return _finite(min(ends), max(ends), units.combine(a.unit, b.unit, sign=-1))


_OPERATIONS: Mapping[str, Callable[[Quantity, Quantity], Quantity]] = MappingProxyType(
    {"+": _add, "-": _subtract, "*": _multiply, "/": _divide}
)


def _operand(q: Quantity) -> Quantity:
    """A factor: percentages as fractions; moments only have differences."""
    if q.unit in MOMENTS:
        raise ValueError(f"a {q.unit} can only be subtracted from another one")
    return Quantity(q.low / 100, q.high / 100) if q.unit == "%" else q


def _common_unit(a: str, b: str) -> str:
    if a in MOMENTS or b in MOMENTS:
        raise ValueError("a moment can only be subtracted from another one of its kind")
    one, two = units.measures(a), units.measures(b)
    if one == two or (not two and a == "%"):
        return a or b
    if not one and b == "%":
        return b
    raise ValueError(f"`{a or 'a plain number'}` and `{b or 'a plain number'}` cannot be added or subtracted")


def _finite(low: float, high: float, unit: str) -> Quantity:
    if not (isfinite(low) and isfinite(high)):
        raise ValueError("too large")
    return Quantity(low, high, unit)


def _quantity(reading: Reading) -> Quantity:
    return Quantity(reading.low, reading.high, reading.unit)


def _within(shown: Reading, printed: float, computed: float) -> bool:
    """True where `computed` is printed so: rounded to the last digit, or cut off for `over` and `under`."""
    excess = computed - printed
    slack = 1e-9 * abs(printed)
    if shown.bound in ("<", ">"):
        return -slack <= (excess if shown.bound == ">" else -excess) < shown.figure
    return abs(excess) <= (shown.figure if shown.bound == "~" else shown.step) / 2 + slack


def _close(a: float, b: float) -> bool:
    return isclose(a, b, rel_tol=1e-9)


def _same_moment(a: Quantity, b: Quantity) -> bool:
    if a.unit == b.unit == "date":
        return _same_instant(a.low, b.low) and _same_instant(a.high, b.high)
    if {a.unit, b.unit} <= MOMENTS:
        return _close(a.low % DAY, b.low % DAY) and _close(a.high % DAY, b.high % DAY)
    return False


def _same_instant(a: float, b: float) -> bool:
    """Equal day and clock, where a year or a clock that is missing is no difference."""
    (day, clock), (other_day, other_clock) = divmod(a, DAY), divmod(b, DAY)
    one, two = date.fromordinal(int(day)), date.fromordinal(int(other_day))
    same_year = one.year == two.year or YEARLESS in (one.year, two.year)
    same_day = same_year and (one.month, one.day) == (two.month, two.day)
    return same_day and (clock == other_clock or 0 in (clock, other_clock))
