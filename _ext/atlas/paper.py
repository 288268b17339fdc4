"""Drawings on paper: cut into sheets on which every label can be read, and dressed for the PDF engine.

All lengths of a drawing are in its own px, those of a page in pt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, product
from math import dist
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, fromstring, tostring

from . import outline, ruler, svg
from .model import Plane
from .outline import Box, Point

NATURAL: Final = 0.75
"""pt for a px: the size at which the drawing was made."""
SMALLEST: Final = 6.2
"""What the smallest label measures at least, in pt."""
INLINE: Final = 6.5
"""From this size of labels a drawing may stand in the running text."""
EDGE: Final = 10.0
"""What is left free around a sheet's content, in px."""
SIGN: Final = 20
"""How many characters of a label a sign repeats."""
BESIDE: Final = 24.0
"""How near to a box that it shows in part a sheet needs no sign of an edge that leads there, in px."""
THINNED: Final = 0.4
"""How much of a plane's colour is printed, the rest is white."""

PORTRAIT: Final = (502.0, 700.0)
LANDSCAPE: Final = (768.0, 452.0)
COLUMN: Final = (502.0, 560.0)

Span = tuple[float, float]

_NAMESPACE = "http://www.w3.org/2000/svg"
_WHOLE: Final = frozenset({"atlas-node", "atlas-label", "atlas-title", "atlas-note"})
_STEPS: Final = [step * svg.SMALL for step in sorted(range(-30, 31), key=abs)]
_XMLNS = f' xmlns="{_NAMESPACE}"'


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


# Reading -----------------------------------------------------------------------------------------


def read_view(drawing: str) -> Box:
    """What there is to see of a drawing made by `atlas.svg`.

    That of a sequence begins left of zero, and words that had to make way may stand beyond the edge.
    """
    page = _parse(drawing)
    left, top, width, height = outline.numbers(page.get("viewBox", ""))
    boxes = [(left, top, left + width, top + height), *(part.box for part in _parts(page))]
    return outline.box([corner for box in boxes for corner in (box[:2], box[2:])])


def read_parts(drawing: str) -> tuple[Part, ...]:
    """The nodes, the words on edges and the titles of groups of a drawing made by `atlas.svg`."""
    return tuple(_parts(_parse(drawing)))


def _parse(drawing: str) -> Element:
    """Our own drawing, so its names need no namespace and its text no distrust."""
    return fromstring(drawing.replace(_XMLNS, "", 1))  # noqa: S314


def _parts(element: Element) -> Iterator[Part]:
    for child in element:
        kind = _kind(child)
        if kind == "atlas-node":
            yield Part(_box(child), child.get("data-node", ""), _words(child))
        elif kind in _WHOLE:
            yield Part(_box(child), words=_words(child))
        else:
            yield from _parts(child)


def _kind(element: Element) -> str:
    return element.get("class", "").partition(" ")[0]


def _words(group: Element) -> tuple[str, ...]:
    return tuple(e.text for e in group.iter() if e.tag in ("text", "tspan") and e.text)


def _box(group: Element) -> Box:
    """What the shapes of a group cover."""
    x, y = _shift(group)
    found = [box for child in group if (box := _READERS.get(child.tag, _nothing)(child))]
    left, top, right, bottom = outline.box([corner for box in found for corner in (box[:2], box[2:])])
    return left + x, top + y, right + x, bottom + y


def _shift(element: Element) -> tuple[float, float]:
    found = re.search(r"translate\(([^)]*)\)", element.get("transform", ""))
    x, y = [*outline.numbers(found[1]), 0.0, 0.0][:2] if found else (0.0, 0.0)
    return x, y


def _nothing(element: Element) -> Box | None:
    del element
    return None


def _rect(rect: Element) -> Box:
    x, y, width, height = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def _circle(circle: Element) -> Box:
    x, y, radius = (float(circle.get(name, 0)) for name in ("cx", "cy", "r"))
    return x - radius, y - radius, x + radius, y + radius


def _path(path: Element) -> Box:
    """Relative paths stand around the middle to which they are moved."""
    x, y = _shift(path)
    if x or y:
        return x, y, -x, -y
    lines = outline.flatten(path.get("d", ""))
    return outline.box([point for line in lines for point in line])


_READERS: Final[Mapping[str, Callable[[Element], Box | None]]] = MappingProxyType(
    {"rect": _rect, "circle": _circle, "path": _path}
)


# Cutting -----------------------------------------------------------------------------------------


def letter(number: int) -> str:
    """The name of a sheet: A to Z, then AA, AB and on."""
    first, last = divmod(number, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)


