"""What a ledger says of a fact beside its value: figures there stand in the same source, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlas.records.model import Fact, Finding, Source
from atlas.records.plan import Ledgers
from atlas.records.reading import read_all
from atlas.records.tokens import MOMENTS, Reading
from atlas.records.units import measures

from .digits import counts, without_dates
from .figures import names_of
from .spelt import typed_figures

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_RELEASE = re.compile(r"\b(?:since|before|after|until|from|of|to)\s+(?:server\s+)?\d+(?:\.\d+)+")
_MANUAL = re.compile(r"(?<=\w)\(\d\)")  # conntrack(8)


def check_says(ledgers: Ledgers) -> Iterator[Finding]:
    """FACT014: a figure in `says` or `scope` of the kind of the fact's own, which no fact of its source has.

    A figure of another kind is a condition (`after 5 minutes` of a share) and cannot contradict.
    """
    names = names_of(ledgers.technologies.values())
    for source in ledgers.sources.values():
        for fact in source.facts:
            for word in _unproven(fact, source, names):
                message = f"{fact.id}: typed {word!r} in `says` or `scope` beside {fact.value}"
                hint = "take it out, write it as a fact of its own, or let `text` hold it"
                yield Finding("FACT014", message, fact.place, hint)


def _unproven(fact: Fact, source: Source, names: frozenset[str]) -> Iterator[str]:
    if fact.quantity is None:
        return
    told = _without_conditions(f"{fact.says}\n{fact.scope}")
    words = list(typed_figures(told, names))
    if words:
        texts = (f"{other.value}\n{other.text}" for other in source.facts)
        published = _numbers("\n".join((*texts, source.title, source.publisher)))
        for word in words:
            kind = _kind_of(read_all(told[told.index(word) :])[:1])
            if kind == _kind(fact.quantity.unit) and not _numbers(word) & published:
                yield word


def _without_conditions(told: str) -> str:
    """`says` without its dates, years, versions and pages of a manual."""
    told = without_dates(told)
    for pattern in (_YEAR, _RELEASE, _MANUAL):
        kept = [m.span() for m in pattern.finditer(told) if not counts(told[m.end() :])]
        for start, end in reversed(kept):
            told = f"{told[:start]}…{told[end:]}"
    return told


def _kind(unit: str) -> frozenset[str]:
    """What a unit measures; nothing of what is only counted."""
    return frozenset((unit,) if unit in MOMENTS else (b for b, n in measures(unit).items() if n > 0))


def _kind_of(readings: tuple[Reading, ...]) -> frozenset[str]:
    return _kind(readings[0].unit) if readings else frozenset()


def _numbers(text: str) -> set[float]:
    """The numbers in a text, without their units, as they are printed."""
    ends = ((end, reading.scale) for reading in read_all(text) for end in (reading.low, reading.high))
    return {round(end / scale, 9) for end, scale in ends}
