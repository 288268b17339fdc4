"""Finding a page by what someone pastes: a log line, a stack trace, an alert, a symptom, a product.

The browser answers the same (`_static/atlas/search.js`); a change here is a change there. How it ranks:

1. A text becomes words (`normalise`): colours, times, ids, addresses, hex and paths go, then numbers that
   only count. `ENOSPC` and its like are read with what they mean. Keys are looked for in every line; of a
   long text all else is asked of the gravest lines and the last (`_condense`).
2. Each error string, alert and symptom of a diagram is a key, but for names of files and lone words; `…` in
   it stands for anything. A key scores 3000, 2000 or 1000 by its sort, plus twenty a word, where all its
   parts stand in the text (`_exactness`), written apart or in one (`TooManyOpenFiles`); little where it is
   one or two words of a longer text.
3. Where a run of a key's words stands in the text, the rare ones among them (`_likeness`), it is "like" the
   key: below every whole key.
4. All words of a diagram, and the parts of those written in one, are ranked by BM25+ as MiniSearch computes
   it (`_Words`), without those of mere grammar; words that the atlas does not know also by prefix and with
   a letter mistyped. A fifth of that counts, beside a key at most so much that a guide stays ahead.
5. Words alone answer where two stand in a diagram, or one that names its system or technology or what it is
   about, or half of what was asked; common ones count where the text has no other. Beside a whole error
   string or alert at most three are shown, and half does not do.
6. A debugging guide gets more: it says what to do, ahead of what happened to others by the same key. Ties
   go by title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from math import inf, log
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
_GRAVE: Final = re.compile(
    r"fatal|panic|exception|out ?of ?memory|oom|crit|emerg|caused by|abort", re.ASCII | re.IGNORECASE
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

GRAMMAR: Final = tuple(
    """
    a about above after again all already also although always am an and another any anything are aren
    as at away back be because been before being below between both but by came can cannot come could
    couldn debug did didn do does doesn doing don done down during each either else enough error errors
    even ever every exception exceptions fatal few first for found from further get gets give given go
    goes going got had has hasn have haven having he help her here him his how i if in info instead into
    is isn it its itself just last least less let like ll made make many may me might more most much
    must my near neither never next no nor not nothing now of off often on once one only onto or other
    others our out over own per please put quite rather re same she should shouldn since so some
    something soon still such take than that the their them then there these they thing this those
    though through thus to together too toward under until up upon us use used uses using ve very via
    want warn warning was wasn way we well went were what when where whether which while who whole whom
    whose why will with within without won would wouldn yes yet you your
    """.split()
)
"""Words that tell nothing of what broke: those of grammar and of levels. They count in keys, never alone."""
_GRAMMAR: Final = frozenset(GRAMMAR)

KINDS: Final = {"errors": "error string", "alerts": "alert", "symptoms": "symptom"}
_BASES: Final = {"error string": 3000.0, "alert": 2000.0, "symptom": 1000.0}
_LIKE: Final = {"error string": 800.0, "alert": 775.0, "symptom": 750.0}
_BOOSTS: Final = {"errors": 6.0, "alerts": 6.0, "symptoms": 4.0, "title": 3.0, "names": 3.0, "labels": 1.0}
_CLOSE, _TELLING, _TYPOS, _SHOWN = 40, 48, 12, 8
_LONGEST = 8000
_PART, _MOST = 3, 4
_SURE, _BESIDE_SURE, _LIKELY = 2000.0, 3, 0.65
_GUIDE, _BESIDE = 100.0, 90.0
_K, _B, _D = 1.2, 0.7, 0.5
_FUZZY, _PREFIX, _SHORT, _LONG = 0.45, 0.375, 5, 8


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


def _distinct(text: str) -> list[str]:
    """The lines of a long text, those that differ by numbers and names alone once; a shorter text whole."""
    if len(text) <= _LONGEST:
        return [text]
    lines: dict[str, str] = {}
    for line in text.split("\n"):
        lines.setdefault(normalise(line), line)
    return list(lines.values())


def _condense(lines: Sequence[str]) -> str:
    """Those of the lines for which there is room, in order: the gravest first, of alike ones the last."""
    kept, room = {}, _LONGEST
    for at in sorted(range(len(lines)), key=lambda at: (_calm(lines[at]), -at)):
        kept[at] = lines[at][: max(room, 0)]
        room -= len(lines[at]) + 1
    return "\n".join(kept[at] for at in sorted(kept) if kept[at])


def _calm(line: str) -> int:
    return 0 if _GRAVE.search(line) else 1 if _ALARMING.search(line) else 2


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
    words: frozenset[str]

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


@dataclass(slots=True)
class _Loose:
    """What the words of a text found in one diagram: `matched` are its words, each with their fields.

    `asked` are the words of the text that led there.
    """

    score: float = 0.0
    asked: set[str] = field(default_factory=set)
    matched: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Meant:
    """A word that was asked for, or one that it may be a slip of, with less weight."""

    asked: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words of a text in order, of a long one those of its gravest lines.

    `lines` are all words in which keys are looked for, each line between blanks: as they are written, and
    those that the atlas does not know in parts. `terms` are the words and their telling parts.
    """

    words: tuple[str, ...]
    terms: tuple[str, ...]
    lines: tuple[str, ...]
    vocabulary: frozenset[str]

    @classmethod
    def read(cls, text: str, known: Container[str]) -> _Asked:
        said = _distinct(_CODE.sub(lambda code: f"{code[0]} {CODES[code[0]]}", text))
        written = _written(_condense(said))
        new = [(word, word.lower() not in known) for word in written]
        words = tuple(word.lower() for word in written)
        spelt = [part for word, parted in new for part in (_spelt(word) if parted else [word.lower()])]
        terms = tuple(part for word, parted in new for part in (_apart(word) if parted else [word.lower()]))
        others = map(normalise, said) if len(said) > 1 else ()
        lines = dict.fromkeys([" ".join(words), " ".join(spelt), *others])
        vocabulary = frozenset(word for line in lines for word in line.split())
        return cls(words, terms, tuple(f" {line} " for line in lines), vocabulary)


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
        meant = self._words.meant(asked.terms)
        loose = self._words.search(meant)
        keyed = self._by_keys(asked, loose)
        worded = _ranked(self._by_words(meant, loose, keyed))
        return _ranked([*keyed.values(), *worded[: _BESIDE_SURE if _sure(keyed) else None]])[:limit]

    def _by_keys(self, asked: _Asked, loose: Mapping[int, _Loose]) -> dict[int, Hit]:
        close = frozenset(sorted(loose, key=lambda number: -loose[number].score)[:_CLOSE])
        hits = {}
        for number, entry in enumerate(self._entries):
            scored = [(_exactness(key, asked), "", key) for key in self._keys[number]]
            if number in close:
                scored += [(self._likeness(key, asked), "like ", key) for key in self._keys[number]]
            score, like, best = max(scored, key=lambda one: one[0], default=(0.0, "", None))
            if best is not None and score:
                hits[number] = _keyed(entry, score, like + best.kind, best, loose.get(number, _Loose()))
        return hits

    def _likeness(self, key: _Key, asked: _Asked) -> float:
        """How much of a key the runs of words that it shares with a text are, the rare words above all."""
        shared = (part for part in key.parts if len(asked.vocabulary.intersection(part)) > 1)
        runs = [_longest_run(part, asked.words) for part in shared]
        most = max(map(len, runs), default=0)
        if most < 2 or most < min(3, len(asked.words)):
            return 0.0
        covered = self._words.weight(sum(runs, ())) / self._words.weight(sum(key.parts, ()))
        return _LIKE[key.kind] * covered if covered >= _LIKELY else 0.0

    def _by_words(
        self, meant: Mapping[str, _Meant], loose: Mapping[int, _Loose], keyed: Mapping[int, Hit]
    ) -> Iterator[Hit]:
        told = {number: self._words.telling(found.matched) for number, found in loose.items()}
        if not any(told.values()):
            told = {number: sorted(found.matched) for number, found in loose.items()}
        half = inf if _sure(keyed) else len({word.asked for word in meant.values()}) / 2
        for number, found in loose.items():
            words = told[number]
            named = any(meant[word].asked == word and _names(word, found.matched[word]) for word in words)
            said = len({meant[word].asked for word in words})
            if number not in keyed and words and (named or said >= min(half, 2)):
                yield _worded(self._entries[number], words, found)


