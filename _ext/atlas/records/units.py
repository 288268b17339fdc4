"""Units: what they measure, how they convert, how they multiply.

A unit is written `noun·noun/per/per` out of base names: `s`, `B`, `$/month`, `messages/s`. A base that has no
scales here is a noun of the source (`messages`, `nodes`) and only qualifies the number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from types import MappingProxyType

_TABLE = """
s     1e-9     ns nanosecond nanoseconds nanos
s     1e-6     µs μs us usec usecs microsecond microseconds micros
s     1e-3     ms msec msecs millisecond milliseconds millis
s     1        s sec secs second seconds
s     60       m min mins minute minutes
s     3600     h hr hrs hour hours
s     86400    d day days
s     604800   w wk wks week weeks
month 1        mo month months
month 12       y yr yrs year years
%     1        % percent pct percentage
pp    1        pp
×     1        × x times fold
$     1        $ usd dollar dollars
$     0.01     ¢ cent cents
€     1        € eur euro euros
£     1        £ gbp
¥     1        ¥ jpy yen
B     1        B byte bytes
B     0.125    bit bits
B/s   0.125    bps
queries/s      1 qps
requests/s     1 rps
transactions/s 1 tps
operations/s   1 iops
"""
_PREFIXES = ("k kilo kibi", "M mega mebi", "G giga gibi", "T tera tebi", "P peta pebi", "E exa exbi")


def _sizes() -> Iterator[tuple[str, str, float]]:
    for power, prefix in enumerate(_PREFIXES, start=1):
        letter, decimal, binary = prefix.split()
        ten, two = 1e3**power, 1024.0**power
        for name in (f"{letter}B", f"{letter}b", f"{decimal}byte", f"{decimal}bytes"):
            yield name, "B", ten
        for name in (f"{letter}iB", f"{letter.upper()}i", f"{binary}byte", f"{binary}bytes"):
            yield name, "B", two
        for name in (f"{letter}bit", f"{letter}bits", f"{decimal}bit", f"{decimal}bits"):
            yield name, "B", ten / 8
        yield f"{letter}Bps", "B/s", ten
        yield f"{letter}bps", "B/s", ten / 8


def _names() -> Iterator[tuple[str, str, float]]:
    for row in _TABLE.strip().splitlines():
        base, scale, *names = row.split()
        for name in names:
            yield name, base, float(scale)
    yield from _sizes()


_BINARY = tuple(1.024**power for power in range(-6, 7))
_EXACT: Mapping[str, tuple[str, float]] = MappingProxyType({name: (base, n) for name, base, n in _names()})
_FOLDED: Mapping[str, tuple[str, float]] = MappingProxyType(
    {name.lower(): unit for name, unit in _EXACT.items() if not re.fullmatch("[A-Z]i|.", name)}
)


def _scales(base: str) -> frozenset[float]:
    """What a number without this unit may stand for: `10000` for `10 s`, `0.5` for `50 %`."""
    scales = {n for _, other, n in _names() if other == base}
    return frozenset({"%": {1.0, 100.0}, "B": {n * m for n in scales for m in _BINARY}}.get(base, scales))


_SCALES: Mapping[str, frozenset[float]] = MappingProxyType(
    {base: _scales(base) for _, base, _ in _names() if "/" not in base}
)


def find_unit(word: str) -> tuple[str, float] | None:
    """The base unit and the scale of a word such as `ms`, `GiB`, `Gbps` or `minutes`; None for a noun."""
    return _EXACT.get(word) or _FOLDED.get(word.lower())


def powers(unit: str) -> dict[str, int]:
    """The exponent of each base; `×` has none, and `message` and `messages` are one noun."""
    heads, *per = unit.split("/")
    counted = Counter(singular(base) for base in heads.split("·"))
    counted.subtract(singular(base) for base in per)
    return {base: n for base, n in counted.items() if n and base not in ("", "×")}


def combine(a: str, b: str, *, sign: int) -> str:
    """The unit of a product (`sign` 1) or a quotient (-1)."""
    total = Counter(powers(a))
    for base, n in powers(b).items():
        total[base] += sign * n
    heads = "·".join(base for base in sorted(total) for _ in range(total[base]))
    return heads + "".join(f"/{base}" for base in sorted(total) for _ in range(-total[base]))


def factors(a: str, b: str) -> Iterator[float]:
    """The factors that may turn a number in `b` into one in `a`; none where the two measure different things.

    A part that one side leaves out may be anything: `43` can stand for `43 ms`, `5 bn messages` for
    `5 bn messages/day`. Bytes allow for MB that are meant as MiB.
    """
    if a == b and "B" not in a:
        yield 1.0
        return
    left, right = measures(a), measures(b)
    if _clash(left, right, 1, a, b) or _clash(left, right, -1, a, b):
        return
    choices = [_choices(base, left.get(base, 0), right.get(base, 0)) for base in sorted({*left, *right})]
    for choice in product(*choices):
        yield prod(choice)


def is_measure(base: str) -> bool:
    """True for a base that converts; false for a noun."""
    return base in _SCALES


def is_plural(noun: str) -> bool:
    """True for `nodes`; false for `access`, `status`, `is`."""
    return len(noun) > 2 and noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def measures(unit: str) -> dict[str, int]:
    """The exponents of the bases that convert, nouns left out."""
    return {base: n for base, n in powers(unit).items() if is_measure(base)}


def _choices(base: str, left: int, right: int) -> Iterable[float]:
    if left == right:
        return _BINARY if base == "B" else (1.0,)
    return (n ** (left - right) for n in _SCALES[base])


def _clash(left: Mapping[str, int], right: Mapping[str, int], sign: int, a: str, b: str) -> bool:
    """True where both sides measure, on this side of the stroke, and not the same."""
    one = {base for base, n in left.items() if n * sign > 0}
    two = {base for base, n in right.items() if n * sign > 0}
    if one and two:
        return one != two
    if sign < 0 or {"%", "$"} & (one | two):
        return False
    return bool(one and _counts(b)) or bool(two and _counts(a))


def _counts(unit: str) -> bool:
    """True where a plural noun is counted: `nodes` is a unit, the `default` of `300 default` is not."""
    return any(is_plural(noun) and not is_measure(noun) for noun in unit.partition("/")[0].split("·"))


_SHORT: Mapping[str, str] = MappingProxyType(
    {
        "conn": "connection",
        "msg": "message",
        "op": "operation",
        "rec": "record",
        "req": "request",
        "txn": "transaction",
    }
)


def heads(unit: str) -> frozenset[str]:
    """The nouns that a unit counts, in the singular: `message` of `messages/s`."""
    counted = (singular(noun) for noun in unit.partition("/")[0].split("·"))
    return frozenset(noun for noun in counted if noun not in ("", "×") and not is_measure(noun))


def singular(noun: str) -> str:
    """`message` of `messages` and `msgs`."""
    short = _SHORT.get(noun.removesuffix("s"))
    if short:
        return short
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    return noun[:-1] if is_plural(noun) else noun
