"""What the engine drew, as plain records: the one reader of its SVG.

A scene holds numbers, path data of numbers, and words. Whatever else stands in the engine's SVG (styles,
scripts, links, filters, pictures, colours) is not read, and so cannot reach a page.

Read with the standard library's ElementTree (expat): the input comes from our own engine, and a document type
is refused, so that no entity can be declared.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from . import outline
from .graph import plain
from .outline import Box, Point

EM: Final = 16.0
CAPITAL: Final = 0.727
MARGIN: Final = 4.0
_DARK: Final = frozenset({"#333333", "#9370DB"})
ARROWS: Final = ("point", "circle", "crosshead", "cross", "barb", "filled-head", "arrowhead")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, placed by the middle of its width and height."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An SVG shape: its element, its measures, its extent. `solid` is drawn in ink, `open` has no fill."""

    tag: str
    sizes: tuple[tuple[str, str], ...]
    box: Box
    solid: bool = False
    open: bool = False


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


@dataclass(slots=True)
class _Desk:
    """The scene while it is read. `shared` holds what the engine keeps apart for `<use>`."""

    name: str
    shared: Mapping[str, Element]
    figures: list[Figure] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    words: list[Line] = field(default_factory=list)


def read_scene(raw: str) -> Scene:
    """The scene of the engine's SVG. Raises ValueError where that is no XML or declares a document type."""
    if "<!" in raw:
        raise ValueError("the drawing declares a document type")
    try:
        root = fromstring(raw)  # noqa: S314 - our own engine's, and free of entities
    except ParseError as error:
        raise ValueError(f"the drawing is not XML: {error}") from error
    shared = {f"#{e.get('id')}": e for e in root.iter() if "-foreignobject-label-" in e.get("id", "")}
    desk = _Desk(root.get("id", ""), shared)
    _visit(desk, root, (0.0, 0.0))
    view = _view(root, desk.figures)
    return Scene(view, tuple(desk.figures), tuple(desk.strokes), tuple(desk.labels))


def _view(root: Element, figures: Iterable[Figure]) -> Box:
    """Left, top, width and height of the engine's view, widened where it cuts a border."""
    left, top, width, height = (*outline.numbers(root.get("viewBox", "")), 0.0, 0.0, 0.0, 0.0)[:4]
    corners = [(left, top), (left + width, top + height)]
    for x, y, right, bottom in (figure.box for figure in figures if figure.shapes):
        corners += [(x - MARGIN, y - MARGIN), (right + MARGIN, bottom + MARGIN)]
    left, top, right, bottom = outline.box(corners)
    return left, top, right - left, bottom - top


# Attributes ------------------------------------------------------------------------------------


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _classes(element: Element) -> set[str]:
    return set(element.get("class", "").split())


def _value(element: Element, name: str) -> float:
    found = outline.numbers(element.get(name, ""))
    return found[0] if found else 0.0


def _values(element: Element, at: Point, x: str, y: str) -> Point:
    return _plus(at, (_value(element, x), _value(element, y)))


def _shift(element: Element) -> Point:
    """How far `translate(x, y)` or `matrix(1 0 0 1 x y)` moves an element."""
    found = outline.numbers(element.get("transform", ""))
    return (found[-2], found[-1]) if len(found) in (2, 6) else (0.0, 0.0)


def _plus(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1]


def _node_id(desk: _Desk, element: Element) -> str:
    """`ID` of `NAME-flowchart-ID-3` or `NAME-state-ID-3`."""
    return element.get("id", "").removeprefix(f"{desk.name}-").partition("-")[2].rpartition("-")[0]


def _group_id(desk: _Desk, element: Element) -> str:
    return element.get("data-id") or element.get("id", "").removeprefix(f"{desk.name}-")


# Words and shapes --------------------------------------------------------------------------------


def _words(element: Element) -> str:
    """The words of a `<text>` and its `<tspan>`s; other elements in it do not speak."""
    inner = (f"{_words(child) if _tag(child) == 'tspan' else ''}{child.tail or ''}" for child in element)
    return f"{element.text or ''}{''.join(inner)}"


