"""A whole drawing as plain records: numbers, path data of numbers, and words."""

from __future__ import annotations

from dataclasses import dataclass

from . import outline
from .outline import Box, Point


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, placed by the middle of its width and height."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An SVG shape: its element, its measures, its extent.

    `solid` is drawn in ink, `open` has no fill, `unseen` has no border either and only takes room.
    """

    tag: str
    sizes: tuple[tuple[str, str], ...]
    box: Box
    solid: bool = False
    open: bool = False
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """Something with an outline, a text, or both, in its own coordinates around `at`.

    `kind` is node, person (text below the shape), note, group, band, fragment, bar, number or heading.
    """

    kind: str
    id: str
    shapes: tuple[Shape, ...] = ()
    lines: tuple[Line, ...] = ()
    at: Point = (0.0, 0.0)

    @property
    def box(self) -> Box:
        """Its extent in the coordinates of the scene."""
        x, y = self.at
        corners = [
            (x + left, y + top) for shape in self.shapes for left, top in (shape.box[:2], shape.box[2:])
        ]
        return outline.box(corners or [self.at])


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line drawn. `kind` is flow, failure, tie (to a note) or life; `start` and `end` name arrow heads.

    `points` are those that the layout gave it, `course` is how it runs.
    """

    kind: str
    id: str
    data: str
    course: tuple[Point, ...] = ()
    points: tuple[Point, ...] = ()
    tail: str = ""
    head: str = ""
    start: str = ""
    end: str = ""
    thick: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """The words on an edge, `id` being that of its stroke, and the middle of them."""

    id: str
    texts: tuple[str, ...]
    at: Point


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole drawing. `view` is left, top, width and height in px."""

    view: Box
    figures: tuple[Figure, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    labels: tuple[Label, ...] = ()
