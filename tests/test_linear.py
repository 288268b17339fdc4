"""Every regular expression and every reader of free text takes time that grows with its text, and no faster.

Each is fed texts of its worst kind, of doubling length up to 100 kB, until one takes long enough to be
measured; then twice the text may take no more than three times as long (a square takes four).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import atlas
from atlas.diagrams import planes, wording
from atlas.records import quantity
from atlas.rules import digits, gates, spelt
from atlas.rules.shell import PLACEHOLDER

ROOT = Path(__file__).parents[1]
MEASURED = 0.05
"""Seconds of CPU below which a measurement says nothing."""
GROWTH = 3.0
TRIES = 4
COMMON = [
    "a",
    "0",
    " ",
    "\n",
    "-",
    ".",
    "a ",
    "a-",
    "1 ",
    "1:00 ",
    '"',
    "<",
    "(",
    "{",
    "%%",
    "\\",
    "ab:",
    "a,",
]


def patterns_of(package: Any) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled expression of a package, by the module and name under which it stands."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            yield from ((f"{found.name}.{name}", pattern) for pattern in inside(value))


def inside(value: object, depth: int = 3) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for item in value.values():
            yield from inside(item, depth - 1)
    elif depth and isinstance(value, (tuple, list)):
        for item in value:
            yield from inside(item, depth - 1)


PATTERNS: dict[str, list[re.Pattern[str]]] = {}
for _pattern, _name in {pattern: name for name, pattern in reversed(list(patterns_of(atlas)))}.items():
    PATTERNS.setdefault(_name, []).append(_pattern)
METHODS = ("fullmatch", "match", "search", "finditer", "findall", "sub", "subn", "split")
SOURCE = "\n".join(path.read_text("utf-8") for path in ROOT.glob("_ext/**/*.py"))
EXEMPT = {"atlas.records.toml._PIECE": "reads what tomllib has read, where no string is left open"}


def uses_of(name: str) -> list[str]:
    """The methods by which an expression is asked; what stands in a table is asked for a whole word."""
    module, _, own = name.rpartition(".")
    source = inspect.getsource(sys.modules[module]) if own.startswith("_") else SOURCE
    return sorted(set(re.findall(rf"\b{own}\.(\w+)", source)).intersection(METHODS)) or ["fullmatch"]


def worst_of(pattern: re.Pattern[str]) -> list[str]:
    """What an expression may repeat: the words and the signs in it, each alone and in pairs."""
    pieces = list(dict.fromkeys(re.findall(r"[A-Za-z]{3,}|[^\w\s\\?*+|]", pattern.pattern)))[:10]
    return [*COMMON, *pieces, *(a + b for a, b in pairwise(pieces))]


def cost(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


def best(read: Callable[[str], object], text: str) -> float:
    return min(cost(read, text) for _ in range(TRIES))


def grows_faster(read: Callable[[str], object], piece: str) -> bool:
    """True where twice as much of a piece takes over three times as long, by the quickest of a few tries."""
    for size in (1_600 * 2**n for n in range(6)):
        text = piece * (size // len(piece))
        if cost(read, text) >= MEASURED:
            return best(read, 2 * text) > GROWTH * best(read, text)
    return False


def reader_of(name: str, pattern: re.Pattern[str]) -> Callable[[str], object]:
    """Asks an expression in the ways in which the engine does; `sub` and `split` go where `findall` goes."""
    asked = {method if method in METHODS[:3] else "findall" for method in uses_of(name)}

    def read(text: str) -> object:
        return [getattr(pattern, method)(text) for method in asked]

    return read


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PATTERNS.keys() - EXEMPT.keys()))
def test_an_expression_is_linear(name: str) -> None:
    slow = [
        (pattern.pattern, piece)
        for pattern in PATTERNS[name]
        for piece in worst_of(pattern)
        if grows_faster(reader_of(name, pattern), piece)
    ]
    assert slow == []


READERS: dict[str, Callable[[str], object]] = {
    "digits": digits.typed_digits,
    "words": spelt.typed_words,
    "numerals": spelt.typed_numerals,
    "dates": digits.without_dates,
    "codes": digits.without_codes,
    "quantities": quantity.find_all,
    "styles": lambda text: planes._declared([text]),
    "words of HTML": wording.words_of_html,
    "shelter": wording.shelter,
    "answers": gates.seen,
    "filler": gates._says,
    "blanks": PLACEHOLDER.findall,
}
WORST = [
    *COMMON,
    "a million ",
    "twenty-",
    "port 5, ",
    "HTTP 5",
    "5 and ",
    "half the ",
    "XIV ",
    "rgb(1,",
    "<b>",
    "Kafka 3 ",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_a_reader_is_linear(name: str) -> None:
    assert [piece for piece in WORST if grows_faster(READERS[name], piece)] == []


@pytest.mark.parametrize(("pattern", "piece"), [(r"\w+:", "a"), (r"\s+x", " "), (r"a.*?b", "a")])
def test_a_square_is_found(pattern: str, piece: str) -> None:
    assert grows_faster(re.compile(pattern).findall, piece)