def _read_text(text: Element, at: Point) -> Line:
    """A `<text>` of the engine, whose y is a baseline or a middle, and whose first `<tspan>` may move it."""
    drop = 0.0
    for element in [text, *text][:2]:
        drop += _value(element, "dy") * (EM if element.get("dy", "").endswith("em") else 1)
    if "dominant-baseline" not in text.attrib:
        drop -= (_value(text, "font-size") or EM) * CAPITAL / 2
    x, y = _values(text, at, "x", "y")
    return Line(x, y + drop, " ".join(plain(_words(text)).split()))


def _read_lines(desk: _Desk, element: Element, at: Point) -> list[Line]:
    lines = []
    for child in element:
        here = _plus(at, _shift(child))
        if _tag(child) == "text":
            lines.append(_read_text(child, here))
        elif _tag(child) == "use":
            lines += _read_lines(desk, desk.shared.get(child.get("href", ""), child), here)
        elif _tag(child) in ("g", "svg"):
            lines += _read_lines(desk, child, here)
    return [line for line in lines if line.text]


def _read_shapes(element: Element, at: Point) -> Iterator[Shape]:
    """The shapes of a figure. Where the engine sketches a path twice, its fill is enough."""
    sketched = any(child.get("stroke") == "none" and child.get("d") for child in element)
    for child in element:
        here, tag = _plus(at, _shift(child)), _tag(child)
        if tag == "g" and "label" not in _classes(child) and child.get("stroke-opacity") != "0":
            yield from _read_shapes(child, here)
        elif tag == "path" and not (sketched and child.get("stroke") != "none"):
            yield from _read_path(child, here)
        elif tag in _READERS and "text" not in _classes(child):
            yield _READERS[tag](child, here)


def _read_path(path: Element, at: Point) -> Iterator[Shape]:
    data, fill = path.get("d", ""), path.get("fill")
    # The engine draws what has arcs from a corner, and moves the corner to where the middle is the origin.
    shape = Shape("path", (), (at[0], at[1], -at[0], -at[1]), solid=fill in _DARK, open=fill == "none")
    if not outline.is_absolute(data):
        move = ("transform", f"translate({outline.number(at[0])} {outline.number(at[1])})")
        yield replace(shape, sizes=(("d", outline.tidy(data)), *([move] if any(at) else [])))
        return
    lines = [[_plus(point, at) for point in line] for line in outline.flatten(data)]
    for line in dict.fromkeys(tuple(outline.thin(line, 0.15)) for line in lines if len(line) > 1):
        if circle := outline.circle(line):
            x, y, radius = circle
            yield replace(shape, tag="circle", sizes=_sizes(cx=x, cy=y, r=radius), box=outline.box(line))
        else:
            data = outline.polyline(line, closed=not shape.open)
            yield replace(shape, sizes=(("d", data),), box=outline.box(line))


def _read_rect(rect: Element, at: Point) -> Shape:
    x, y = _values(rect, at, "x", "y")
    return _rect(x, y, _value(rect, "width"), _value(rect, "height"), max(8.0, _value(rect, "rx")))


def _rect(x: float, y: float, width: float, height: float, rx: float = 8.0) -> Shape:
    return Shape("rect", _sizes(x=x, y=y, width=width, height=height, rx=rx), (x, y, x + width, y + height))


def _read_circle(circle: Element, at: Point) -> Shape:
    (x, y), r = _values(circle, at, "cx", "cy"), _value(circle, "r")
    solid = "state-start" in _classes(circle)
    return Shape("circle", _sizes(cx=x, cy=y, r=r), (x - r, y - r, x + r, y + r), solid=solid)


def _read_polygon(polygon: Element, at: Point) -> Shape:
    corners = [_plus(point, at) for point in outline.points(polygon.get("points", ""))]
    return Shape("path", (("d", outline.polyline(corners, closed=True)),), outline.box(corners))


def _read_line(line: Element, at: Point) -> Shape:
    return _line([_values(line, at, f"x{i}", f"y{i}") for i in (1, 2)])


def _line(ends: Sequence[Point]) -> Shape:
    return Shape("path", (("d", outline.polyline(ends)),), outline.box(ends), open=True)


