"""Finding a page by what someone pastes: a log line, a stack trace, an alert, a product; or saying no.

`findable` compiles what an atlas is found by, `pasted` and `asked` read a text, `matching` looks for keys
in it; this ranks. Scripts of the same names in `_static/atlas/` (the last is `search.js`) do the same from
the same data: a change here is a change there, and the same cases run through both.

1. **This is it**: a key (error string, alert, symptom) stands in the text and tells enough. Keys are compared
   without blanks, case and signs, so that glued, wrapped and otherwise spelt copies are the same. General
   words tell little, rare ones much; `…` in a key stands for anything.
2. So it is where most of a key stands there in order, its head above all ("like"), or as much of it as a text
   holds that begins or ends within.
3. Of several pages the key that tells more comes first, then a guide, then the page that knows more of the
   other words. A key without a word of its own (`No space left on device`) is sure on a guide alone.
4. **Perhaps**: of some line near half of what tells is known to a page, in more than one word. Of a few words
   typed by hand one is enough that a page is about. At most three.
5. **Nothing** else is an answer. Levels, states, units and words of grammar never lead anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from atlas.records.house import HOUSE, House
from atlas.records.recall import Recall

from . import pasted
from .asked import Asked, Vocabulary
from .findable import compile_index, entries
from .matching import Keys, Match

Json = Mapping[str, Any]
Answer = Literal["it", "perhaps"]

_TOPIC, _NAMED = 2, 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A diagram that answers, how surely, and why: `kind` of what matched and the text that did.

    `gate` is the gate to land on; empty for the drawing.
    """

    id: str
    title: str
    where: str
    answer: Answer
    kind: str
    matched: str
    gate: str
    score: float


def index(atlas: Json, recall: Recall | None = None, house: House = HOUSE) -> dict[str, Any]:
    """The index of an `atlas.json`: plain data, which may be kept."""
    return compile_index(entries(atlas, house.roles), recall)


def search(index: Json, text: str, limit: int = 8) -> list[Hit]:
    """What answers a text, the best first. For many texts make one `Finder`."""
    return Finder(index).search(text, limit)


def answer(hits: Sequence[Hit]) -> Literal["it", "perhaps", "nothing"]:
    """What the hits are together."""
    return hits[0].answer if hits else "nothing"


@dataclass(slots=True)
class _Evidence:
    """What a page knows of the words of a text: in all, and of its best line with the words of that."""

    total: float = 0.0
    best: float = 0.0
    words: list[str] = field(default_factory=list)
    strong: bool = False


class Finder:
    """An index, ready to be searched many times."""

    def __init__(self, index: Json) -> None:
        self._words = Vocabulary(index)
        self._rules, self._entries = index["rules"], index["entries"]
        self._keys = Keys(self._entries, self._words)

    def search(self, text: str, limit: int = 8) -> list[Hit]:
        """What answers a text: what is sure, the best first, then at most three that perhaps do."""
        asked = self._words.read(text)
        known = self._weigh(asked)
        sure, weak = self._by_keys(asked, known)
        rest = [*self._by_words(known, {hit.id for hit in (*sure, *weak)}), *weak]
        most, beside = self._rules["shown"]
        return [*_ranked(sure)[:most], *_ranked(rest)[:beside]][:limit]

    # By words ----------------------------------------------------------------------------------------

    def _weigh(self, asked: Asked) -> dict[int, _Evidence]:
        known: dict[int, _Evidence] = defaultdict(_Evidence)
        for word in dict.fromkeys(pasted.singular(word) for word in chain.from_iterable(asked.lines)):
            for number, tells, _ in self._words.found(word):
                known[number].total += tells
        for line in asked.lines:
            self._weigh_line(line, known, asked)
        return known

    def _weigh_line(self, line: Sequence[str], known: dict[int, _Evidence], asked: Asked) -> None:
        wanted = sum(self._words.tells(word) for word in line)
        rules, found = self._rules, defaultdict(list)
        for word in line:
            for number, tells, rank in self._words.found(word):
                found[number].append((-tells, word, rank))
        whole = asked.by_hand and len(line) > 1 and all(map(self._words.is_common, line))
        for number, words in found.items():
            got = -sum(tells for tells, _, _ in words)
            best = -min(words)[0]
            several = min(best, got - best) > rules["own"] and got >= rules["least"]
            about = _TOPIC if asked.by_hand else _NAMED
            topic = any(rank >= about and not self._words.is_general(word) for _, word, rank in words)
            enough = several or topic or (whole and got == wanted)
            if enough and got >= rules["share"] * wanted and got > known[number].best:
                named = [word for _, word, _ in sorted(words)[: rules["named"]]]
                known[number] = _Evidence(known[number].total, got, named, any(rank for _, _, rank in words))

    def _by_words(self, known: Mapping[int, _Evidence], taken: set[str]) -> Iterator[Hit]:
        for number, evidence in known.items():
            entry = self._entries[number]
            if evidence.best and entry["id"] not in taken:
                score = evidence.best + entry["guide"]
                gate = entry["gate"] if evidence.strong else ""
                yield _hit(entry, "perhaps", "words", ", ".join(evidence.words), gate, score)

    # By keys -----------------------------------------------------------------------------------------

    def _by_keys(self, asked: Asked, known: Mapping[int, _Evidence]) -> tuple[list[Hit], list[Hit]]:
        best: dict[int, tuple[bool, float, Match]] = {}
        for match in self._keys.find(asked):
            number, ranked = match.key.entry, (self._is_sure(match, asked), self._score(match, asked, known))
            if number not in best or ranked > best[number][:2]:
                best[number] = (*ranked, match)
        hits: tuple[list[Hit], list[Hit]] = ([], [])
        for number, (sure, score, match) in best.items():
            words, short = known[number].best, len(asked.squashed) <= 2 * match.key.size
            if sure or words or short or match.tells >= self._rules["sure"]:
                entry, kind = self._entries[number], match.like + match.key.kind
                told = score if sure else max(match.tells, words) + entry["guide"]
                hit = _hit(entry, "it" if sure else "perhaps", kind, match.key.text, entry["gate"], told)
                hits[not sure].append(hit)
        return hits

    def _is_sure(self, match: Match, asked: Asked) -> bool:
        """A key is that tells enough, the name of an alert, and a key that is all that was asked."""
        alone = not match.like and match.key.size == len(asked.squashed)
        return match.enough or alone or match.key.kind == "alert"

    def _score(self, match: Match, asked: Asked, known: Mapping[int, _Evidence]) -> float:
        rules, key, entry = self._rules, match.key, self._entries[match.key.entry]
        share, most = rules["context"]
        tells = match.tells * (rules["part"] if match.like else 1)
        exact = key.kind == "alert" and key.text in asked.text
        beside = rules["guide"] * entry["guide"] + rules["exact"] * exact + rules["kinds"][key.kind]
        return float(tells + beside + share * min(known[key.entry].total, most))


def _hit(entry: Json, answer: Answer, kind: str, matched: str, gate: str, score: float) -> Hit:
    return Hit(entry["id"], entry["title"], entry["where"], answer, kind, matched, gate, score)


def _ranked(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-round(hit.score, 6), hit.title.lower()))
