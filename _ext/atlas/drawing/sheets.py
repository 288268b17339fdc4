"""How a drawing is cut into sheets of paper on which every label can be read.

All lengths of a drawing are in its own px, those of a page in pt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .outline import Box
from .palette import SMALL

NATURAL: Final = 0.75
"""pt for a px: the size at which the drawing was made."""
SMALLEST: Final = 6.2
"""What the smallest label measures at least, in pt."""
INLINE: Final = 6.5
"""From this size of labels a drawing may stand in the running text."""
EDGE: Final = 10.0
"""What is left free around a sheet's content, in px."""
PORTRAIT: Final = (502.0, 700.0)
LANDSCAPE: Final = (768.0, 452.0)
COLUMN: Final = (502.0, 560.0)
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that must be whole on one sheet; `node` is its id where it is a node, `words` its lines."""

    box: Box
    node: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a drawing is printed: `scale` in pt per px, and the boxes of its sheets, left to right, then down.

    `inline` means within the text of its page; else each sheet fills a page, which `landscape` turns.
    """

    scale: float
    sheets: tuple[Box, ...]
    landscape: bool = False
    inline: bool = False


def letter(number: int) -> str:
    """The name of a sheet: A to Z, then AA, AB and on."""
    first, last = divmod(number, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)


def lay_out(view: Box, parts: Sequence[Part]) -> Layout:
    """The way of printing that takes the fewest sheets, and among those the largest."""
    scale = _fit(view, COLUMN)
    if scale * SMALL >= INLINE:
        return Layout(scale, (view,), inline=True)
    found = [_cut(view, parts, page) for page in (PORTRAIT, LANDSCAPE)]
    return min(found, key=lambda layout: (len(layout.sheets), -layout.scale))


def lost(layout: Layout, parts: Iterable[Part]) -> list[Part]:
    """The parts that stand whole on no sheet."""
    return [part for part in parts if not any(holds(sheet, part.box) for sheet in layout.sheets)]


def _fit(view: Box, page: tuple[float, float]) -> float:
    size = view[2] - view[0], view[3] - view[1]
    return min(NATURAL, *(room / max(length, 1.0) for room, length in zip(page, size, strict=True)))


def _cut(view: Box, parts: Sequence[Part], page: tuple[float, float]) -> Layout:
    """The sheets at the smallest lawful scale, then enlarged for as long as no more are needed."""
    scale = SMALLEST / SMALL
    grid = _grid(view, parts, page, scale)
    while scale < NATURAL and len(larger := _grid(view, parts, page, scale * 1.02)) == len(grid):
        scale, grid = scale * 1.02, larger
    large = [p.box for p in parts if not any(holds(sheet, p.box) for sheet in grid)]
    shown = tuple(
        sheet
        for sheet in grid
        if any(holds(sheet, p.box) for p in parts) or any(touch(sheet, box) for box in large)
    )
    return Layout(scale, shown or (view,), landscape=page is LANDSCAPE)


def _grid(view: Box, parts: Sequence[Part], page: tuple[float, float], scale: float) -> list[Box]:
    columns = _spans([(p.box[0], p.box[2]) for p in parts], (view[0], view[2]), page[0] / scale)
    rows = _spans([(p.box[1], p.box[3]) for p in parts], (view[1], view[3]), page[1] / scale)
    return [(left, top, right, bottom) for top, bottom in rows for left, right in columns]


def _spans(parts: Iterable[Span], whole: Span, room: float) -> list[Span]:
    """Overlapping spans of at most `room` from end to end, so that each part that fits is whole in one."""
    waiting = sorted(parts)
    start, end = whole[0], min(whole[0] + room, whole[1])
    spans = [(start, end)]
    while end < whole[1]:
        waiting = [part for part in waiting if part[1] > end]
        first = waiting[0][0] - EDGE if waiting else end
        start = max(start + room / 4, min(end, first))
        end = min(start + room, whole[1])
        spans.append((start, end))
    return spans


def holds(sheet: Box, part: Box) -> bool:
    return sheet[0] <= part[0] and sheet[1] <= part[1] and part[2] <= sheet[2] and part[3] <= sheet[3]


def shared(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
