"""What building costs, as it was measured last at each size: beside the floor, and against the budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from atlas.records.plan import Cost
from atlas.rules.atlas import Atlas

from .blocks import Block, Cell, Prose, Section, Table, number_cell

BUDGET: Final[Mapping[str, float]] = MappingProxyType(
    {"cold": 2.5, "read anew, drawings kept": 1.6, "nothing changed": 0.08, "a page edited": 0.12}
)
"""The most that a build may cost at `BUDGET_PAGES`, in cold builds of the floor."""
BUDGET_PAGES: Final = 900
_HEAD: Final = ("Build", "CPU s", "Spread", "Wall s", "Peak MB", "× floor", f"Budget at {BUDGET_PAGES}")


def speed(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """A table for each size that was measured, the smallest first."""
    del argument
    last = {(cost.pages, cost.site, cost.step): cost for cost in atlas.ledgers.costs}
    sizes = sorted({cost.pages for cost in last.values()})
    if not sizes:
        return (Section("measured", "Not measured yet", (Prose("`tools/bench.py --record` measures it."),)),)
    return tuple(
        Section(f"pages-{size}", f"{size:,} pages", _blocks([c for c in last.values() if c.pages == size]))
        for size in sizes
    )


def _blocks(costs: list[Cost]) -> tuple[Block, ...]:
    """One run: `costs` of all steps, of which the floor's cold build is the measure."""
    first = costs[0]
    floor = next((c.cpu for c in costs if c.site == "floor" and c.step == "cold"), 0)
    where = f"Measured on {first.day} at commit {first.commit[:12]}, on {first.machine}"
    return Prose(f"{where}; medians of {first.repeat}."), Table(_HEAD, tuple(_rows(costs, floor)))


def _rows(costs: Iterable[Cost], floor: int) -> Iterable[tuple[Cell, ...]]:
    for cost in costs:
        ratio = f"{cost.cpu / floor:.3f}" if floor else ""
        most = BUDGET.get(cost.step) if cost.site == "atlas" else None
        yield (
            Cell(f"{cost.site}, {cost.step}"),
            Cell(f"{cost.cpu / 1000:.1f}", style="number"),
            Cell(f"{cost.spread / 10:.0f} %", style="number"),
            Cell(f"{cost.wall / 1000:.1f}", style="number"),
            number_cell(cost.peak),
            Cell(ratio, style="number"),
            Cell(f"{most:g}" if most else "", style="number"),
        )
