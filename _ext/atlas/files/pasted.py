"""From a pasted text to its words, by the rules of `wording`: what the finder looks for, and in what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize
from urllib.parse import unquote_to_bytes

from .wording import CODES, FOLDS, RULES

_FOLDS: Final = [(re.compile(pattern, re.ASCII | re.IGNORECASE), by) for pattern, by in FOLDS]
_WORD: Final = re.compile(RULES["word"])
_SEAM: Final = re.compile(RULES["seam"])
_JOINED: Final = frozenset(RULES["joined"])
_COUNTER: Final = re.compile(RULES["counter"], re.ASCII)
_CODE: Final = re.compile(r"\bE[A-Z]+\b", re.ASCII)
_ESCAPED: Final = re.compile(r"(?:%[\da-f]{2})+", re.ASCII | re.IGNORECASE)
_NESTED: Final = 3
_SHORT: Final = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written, in lower case and without underscores, and the parts that it is written in."""

    whole: str
    parts: tuple[str, ...]


def words(line: str) -> list[Word]:
    """The words of a text that `fold` has been through; numbers that only count are none."""
    found = (_apart(written) for written in _WORD.findall(line))
    return [word for word in found if word.parts]


def _apart(written: str) -> Word:
    spelt = written if written.lower() in _JOINED else _SEAM.sub(" ", written)
    parts = tuple(part for part in spelt.lower().split() if not _COUNTER.match(part))
    return Word("".join(parts), parts)


def terms(word: Word) -> Iterator[str]:
    """What a word is looked up by: its parts, and itself where it has several; plurals as one."""
    yield from map(singular, word.parts)
    if len(word.parts) > 1:
        yield singular(word.whole)


def singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT and word[-1] == "s" and word[-2] not in "isu" else word


def fold(text: str) -> str:
    """A text without what differs between two copies of an error; codes stand with what they mean."""
    text = normalize("NFKC", _unescape(text))
    text = _CODE.sub(lambda code: f"{code[0]} {CODES.get(code[0], '')}", text)
    for pattern, by in _FOLDS:
        text = pattern.sub(by, text)
    return text


def _unescape(text: str) -> str:
    """What stands in percent signs as in an address, also where that happened several times."""
    for _ in range(_NESTED):
        text = _ESCAPED.sub(lambda run: unquote_to_bytes(run[0]).decode("utf-8", "replace"), text)
    return text


def lines(text: str) -> list[list[Word]]:
    """The words of each line of a text; lines that differ by what only counts stand once."""
    once = {tuple(found): found for line in fold(text).split("\n") if (found := words(line))}
    return list(once.values())


def normalise(text: str) -> str:
    """The words of a text, in lower case, parted by blanks."""
    return " ".join(word.whole for line in lines(text) for word in line)