def lay_out(view: Box, parts: Sequence[Part]) -> Layout:
    """The way of printing that takes the fewest sheets, and among those the largest."""
    scale = _fit(view, COLUMN)
    if scale * svg.SMALL >= INLINE:
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
    scale = SMALLEST / svg.SMALL
    grid = _grid(view, parts, page, scale)
    while scale < NATURAL and len(larger := _grid(view, parts, page, scale * 1.02)) == len(grid):
        scale, grid = scale * 1.02, larger
    large = [p.box for p in parts if not any(holds(sheet, p.box) for sheet in grid)]
    shown = tuple(
        sheet
        for sheet in grid
        if any(holds(sheet, p.box) for p in parts) or any(_touch(sheet, box) for box in large)
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


# Signs -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flow:
    """An edge: the ids of the nodes at its ends, and its course."""

    tail: str
    head: str
    course: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """What a sheet says of a node that another one shows whole: `text`, around `at`."""

    text: str
    at: Point

    @property
    def box(self) -> Box:
        x, y = self.at
        right, down = ruler.width(self.text, svg.SMALL) / 2 + 4, svg.SMALL * svg.LEADING / 2
        return x - right, y - down, x + right, y + down


def read_flows(drawing: str) -> tuple[Flow, ...]:
    """The edges of a drawing made by `atlas.svg`."""
    paths = [path for path in _parse(drawing).iter("path") if _kind(path) == "atlas-flow"]
    return tuple(
        Flow(p.get("data-tail", ""), p.get("data-head", ""), tuple(chain(*outline.flatten(p.get("d", "")))))
        for p in paths
    )


def put_signs(layout: Layout, number: int, parts: Sequence[Part], flows: Iterable[Flow]) -> list[Sign]:
    """What a sheet says of others: the names of boxes that it cuts, and of those that its edges lead to."""
    sheet = layout.sheets[number]
    away = {p.node: p for p in parts if p.node and not holds(sheet, p.box)}
    named = {id: name for id, part in away.items() if (name := _name(part, layout))}
    wanted = [Sign(named[id], _middle(away[id].box, sheet)) for id in named if _touch(sheet, away[id].box)]
    for flow in flows:
        for run in _runs(flow.course, sheet):
            wanted += _ends(flow, run, sheet, named, away)
    return _placed(wanted, sheet, [p.box for p in parts if holds(sheet, p.box)])


def _ends(
    flow: Flow, run: Sequence[Point], sheet: Box, named: Mapping[str, str], away: Mapping[str, Part]
) -> Iterator[Sign]:
    """Where the border of a sheet cuts an edge: what it comes from, and what it goes on to.

    Not beside what the sheet shows of that box, which has a sign of its own.
    """
    ends = (flow.head, run[-1], flow.course[-1], "→ "), (flow.tail, run[0], flow.course[0], "from ")
    for id, at, end, word in ends:
        if id in named and _is_cut(at, end, away[id].box, sheet):
            yield Sign(f"{word}{named[id]}", _at_border(at, sheet))


def _is_cut(at: Point, end: Point, box: Box, sheet: Box) -> bool:
    """True where an edge that ends at a box is last seen away from it, or beside it where the sheet lacks it.

    What a sheet shows of a box has a sign of its own; a message ends far from the box of who takes part.
    """
    if _touch(sheet, box):
        return at != end and dist(at, _clamp(at, (0, 0), _shared(box, sheet))) > BESIDE
    return at != end or dist(at, _clamp(at, (0, 0), box)) <= BESIDE


def _runs(course: Sequence[Point], sheet: Box) -> Iterator[list[Point]]:
    """The stretches of a course that a sheet shows."""
    run: list[Point] = []
    for piece in pairwise(course):
        if shown := _clip(*piece, sheet):
            if run and shown[0] != run[-1]:
                yield run
                run = []
            run = [*(run or shown[:1]), shown[1]]
    if run:
        yield run


def _clip(start: Point, end: Point, sheet: Box) -> tuple[Point, Point] | None:
    """What of a straight line lies on a sheet."""
    first, last = 0.0, 1.0
    for i in (0, 1):
        way = end[i] - start[i]
        if not way and not sheet[i] <= start[i] <= sheet[i + 2]:
            return None
        cuts = sorted(((sheet[i] - start[i]) / way, (sheet[i + 2] - start[i]) / way)) if way else (0.0, 1.0)
        first, last = max(first, cuts[0]), min(last, cuts[1])
    return (_along(start, end, first), _along(start, end, last)) if first < last else None


def _along(start: Point, end: Point, share: float) -> Point:
    """The point at a share of the way; the ends themselves are met exactly."""
    if share in (0, 1):
        return end if share else start
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _name(part: Part, layout: Layout) -> str:
    """`B: Kafka`: the first sheet that shows a node whole, and how its label begins."""
    letters = (letter(i) for i, sheet in enumerate(layout.sheets) if holds(sheet, part.box))
    first = next(letters, "")
    words = " ".join(part.words) or part.node
    begun = words if len(words) <= SIGN else f"{words[: SIGN - 1].rstrip()}…"
    return f"{first}: {begun}" if first else ""


def _middle(box: Box, sheet: Box) -> Point:
    """The middle of what a sheet shows of a box."""
    left, top, right, bottom = _shared(box, sheet)
    return (left + right) / 2, (top + bottom) / 2


def _at_border(at: Point, sheet: Box) -> Point:
    """Where the sign of a cut stands; below it where that is at a side, to leave a level arrow visible."""
    x, y = at
    at_side = min(abs(x - sheet[0]), abs(x - sheet[2])) < 0.01
    return (x, y + svg.SMALL) if at_side else at


def _clamp(at: Point, half: Point, sheet: Box) -> Point:
    """The nearest point at which something of twice `half` a size lies within a sheet."""
    x, y = (max(sheet[i] + half[i], min(at[i], sheet[i + 2] - half[i])) for i in (0, 1))
    return x, y


def _placed(wanted: Iterable[Sign], sheet: Box, taken: list[Box]) -> list[Sign]:
    """Signs within the sheet, as near to their place as what it shows leaves room."""
    placed: list[Sign] = []
    for sign in dict.fromkeys(wanted):
        covered = [*taken, *(other.box for other in placed)]
        spots = [_moved(sign, by, sheet) for by in product(_STEPS, _STEPS[:9])]
        placed.append(min(spots, key=lambda spot: _common(spot.box, covered) + dist(spot.at, sign.at)))
    return placed


def _common(box: Box, others: Iterable[Box]) -> float:
    """How much of a box lies on others, in px²."""
    shared = (_shared(box, other) for other in others if _touch(box, other))
    return sum((right - left) * (bottom - top) for left, top, right, bottom in shared)


def _shared(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _moved(sign: Sign, by: Point, sheet: Box) -> Sign:
    left, top, right, bottom = sign.box
    at = sign.at[0] + by[1], sign.at[1] + by[0]
    return Sign(sign.text, _clamp(at, ((right - left) / 2 + 2, (bottom - top) / 2 + 2), sheet))


def _draw_sign(sign: Sign) -> Element:
    left, top, right, bottom = sign.box
    shape = {"x": left, "y": top, "width": right - left, "height": bottom - top, "rx": 3.0}
    group = Element("g", {"class": "atlas-sign", "font-size": outline.number(svg.SMALL), "fill": svg.INK})
    plate = {"fill": svg.PAPER, "stroke": svg.FAINT, "stroke-dasharray": "2 2"}
    group.append(Element("rect", {name: outline.number(value) for name, value in shape.items()} | plate))
    middle = {"x": sign.at[0], "y": sign.at[1] + svg.SMALL * 0.3635}
    text = Element("text", {name: outline.number(value) for name, value in middle.items()})
    text.text = sign.text
    group.append(text)
    return group


# Printing ----------------------------------------------------------------------------------------


def print_colour(plane: Plane) -> str:
    """The fill of a plane on paper: thinned with white, so that black is legible on it in grey too."""
    colour = svg.PALETTE[plane].fill
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{255 - round((255 - part) * THINNED):02X}" for part in parts)


def cut_out(drawing: str, sheet: Box, legible: Callable[[str], str], signs: Iterable[Sign] = ()) -> str:
    """The drawing as one sheet shows it: what lies beside it is left out, what its edge cuts loses its words.

    Each text is made `legible`.
    """
    page = _parse(drawing)
    _drop_beside(page, sheet)
    _thin(page)
    page.extend(map(_draw_sign, signs))
    for element in page.iter():
        if element.text:
            element.text = legible(element.text)
    left, top, width, height = map(outline.number, (*sheet[:2], sheet[2] - sheet[0], sheet[3] - sheet[1]))
    page.attrib |= {"viewBox": f"{left} {top} {width} {height}", "width": width, "height": height}
    return _written(page)


def draw_map(drawing: str) -> str:
    """The drawing without a word, to be printed small as a map of its sheets."""
    page = _parse(drawing)
    _thin(page)
    _drop(page, lambda e: e.tag in ("text", "title", "desc") or _kind(e) in ("atlas-label", "atlas-title"))
    return _written(page)


def _thin(page: Element) -> None:
    """Colours as they are printed, with black on all of them."""
    for element in page.iter("g"):
        plane = element.get("class", "").partition("atlas-node atlas-")[2]
        if plane in set(Plane):
            element.set("fill", print_colour(Plane(plane)))
            for text in element.iter("text"):
                text.set("fill", svg.INK)


def _written(page: Element) -> str:
    page.set("xmlns", _NAMESPACE)
    return tostring(page, encoding="unicode")


def _drop_beside(element: Element, sheet: Box) -> None:
    def beside(child: Element) -> bool:
        kind = _kind(child)
        if kind in _WHOLE:
            box = _box(child)
            return not _touch(sheet, box) or not (holds(sheet, box) or _faded(child, kind, box, sheet))
        return kind == "atlas-flow" and not _touch(sheet, _path(child))

    _drop(element, beside)


def _faded(part: Element, kind: str, box: Box, sheet: Box) -> bool:
    """True of a node that another sheet shows whole: here it keeps its shape, in the background."""
    if kind != "atlas-node":
        return False
    if box[2] - box[0] < sheet[2] - sheet[0] and box[3] - box[1] < sheet[3] - sheet[1]:
        _drop(part, lambda element: element.tag == "text")
        part.set("opacity", "0.35")
    return True


def _drop(element: Element, unwanted: Callable[[Element], bool]) -> None:
    for child in list(element):
        if unwanted(child):
            element.remove(child)
        else:
            _drop(child, unwanted)


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
