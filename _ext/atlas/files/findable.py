"""What an atlas is found by, compiled: the index that the finder in Python and that in JavaScript search.

`compile_index` gives plain data: `rules` (see `wording`), `entries` (one a diagram, with its keys), and
`terms` (each word with what it tells and where it stands). Ranking is nothing but sums over these.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import log
from typing import Any, Final

from atlas.records.house import HOUSE
from atlas.records.model import Role
from atlas.records.recall import Recall

from . import pasted
from .wording import COMMON_TELLS, RULES

Json = Mapping[str, Any]

KINDS: Final = {"errors": "error string", "alerts": "alert", "symptoms": "symptom"}
_WEAK: Final = ("labels", "code", "facts")
_NAMING: Final = ("errors", "symptoms")
_NAME: Final = re.compile(RULES["word"])
_TOPIC: Final = ("title", "names")
_MOST: Final = 4
_CLASSES: Final[dict[str, float]] = {
    pasted.singular(word): tells for tells, words in RULES["classes"] for word in words
}
"""What a general word tells within a phrase. Alone, common ones count 1 and the others nothing."""
_NUMBER, _RAREST = 2.5, 6.0
_LEAST, _PHRASE, _PARTS = 3, 4, 3
_DIGIT: Final = re.compile("[0-9]")
_LEVEL: Final = re.compile(RULES["level"], re.ASCII | re.IGNORECASE)


def entries(atlas: Json, roles: Mapping[str, str] = HOUSE.roles) -> list[dict[str, Any]]:
    """Each diagram of an `atlas.json` by what it is found by; plain data, in the order of ids.

    `roles` is what its categories stand for.
    """
    plan, technologies = atlas["catalogue"], atlas["technologies"]
    categories = {c["id"]: c["title"] for c in plan["categories"]}
    systems = {s["id"]: s["name"] for s in plan["systems"]}
    names = {t["id"]: t["names"] for t in technologies}
    facts = {id: fact["text"] for id, fact in atlas["facts"].items()}
    return [_entry(d, roles, categories, systems, names, facts) for d in atlas["diagrams"]]


def _entry(
    diagram: Json,
    roles: Mapping[str, str],
    categories: Mapping[str, str],
    systems: Mapping[str, str],
    names: Mapping[str, Sequence[str]],
    facts: Mapping[str, str],
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
        "guide": roles.get(diagram["category"]) == Role.GUIDE,
        "gate": next((g for g in ("3am", "incident") if g in gates), ""),
        **{name: diagram[name] for name in KINDS},
        "names": [system, *chain.from_iterable(names[t] for t in diagram["technologies"])],
        "labels": [diagram["title"], *shown],
        "code": [code for g in diagram["gates"] for check in g["checks"] for code in check["literals"]],
        "facts": [facts[id] for id in diagram["facts"]],
    }


@dataclass(frozen=True, slots=True)
class _Read:
    """The words of an entry, and those of its keys between their `…`, by kind and text."""

    words: Mapping[str, int]
    keys: tuple[tuple[str, str, tuple[tuple[pasted.Word, ...], ...]], ...]


def compile_index(found: Iterable[Json], recall: Recall | None = None) -> dict[str, Any]:
    """The index of `entries`: plain data, which may be kept and shipped.

    `recall` gives the words of entries that are as they were the last time.
    """
    recall, found = recall or Recall(), list(found)
    read = [recall("entry", entry, partial(_read, entry)) for entry in found]
    fields = [words.words for words in read]
    weights = _weigh(fields)
    kept = ("id", "title", "where", "guide", "gate")
    return {
        "rules": RULES,
        "entries": [
            {**{n: e[n] for n in kept}, "keys": [*_keys(r, weights)], "named": [*_named(e, weights)]}
            for e, r in zip(found, read, strict=True)
        ],
        "terms": _postings(fields, weights),
    }


def _read(entry: Json) -> _Read:
    texts = ((KINDS[name], text) for name in KINDS for text in entry[name])
    keys = (
        (kind, text, tuple(tuple(pasted.words(pasted.fold(part))) for part in _said(text).split("…")))
        for kind, text in texts
    )
    return _Read(_words_of(entry), tuple(keys))


def _words_of(entry: Json) -> dict[str, int]:
    """The words of an entry, and how it has them: 0 shows, 1 is found by, 2 is about, 3 is named so."""
    fields = {name: {*_terms(entry[name])} for name in (*KINDS, *_WEAK, *_TOPIC)}
    counts = Counter(chain.from_iterable(fields.values()))
    keys, topic = (set().union(*(fields[name] for name in names)) for names in (KINDS, _TOPIC))
    named = _identifiers(chain.from_iterable(entry[name] for name in (*KINDS, "code", "facts")))
    return {
        w: 3 if w in named else 2 if w in topic or n >= _MOST else int(w in keys)
        for w, n in sorted(counts.items())
    }


def _identifiers(texts: Iterable[str]) -> set[str]:
    """Names of several parts, such as `READ_TOO_MANY_TOMBSTONES`: one of them names a page."""
    words = chain.from_iterable(pasted.words(pasted.fold(text)) for text in texts)
    return {pasted.singular(word.whole) for word in words if len(word.parts) >= _PARTS}


def _terms(said: str | Iterable[str]) -> Iterator[str]:
    texts = [said] if isinstance(said, str) else said
    for word in chain.from_iterable(pasted.words(pasted.fold(text)) for text in texts):
        yield from pasted.terms(word)


def _weigh(fields: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """What each word tells within a phrase: 6 where one diagram has it, 1 where all do, general ones less."""
    counts: dict[str, int] = defaultdict(int)
    for word in chain.from_iterable(fields):
        counts[word] += 1
    most = max(len(fields), 2)
    return {word: _weight(word, log(most / count) / log(most)) for word, count in counts.items()}


def _weight(word: str, rarity: float) -> float:
    if word in _CLASSES:
        return _CLASSES[word]
    weight = round(1 + (_RAREST - 1) * rarity, 1)
    return min(weight, _NUMBER) if len(word) < _LEAST or _DIGIT.search(word) else weight


def _alone(word: str, weight: float) -> float:
    """What a word tells outside of its phrase."""
    general = _CLASSES.get(word, 0 if len(word) < _LEAST else None)
    return weight if general is None else float(general == COMMON_TELLS)


def _postings(fields: Sequence[Mapping[str, int]], weights: Mapping[str, float]) -> dict[str, list[float]]:
    """Of each word what it tells alone, then where it stands: four times the entry, plus how it has it."""
    terms = {word: [_alone(word, weight)] for word, weight in sorted(weights.items())}
    for number, words in enumerate(fields):
        for word, rank in words.items():
            terms[word].append(4 * number + rank)
    return {word: posting for word, posting in terms.items() if posting[0]}


def _keys(read: _Read, weights: Mapping[str, float]) -> Iterator[list[Any]]:
    """Each key once: its sort, its text, what it tells, whether a word of its own is in it, and its parts.

    `…` parts it and stands for anything; a part is its words between blanks, their own parts between `_`.
    """
    seen = set()
    for kind, text, parted in read.keys:
        parts = tuple(" ".join("_".join(word.parts) for word in words) for words in parted)
        parts = tuple(part for part in parts if len(part) >= _LEAST)
        told = [_phrased(word, weights) for word in chain.from_iterable(parted)]
        if parts and parts not in seen:
            seen.add(parts)
            yield [kind, text, round(sum(told), 2), _has_own(chain.from_iterable(parted), weights), *parts]


def _named(entry: Json, weights: Mapping[str, float]) -> Iterator[list[Any]]:
    """The names in errors and symptoms that have a word of their own, such as `ENHANCE_YOUR_CALM`.

    Each once: its sort, its text, what it tells, and itself as one word. A name is a key where a text has it
    as one word; where its parts stand apart, or are written otherwise, they are words like any.
    """
    seen = set()
    for kind, written, word in _names(entry):
        if word.whole not in seen and _has_own([word], weights):
            seen.add(word.whole)
            yield [kind, written, round(_phrased(word, weights), 2), word.whole]


def _names(entry: Json) -> Iterator[tuple[str, str, pasted.Word]]:
    """The names of several parts in the errors and symptoms of an entry."""
    for name in _NAMING:
        for written in chain.from_iterable(map(_NAME.findall, entry[name])):
            words = pasted.words(written)
            if len(words) == 1 and len(words[0].parts) >= _PARTS:
                yield KINDS[name], written, words[0]


def _has_own(words: Iterable[pasted.Word], weights: Mapping[str, float]) -> bool:
    return any(weights[pasted.singular(part)] > COMMON_TELLS for word in words for part in word.parts)


def _said(text: str) -> str:
    """An error without the level and number that one program prints before it and the next does not."""
    bare = _LEVEL.sub("", text)
    return bare if len(bare.split()) >= _PHRASE else text


def _phrased(word: pasted.Word, weights: Mapping[str, float]) -> float:
    whole = _CLASSES.get(pasted.singular(word.whole))
    return sum(weights[pasted.singular(part)] for part in word.parts) if whole is None else whole
