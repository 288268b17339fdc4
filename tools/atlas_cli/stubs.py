"""What a page owes and does not say yet, left open so that a build names it: gates with empty answers."""

from __future__ import annotations

from collections.abc import Iterator

from atlas.records.house import House
from atlas.records.model import Role

_OPEN_COMMAND = (
    ": ```{atlas-command} first-look",
    "  :effect: reads",
    "  :on:",
    "  :expect:",
    "  :run-first:",
    "  ```",
)
"""What a guide owes: a command to run first, of which a build says all that is missing."""


def owed_gates(house: House, category: str, kind: str) -> list[str]:
    """The gates that are owed, in their order; where either would do, what failed says more."""
    order = list(house.gates)
    choices = [choice & {*order} for choice in house.owed(category, kind)]
    return sorted({max(choice, key=order.index) for choice in choices if choice}, key=order.index)


def open_checks(house: House, gate: str, category: str) -> Iterator[str]:
    """Terms with an answer that is none: a reason or a command is missing, which a build says."""
    guide = house.role(category) is Role.GUIDE
    for number, term in enumerate(house.gates[gate].checks):
        yield from ("",) if number else ()
        yield from (term, *(_OPEN_COMMAND if guide and term == "Recovery" else (": not published:",)))
