"""Finding a page by what someone pastes: a log line, a stack trace, an alert, a symptom, a product.

The browser answers the same (`_static/atlas/search.js`); a change here is a change there. How it ranks:

1. Of a long text the lines that look like errors are kept (`_condense`). It becomes words (`normalise`):
   colours, times, ids, addresses, hex and paths go, then numbers that only count. `ENOSPC` and its like are
   read with what they mean.
2. Each error string, alert and symptom of a diagram is a key, but for names of files and lone words; `…` in
   it stands for anything. A key scores 3000, 2000 or 1000 by its sort, plus twenty a word, where all its
   parts stand in the text (`_exactness`), written apart or in one (`TooManyOpenFiles`); little where it is
   one or two words of a longer text; less where the text stands in the key; less again where the two share
   a run of words (`_likeness`).
3. All words of a diagram, and the parts of those written in one, are ranked by BM25+ as MiniSearch computes
   it (`_Words`), words that the atlas does not know also by prefix and by a quarter of their letters
   mistyped. A fifth of that counts, beside a key at most so much that a guide stays ahead.
4. A debugging guide gets more: it says what to do, ahead of what happened to others by the same key. Ties
   go by title.
5. What shares only common words with the text is left out, unless the text has no other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, log
from typing import Any, Final

Json = Mapping[str, Any]

_NOISE: Final = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(\x1b|\\x1b|\\u001b|\\033|\^\[)\[[\d;?]*[a-z]",
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?[\d.,]*(Z|[+-]\d\d:?\d\d)?",
        (
            r"\b(mon|tue|wed|thu|fri|sat|sun)?,? ?"
            r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +\d{1,2},?( \d{4})?"
        ),
        r"\b\d{1,2}:\d\d(:\d\d)?([.,]\d+)?\b",
        r"\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b",
        r"\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b",
        r"\b0x[\da-f]+\b",
        r"\b(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{7,}\b",
        r"(?<![\w.])(/[\w.@%+~-]+){2,}/?(:\d+)?",
        r"\b\d[\d.]*(?=([kmgt]i?b|ms)\b)",
    )
)
_WORD: Final = re.compile(r"\w+")
_COUNTER: Final = re.compile(r"\d{1,2}|\d{6,}", re.ASCII)
_SEAM: Final = re.compile(r"_+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ALARMING: Final = re.compile(
    r"err|exception|fatal|fail|panic|kill|warn|refus|denied|reject|timed?[ -]?out|exceed|full|memory|crit",
    re.ASCII | re.IGNORECASE,
)
CODES: Final = {
    "EACCES": "permission denied",
    "EADDRINUSE": "address already in use",
    "ECONNREFUSED": "connection refused",
    "ECONNRESET": "connection reset by peer",
    "EDQUOT": "disk quota exceeded",
    "EHOSTUNREACH": "no route to host",
    "EMFILE": "too many open files",
    "ENFILE": "too many open files in system",
    "ENOMEM": "cannot allocate memory",
    "ENOSPC": "no space left on device",
    "EPIPE": "broken pipe",
    "EROFS": "read-only file system",
    "ETIMEDOUT": "connection timed out",
}
"""What the names of POSIX error numbers mean, as programs print them."""
_CODE: Final = re.compile(rf"\b({'|'.join(CODES)})\b")

KINDS: Final = {"errors": "error string", "alerts": "alert", "symptoms": "symptom"}
_BASES: Final = {"error string": 3000.0, "alert": 2000.0, "symptom": 1000.0}
_BOOSTS: Final = {"errors": 6.0, "alerts": 6.0, "symptoms": 4.0, "title": 3.0, "names": 3.0, "labels": 1.0}
_CLOSE, _TELLING, _TYPOS, _SHOWN = 40, 48, 12, 8
_LONGEST = 8000
_PART = 3
_GUIDE, _BESIDE = 100.0, 90.0
_K, _B, _D = 1.2, 0.7, 0.5
_FUZZY, _PREFIX = 0.45, 0.375


@dataclass(frozen=True, slots=True)
class Hit:
    """A diagram that answers, and why: `kind` of what matched and the text that did.

    `gate` is the gate to land on; empty for the drawing.
    """

    id: str
    title: str
    where: str
    kind: str
    matched: str
    gate: str
    score: float


def index(atlas: Json) -> list[dict[str, Any]]:
    """Each diagram of an `atlas.json` by what it is found by; plain data, in the order of ids."""
    plan, technologies = atlas["catalogue"], atlas["technologies"]
    categories = {c["id"]: c["title"] for c in plan["categories"]}
    systems = {s["id"]: s["name"] for s in plan["systems"]}
    names = {t["id"]: t["names"][0] for t in technologies}
    return [_entry(d, categories, systems, names) for d in atlas["diagrams"]]


def _entry(
    diagram: Json, categories: Mapping[str, str], systems: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Any]:
    system = systems.get(diagram["system"], diagram["system"])
    category = categories.get(diagram["category"], diagram["category"])
    gates = {g["gate"] for g in diagram["gates"]}
    shown = [d["label"] for part in ("nodes", "edges") for d in diagram[part]]
    shown += [g["title"] for g in diagram["groups"]]
    return {
        "id": diagram["id"],
        "title": diagram["page_title"] or diagram["title"],
        "where": " · ".join(filter(None, (category, system))),
        "guide": diagram["category"] == "debugging",
        "gate": next((g for g in ("3am", "incident") if g in gates), ""),
        "errors": diagram["errors"],
        "alerts": diagram["alerts"],
        "symptoms": diagram["symptoms"],
        "names": [n for n in (system, *(names[t] for t in diagram["technologies"])) if n],
        "labels": " ".join(filter(None, [diagram["title"], *shown])),
    }


def normalise(text: str) -> str:
    """The words of a text that tell something, lower-case, parted by blanks."""
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _written(text)]


def _written(text: str) -> list[str]:
    for noise in _NOISE:
        text = noise.sub(" ", text)
    return [word for word in _WORD.findall(text) if not _COUNTER.fullmatch(word)]


def _spelt(word: str) -> list[str]:
    return [part for part in _SEAM.sub(" ", word).lower().split() if not _COUNTER.fullmatch(part)]


def _apart(word: str) -> tuple[str, ...]:
    """A word and, where several are written in one, those of its parts that may tell something."""
    whole = word.lower()
    return whole, *(part for part in _spelt(word) if len(part) >= _PART and part != whole)


def _condense(text: str) -> str:
    """Of a long text the lines that look like errors, each once, and as many others as there is room for."""
    if len(text) <= _LONGEST:
        return text
    lines: dict[str, str] = {}
    for line in text.split("\n"):
        lines.setdefault(normalise(line), line)
    kept = sorted(lines.values(), key=lambda line: not _ALARMING.search(line))
    return "\n".join(kept)[:_LONGEST]


def search(index: Iterable[Json], text: str, limit: int = 10) -> list[Hit]:
    """The entries of an `index` that answer a text, the best first. For many texts make one `Finder`."""
    return Finder(prepare(index)).search(text, limit)


# Prepared entries --------------------------------------------------------------------------------


def prepare(index: Iterable[Json]) -> list[dict[str, Any]]:
    """The entries of an `index` with the words of their keys and fields: plain data, which may be kept."""
    return [_prepare(entry) for entry in index]


def _prepare(entry: Json) -> dict[str, Any]:
    keys = [
        (kind, text, [normalise(part) for part in text.split("…")])
        for name, kind in KINDS.items()
        for text in entry[name]
    ]
    words = {
        name: " ".join(part for word in _written(_joined(entry[name])) for part in _apart(word))
        for name in _BOOSTS
    }
    kept = {name: entry[name] for name in ("id", "title", "where", "guide", "gate")}
    return {**kept, "keys": [(k, t, [p for p in parts if p]) for k, t, parts in keys], "words": words}


def _joined(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)


@dataclass(frozen=True, slots=True)
class _Key:
    kind: str
    text: str
    parts: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


@dataclass(slots=True)
class _Loose:
    """What the words of a text found in one diagram: `matched` are its words, each with their fields."""

    score: float = 0.0
    asked: set[str] = field(default_factory=set)
    matched: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words of a text in order: as they are written, and those that the atlas does not know in parts.

    `terms` are the words and their telling parts.
    """

    words: tuple[str, ...]
    spelt: tuple[str, ...]
    terms: tuple[str, ...]

    @classmethod
    def read(cls, text: str, known: Container[str]) -> _Asked:
        meant = _CODE.sub(lambda code: f"{code[0]} {CODES[code[0]]}", _condense(text))
        written = _written(meant)
        new = [(word, word.lower() not in known) for word in written]
        return cls(
            tuple(word.lower() for word in written),
            tuple(part for word, parted in new for part in (_spelt(word) if parted else [word.lower()])),
            tuple(part for word, parted in new for part in (_apart(word) if parted else [word.lower()])),
        )


