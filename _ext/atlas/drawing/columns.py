"""Where items stand from left to right: links as straight as may be, rows within a width."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final

from .grid import BOX, LEFT, RIGHT, TITLE, Grid, Item, gap

SWEEPS: Final = 40
STILL: Final = 0.5
"""Once nothing moves farther than this in a sweep, in px, all stands."""
_TIGHTENED: Final = 12
_SPREAD: Final = 28.0


def place_columns(grid: Grid, width: float) -> bool:
    """Give each item its x, from 0 to `width`; False where its frames need more than that."""
    rows = [_Row(row, grid, width) for row in grid.rows if row]
    for row in rows:
        row.settle([width / 2] * len(row.items), [1.0] * len(row.items))
    for sweep in range(SWEEPS):
        moved = [row.draw() for row in (rows if sweep % 2 == 0 else reversed(rows))]
        _join_sides(grid)
        if max(moved) < STILL:
            break
    return _legalise(grid, width) if grid.sides else True


class _Row:
    """A row with what does not change while it is placed."""

    def __init__(self, items: list[Item], grid: Grid, width: float) -> None:
        self.items = items
        self.offsets = list(accumulate((gap(a, b) for a, b in pairwise(items)), initial=0.0))
        self.low, self.high = items[0].left, width - items[-1].right - self.offsets[-1]
        self.ties = [_ties(item, grid) for item in items]
        self.weights = [sum(weight for _, weight, _ in ties) or 0.1 for ties in self.ties]

    def draw(self) -> float:
        """Bring the items to where what they are tied to wants them; returns how far one moved at most."""
        return self.settle(list(map(_wanted, self.items, self.ties, self.weights)), self.weights)

    def settle(self, wanted: Sequence[float], weights: Sequence[float]) -> float:
        """The x nearest to what is wanted that keeps order and gaps (pool adjacent violators)."""
        pools: list[tuple[float, float, int]] = []
        for x, weight, offset in zip(wanted, weights, self.offsets, strict=True):
            mean, mass, count = x - offset, weight, 1
            while pools and pools[-1][0] > mean:
                other, heavy, many = pools.pop()
                mean = (mean * mass + other * heavy) / (mass + heavy)
                mass, count = mass + heavy, count + many
            pools.append((mean, mass, count))
        means = (mean for mean, _, count in pools for _ in range(count))
        moved = 0.0
        for item, mean, offset in zip(self.items, means, self.offsets, strict=True):
            x = min(max(mean, self.low), self.high) + offset
            moved = max(moved, abs(x - item.x))
            item.x = x
        return moved


Tie = tuple[Item, float, float]
"""What an item is tied to, how strongly, and how far from its middle the item wants to stand."""


def width_of(grid: Grid) -> float:
    """How wide the widest row is when it is set tightly."""
    return max(_room(row) for row in grid.rows if row)


def _room(row: Sequence[Item]) -> float:
    return row[0].left + sum(gap(a, b) for a, b in pairwise(row)) + row[-1].right


def _ties(item: Item, grid: Grid) -> list[Tie]:
    """Lines want to be straight, the more so the longer they are; boxes want the middle of their ties."""
    found = []
    for other in (*item.up, *item.down):
        boxes = (item.kind == BOX) + (other.kind == BOX)
        shift = _port(other, item, grid) - _port(item, other, grid)
        found.append((other, (8.0, 2.0, 1.0)[boxes], shift))
    return found


def _port(box: Item, other: Item, grid: Grid) -> float:
    """How far from the middle of a box the line to what it is tied to begins; 0 for what is no box."""
    if box.kind != BOX:
        return 0.0
    block = grid.plan.blocks[box.owner]
    side = sorted(box.down if other.row > box.row else box.up, key=lambda item: item.at)
    step = min(_SPREAD, (block.high - block.low) / max(len(side) - 1, 1))
    return (side.index(other) - (len(side) - 1) / 2) * step


def _wanted(item: Item, ties: Sequence[Tie], weights: float) -> float:
    """Where an item wants to stand for what it is tied to, `weights` being those of its ties."""
    if not ties:
        return item.x
    total = 0.0
    for other, weight, shift in ties:
        total += weight * (other.x + shift)
    return total / weights


# Frames ------------------------------------------------------------------------------------------


def _join_sides(grid: Grid, *, first: bool = False) -> None:
    """The sides of a frame are one line each: the items of each go to their mean, or to the first."""
    for side in (side for sides in grid.sides.values() for side in sides):
        x = side[0].x if first else sum(item.x for item in side) / len(side)
        for item in side:
            item.x = x


class _Knots:
    """What moves as one: an item, or a whole side of a frame; with the least gaps between them."""

    def __init__(self, grid: Grid) -> None:
        heads = {id(item): side[0] for sides in grid.sides.values() for side in sides for item in side}
        self.items: dict[int, Item] = {}
        self.before: defaultdict[int, dict[int, float]] = defaultdict(dict)
        self.after: defaultdict[int, dict[int, float]] = defaultdict(dict)
        for row in grid.rows:
            knots = [heads.get(id(item), item) for item in row]
            self.items |= {id(knot): knot for knot in knots}
            for (a, b), (x, y) in zip(pairwise(knots), pairwise(row), strict=True):
                least = max(gap(x, y), self.before[id(b)].get(id(a), 0.0))
                self.before[id(b)][id(a)] = self.after[id(a)][id(b)] = least
        self.order = self._sort()
        # Looked up often, so by item and in lists.
        self._left, self._right = (
            {key: [(self.items[k], gap) for k, gap in found[key].items()] for key in self.items}
            for found in (self.before, self.after)
        )

    def _sort(self) -> list[int]:
        """From left to right, each behind all that stand before it."""
        waiting = {key: len(self.before[key]) for key in self.items}
        ready = [key for key, count in waiting.items() if not count]
        order: list[int] = []
        while ready:
            key = ready.pop()
            order.append(key)
            for other in self.after[key]:
                waiting[other] -= 1
                if not waiting[other]:
                    ready.append(other)
        return order

    def least(self, key: int) -> float:
        beside = self._left[key]
        return max(item.x + d for item, d in beside) if beside else self.items[key].left

    def most(self, key: int, width: float) -> float:
        beside = self._right[key]
        return min(item.x - d for item, d in beside) if beside else width - self.items[key].right


def _legalise(grid: Grid, width: float) -> bool:
    """Keep all gaps with sides as single lines, and draw frames as tight as what they hold allows."""
    knots = _Knots(grid)
    for key in knots.order:
        knots.items[key].x = max(knots.items[key].x, knots.least(key))
    for key in reversed(knots.order):
        knots.items[key].x = min(knots.items[key].x, knots.most(key, width))
    if any(knots.items[key].x < knots.least(key) - 1e-6 for key in knots.order):
        return False
    ties = {key: _ties(item, grid) for key, item in knots.items.items()}
    for sweep in range(_TIGHTENED):
        for key in knots.order if sweep % 2 else reversed(knots.order):
            item = knots.items[key]
            low, high = knots.least(key), knots.most(key, width)
            item.x = min(max(_drawn(item, low, high, ties[key]), low), high)
    _join_sides(grid, first=True)
    return True


def _drawn(item: Item, low: float, high: float, ties: Sequence[Tie]) -> float:
    """Sides go inwards, titles to the left, all else where its links want it."""
    if item.kind in (LEFT, RIGHT, TITLE):
        return high if item.kind == LEFT else low
    return _wanted(item, ties, sum(weight for _, weight, _ in ties))
