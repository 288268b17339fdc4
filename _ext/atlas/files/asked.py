"""A text as the finder asks for it: its words, mended and parted where the atlas knows them so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any, Final
from unicodedata import normalize

from . import pasted

Json = Mapping[str, Any]

_LATIN: Final = re.compile("[a-z]{3,}")
_NOTHING: Final = (0.0,)
_WIDEST, _FEWEST = 16, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A text as its smallest words in order, and `squashed`, without blanks; words begin there at `bounds`.

    `lines` are the words of each line, short ones together with the next: a wrapped line is no line. `names`
    are the words of several parts as they are written. A few words without signs were typed `by_hand`.
    """

    text: str
    atoms: tuple[str, ...]
    squashed: str
    bounds: frozenset[int]
    lines: tuple[tuple[str, ...], ...]
    names: frozenset[str]
    by_hand: bool


class Vocabulary:
    """The words of an index: what each tells, and where it stands."""

    def __init__(self, index: Json) -> None:
        self.rules: Json = index["rules"]
        self._terms: dict[str, list[float]] = index["terms"]
        self._hand = re.compile(self.rules["hand"], re.ASCII)
        classes = self.rules["classes"]
        self._general: dict[str, float] = {
            pasted.singular(word): tells for tells, words in classes for word in words
        }
        keyed = (
            part.replace("_", " ").split()
            for entry in index["entries"]
            for _, _, _, _, *parts in entry["keys"]
            for part in parts
        )
        self._spellings = dict.fromkeys(chain(self._terms, self._general, *keyed))

    def knows(self, word: str) -> bool:
        return pasted.singular(word) in self._general or pasted.singular(word) in self._terms

    def is_general(self, word: str) -> bool:
        return pasted.singular(word) in self._general

    def is_common(self, word: str) -> bool:
        """Whether a word is of infrastructure, or of no general kind."""
        return self._general.get(pasted.singular(word), 2) > 1

    def phrased(self, atom: str) -> float:
        """What a word tells within a phrase."""
        general = self._general.get(pasted.singular(atom))
        return self._terms.get(pasted.singular(atom), _NOTHING)[0] if general is None else general

    def found(self, word: str) -> Iterator[tuple[int, float, int]]:
        """Where a word stands: the entry's number, what it tells there, and how that has it."""
        tells, *places = self._terms.get(pasted.singular(word), _NOTHING)
        for place in places:
            number, rank = divmod(int(place), 4)
            yield number, tells if rank else tells / 2, rank

    def tells(self, word: str) -> float:
        """What a word that was asked for would tell, known or not."""
        known = self._terms.get(pasted.singular(word))
        if known:
            return known[0]
        if pasted.singular(word) in self._general:
            return float(self._general[pasted.singular(word)] > 1)
        return float(self.rules["unknown"]) if _LATIN.fullmatch(word) else 0.0

    def read(self, text: str) -> Asked:
        """A text, with the slips of a short one mended."""
        written = pasted.lines(text)
        names = frozenset(word.whole for line in written for word in line if len(word.parts) > 1)
        lines = [[self._told(word) for word in line] for line in written]
        atoms = [atom for line in lines for word in line for atom in word[0]]
        if len(atoms) <= self.rules["typed"]:
            lines = self._mend(lines, atoms)
            atoms = [atom for line in lines for word in line for atom in word[0]]
        bounds = frozenset(accumulate(map(len, atoms), initial=0))
        by_hand = self._hand.match(normalize("NFKC", text)) is not None
        stretches = tuple(self._stretches(lines))
        return Asked(text, tuple(atoms), "".join(atoms), bounds, stretches, names, by_hand)

    def _stretches(self, lines: Iterable[Any]) -> Iterator[tuple[str, ...]]:
        said: dict[str, str] = {}
        count = 0
        for line in lines:
            count += len(line)
            for word in chain.from_iterable((*word[0], *word[1]) for word in line):
                said.setdefault(pasted.singular(word), word)
            if count >= self.rules["stretch"]:
                yield tuple(said.values())
                said, count = {}, 0
        yield tuple(said.values())

    def _told(self, word: pasted.Word) -> tuple[list[str], list[str]]:
        """The parts of a word, and the word itself where it has several and is known."""
        parts = [piece for part in word.parts for piece in self._part(part)]
        several = len(word.parts) > 1 and pasted.singular(word.whole) in self._terms
        return parts, [word.whole] if several else []

    def _part(self, atom: str) -> list[str]:
        """The known words that a long unknown one is glued from; else the word."""
        if len(atom) < self.rules["glued"] or self.knows(atom):
            return [atom]
        pieces, at, loose = [], 0, 0
        while at < len(atom):
            sizes = range(min(len(atom) - at, _WIDEST), _FEWEST - 1, -1)
            size = next((size for size in sizes if self.knows(atom[at : at + size])), 0)
            pieces.append(atom[at : at + (size or 1)])
            loose += not size
            at += size or 1
        return pieces if loose < len(atom) / 4 else [atom]

    def _mend(self, lines: Sequence[Any], atoms: Sequence[str]) -> list[Any]:
        """The lines of a short text with slips mended, and the last word finished."""
        fewest, most = self.rules["slip"], self.rules["slips"]
        odd = [atom for atom in dict.fromkeys(atoms) if len(atom) >= fewest and not self.knows(atom)]
        plain = [atom for atom in odd[:most] if _LATIN.fullmatch(atom)]
        slips = {atom: self._meant(atom, last=atom == atoms[-1]) for atom in plain}
        return [[([slips.get(atom) or atom for atom in word[0]], word[1]) for word in line] for line in lines]

    def _meant(self, word: str, *, last: bool) -> str:
        """The known word that one may be a slip of, or the beginning; "" where none is."""
        near = [
            known
            for known in self._spellings
            if known[0] == word[0] and (_is_slip(word, known) or (last and known.startswith(word)))
        ]
        return min(near, key=lambda known: (abs(len(known) - len(word)), known), default="")


def _is_slip(word: str, known: str) -> bool:
    """Whether one letter was added, dropped or changed, or two stand the wrong way round.

    In short words only the last of these.
    """
    if abs(len(word) - len(known)) > 1:
        return False
    one, other = word, known
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    swapped = len(one) == 2 and one == other[::-1]
    return swapped or (len(word) > 5 and max(len(one), len(other)) == 1)
