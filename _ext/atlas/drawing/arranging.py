"""A layout that fits the reader: from scene to scene, with figures, lines and words moved.

The engine places what it draws without a bound of width. Here the same shapes are set in rows that are no
wider than a page shows at a readable size. What this layout does not know stays where the engine drew it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import dist
from typing import Final

from . import outline
from .channels import Levels, course, place_rows
from .columns import place_columns, width_of
from .engine_svg import MARGIN
from .grid import BOX, WORDS, Grid, build_grid
from .layers import assign_layers
from .ordering import order_rows
from .outline import Box, Point
from .plan import Plan
from .ports import Ports, find_ports
from .reading import NOTHING, Reading, read_plan, rectangle, size_of
from .scene import Figure, Label, Scene, Stroke

WIDTHS: Final = (1092.0, 1304.0)
"""The widths that are tried, in px, less the margins: words of 13 px, then of 11, in a window of 1,280 px."""
WORTH: Final = 2000.0
"""By how much a wider drawing has to be better, in the measure of `Laid.cost`."""
_TANGLED: Final = 8
_LONG: Final = 400.0
SHELF: Final = 40.0
_BOUNDS: Final = (0.94, 0.8, 1.0, 0.68, 0.56)
"""Bounds of layers, as parts of the width: what cannot be set within one may be within a tighter one."""
_GOOD: Final = 3
"""How many of the bounds that fit are compared, where the first leaves something to wish for."""
_LARGE: Final = 90
"""From so many boxes and links on the first bound that fits is taken."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A part of a drawing in its own coordinates: where boxes, words, frames and links are, and its size."""

    boxes: Mapping[str, Point]
    words: Mapping[str, Point]
    frames: Mapping[str, Box]
    courses: Mapping[str, list[list[Point]]]
    width: float
    height: float
    cost: float
    plain: bool
    """Without crossings, and with lines that are mostly straight."""
    tangled: bool
    """With frames that lines have to cross or to go round."""


def arrange(
    scene: Scene,
    ends: Mapping[str, tuple[str, str]],
    places: Mapping[str, str],
    direction: str = "TB",
    words: Mapping[str, str] = NOTHING,
) -> Scene | None:
    """The scene in rows of at most the least of `WIDTHS` that serves; None where it is to stay as it is.

    `ends` are the tail and head of each stroke by its id, `words` what its author wrote on it; `places` holds
    all boxes and groups in the author's order, each with the group around it ("" for none).
    """
    reading = read_plan(scene, ends, places, direction, words)
    if not reading:
        return None
    parts = reading.plan.parts()
    best: tuple[float, list[Laid], float] | None = None
    for width in WIDTHS:
        laid = [found for part in parts if (found := lay_out(part, width))]
        cost = sum(part.cost for part in laid)
        if len(laid) == len(parts) and (not best or cost < best[0] - WORTH):
            best = cost, laid, width
        if best and not any(part.tangled for part in laid):
            break
    return _moved(scene, reading, best[1], best[2]) if best else None


def lay_out(plan: Plan, width: float) -> Laid | None:
    """The best layout of a part among some that are no wider than `width`; None where there is none."""
    found: list[Laid] = []
    tried: list[dict[str, int]] = []
    for bound in _BOUNDS:
        layers = assign_layers(plan, width * bound)
        if layers in tried:
            continue
        tried.append(layers)
        if laid := _set(plan, layers, width):
            found.append(laid)
        large = len(plan.blocks) + len(plan.links) >= _LARGE
        if found and (large or found[-1].plain or len(found) == _GOOD):
            break
    return min(found, key=lambda laid: laid.cost, default=None)


def _set(plan: Plan, layers: Mapping[str, int], width: float) -> Laid | None:
    grid = build_grid(plan, layers)
    if width_of(grid) > width:
        return None
    crossings = order_rows(grid)
    if width_of(grid) > width or not place_columns(grid, width):
        return None
    ports = find_ports(grid, width)
    levels = place_rows(grid, ports)
    return _laid(grid, ports, levels, crossings)


def _laid(grid: Grid, ports: Ports, levels: Levels, crossings: int) -> Laid:
    left = min(i.x - i.left for row in grid.rows for i in row)
    right = max(i.x + i.right for row in grid.rows for i in row)
    middle = [(top + bottom) / 2 for top, bottom in zip(levels.tops, levels.bottoms, strict=True)]
    boxes = {name: (item.x - left, middle[item.row]) for name, item in grid.boxes.items()}
    words = {
        item.owner: (item.x - left, middle[item.row])
        for row in grid.rows
        for item in row
        if item.kind == WORDS
    }
    frames = {
        name: (both[0][0].x - left, levels.frames[name][0], both[1][0].x - left, levels.frames[name][1])
        for name, both in grid.sides.items()
    }
    courses = {link: _course(grid, link, ports, levels, left) for link in grid.chains}
    height = max(*levels.bottoms, *(bottom for _, bottom in levels.frames.values()))
    turns = [turn for turns in levels.turns.values() for turn in turns]
    detours = sum(map(_is_detour, courses.values()))
    cost = (
        300 * crossings
        + 900 * detours
        + sum(turn.high - turn.low for turn in turns)
        + 30 * len(turns)
        + 1.2 * height
    )
    plain = not crossings + detours and len(turns) <= 0.6 * len(courses)
    tangled = bool(frames) and crossings > _TANGLED
    return Laid(boxes, words, frames, courses, right - left, height, cost, plain, tangled)


