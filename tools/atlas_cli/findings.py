"""Which findings a diagram answers for: its own, those of its page, and those of what it shows."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .project import Record


class Findings:
    """The findings of an atlas, each with the fact or source in whose lines it stands."""

    def __init__(self, atlas: Record) -> None:
        starts = _starts(atlas)
        self._atlas = atlas
        self._owned = [(f, _owner(f, starts)) for f in atlas["findings"]]

    def of(self, diagrams: Iterable[Record]) -> list[Record]:
        """Those of diagrams, of their pages, and of the facts and sources that they show."""
        ids, paths = set(), set()
        shown: set[str] = set()
        for diagram in diagrams:
            ids.add(diagram["id"])
            paths.add(diagram["place"]["path"])
            shown.update(self._shown(diagram))
        return [f for f, own in self._owned if f["diagram"] in ids or f["path"] in paths or own in shown]

    def _shown(self, diagram: Record) -> Iterator[str]:
        """Sources, facts, and the facts that formulas of these are made of."""
        facts = self._atlas["facts"]
        yield from diagram["sources"]
        shown: dict[str, None] = dict.fromkeys(diagram["facts"])
        ahead = list(shown)
        while ahead:
            made_of = [id for id in _made_of(ahead.pop(), facts) if id in facts and id not in shown]
            shown |= dict.fromkeys(made_of)
            ahead += made_of
        yield from shown
        yield from {facts[id]["source"] for id in shown}


def _made_of(id: str, facts: Mapping[str, Record]) -> list[str]:
    from atlas.records.quantity import names_in

    fact = facts[id]
    return [f"{fact['source']}:{name}" for name in names_in(fact["derived"])]


def _starts(atlas: Record) -> dict[str, list[tuple[int, str]]]:
    """The line on which each source and fact begins, by path of its ledger, in order."""
    starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    entries = [*((s["id"], s["place"]) for s in atlas["sources"])]
    entries += [(id, fact["place"]) for id, fact in atlas["facts"].items()]
    for id, place in entries:
        starts[place["path"]].append((place["line"], id))
    return {path: sorted(found) for path, found in starts.items()}


def _owner(finding: Record, starts: Mapping[str, list[tuple[int, str]]]) -> str:
    """The last fact or source that begins at or above a finding; none outside of ledgers of sources."""
    found = starts.get(finding["path"], [])
    at = bisect_right(found, finding["line"], key=lambda start: start[0])
    return found[at - 1][1] if at else ""
