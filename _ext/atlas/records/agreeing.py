"""Whether a fact agrees with the words of its source, beyond the number: in unit, bound, zone and noun."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isclose

from . import units, zones
from .bounds import tells_bound
from .model import Fact, Quantity
from .quantity import QuantityError, evaluate, names_in, same
from .reading import read_all
from .tokens import MOMENTS, Reading

_STATED = {"<": "a ceiling", ">": "a floor", "~": "an estimate", "": "no bound"}
_ENOUGH = 2.718281828  # by what an input is moved to see whether the result moves


def contradiction(fact: Fact) -> str:
    """How the value says something else than its words with the same number; nothing where it does not."""
    found = read_all(fact.text)
    for shown in read_all(fact.value):
        alike = [words for words in found if same(_quantity(shown), _quantity(words))]
        faults = [_fault(shown, words, fact) for words in alike]
        if faults and all(faults):
            return faults[0]
    return ""


def _fault(shown: Reading, words: Reading, fact: Fact) -> str:
    if shown.unit in MOMENTS:
        zoned = shown.unit == "clock" and zones.differ(shown.printed, words.printed)
        return f"“{words.printed}” is in another time zone" if zoned else ""
    if not _same_scale(shown, words):
        return f"“{words.printed}” is another unit"
    if shown.bound and shown.bound != words.bound:
        return f"the words give {_STATED[words.bound]}, not {_STATED[shown.bound]}"
    dropped = words.bound in ("<", ">") and not shown.bound
    if dropped and not tells_bound(f"{fact.says} {fact.scope}"):
        return f"neither value nor `says` tells that “{words.printed}” is {_STATED[words.bound]}"
    return _fault_of_noun(shown, words, fact)


def _same_scale(shown: Reading, words: Reading) -> bool:
    """False where one side leaves out its unit and the two are not printed alike: 3 ms for 3 million.

    A setting may be printed without its unit, in a finer one: `10000` for `10 s`. A value has its own.
    """
    one, other = units.measures(shown.unit), units.measures(words.unit)
    heads = [{base for base, n in side.items() if n > 0} for side in (one, other)]
    if heads[0] == heads[1]:
        return True
    alike = isclose(shown.low / shown.scale, words.low / words.scale, rel_tol=1e-9)
    if heads[1] - heads[0]:
        return alike and bool(re.fullmatch(r"\d+s", words.printed))
    return alike or (shown.multiplier == words.multiplier == 1.0)


def _fault_of_noun(shown: Reading, words: Reading, fact: Fact) -> str:
    counted, published = units.heads(shown.unit), units.heads(words.unit)
    told = {units.singular(word) for word in re.findall(r"\w+", fact.text.lower())}
    if counted and published and not (counted & (published | told)):
        return f"it counts {_listed(published)}, not {_listed(counted)}"
    return ""


def fault_of_derivation(fact: Fact, known: Mapping[str, Quantity]) -> str:
    """How a derived value says something else than its formula; nothing where it does not."""
    result = evaluate(fact.derived, known)
    names = set(names_in(fact.derived))
    if not names:
        return "names no fact"
    idle = sorted(name for name in names if _is_idle(fact.derived, name, known, result))
    if idle:
        return f"gives the same whatever `{idle[0]}` is"
    counted, computed = units.heads(fact.quantity.unit if fact.quantity else ""), units.heads(result.unit)
    if counted and computed and not counted & computed:
        return f"counts {_listed(computed)}, not {_listed(counted)}"
    return ""


def _is_idle(expression: str, name: str, known: Mapping[str, Quantity], result: Quantity) -> bool:
    moved = known[name]
    moved = Quantity(moved.low * _ENOUGH + 1, moved.high * _ENOUGH + 1, moved.unit)
    try:
        return evaluate(expression, {**known, name: moved}) == result
    except QuantityError:
        return False


def _listed(nouns: frozenset[str]) -> str:
    return " and ".join(sorted(nouns))


def _quantity(reading: Reading) -> Quantity:
    return Quantity(reading.low, reading.high, reading.unit)