def _sure(keyed: Mapping[int, Hit]) -> bool:
    """Whether a whole error string or alert answers."""
    return any(hit.score >= _SURE for hit in keyed.values())


def _names(word: str, fields: AbstractSet[str]) -> bool:
    """Whether a word tells much alone: it names a system, a technology or what most of a page is about.

    So does the code of an error.
    """
    code = word.isdigit() and not KINDS.keys().isdisjoint(fields)
    return "names" in fields or len(fields) >= _MOST or code


def _ranked(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.title.casefold()))


def _keyed(entry: Json, score: float, kind: str, key: _Key, loose: _Loose) -> Hit:
    total = score + min(loose.score / 5, _BESIDE) + (_GUIDE if entry["guide"] else 0)
    return Hit(entry["id"], entry["title"], entry["where"], kind, key.text, entry["gate"], total)


def _worded(entry: Json, words: Sequence[str], loose: _Loose) -> Hit:
    acute = not KINDS.keys().isdisjoint({name for names in loose.matched.values() for name in names})
    total = min(loose.score, 4000) / 5 + (_GUIDE / 10 if entry["guide"] else 0)
    matched, gate = ", ".join(words[:_SHOWN]), entry["gate"] if acute else ""
    return Hit(entry["id"], entry["title"], entry["where"], "words", matched, gate, total)


def _read_key(key: Sequence[Any]) -> _Key:
    kind, text, parts = key
    words = tuple(tuple(part.split()) for part in parts)
    return _Key(kind, text, words, frozenset(word for part in words for word in part))


