"""What a scene says about its layout: boxes, links and frames with their sizes; and how lines meet boxes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from . import outline, ruler
from .channels import turned, write_path
from .outline import Box, Point
from .plan import Block, Frame, Link, Plan
from .scene import Figure, Label, Scene, Shape, Stroke

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
SMALL: Final = 14.0
LEADING: Final = 1.35
TIP: Final = 5.5
"""How far the arrow head `point` goes beyond the end of its line, in px."""
LOOP: Final = 26.0
"""How far the link of a box to itself goes out from it, in px; and how far below the next one it begins."""
_CORNER: Final = 14.0
_WIDEST: Final = 210.0
"""Words on links that are wider than this are broken again, in px."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The plan of a scene, the strokes that run upwards, links of boxes to themselves, words as broken."""

    plan: Plan
    upwards: frozenset[str]
    loops: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, tuple[str, ...]]

    def run(
        self, stroke: Stroke, courses: Mapping[str, list[list[Point]]], placed: Mapping[str, Figure]
    ) -> Stroke:
        """A stroke along its course, or around the side of its box."""
        if stroke.id in courses:
            link = next(link for link in self.plan.links if link.id == stroke.id)
            course = _meet(
                courses[stroke.id],
                stroke,
                placed[link.upper],
                placed[link.lower],
                upwards=stroke.id in self.upwards,
            )
        else:
            course = self._loop(stroke, placed)
        data = write_path(course)
        return replace(stroke, data=data, course=tuple(outline.flatten(data)[0]), points=())

    def _loop(self, stroke: Stroke, placed: Mapping[str, Figure]) -> list[list[Point]]:
        (x, y), figure = self._side(stroke.id, placed)
        ends = []
        for dy, arrow in ((-8.0, stroke.start), (8.0, stroke.end)):
            edge = figure.at[0] + reach(figure, y + dy - figure.at[1], side=2)
            ends.append((edge + (TIP if arrow == "point" else 0), y + dy))
        out = x + LOOP
        start, end = ends
        top, bottom = (out - 8, start[1]), (out - 8, end[1])
        return [[start, top], [top, (out + 3, start[1]), (out + 3, end[1]), bottom], [bottom, end]]

    def _side(self, link: str, placed: Mapping[str, Figure]) -> tuple[Point, Figure]:
        """The point on the right of a box around which its link to itself runs."""
        name = next(name for name, links in self.loops.items() if link in links)
        links, figure = self.loops[name], placed[name]
        _, top, right, bottom = figure.box
        step = _step([size_of(self.texts.get(one, ())) for one in links])
        shift = (links.index(link) - (len(links) - 1) / 2) * step
        return (right, (top + bottom) / 2 + shift), figure

    def places_of_loops(self, placed: Mapping[str, Figure]) -> dict[str, Point]:
        """The middle of the words on links of boxes to themselves."""
        found = {}
        for links in self.loops.values():
            for link in links:
                (x, y), _ = self._side(link, placed)
                found[link] = (x + LOOP + size_of(self.texts.get(link, ()))[0] / 2, y)
        return found


def read_plan(
    scene: Scene,
    ends: Mapping[str, tuple[str, str]],
    places: Mapping[str, str],
    direction: str,
    words: Mapping[str, str] = NOTHING,
) -> Reading | None:
    """What is to be laid out; None where the scene holds what a layout in rows does not know."""
    figures = {figure.id: figure for figure in scene.figures}
    texts = {label.id: break_words(as_written(label, words)) for label in scene.labels}
    if not _is_known(scene, figures, ends, places, texts):
        return None
    order = {name: i for i, name in enumerate(places)}
    depth = {name: (_along(figure.box, direction), order[name]) for name, figure in figures.items()}
    loops: defaultdict[str, list[str]] = defaultdict(list)
    links, upwards = [], set()
    for stroke in scene.strokes:
        tail, head = ends[stroke.id]
        if tail == head:
            loops[tail].append(stroke.id)
            continue
        upper, lower = sorted((tail, head), key=depth.__getitem__)
        links.append(Link(stroke.id, upper, lower, *size_of(texts.get(stroke.id, ()))))
        if upper != tail:
            upwards.add(stroke.id)
    blocks = {
        name: _block(
            figures[name], places[name], [size_of(texts.get(one, ())) for one in loops.get(name, ())]
        )
        for name in places
        if name in figures and figures[name].kind == "node"
    }
    frames = {
        name: _frame(figures[name], places[name]) for name in places if name in figures and name not in blocks
    }
    plan = Plan(blocks, tuple(links), frames)
    known = {name: tuple(found) for name, found in loops.items()}
    return (
        Reading(plan, frozenset(upwards), known, texts)
        if _is_sound(plan, depth) and known.keys() <= blocks.keys()
        else None
    )