class Finder:
    """Prepared entries, ready to be searched many times."""

    def __init__(self, prepared: Iterable[Json]) -> None:
        self._entries = list(prepared)
        self._words = _Words([entry["words"] for entry in self._entries])
        self._keys = [[_read_key(key) for key in entry["keys"]] for entry in self._entries]

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """The diagrams that answer a text, the best first."""
        asked = _Asked.read(text, self._words.known)
        if not asked.words:
            return []
        loose = self._words.search(asked.terms)
        close = sorted(loose, key=lambda number: -loose[number].score)[:_CLOSE]
        hits = self._answers(asked, loose, frozenset(close))
        return sorted(hits, key=lambda hit: (-hit.score, hit.title.casefold()))[:limit]

    def _answers(self, asked: _Asked, loose: Mapping[int, _Loose], close: frozenset[int]) -> Iterator[Hit]:
        lines = tuple(dict.fromkeys((asked.words, asked.spelt)))
        known = frozenset(asked.words)
        told = {number: self._words.telling(found.matched) for number, found in loose.items()}
        common = not any(told.values())
        for number, entry in enumerate(self._entries):
            scored = [
                (_exactness(key, lines) or (number in close and _likeness(key, asked, known)), key)
                for key in self._keys[number]
            ]
            score, key = max(scored, key=lambda pair: pair[0], default=(0.0, None))
            found = loose.get(number, _Loose())
            words = [*found.matched] if common else told.get(number, [])
            if key is not None and score:
                yield _keyed(entry, score, key, found)
            elif words:
                yield _worded(entry, words, found)


