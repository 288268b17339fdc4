"""The course of an edge: straight through the rows of a layered drawing, and bent only between them.

The engine smooths an edge over the points that its layout gave it, and so cuts corners through boxes that the
edge has nothing to do with. Here an edge passes each row beside its boxes: it leaves its own row before it
turns aside, and comes to rest before it enters the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from .outline import Box, Point, number

CLEAR: Final = 9.0
"""How far from a row an edge may begin to bend, in px."""
CORNER: Final = 14.0
"""How far from the corner of a box an edge begins or ends, in px."""


def route(points: Sequence[Point], tail: Box, head: Box, boxes: Iterable[Box], *, across: bool) -> str:
    """Path data from one box to another, by way of `points`; empty where the rows leave no such way.

    `boxes` are those of all nodes. Rows lie below one another, or beside one another if `across`.
    """
    if not across:
        return _path(_course(points, tail, head, list(boxes)))
    turned = _course([(y, x) for x, y in points], _turned(tail), _turned(head), [*map(_turned, boxes)])
    return _path(turned, across=True)


def _course(points: Sequence[Point], tail: Box, head: Box, boxes: Sequence[Box]) -> list[Point]:
    """The points of a course that runs down, or up, through rows that lie below one another."""
    sign = 1 if _middle(head) > _middle(tail) else -1
    inner = points[1:-1] or [((points[0][0] + points[-1][0]) / 2, (points[0][1] + points[-1][1]) / 2)]
    begin, end = _leave(tail, inner[0], sign), _leave(head, inner[-1], -sign)
    course = [begin, _beyond(begin[0], tail, boxes, sign)]
    for x, y in inner:
        row = _row(y, boxes)
        course += [(x, edge) for edge in _edges(row, sign)] if row else [(x, y)]
    course += [_beyond(end[0], head, boxes, -sign), end]
    steps = [sign * (b[1] - a[1]) for a, b in pairwise(course)]
    return course if all(step >= 0 for step in steps) else []


def _leave(box: Box, toward: Point, sign: int) -> Point:
    """Where an edge leaves a box: on the side of the flow, as near as may be to where it goes."""
    left, top, right, bottom = box
    inset = min(CORNER, (right - left) / 2)
    return min(max(toward[0], left + inset), right - inset), bottom if sign > 0 else top


def _beyond(x: float, box: Box, boxes: Sequence[Box], sign: int) -> Point:
    """The end of a box's row, seen from the box."""
    top, bottom = _extent(_row(_middle(box), boxes) or [box])
    return x, bottom + CLEAR if sign > 0 else top - CLEAR


def _edges(row: Sequence[Box], sign: int) -> Iterable[float]:
    top, bottom = _extent(row)
    return (top - CLEAR, bottom + CLEAR)[::sign]


def _row(y: float, boxes: Sequence[Box]) -> list[Box]:
    return [box for box in boxes if box[1] <= y <= box[3]]


def _extent(row: Sequence[Box]) -> tuple[float, float]:
    return min(box[1] for box in row), max(box[3] for box in row)


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _path(course: Sequence[Point], *, across: bool = False) -> str:
    """Straight where the course goes on, an S where it turns aside."""
    parts = [("M", course[:1])]
    for (x, y), (to_x, to_y) in pairwise(course):
        bent = [(x, (y + to_y) / 2), (to_x, (y + to_y) / 2), (to_x, to_y)]
        parts.append(("L", bent[-1:]) if abs(x - to_x) < 0.05 else ("C", bent))
    written = (command + " ".join(_spot(point, across=across) for point in stop) for command, stop in parts)
    return "".join(written).replace(" -", "-") if course else ""


def _spot(point: Point, *, across: bool) -> str:
    x, y = point[::-1] if across else point
    return f"{number(x)} {number(y)}"


def _turned(box: Box) -> Box:
    return box[1], box[0], box[3], box[2]
