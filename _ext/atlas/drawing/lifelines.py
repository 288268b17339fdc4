"""Sequences that fit a page: names and messages broken into lines before the engine sets the lifelines apart.

The engine makes as much room between two lifelines as their longest message takes in one line; its own
wrapping puts hyphens into identifiers. So the text is broken here, between words, to the room of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from . import outline, ruler
from .reading import rectangle
from .scene import Figure, Scene, Stroke

PITCHES: Final = (170.0, 150.0, 136.0, 126.0, 118.0, 110.0)
"""From one lifeline to the next, in px: the widest at which all of them fit is taken."""
MARGIN: Final = 12.0
"""Between the heads of two lifelines, in px."""
HEIGHT: Final = 86.0
"""Of the head of a lifeline, in px: three lines."""
BORDER: Final = 5.0
"""From the heads to the frame of a group, in px: less than half of what lies between two heads."""
FLOOR: Final = 10.0
"""How much lower frames and lifelines end than the engine has them, with the last message on their edge."""
_SIZE: Final = 16.0
_AIR: Final = 20.0
_STRAIGHT: Final = 4  # numbers in the data of a straight line
_TIP: Final = 4.0

_NAMED = re.compile(r"(\s*(?:create\s+)?(?:participant|actor)\s+[^\n]*?\s+as\s+)(\S.*)")
_NOTE = re.compile(r"(\s*note\s+(?:over|left\s+of|right\s+of)\s+([^:\n]+):\s*)(\S.*)", re.IGNORECASE)
_MESSAGE = re.compile(
    r"((?=[^:\n]*+:)\s*+([^:\n]*?)(?<!\s)\s*+(?:<<)?--?(?:>>|>|[x)])\s*+[+-]?\s*+([^:\n]*?)(?<!\s)\s*+:\s*+)(\S.*)"
)
_BREAK = re.compile(r"(?:(?<!\s)\s++)?(?:<br\s*+/?>|\\n)\s*+", re.IGNORECASE)


def narrow(text: str, order: Sequence[str], pitch: float) -> str:
    """A sequence with names, notes and messages in lines that lifelines `pitch` px apart have room for.

    `order` are the ids of the participants from left to right.
    """
    places = {name: i for i, name in enumerate(order)}
    return "\n".join(_narrow_line(line, places.get, pitch) for line in text.split("\n"))


def _narrow_line(line: str, place: Callable[[str], int | None], pitch: float) -> str:
    if found := _NAMED.fullmatch(line):
        return found[1] + _broken(found[2], pitch - MARGIN - _AIR)
    if found := _NOTE.fullmatch(line):
        names = found[2].split(",")
        return found[1] + _broken(found[3], pitch * _span(names[0], names[-1], place) - _AIR)
    if found := _MESSAGE.fullmatch(line):
        return found[1] + _broken(found[4], pitch * _span(found[2], found[3], place) - _AIR)
    return line


def _span(first: str, last: str, place: Callable[[str], int | None]) -> float:
    """How many gaps between lifelines words have; what one says to itself reaches to both sides."""
    a, b = place(first.strip()), place(last.strip())
    return 1 if a is None or b is None else abs(a - b) or 1.4


def deepen(scene: Scene) -> Scene:
    """The scene with room below the last message, where there are frames."""
    if all(figure.kind != "group" for figure in scene.figures):
        return scene
    left, top, width, height = scene.view
    figures = tuple(_deeper(figure) if figure.kind == "group" else figure for figure in scene.figures)
    strokes = tuple(_longer(stroke) if stroke.kind == "life" else stroke for stroke in scene.strokes)
    return replace(scene, view=(left, top, width, height + FLOOR), figures=figures, strokes=strokes)


def _deeper(figure: Figure) -> Figure:
    (left, top, right, bottom), *_ = (shape.box for shape in figure.shapes)
    return replace(figure, shapes=(rectangle((left, top, right, bottom + FLOOR)),))


def _longer(stroke: Stroke) -> Stroke:
    x, top, _, bottom = outline.numbers(stroke.data)
    return replace(stroke, data=outline.polyline([(x, top), (x, bottom + FLOOR)]))


def end_lives(scene: Scene, ends: Mapping[str, str]) -> Scene:
    """The scene with the lifelines of those that are destroyed down to the stroke that ends them, by its id.

    The engine leaves room there for a second head, which we do not draw.
    """
    for name, last in ends.items():
        head = next((figure for figure in scene.figures if figure.id == name), None)
        stroke = next((stroke for stroke in scene.strokes if stroke.id == last), None)
        if head and stroke and len(outline.numbers(stroke.data)) == _STRAIGHT:
            scene = _with_end(scene, head, stroke)
    return scene


def _with_end(scene: Scene, head: Figure, last: Stroke) -> Scene:
    left, _, right, _ = head.box
    x, (start, y, end, _) = (left + right) / 2, outline.numbers(last.data)
    tip = _TIP if end > start else -_TIP
    ends = (x, y) if last.tail == head.id else (start, y), (x - tip, y) if last.head == head.id else (end, y)

    def mend(stroke: Stroke) -> Stroke:
        if stroke.id == last.id:
            return replace(stroke, data=outline.polyline(ends))
        if stroke.kind == "life" and abs(outline.numbers(stroke.data)[0] - x) < 1:
            top = outline.numbers(stroke.data)[1]
            return replace(stroke, data=outline.polyline([(x, top), (x, y)]), end="destroyed")
        return stroke

    return replace(scene, strokes=tuple(map(mend, scene.strokes)))


def _broken(text: str, limit: float) -> str:
    lines = (line for part in _BREAK.split(text) for line in ruler.wrap_evenly(part, _SIZE, limit))
    return "<br/>".join(line for line in lines if line)