def _is_known(
    scene: Scene,
    figures: Mapping[str, Figure],
    ends: Mapping[str, tuple[str, str]],
    places: Mapping[str, str],
    texts: Mapping[str, object],
) -> bool:
    """True where all is boxes, frames and links between them, each once."""
    strokes = {stroke.id for stroke in scene.strokes}
    return (
        bool(figures)
        and len(figures) == len(scene.figures)
        and len(strokes) == len(scene.strokes)
        and len(texts) == len(scene.labels)
        and texts.keys() <= strokes <= ends.keys()
        and all(figure.kind in ("node", "group") for figure in scene.figures)
        and figures.keys() <= places.keys()
        and all(not around or around in figures for name, around in places.items() if name in figures)
        and all({*ends[stroke]} <= figures.keys() for stroke in strokes)
    )


def _is_sound(plan: Plan, depth: Mapping[str, tuple[float, int]]) -> bool:
    """True where frames hold something, links leave what they are tied to, and nothing is above itself."""
    if not all(plan.members(frame) for frame in plan.frames):
        return False
    for link in plan.links:
        if link.upper in plan.around(link.lower) or link.lower in plan.around(link.upper):
            return False
    return all(depth[upper] < depth[lower] for upper, lower in plan.pairs())


def _along(box: Box, direction: str) -> float:
    """How far down the flow the middle of a box is, where rows are to lie below one another."""
    left, top, right, bottom = box
    return {"LR": left + right, "RL": -left - right}.get(direction, top + bottom) / 2


def _block(figure: Figure, frame: str, loops: Sequence[tuple[float, float]]) -> Block:
    left, top, right, bottom = figure.box
    beside = max((LOOP + width for width, _ in loops), default=0.0)
    height = max(bottom - top, len(loops) * _step(loops))
    x = figure.at[0]
    return Block(figure.id, x - left, right - x + beside, height, frame, *_usable(figure))


def _step(loops: Sequence[tuple[float, float]]) -> float:
    """How far below one another the links of a box to itself are, by the sizes of their words."""
    return max([LOOP, *(height + 4 for _, height in loops)])


def _usable(figure: Figure) -> Point:
    """Where lines may leave a box, from its middle: of a rectangle nearly all, else the middle."""
    left, _, right, _ = figure.box
    low, high = left - figure.at[0], right - figure.at[0]
    if all(shape.tag == "rect" for shape in figure.shapes):
        inset = min(_CORNER, (high - low) / 2)
        return low + inset, high - inset
    part = 0.3 if any(shape.tag == "path" for shape in figure.shapes) else 0.35
    middle = (low + high) / 2
    return middle - part * (high - low), middle + part * (high - low)


def _frame(figure: Figure, around: str) -> Frame:
    if not figure.lines:
        return Frame(figure.id, around, 0.0, 4.0)
    width = max(ruler.width(line.text, SMALL, bold=True) for line in figure.lines) + 8
    return Frame(figure.id, around, width, len(figure.lines) * SMALL * LEADING + 4)


def size_of(texts: Sequence[str]) -> tuple[float, float]:
    """Width and height of words on a link, in px; 0, 0 of none."""
    if not texts:
        return 0.0, 0.0
    return max(ruler.width(text, SMALL) for text in texts) + 8, len(texts) * SMALL * LEADING