def _exactness(key: _Key, asked: _Asked) -> float:
    """How well a key stands in a line; zero where it stands in none."""
    if not key.words or not key.words <= asked.vocabulary:
        return 0.0
    parts = [f" {' '.join(part)} " for part in key.parts]
    found = any(all(part in line for part in parts) for line in asked.lines)
    return _whole(key, len(asked.words)) if found else 0.0


def _whole(key: _Key, asked: int) -> float:
    """One or two words tell little among more, unless they are the name of an alert."""
    base, telling = _BASES[key.kind], key.size > 2 or key.size >= asked or key.kind == "alert"
    return base + 20 * min(key.size, 50) if telling else base / 20 + 10 * key.size


def _longest_run(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The most words in a row that stand in both."""
    most, end = 0, 0
    above = [0] * (len(other) + 1)
    for ends, word in enumerate(one, 1):
        row = [0] * (len(other) + 1)
        for at, second in enumerate(other):
            if word == second:
                row[at + 1] = above[at] + 1
                if row[at + 1] > most:
                    most, end = row[at + 1], ends
        above = row
    return tuple(one[end - most : end])


# Words -------------------------------------------------------------------------------------------


class _Words:
    """The words of all entries by field, ranked as MiniSearch 7.2 ranks them."""

    def __init__(self, entries: Sequence[Mapping[str, str]]) -> None:
        self._counts = [{name: Counter(words.split()) for name, words in entry.items()} for entry in entries]
        self.known = Counter(word for counts in self._counts for word in set().union(*counts.values()))
        totals = {name: sum(len(counts[name]) for counts in self._counts) for name in _BOOSTS}
        self._average = {name: total / len(entries) for name, total in totals.items() if entries}

    def meant(self, asked: Iterable[str]) -> dict[str, _Meant]:
        """The most telling words asked for, and what those may mean that the atlas does not know."""
        unknown = len(self._counts) + 1
        once = dict.fromkeys(word for word in asked if word not in _GRAMMAR)
        telling = sorted(once, key=lambda word: self.known.get(word, unknown))[:_TELLING]
        meant = {word: _Meant(word, 1.0) for word in telling}
        for word in [word for word in telling if word not in self.known][:_TYPOS]:
            for variant, weight in self._variants(word).items():
                meant.setdefault(variant, _Meant(word, weight))
        return meant

    def search(self, meant: Mapping[str, _Meant]) -> dict[int, _Loose]:
        """What each entry has of the words, by number of the entry."""
        found: dict[int, _Loose] = {}
        for word, asked in meant.items():
            if word in self.known:
                self._add(found, word, asked)
        for loose in found.values():
            loose.score *= len(loose.asked)
        return found

    def weight(self, words: Iterable[str]) -> float:
        """How much words tell: the fewer entries hold one, the more."""
        return sum(log(1 + len(self._counts) / self.known.get(word, 1)) ** 2 for word in words)

    def telling(self, words: Iterable[str]) -> list[str]:
        """Those that stand in less than a third of the entries, the rarest first."""
        rare = [word for word in words if self.known[word] < len(self._counts) / 3]
        return sorted(rare, key=lambda word: (self.known[word], word))

    def _add(self, found: dict[int, _Loose], word: str, meant: _Meant) -> None:
        for name, boost in _BOOSTS.items():
            holders = [(n, counts[name]) for n, counts in enumerate(self._counts) if word in counts[name]]
            rarity = log(1 + (len(self._counts) - len(holders) + 0.5) / (len(holders) + 0.5))
            for number, counts in holders:
                length = _K * (1 - _B + _B * len(counts) / self._average[name])
                frequency = counts[word] * (_K + 1) / (counts[word] + length)
                loose = found.setdefault(number, _Loose())
                loose.score += meant.weight * boost * rarity * (_D + frequency)
                loose.asked.add(meant.asked)
                loose.matched.setdefault(word, set()).add(name)

    def _variants(self, word: str) -> dict[str, float]:
        """Known words that a mistyped or unfinished one may mean, each with its weight."""
        weights = {}
        for known in self.known:
            if known[0] != word[0] or known in _GRAMMAR:
                continue
            if len(word) > 4 and known.startswith(word):
                beyond = len(known) - len(word)
                weights[known] = _PREFIX * len(known) / (len(known) + 0.3 * beyond)
            elif _is_slip(word, known):
                weights[known] = _FUZZY * len(known) / (len(known) + _distance(word, known))
        return weights


def _is_slip(word: str, known: str) -> bool:
    """Whether one letter went wrong, or two in a long word; in a short one but the order of two."""
    most = 2 if len(word) > _LONG else 1
    if len(word) <= _SHORT and (len(word) < 4 or sorted(word) != sorted(known)):
        return False
    return abs(len(known) - len(word)) <= most and _distance(word, known) <= most


def _distance(one: str, other: str) -> int:
    """The letters to add, drop, change or swap that lead from one word to another."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, second in enumerate(other, 1):
            least = min(above[column - 1] + (letter != second), above[column] + 1, current[-1] + 1)
            if row > 1 < column and (letter, one[row - 2]) == (other[column - 2], second):
                least = min(least, before[column - 2] + 1)
            current.append(least)
        before, above = above, current
    return above[-1]
