"""Which keys (error strings, alerts, symptoms) stand in a text: whole, torn at its ends, or mostly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Any

from . import pasted
from .asked import Asked, Vocabulary
from .wording import COMMON_TELLS

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One string by which the entry of a number is found.

    `parts` is what stands between its `…`, without blanks, and `atoms` are its smallest words; `words` has
    for each atom the number of the word that it was written in. It is `enough` where it tells so much that
    nothing else is needed.
    """

    entry: int
    kind: str
    text: str
    tells: float
    enough: bool
    parts: tuple[str, ...]
    atoms: tuple[str, ...]
    words: tuple[int, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class Match:
    """A key, what that of it tells which stands in a text, whether it is enough, and how: "" or "like "."""

    key: Key
    tells: float
    enough: bool
    like: str = ""


class Keys:
    """The keys of an index, ready to be looked for."""

    def __init__(self, entries: Sequence[Json], words: Vocabulary) -> None:
        self._rules, self._words, self._entries = words.rules, words, entries
        self._keys = [
            self._read_key(number, key) for number, entry in enumerate(entries) for key in entry["keys"]
        ]
        self._anchored: dict[str, list[Key]] = defaultdict(list)
        self._holding: dict[str, list[Key]] = defaultdict(list)
        for key in self._keys:
            self._anchored[max(key.parts, key=len)[: self._rules["anchor"]]].append(key)
            telling = {pasted.singular(atom) for atom in key.atoms if words.phrased(atom) > 1}
            for atom in telling if key.kind != "alert" else ():
                self._holding[atom].append(key)
        self._named: dict[str, list[Key]] = defaultdict(list)
        for number, entry in enumerate(entries):
            for kind, text, tells, name in entry["named"]:
                self._named[name].append(self._read_key(number, (kind, text, tells, True, name)))

    def find(self, asked: Asked) -> Iterator[Match]:
        """The keys that stand in a text, whole ones first."""
        whole = [*self._whole(asked), *self._by_name(asked), *self._torn(asked)]
        yield from whole
        yield from self._partly(asked, {id(match.key) for match in whole})

    def _read_key(self, entry: int, key: Sequence[Any]) -> Key:
        kind, text, weight, own, *parts = key
        enough = weight >= self._rules["sure"] and (own or self._entries[entry]["guide"])
        squashed = tuple(part.replace(" ", "").replace("_", "") for part in parts)
        split = [(atom, at) for at, word in enumerate(" ".join(parts).split()) for atom in word.split("_")]
        atoms, words = zip(*split, strict=True)
        return Key(entry, kind, text, weight, enough, squashed, atoms, words)

    def _whole(self, asked: Asked) -> Iterator[Match]:
        text = asked.squashed
        starts = {text[at : at + self._rules["anchor"]] for at in range(len(text))}
        for start in sorted(starts & self._anchored.keys()):
            for key in self._anchored[start]:
                if _stands(key, asked, self._rules):
                    yield Match(key, key.tells, key.enough)

    def _by_name(self, asked: Asked) -> Iterator[Match]:
        for name in sorted(asked.names):
            for key in self._named.get(name, ()):
                yield Match(key, key.tells, key.enough)

    def _torn(self, asked: Asked) -> Iterator[Match]:
        """Keys within which a text begins or ends."""
        for key in self._keys:
            if key.kind != "alert" and len(key.parts) == 1:
                begin, end = _held(key.parts[0], asked.squashed, self._rules)
                if end:
                    yield Match(key, self._between(key.atoms, begin, end), key.enough, "like ")

    def _between(self, atoms: Sequence[str], begin: int, end: int) -> float:
        """What those words tell that stand between two letters."""
        ends = [*accumulate(map(len, atoms))]
        inside = (a for a, after in zip(atoms, ends, strict=True) if begin <= after - len(a) and after <= end)
        return sum(map(self._words.phrased, inside))

    def _partly(self, asked: Asked, whole: set[int]) -> Iterator[Match]:
        """Keys of which much stands in a text in order, but for those that stand there whole."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, atom in enumerate(asked.atoms):
            places[atom].append(at)
        shared: dict[int, float] = defaultdict(float)
        keys: dict[int, Key] = {}
        for atom in places:
            for key in self._holding.get(pasted.singular(atom), ()):
                keys[id(key)] = key
                shared[id(key)] += self._words.phrased(atom)
        for number, key in keys.items():
            enough = number not in whole and shared[number] >= self._rules["cut"] / 2
            if enough and (match := self._align(key, asked, places)):
                yield match

    def _align(self, key: Key, asked: Asked, places: Mapping[str, Sequence[int]]) -> Match | None:
        """What the runs of a key's words tell that stand in a text in order; None where that is too little.

        Parts of one name, written otherwise, are too little: `super-read-only` is not `super_read_only`.
        Where the text begins or ends within the key, what it cannot hold is not missed.
        """
        runs = [*self._runs(key.atoms, asked, places)]
        words = {key.words[at + more] for at, _, size in runs for more in range(size)}
        if sum(size for _, _, size in runs) < self._rules["run"] or len(words) == 1:
            return None
        told = [self._words.phrased(atom) for atom in key.atoms]
        stand = [tells for at, _, size in runs for tells in told[at : at + size]]
        (first, begin, _), (last, end, size) = runs[0], runs[-1]
        head, tail = sum(told[:first]), sum(told[last + size :])
        begins = _begins(key.atoms[:first], asked.atoms[:begin])
        if head > self._rules["head"] and not begins:
            return None
        ends = _ends(key.atoms[last + size :], asked.atoms[end + size :])
        wanted = sum(told) - (head if begins else 0) - (tail if ends else 0)
        if sum(stand) < self._rules["faint"] * wanted:
            return None
        own = max(stand) > COMMON_TELLS or self._entries[key.entry]["guide"]
        much = sum(stand) >= self._rules["like"] * wanted and sum(stand) >= self._rules["cut"]
        return Match(key, sum(stand), bool(own and much), "like ")

    def _runs(
        self, atoms: Sequence[str], asked: Asked, places: Mapping[str, Sequence[int]]
    ) -> Iterator[tuple[int, int, int]]:
        """Runs of a key's words in a text, one after another: place in the key, in the text, and length."""
        at, since = 0, -1
        while at < len(atoms):
            near = [
                place
                for place in places.get(atoms[at], ())
                if since < 0 or since <= place <= since + self._rules["apart"]
            ]
            size, place = max(((_run(atoms, at, asked.atoms, p), -p) for p in near), default=(0, 0))
            if size > 1 or (size and self._words.phrased(atoms[at]) > self._rules["cut"]):
                yield at, -place, size
                since = -place + size
            at += max(size, 1)


def _stands(key: Key, asked: Asked, rules: Json) -> bool:
    """Whether the parts of a key stand in a text one after another, not too far apart."""
    free, whole = rules["long"] if key.kind != "alert" else inf, len(asked.squashed)
    since = _place(key.parts[0], asked, 0, whole, free)
    while since >= 0:
        end = since
        for part in key.parts[1:]:
            end = _place(part, asked, end, rules["gap"], free) if end >= 0 else end
        if end >= 0:
            return True
        since = _place(key.parts[0], asked, since, whole, free)
    return False


def _place(part: str, asked: Asked, since: int, gap: int, free: float) -> int:
    """Where a part ends that stands in a text, as whole words or with `free` letters or more; -1: nowhere."""
    at = asked.squashed.find(part, since)
    while 0 <= at <= since + gap:
        end = at + len(part)
        if len(part) >= free or (at in asked.bounds and end in asked.bounds):
            return end
        at = asked.squashed.find(part, at + 1)
    return -1


def _held(part: str, text: str, rules: Json) -> tuple[int, int]:
    """From which to which letter a text that begins or ends within a part holds it, where that is much."""
    least = max(rules["long"], int(len(part) * rules["torn"]))
    tail, head = text[1 - len(part) :], text[: len(part) - 1]
    at, end = tail.find(part[:least]), head.find(part[-least:]) + least
    if at >= 0 and part.startswith(tail[at:]):
        return 0, len(tail) - at
    return (len(part) - end, len(part)) if end >= least and part.endswith(head[:end]) else (0, 0)


def _begins(missed: Sequence[str], before: Sequence[str]) -> bool:
    """Whether a text begins within what is missed of a key: nothing is before, or the end of a word."""
    return not before or (len(before) == 1 and bool(missed) and missed[-1].endswith(before[0]))


def _ends(missed: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a text ends within what is missed of a key: nothing comes after, or the beginning of a word."""
    return not after or (len(after) == 1 and bool(missed) and missed[0].startswith(after[0]))


def _run(one: Sequence[str], at: int, other: Sequence[str], place: int) -> int:
    """How many words from `at` on in one are those from `place` on in the other."""
    size = 0
    while at + size < len(one) and place + size < len(other) and one[at + size] == other[place + size]:
        size += 1
    return size
