"""Arrows that lead from a box to itself: the engine draws one a box, here the others are added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from . import outline
from .elements import extent
from .figures import Flow
from .outline import Box, Point
from .pens import TIP
from .placing import overlap
from .scene import Label, Scene, Stroke

FOOT: Final = 9.0
"""How far from the middle of a side a loop begins and ends, in px."""
REACHES: Final = (36.0, 64.0)
"""How far from its box a loop reaches, in px."""


def with_all_loops(scene: Scene, flows: Mapping[str, Flow]) -> Scene:
    """The scene with a stroke for every flow from a box to itself, and its words beside it."""
    drawn = {stroke.id for stroke in scene.strokes}
    nodes = {figure.id: figure.box for figure in scene.figures if figure.kind == "node"}
    for id, flow in flows.items():
        if flow.tail == flow.head and flow.tail in nodes and id not in drawn:
            scene = _with_loop(scene, id, flow, nodes[flow.tail])
    return scene


def _with_loop(scene: Scene, id: str, flow: Flow, box: Box) -> Scene:
    """The scene with one more loop, where it covers the least of what is there."""
    taken = [figure.box for figure in scene.figures if figure.kind in ("node", "note")]
    taken += [outline.box(stroke.course) for stroke in scene.strokes if stroke.course]
    taken += [_around(label.at, *extent(label.texts)) for label in scene.labels]
    end = next((stroke.end for stroke in scene.strokes if stroke.kind != "tie" and stroke.end), "point")
    tip = TIP if end == "point" else 0.0
    size = extent(flow.words) if flow.words else (0.0, 0.0)
    spots = [(data, at) for reach in REACHES for data, at in _around_box(box, reach, tip, size)]
    data, at = min(spots, key=lambda spot: overlap(_covered(spot[0], spot[1], size), taken))
    course = tuple(outline.flatten(data)[0])
    kind = "failure" if flow.dashed else "flow"
    strokes = (*scene.strokes, Stroke(kind, id, data, course, end=end))
    labels = (*scene.labels, Label(id, flow.words, at)) if flow.words else scene.labels
    return replace(scene, strokes=strokes, labels=labels)


def _around_box(box: Box, reach: float, tip: float, size: tuple[float, float]) -> Iterator[tuple[str, Point]]:
    """A loop at each side of a box, with the middle of its words: right, left, below, above."""
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    wide, high = size[0] / 2 + reach * 0.8, size[1] / 2 + reach * 0.8
    for edge, way in ((right, 1), (left, -1)):
        far, near = edge + way * reach, edge + way * tip
        points = (edge, y - FOOT), (far, y - 3 * FOOT), (far, y + 3 * FOOT), (near, y + FOOT)
        yield _curve(*points), (edge + way * wide, y)
    for edge, way in ((bottom, 1), (top, -1)):
        far, near = edge + way * reach, edge + way * tip
        points = (x - FOOT, edge), (x - 3 * FOOT, far), (x + 3 * FOOT, far), (x + FOOT, near)
        yield _curve(*points), (x, edge + way * high)


def _curve(*points: Point) -> str:
    first, *others = (f"{outline.number(x)} {outline.number(y)}" for x, y in points)
    return f"M{first}C{' '.join(others)}"


def _covered(data: str, at: Point, size: tuple[float, float]) -> Box:
    """What a loop and its words cover."""
    left, top, right, bottom = _around(at, *size)
    return outline.box([*outline.flatten(data)[0][1:-1], (left, top), (right, bottom)])


def _around(at: Point, width: float, height: float) -> Box:
    return at[0] - width / 2, at[1] - height / 2, at[0] + width / 2, at[1] + height / 2