def _sizes(**sizes: float) -> tuple[tuple[str, str], ...]:
    return tuple((name, outline.number(value)) for name, value in sizes.items())


_READERS: Final[Mapping[str, Callable[[Element, Point], Shape]]] = MappingProxyType(
    {"rect": _read_rect, "circle": _read_circle, "polygon": _read_polygon, "line": _read_line}
)


# Figures, strokes and labels -----------------------------------------------------------------------


def _visit(desk: _Desk, element: Element, at: Point) -> None:
    for child in element:
        here = _plus(at, _shift(child))
        if note := _ROLES.get(_role(child)):
            note(desk, child, here)
        elif _tag(child) in ("g", "a"):
            _visit(desk, child, here)


def _role(element: Element) -> str:
    """What an element of the engine is: a key of `_ROLES`, or any other word for what only holds others."""
    tag, classes, kind = _tag(element), _classes(element), element.get("data-et", "")
    if tag == "text":
        return "words" if "messageText" in classes else "number" if "sequenceNumber" in classes else "heading"
    if tag == "rect":
        bar = any(name.startswith("activation") for name in classes)
        return "band" if "rect" in classes else "bar" if bar else ""
    return _group_role(element, classes) or kind if tag == "g" else kind


def _group_role(element: Element, classes: set[str]) -> str:
    for name, role in (
        ("cluster", "group"),
        ("statediagram-cluster", "group"),
        ("statediagram-note", "remark"),
        ("node", "node"),
        ("label", "none"),
        ("edgeLabel", "label"),
    ):
        if name in classes:
            return role
    return "box" if any("rect" in _classes(child) for child in element) else ""


def _note_group(desk: _Desk, element: Element, at: Point) -> None:
    shapes = tuple(_read_shapes(element, at))[:1]
    lines = tuple(_read_lines(desk, element, at))
    desk.figures.append(Figure("group", _group_id(desk, element), shapes, lines))


def _note_box(desk: _Desk, element: Element, at: Point) -> None:
    """A box around participants has no id but its title."""
    lines = tuple(_read_lines(desk, element, at))
    shapes = tuple(_read_shapes(element, at))
    desk.figures.append(Figure("group", " ".join(line.text for line in lines), shapes, lines))


def _note_node(desk: _Desk, element: Element, at: Point) -> None:
    """A node has its coordinates from its own middle."""
    shapes, lines = tuple(_read_shapes(element, (0, 0))), tuple(_read_lines(desk, element, (0, 0)))
    desk.figures.append(Figure("node", _node_id(desk, element), shapes, lines, at))


def _note_remark(desk: _Desk, element: Element, at: Point) -> None:
    shapes, lines = tuple(_read_shapes(element, at)), tuple(_read_lines(desk, element, at))
    desk.figures.append(Figure("note", "", shapes, lines))


def _note_participant(desk: _Desk, element: Element, at: Point) -> None:
    shapes, lines = tuple(_read_shapes(element, at)), _spread(_read_lines(desk, element, at))
    name = element.get("data-id") or next((e.get("name", "") for e in element.iter() if e.get("name")), "")
    inside = element.get("data-type", "participant") in ("participant", "queue", "collections")
    desk.figures.append(Figure("node" if inside else "person", name, shapes, lines))


