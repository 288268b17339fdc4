"""In which order items stand in their rows: few crossings, what is in a frame together, else the author's."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from .grid import TITLE, Grid, Item, as_written, gap, number, sort_row, value_frames

SWEEPS: Final = 16
PATIENCE: Final = 6
"""After so many sweeps that spare no crossing no more are made."""
_WAYS: Final = ((True, True), (True, False), (False, True))
"""What is tried: frames in the author's order or not, and by what they are tied to or where they stand."""
_SWAPPED: Final = 400
"""With more items than this in a drawing, neighbours are not swapped one by one."""


def order_rows(grid: Grid) -> int:
    """Order the rows of a grid; returns how many crossings are left.

    Frames change places only where that spares crossings.
    """
    first, best = _keep(grid), (count_crossings(grid), _length(grid))
    kept = first
    for fixed, tied in _WAYS if grid.sides else _WAYS[:1]:
        _restore(grid, first)
        found, rows = _order(grid, best, fixed=fixed, tied=tied)
        if rows and (fixed or found[0] < best[0]):
            best, kept = found, rows
    _restore(grid, kept)
    return best[0]


def _order(
    grid: Grid, best: tuple[int, float], *, fixed: bool, tied: bool
) -> tuple[tuple[int, float], list[list[Item]]]:
    """The fewest crossings, then the shortest links, that are found under `best`; with the rows, if any."""
    rows: list[list[Item]] = []
    sweep = idle = 0
    while sweep < SWEEPS and idle < PATIENCE and (best[0] or grid.sides):
        _sweep(grid, down=sweep % 2 == 0, fixed=fixed, tied=tied)
        _swap_neighbours(grid)
        found = count_crossings(grid), _length(grid)
        sweep, idle = sweep + 1, idle + 1
        if found < best if grid.sides else found[0] < best[0]:
            best, rows, idle = found, _keep(grid), 0
    return best, rows


def _length(grid: Grid) -> float:
    """How far links go aside where frames may send them round, in px; 0 without frames."""
    if not grid.sides:
        return 0.0
    for row in grid.rows:
        _spread(row)
    return sum(abs(a.spot - b.spot) for chain in grid.chains.values() for a, b in pairwise(chain))


def count_crossings(grid: Grid) -> int:
    """How often links cross each other or the sides of frames."""
    return sum(_crossings(row) for row in grid.rows)


def _crossings(row: Iterable[Item]) -> int:
    """Crossings between a row and the next: pairs that stand the other way round below."""
    found = 0
    seen: list[int] = []
    for item in row:
        ends = [below.at for below in item.down]
        for at in sorted(ends) if len(ends) > 1 else ends:
            found += len(seen) - bisect_right(seen, at)
            insort(seen, at)
    return found


def _keep(grid: Grid) -> list[list[Item]]:
    return [list(row) for row in grid.rows]


def _restore(grid: Grid, rows: Sequence[Sequence[Item]]) -> None:
    grid.rows = [list(row) for row in rows]
    for row in grid.rows:
        number(row)


def _sweep(grid: Grid, *, down: bool, fixed: bool, tied: bool) -> None:
    """Sort each row by the mean of what its items are tied to in the row before."""
    for row in grid.rows:
        _spread(row)
    frames = _value_frames(grid, fixed=fixed, tied=tied) if grid.sides else {}
    rows = range(len(grid.rows)) if down else range(len(grid.rows) - 1, -1, -1)
    for i in rows:
        values = {id(item): _mean(item.up if down else item.down, item) for item in grid.rows[i]}
        sort_row(grid, i, values, frames)
        _spread(grid.rows[i])


def _mean(ties: Sequence[Item], item: Item) -> float:
    """Where the ties of an item stand on average, or it itself."""
    return sum(tie.spot for tie in ties) / len(ties) if ties else item.spot


def _spread(row: Sequence[Item]) -> None:
    """Set a row tightly around the middle."""
    x = 0.0
    for a, b in pairwise(row):
        a.spot = x
        x += gap(a, b)
    if row:
        row[-1].spot = x
    for item in row:
        item.spot -= x / 2


def _value_frames(grid: Grid, *, fixed: bool, tied: bool) -> dict[str, float]:
    """Where frames stand, or if `tied` what they are tied to; if `fixed`, in the author's order."""
    items = (item for row in grid.rows for item in row)
    wanted = {id(item): _mean([*item.up, *item.down] if tied else [], item) for item in items}
    values = value_frames(grid, wanted)
    return as_written(grid, values) if fixed else values


def _swap_neighbours(grid: Grid) -> None:
    """Swap items beside each other while that spares crossings."""
    if sum(map(len, grid.rows)) > _SWAPPED:
        return
    for row in grid.rows:
        for i in range(len(row) - 1):
            a, b = row[i], row[i + 1]
            if a.kind >= TITLE or b.kind >= TITLE or a.path != b.path:
                continue
            if _spared(a.up, b.up) + _spared(a.down, b.down) > 0:
                row[i], row[i + 1] = b, a
                a.at, b.at = i + 1, i


def _spared(left: Iterable[Item], right: Sequence[Item]) -> int:
    """How many crossings on one of their sides are spared if two items change places."""
    return sum((a.at > b.at) - (a.at < b.at) for a in left for b in right)
