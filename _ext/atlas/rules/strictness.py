"""How strict a project is with what its pages owe: a team begins with ids and planes, and grows from there.

What is written wrongly is found at each level. What is only not there yet waits, and is counted as debt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from atlas.records.model import Finding

LEVELS: Final = ("planes", "sources", "all")
"""From the mildest to the strictest: ids and planes; then sources and figures; then gates and the rest."""
OWED_FROM: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("SOURCE001", "SOURCE003", "FACT003", "FACT005", "FACT011"), "sources")
    | dict.fromkeys(("GATE002", "GATE003", "GATE005", "GATE006"), "all")
    | dict.fromkeys(("DIAGRAM004", "DIAGRAM005", "TIMELINE007", "COMMAND006", "COMMAND014"), "all")
)
"""Rule to the level from which on its breach is a finding. The other rules hold at each level."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What is owed later: how many findings wait for each level, and how many diagrams owe something."""

    level: str = LEVELS[-1]
    waiting: Mapping[str, int] = field(default_factory=dict)
    diagrams: int = 0

    @property
    def total(self) -> int:
        return sum(self.waiting.values())


def part(findings: Iterable[Finding], level: str) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that hold at a level, and those that wait for a stricter one."""
    due: list[Finding] = []
    later: list[Finding] = []
    for finding in findings:
        waits = LEVELS.index(OWED_FROM.get(finding.rule, LEVELS[0])) > LEVELS.index(level)
        (later if waits else due).append(finding)
    return tuple(due), tuple(later)


def sum_debt(later: Iterable[Finding], level: str) -> Debt:
    """How much waits at `level`, by the level that asks for it."""
    found = [*later]
    counts = Counter(OWED_FROM[finding.rule] for finding in found)
    waiting = {name: counts[name] for name in LEVELS[LEVELS.index(level) + 1 :]}
    return Debt(level, waiting, len({f.diagram for f in found if f.diagram}))