def _spread(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that the engine sets solid, with some air between them."""
    middle = (len(lines) - 1) / 2
    return tuple(replace(line, y=line.y + (i - middle) * 0.2 * EM) for i, line in enumerate(lines))


def _note_fragment(desk: _Desk, element: Element, at: Point) -> None:
    """`loop`, `alt` and the like: the frame from its four sides, then what parts it, then its tab."""
    sides = [[_values(e, at, f"x{i}", f"y{i}") for i in (1, 2)] for e in element if _tag(e) == "line"]
    left, top, right, bottom = outline.box([point for side in sides[:4] for point in side])
    frame = replace(_rect(left, top, right - left, bottom - top), open=True)
    lines = tuple(_read_lines(desk, element, at))
    desk.figures.append(Figure("fragment", "", (frame, *map(_line, sides[4:])), lines))


def _note_rect(desk: _Desk, element: Element, at: Point) -> None:
    desk.figures.append(Figure(_role(element), "", (_read_rect(element, at),)))


def _note_words(desk: _Desk, element: Element, at: Point) -> None:
    """What stands on the next message."""
    desk.words.append(_read_text(element, at))


def _note_heading(desk: _Desk, element: Element, at: Point) -> None:
    desk.figures.append(Figure(_role(element), "", (), (_read_text(element, at),)))


def _note_edge(desk: _Desk, element: Element, at: Point) -> None:
    classes, data = _classes(element), element.get("d", "")
    if "edge-thickness-invisible" in classes:
        return
    course = [_plus(point, at) for line in outline.flatten(data) for point in line]
    kind = "tie" if "note-edge" in classes else "failure" if "edge-pattern-dotted" in classes else "flow"
    straight = outline.thin(course, 0.3)
    data = outline.polyline(straight) if len(straight) == 2 else outline.curve(data, at)
    start, end = (_arrow(element, f"marker-{side}") for side in ("start", "end"))
    thick = "edge-thickness-thick" in classes
    desk.strokes.append(
        Stroke(
            kind,
            element.get("data-id", ""),
            data,
            tuple(course),
            tuple(_plus(point, at) for point in _read_points(element)),
            start=start,
            end=end,
            thick=thick,
        )
    )


def _read_points(element: Element) -> Iterator[Point]:
    """The points of the layout, which the engine keeps beside the curve that it made of them."""
    kept = element.get("data-points", "")
    for point in json.loads(b64decode(kept)) if kept else ():
        yield float(point["x"]), float(point["y"])


def _note_message(desk: _Desk, element: Element, at: Point) -> None:
    name, end = element.get("data-id", ""), _arrow(element, "marker-end")
    course = [_values(element, at, f"x{i}", f"y{i}") for i in (1, 2)]
    data = outline.curve(element.get("d", ""), at) or outline.polyline(course)
    tail, head = element.get("data-from", ""), element.get("data-to", "")
    dotted = "messageLine1" in _classes(element)
    kind = "failure" if dotted or end == "crosshead" else "flow"
    start = _arrow(element, "marker-start")
    desk.strokes.append(Stroke(kind, name, data, (), (), tail, head, start, end))
    if words := [line for line in desk.words if line.text]:
        middle = (words[0].x, sum(line.y for line in words) / len(words))
        desk.labels.append(Label(name, tuple(line.text for line in words), middle))
    desk.words = []


def _note_life_line(desk: _Desk, element: Element, at: Point) -> None:
    """The line below a participant, which ends with its box."""
    (x, start), (_, end) = (_values(element, at, f"x{i}", f"y{i}") for i in (1, 2))
    floor = max((figure.box[3] for figure in desk.figures if figure.kind == "group"), default=end)
    desk.strokes.append(Stroke("life", "", outline.polyline([(x, start), (x, min(end, floor))])))


def _note_label(desk: _Desk, element: Element, at: Point) -> None:
    name = next((child.get("data-id", "") for child in element if child.get("data-id")), "")
    if lines := _read_lines(desk, element, at):
        desk.labels.append(Label(name, tuple(line.text for line in lines), at))


def _arrow(element: Element, attribute: str) -> str:
    """Which head of `ARROWS` a line carries, of `url(#NAME_flowchart-v2-pointEnd)`; "" for none."""
    marker = element.get(attribute, "")
    return next((name for name in ARROWS if name in marker), "arrowhead" if marker else "")


_ROLES: Final[Mapping[str, Callable[[_Desk, Element, Point], None]]] = MappingProxyType(
    {
        "group": _note_group,
        "box": _note_box,
        "node": _note_node,
        "remark": _note_remark,
        "note": _note_remark,
        "participant": _note_participant,
        "control-structure": _note_fragment,
        "band": _note_rect,
        "bar": _note_rect,
        "words": _note_words,
        "number": _note_heading,
        "heading": _note_heading,
        "edge": _note_edge,
        "message": _note_message,
        "life-line": _note_life_line,
        "label": _note_label,
    }
)