def _keyed(entry: Json, score: float, key: _Key, loose: _Loose) -> Hit:
    total = score + min(loose.score / 5, _BESIDE) + (_GUIDE if entry["guide"] else 0)
    return Hit(entry["id"], entry["title"], entry["where"], key.kind, key.text, entry["gate"], total)


def _worded(entry: Json, words: Sequence[str], loose: _Loose) -> Hit:
    acute = not KINDS.keys().isdisjoint({name for names in loose.matched.values() for name in names})
    total = min(loose.score, 4000) / 5 + (_GUIDE / 10 if entry["guide"] else 0)
    matched, gate = ", ".join(words[:_SHOWN]), entry["gate"] if acute else ""
    return Hit(entry["id"], entry["title"], entry["where"], "words", matched, gate, total)


def _read_key(key: Sequence[Any]) -> _Key:
    kind, text, parts = key
    return _Key(kind, text, tuple(tuple(part.split()) for part in parts))


def _exactness(key: _Key, lines: Iterable[Sequence[str]]) -> float:
    """How well a key stands in a line, or a line in a key; zero where neither does."""
    return max(_exact_in(key, line) for line in lines) if key.size else 0.0


def _exact_in(key: _Key, words: Sequence[str]) -> float:
    base, line = _BASES[key.kind], f" {' '.join(words)} "
    parts = [f" {' '.join(part)} " for part in key.parts]
    if all(part in line for part in parts):
        return _whole(key, len(words))
    if len(words) > 1 and any(line in part for part in parts):
        return base - 200 + 100 * len(words) / key.size
    return 0.0


