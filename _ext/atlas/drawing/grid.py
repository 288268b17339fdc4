"""The rows of a drawing and what stands in them, before anything has a place.

Each layer of boxes is a row; below it come a row for words on links, and where there are frames one row a
depth for their titles. A link is a chain of items, one a row. A frame has an item at both ends of its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from .layers import span_of
from .plan import Link, Plan

BOX, WAY, WORDS, TITLE, LEFT, RIGHT = range(6)  # from TITLE on what belongs to a frame
GAPS: Final = (24.0, 12.0, 8.0, 8.0, 14.0, 14.0)
"""How much air each kind has beside it at least, in px."""


@dataclass(slots=True, eq=False)
class Item:
    """Something in a row: a box, a link that passes, its words, the title or a side of a frame."""

    kind: int
    owner: str
    row: int
    path: tuple[str, ...]
    left: float = 0.0
    right: float = 0.0
    height: float = 0.0
    up: list[Item] = field(default_factory=list)
    down: list[Item] = field(default_factory=list)
    at: int = 0
    spot: float = 0.0
    """Where it would stand if its row were set tightly around the middle."""
    x: float = 0.0


@dataclass(slots=True)
class Grid:
    """Rows of items from the top, chains of links by id, and boxes, sides and titles of frames by id."""

    plan: Plan
    rows: list[list[Item]]
    chains: dict[str, list[Item]]
    boxes: dict[str, Item]
    sides: dict[str, tuple[list[Item], list[Item]]]
    titles: dict[str, Item]
    spans: dict[str, tuple[int, int]]


_BESIDE: Final = tuple(tuple(min(max(a, b), 14.0) for b in GAPS) for a in GAPS)


def gap(a: Item, b: Item) -> float:
    """From the middle of an item to that of the next in its row, at least."""
    if a.kind == BOX and b.kind == BOX:
        return a.right + GAPS[BOX] + b.left
    return a.right + b.left + _BESIDE[a.kind][b.kind]


def build_grid(plan: Plan, layers: Mapping[str, int]) -> Grid:
    """The rows of a plan, each in the order in which its links lead to it from the first box on."""
    return _Builder(plan, layers).build()


class _Builder:
    def __init__(self, plan: Plan, layers: Mapping[str, int]) -> None:
        self.plan, self.depth = plan, plan.depth
        self.step = 2 + self.depth
        # The titles of frames on the first layer stand above it.
        self.row_of = {name: layer * self.step + self.depth for name, layer in layers.items()}
        self.rows: list[list[Item]] = [[] for _ in range((max(layers.values()) + 1) * self.step + self.depth)]
        self.spans = {frame: self._span(frame, layers) for frame in plan.frames}
        self.paths = {name: plan.around(name) for name in (*plan.blocks, *plan.frames)}
        self.fill: defaultdict[int, float] = defaultdict(float)

    def _span(self, frame: str, layers: Mapping[str, int]) -> tuple[int, int]:
        """From the row of its title to that of its lowest boxes."""
        first, last = span_of(frame, self.plan, layers)
        return first * self.step + len(self.plan.around(frame)), last * self.step + self.depth

    def build(self) -> Grid:
        boxes = {
            b.id: self._put(BOX, b.id, self.row_of[b.id], self.paths[b.id], (b.left, b.right, b.height))
            for b in self.plan.blocks.values()
        }
        chains = {link.id: self._chain(link, boxes) for link in self.plan.links}
        for chain in chains.values():
            for a, b in pairwise(chain):
                a.down.append(b)
                b.up.append(a)
        titles = {name: self._title(name) for name in self.plan.frames}
        sides = {name: self._sides(name) for name in self.plan.frames}
        grid = Grid(self.plan, self.rows, chains, boxes, sides, titles, self.spans)
        _order_first(grid)
        return grid

    def _put(
        self,
        kind: int,
        owner: str,
        row: int,
        path: tuple[str, ...],
        size: tuple[float, float, float] = (0, 0, 0),
    ) -> Item:
        item = Item(kind, owner, row, path, *size)
        self.rows[row].append(item)
        self.fill[row] += item.left + item.right + GAPS[WAY]
        return item

    def _title(self, name: str) -> Item:
        frame = self.plan.frames[name]
        size = (frame.width / 2, frame.width / 2, frame.height)
        return self._put(TITLE, name, self.spans[name][0], (*self.paths[name], name), size)

    def _sides(self, name: str) -> tuple[list[Item], list[Item]]:
        first, last = self.spans[name]
        path = (*self.paths[name], name)
        both = [
            [self._put(kind, name, row, path) for row in range(first, last + 1)] for kind in (LEFT, RIGHT)
        ]
        for side in both:
            for a, b in pairwise(side):
                a.down.append(b)
                b.up.append(a)
        return both[0], both[1]

    def _chain(self, link: Link, boxes: Mapping[str, Item]) -> list[Item]:
        """The items of a link from its upper to its lower end; its words in the emptiest row between."""
        first, last = self._end(link.upper, lower=False), self._end(link.lower, lower=True)
        top = first + (link.upper in boxes)
        bottom = last - (link.lower in boxes)
        words = self._row_of_words(top, bottom) if link.width else -1
        chain = [boxes[link.upper]] if link.upper in boxes else []
        for row in range(top, bottom + 1):
            size = (link.width / 2, link.width / 2, link.height) if row == words else (0.0, 0.0, 0.0)
            path = self._path(link, row, first, last)
            chain.append(self._put(WORDS if row == words else WAY, link.id, row, path, size))
        return chain + ([boxes[link.lower]] if link.lower in boxes else [])

    def _end(self, name: str, *, lower: bool) -> int:
        """The row in which a link ends; in the first or last one of a frame."""
        return self.row_of[name] if name in self.row_of else self.spans[name][0 if lower else 1]

    def _row_of_words(self, top: int, bottom: int) -> int:
        rows = [row for row in range(top, bottom + 1) if (row - self.depth) % self.step == 1]
        return min(rows, key=lambda row: (self.fill[row], row))

    def _path(self, link: Link, row: int, first: int, last: int) -> tuple[str, ...]:
        """The frames in which a link passes a row: those of the nearer of its ends."""
        upper, lower = (self._open(name, row) for name in (link.upper, link.lower))
        if upper[: len(lower)] == lower:
            return upper
        return lower if lower[: len(upper)] == upper or last - row < row - first else upper

    def _open(self, name: str, row: int) -> tuple[str, ...]:
        """Of the frames at an end those that a row lies in."""
        around = (*self.paths[name], name) if name in self.spans else self.paths[name]
        return tuple(frame for frame in around if self.spans[frame][0] <= row <= self.spans[frame][1])


def _order_first(grid: Grid) -> None:
    """Rows in the order in which links lead to what stands in them, from the author's first box on."""
    seen: dict[int, int] = {}
    for box in (*(b for b in grid.boxes.values() if not b.up), *grid.boxes.values()):
        ahead = [box]
        while ahead:
            item = ahead.pop()
            if id(item) not in seen:
                seen[id(item)] = len(seen)
                ahead += item.down[::-1]
    for row in grid.rows:
        for item in row:
            seen.setdefault(id(item), len(seen))
    values = {key: float(value) for key, value in seen.items()}
    frames = as_written(grid, value_frames(grid, values))
    for i in range(len(grid.rows)):
        sort_row(grid, i, values, frames)


