"""Where the words on edges stand: on their edge, clear of nodes, titles and each other if there is room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, dist

from .outline import Box, Point, distance, halfway

STEP = 8.0
ASTRAY = 32.0
BESIDE = 4.0


@dataclass(frozen=True, slots=True)
class Words:
    """A label on an edge: its middle, its size, the course of the edge (empty: it must not be moved)."""

    at: Point
    width: float
    height: float
    course: tuple[Point, ...] = ()

    @property
    def box(self) -> Box:
        (x, y), right, down = self.at, self.width / 2, self.height / 2
        return x - right, y - down, x + right, y + down


def place_words(words: Sequence[Words], taken: Iterable[Box]) -> list[Point]:
    """The middle of each label, in order; `taken` is what none of them should cover."""
    fixed = list(taken)
    placed = [_recall(label) for label in words]
    for i, label in enumerate(placed):
        others = fixed + [other.box for j, other in enumerate(placed) if j != i]
        if label.course and overlap(label.box, others):
            placed[i] = min(_elsewhere(label), key=lambda moved: overlap(moved.box, others))
    return [label.at for label in placed]


def _elsewhere(label: Words) -> Iterator[Words]:
    """The label at all points of its edge, then beside them, the nearest first."""
    spots = sorted(_along(label.course), key=lambda spot: dist(spot, label.at))
    right, down = label.width / 2 + BESIDE, label.height / 2 + BESIDE
    for dx, dy in ((0, 0), (0, -down), (0, down), (right, 0), (-right, 0)):
        yield from (replace(label, at=(x + dx, y + dy)) for x, y in spots)


def _recall(label: Words) -> Words:
    """Back to the middle of its edge, where the engine lost the way there (edges between groups)."""
    astray = label.course and min(distance(label.at, a, b) for a, b in pairwise(label.course)) > ASTRAY
    return replace(label, at=halfway(label.course)) if astray else label


def _along(course: Sequence[Point]) -> Iterator[Point]:
    """Points on a polyline, at most a step apart."""
    for a, b in pairwise(course):
        count = ceil(dist(a, b) / STEP)
        yield from (
            (a[0] + (b[0] - a[0]) * i / count, a[1] + (b[1] - a[1]) * i / count) for i in range(count)
        )
    yield course[-1]


def overlap(box: Box, others: Iterable[Box]) -> float:
    """How much of a box lies on others, in px²."""
    left, top, right, bottom = box
    return sum(
        max(0.0, min(right, r) - max(left, x)) * max(0.0, min(bottom, b) - max(top, t))
        for x, t, r, b in others
    )