def _whole(key: _Key, asked: int) -> float:
    """One or two words tell little among more, unless they are the name of an alert."""
    base, telling = _BASES[key.kind], key.size > 2 or key.size >= asked or key.kind == "alert"
    return base + 20 * min(key.size, 50) if telling else base / 20 + 10 * key.size


def _likeness(key: _Key, asked: _Asked, known: frozenset[str]) -> float:
    """How well the longest run of words that a key shares with a text covers the key."""
    shared = (part for part in key.parts if len(known.intersection(part)) > 2)
    run = max((_longest_run(part, asked.words) for part in shared), default=0)
    return _BASES[key.kind] - 500 + 10 * min(run, 20) if run > 2 and run / key.size > 0.3 else 0.0


def _longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    most = 0
    above = [0] * (len(other) + 1)
    for word in one:
        row = [0] * (len(other) + 1)
        for at, second in enumerate(other):
            if word == second:
                row[at + 1] = above[at] + 1
                most = max(most, row[at + 1])
        above = row
    return most


# Words -------------------------------------------------------------------------------------------


class _Words:
    """The words of all entries by field, ranked as MiniSearch 7.2 ranks them."""

    def __init__(self, entries: Sequence[Mapping[str, str]]) -> None:
        self._counts = [{name: Counter(words.split()) for name, words in entry.items()} for entry in entries]
        self.known = Counter(word for counts in self._counts for word in set().union(*counts.values()))
        totals = {name: sum(len(counts[name]) for counts in self._counts) for name in _BOOSTS}
        self._average = {name: total / len(entries) for name, total in totals.items() if entries}

    def search(self, asked: Iterable[str]) -> dict[int, _Loose]:
        """What each entry has of the most telling words asked for, by number of the entry."""
        unknown = len(self._counts) + 1
        telling = sorted(dict.fromkeys(asked), key=lambda word: self.known.get(word, unknown))[:_TELLING]
        typos = [word for word in telling if word not in self.known][:_TYPOS]
        found: dict[int, _Loose] = {}
        for word in telling:
            weights = {word: 1.0} | (self._variants(word) if word in typos else {})
            for variant, weight in weights.items():
                self._add(found, word, variant, weight)
        for loose in found.values():
            loose.score *= len(loose.asked)
        return found

    def telling(self, words: Iterable[str]) -> list[str]:
        """Those that stand in less than a third of the entries, the rarest first."""
        rare = [word for word in words if self.known[word] < len(self._counts) / 3]
        return sorted(rare, key=lambda word: self.known[word])

    def _add(self, found: dict[int, _Loose], asked: str, word: str, weight: float) -> None:
        for name, boost in _BOOSTS.items():
            holders = [(n, counts[name]) for n, counts in enumerate(self._counts) if word in counts[name]]
            rarity = log(1 + (len(self._counts) - len(holders) + 0.5) / (len(holders) + 0.5))
            for number, counts in holders:
                length = _K * (1 - _B + _B * len(counts) / self._average[name])
                frequency = counts[word] * (_K + 1) / (counts[word] + length)
                loose = found.setdefault(number, _Loose())
                loose.score += weight * boost * rarity * (_D + frequency)
                loose.asked.add(asked)
                loose.matched.setdefault(word, set()).add(name)

    def _variants(self, word: str) -> dict[str, float]:
        """Known words that a mistyped or unfinished one may mean, each with its weight."""
        weights = {}
        most = floor(len(word) * 0.25 + 0.5) if len(word) > 3 else 0
        letters = set(word)
        for known in self.known:
            beyond = len(known) - len(word)
            if len(word) > 4 and known.startswith(word):
                weights[known] = _PREFIX * len(known) / (len(known) + 0.3 * beyond)
            elif abs(beyond) <= most and len(letters.symmetric_difference(known)) <= 2 * most:
                distance = _distance(word, known)
                if distance <= most:
                    weights[known] = _FUZZY * len(known) / (len(known) + distance)
        return weights


def _distance(one: str, other: str) -> int:
    """The letters to add, drop or change that lead from one word to another (Levenshtein)."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, second in enumerate(other, 1):
            change = above[column - 1] + (letter != second)
            current.append(min(change, above[column] + 1, current[-1] + 1))
        above = current
    return above[-1]