def _is_detour(course: Sequence[Sequence[Point]]) -> bool:
    """True of a line of over 400 px that is twice as long as its ends are apart."""
    length = sum(dist(stretch[0], stretch[-1]) for stretch in course)
    return length > _LONG and length > 1.9 * dist(course[0][0], course[-1][-1])


def _course(grid: Grid, link: str, ports: Ports, levels: Levels, left: float) -> list[list[Point]]:
    """A link from its upper end down to its lower one; boxes lie in the middle of their rows."""
    chain = grid.chains[link]
    ends = []
    for item, upper in ((chain[0], True), (chain[-1], False)):
        if item.kind == BOX:
            middle = (levels.tops[item.row] + levels.bottoms[item.row]) / 2
            y = middle + item.height / 2 * (1 if upper else -1)
            ends.append((ports[link, upper] - left, y))
        else:
            name = next(found for found in grid.plan.links if found.id == link)
            frame = levels.frames[name.upper if upper else name.lower]
            ends.append((item.x - left, frame[1] if upper else frame[0]))
    turns = [replace(turn, x=turn.x - left, to=turn.to - left) for turn in levels.turns[link]]
    return course(ends[0], turns, ends[1])


# The scene, moved --------------------------------------------------------------------------------


def _moved(scene: Scene, reading: Reading, parts: Sequence[Laid], width: float) -> Scene:
    """The scene with all that it holds where the parts have it, the parts on shelves."""
    boxes: dict[str, Point] = {}
    words: dict[str, Point] = {}
    frames: dict[str, Box] = {}
    courses: dict[str, list[list[Point]]] = {}
    for part, (x, y) in zip(parts, _shelve(parts, width), strict=True):
        boxes |= {name: (a + x, b + y) for name, (a, b) in part.boxes.items()}
        words |= {name: (a + x, b + y) for name, (a, b) in part.words.items()}
        frames |= {name: (a + x, b + y, c + x, d + y) for name, (a, b, c, d) in part.frames.items()}
        courses |= {
            name: [[(a + x, b + y) for a, b in stretch] for stretch in stretches]
            for name, stretches in part.courses.items()
        }
    figures = tuple(_place_figure(figure, boxes, frames) for figure in scene.figures)
    placed = {figure.id: figure for figure in figures}
    strokes = tuple(reading.run(stroke, courses, placed) for stroke in scene.strokes)
    loops = reading.places_of_loops(placed)
    labels = tuple(
        replace(label, texts=reading.texts[label.id], at=(words | loops)[label.id]) for label in scene.labels
    )
    return Scene(_view(figures, strokes, labels), figures, strokes, labels)


def _shelve(parts: Sequence[Laid], width: float) -> Iterator[Point]:
    """Where each part begins: below the one before it, beside it, or on a new shelf, as there is room."""
    x = y = across = floor = down = 0.0
    for part in parts:
        if down and (down + part.height > floor or part.width > across):
            x, down, across = x + across + SHELF, y, 0.0
        if x and x + part.width > width:
            x, y = 0.0, floor + SHELF
            down = y
        yield x, down
        across, floor, down = (
            max(across, part.width),
            max(floor, down + part.height),
            down + part.height + SHELF,
        )


def _place_figure(figure: Figure, boxes: Mapping[str, Point], frames: Mapping[str, Box]) -> Figure:
    if figure.kind == "group":
        return replace(figure, shapes=(rectangle(frames[figure.id]),), at=(0.0, 0.0))
    x, y = boxes[figure.id]
    _, top, _, bottom = figure.box
    return replace(figure, at=(x, y + figure.at[1] - (top + bottom) / 2))


def _view(figures: Sequence[Figure], strokes: Sequence[Stroke], labels: Sequence[Label]) -> Box:
    """Left, top, width and height of all, with a margin."""
    spots = [spot for figure in figures for spot in (figure.box[:2], figure.box[2:])]
    spots += [spot for stroke in strokes for spot in stroke.course]
    for label in labels:
        (x, y), (width, height) = label.at, size_of(label.texts)
        spots += [(x - width / 2, y - height / 2), (x + width / 2, y + height / 2)]
    left, top, right, bottom = outline.box(spots)
    return left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