def as_written(label: Label, words: Mapping[str, str]) -> Sequence[str]:
    """The lines of an author, whatever the engine has broken; the engine's where other words are drawn."""
    lines = words.get(label.id, "").split("\n")
    same = " ".join(lines).split() == " ".join(label.texts).split()
    return lines if same else label.texts


def hides_words(scene: Scene) -> bool:
    """True where words on a link stand on a box, since there is no room for them between its ends."""
    boxes = [figure.box for figure in scene.figures if figure.kind == "node"]
    return any(_meets(label.at, size_of(label.texts), box) for label in scene.labels for box in boxes)


def _meets(at: Point, size: tuple[float, float], box: Box) -> bool:
    left, top, right, bottom = box
    across, down = size[0] / 2, size[1] / 2
    return left < at[0] + across and at[0] - across < right and top < at[1] + down and at[1] - down < bottom


def break_words(texts: Sequence[str], limit: float = _WIDEST) -> tuple[str, ...]:
    """Lines of words on a link, broken evenly where one is too wide."""
    return tuple(line for text in texts for line in ruler.wrap_evenly(text, SMALL, limit))


def rectangle(box: Box) -> Shape:
    """A frame."""
    left, top, right, bottom = box
    sizes = {"x": left, "y": top, "width": right - left, "height": bottom - top, "rx": 8.0}
    return Shape("rect", tuple((name, outline.number(value)) for name, value in sizes.items()), box)


# Where lines meet boxes --------------------------------------------------------------------------


def _meet(
    course: Sequence[Sequence[Point]], stroke: Stroke, upper: Figure, lower: Figure, *, upwards: bool
) -> list[list[Point]]:
    """A course that begins and ends on the outlines of its boxes, or as far ahead as a tip goes."""
    found = [list(stretch) for stretch in course]
    arrows = (stroke.end, stroke.start) if upwards else (stroke.start, stroke.end)
    for figure, arrow, at, side in ((upper, arrows[0], 0, 3), (lower, arrows[1], -1, 1)):
        x, y = found[at][at]
        if figure.kind == "node":
            y = figure.at[1] + reach(figure, x - figure.at[0], side=side)
        tip = TIP if arrow == "point" else 0.0
        found[at][at] = (x, y + (tip if side == 3 else -tip))
    return turned(found) if upwards else found


def reach(figure: Figure, at: float, *, side: int) -> float:
    """How far a figure reaches from its middle to a side of its box (0 left, 1 top, 2 right, 3 bottom).

    `at` is how far across from its middle that is asked, in px.
    """
    cross = 0 if side % 2 else 1
    middle = figure.at[1 - cross]
    edge = figure.box[side] - middle
    found = [spot for shape in figure.shapes for spot in _spots(shape, at, cross)]
    if not found:
        return edge
    return max(found) if side > 1 else min(found)


def _spots(shape: Shape, at: float, cross: int) -> list[float]:
    """Where the outline of a shape crosses a line through it; both ends of its box for rectangles."""
    low, high = shape.box[cross], shape.box[cross + 2]
    ends = [shape.box[1 - cross], shape.box[3 - cross]]
    sizes = dict(shape.sizes)
    if not low <= at <= high or shape.tag == "rect":
        return ends if shape.tag == "rect" else []
    if shape.tag == "circle":
        radius = (high - low) / 2
        half = max(radius**2 - (at - (low + high) / 2) ** 2, 0.0) ** 0.5
        return [sum(ends) / 2 - half, sum(ends) / 2 + half]
    data = sizes.get("d", "")
    if not outline.is_absolute(data) or "transform" in sizes:
        return ends
    return [spot for line in outline.flatten(data) for spot in _crossed(line, at, cross, closed="Z" in data)]


def _crossed(line: Sequence[Point], at: float, cross: int, *, closed: bool) -> list[float]:
    found = []
    for a, b in zip(line, [*line[1:], line[0]] if closed else line[1:], strict=False):
        low, high = sorted((a[cross], b[cross]))
        if low <= at <= high:
            part = (at - a[cross]) / (b[cross] - a[cross]) if high > low else 0.0
            found.append(a[1 - cross] + part * (b[1 - cross] - a[1 - cross]))
    return found