def as_written(grid: Grid, values: Mapping[str, float]) -> dict[str, float]:
    """The same values for frames, dealt out among those in one frame in the author's order."""
    siblings: defaultdict[str, list[str]] = defaultdict(list)
    for name, frame in grid.plan.frames.items():
        siblings[frame.around].append(name)
    dealt = (zip(names, sorted(values[name] for name in names), strict=True) for names in siblings.values())
    return {name: value for pairs in dealt for name, value in pairs}


def value_frames(grid: Grid, values: Mapping[int, float]) -> dict[str, float]:
    """For each frame the mean of what stands in it."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for row in grid.rows:
        for item in row:
            if item.kind not in (LEFT, RIGHT, TITLE):
                for frame in item.path:
                    found[frame].append(values[id(item)])
    return {frame: sum(list_) / len(list_) for frame, list_ in found.items()}


def sort_row(grid: Grid, i: int, values: Mapping[int, float], frames: Mapping[str, float]) -> None:
    """Sort a row by the values of its items, what is in a frame together."""
    if frames:
        rank = {name: i for i, name in enumerate(frames)}  # frames stand in one order in all rows
        grid.rows[i] = _sorted(grid.rows[i], 0, values, frames, rank)
    else:
        grid.rows[i].sort(key=lambda item: values[id(item)])
    number(grid.rows[i])


def number(row: Iterable[Item]) -> None:
    for i, item in enumerate(row):
        item.at = i


_FIRST: Final = {LEFT: -2, TITLE: -1, RIGHT: 1}


def _sorted(
    row: Sequence[Item],
    level: int,
    values: Mapping[int, float],
    frames: Mapping[str, float],
    rank: Mapping[str, int],
) -> list[Item]:
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    units: list[tuple[int, float, int, str | Item]] = []
    for i, item in enumerate(row):
        if len(item.path) > level:
            name = item.path[level]
            if name not in groups:
                units.append((0, frames[name], -1 - rank[name], name))
            groups[name].append(item)
        else:
            units.append((_FIRST.get(item.kind, 0), values[id(item)], i, item))
    units.sort(key=lambda unit: unit[:3])
    out: list[Item] = []
    for *_, unit in units:
        out += _sorted(groups[unit], level + 1, values, frames, rank) if isinstance(unit, str) else [unit]
    return out
