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
from html import escape
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from atlas.diagrams.wording import STAND_INS, replace_stand_ins

from . import outline, ruler
from .engine_shapes import (
    EM,
    classes_of,
    line_between,
    plus,
    point_of,
    read_lines,
    read_rect,
    read_shapes,
    read_text,
    rectangle,
    shift_of,
    tag_of,
)
from .outline import Box, Point
from .scene import Figure, Label, Line, Scene, Shape, Stroke

MARGIN: Final = 4.0
_IN_XML: Final = {stand_in: escape(character) for stand_in, character in STAND_INS.items()}
ARROWS: Final = ("point", "circle", "crosshead", "cross", "barb", "filled-head", "arrowhead")


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
        root = fromstring(_with_words(raw))  # noqa: S314 - our own engine's, and free of entities
    except ParseError as error:
        raise ValueError(f"the drawing is not XML: {error}") from error
    shared = {f"#{e.get('id')}": e for e in root.iter() if "-foreignobject-label-" in e.get("id", "")}
    desk = _Desk(root.get("id", ""), shared)
    _visit(desk, root, (0.0, 0.0))
    view = _view(root, desk.figures)
    return Scene(view, tuple(desk.figures), tuple(desk.strokes), tuple(desk.labels))


def _with_words(raw: str) -> str:
    """The engine's SVG with the characters themselves for their stand-ins."""
    return replace_stand_ins(raw, _IN_XML)


def _view(root: Element, figures: Iterable[Figure]) -> Box:
    """Left, top, width and height of the engine's view, widened where it cuts a border."""
    left, top, width, height = (*outline.numbers(root.get("viewBox", "")), 0.0, 0.0, 0.0, 0.0)[:4]
    corners = [(left, top), (left + width, top + height)]
    for x, y, right, bottom in (figure.box for figure in figures if figure.shapes):
        corners += [(x - MARGIN, y - MARGIN), (right + MARGIN, bottom + MARGIN)]
    left, top, right, bottom = outline.box(corners)
    return left, top, right - left, bottom - top


def _node_id(desk: _Desk, element: Element) -> str:
    """`ID` of `NAME-flowchart-ID-3` or `NAME-state-ID-3`."""
    return element.get("id", "").removeprefix(f"{desk.name}-").partition("-")[2].rpartition("-")[0]


def _group_id(desk: _Desk, element: Element) -> str:
    return element.get("data-id") or element.get("id", "").removeprefix(f"{desk.name}-")


def _visit(desk: _Desk, element: Element, at: Point) -> None:
    for child in element:
        if child.get("display") == "none":
            continue
        here = plus(at, shift_of(child))
        if note := _ROLES.get(_role(child)):
            note(desk, child, here)
        elif tag_of(child) in ("g", "a"):
            _visit(desk, child, here)


def _role(element: Element) -> str:
    """What an element of the engine is: a key of `_ROLES`, or any other word for what only holds others."""
    tag, classes, kind = tag_of(element), classes_of(element), element.get("data-et", "")
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
    return "box" if any("rect" in classes_of(child) for child in element) else ""


def _note_group(desk: _Desk, element: Element, at: Point) -> None:
    shapes = tuple(read_shapes(element, at))[:1]
    lines = tuple(read_lines(desk.shared, element, at))
    desk.figures.append(Figure("group", _group_id(desk, element), shapes, lines))


def _note_box(desk: _Desk, element: Element, at: Point) -> None:
    """A box around participants has no id but its title."""
    lines = tuple(read_lines(desk.shared, element, at))
    shapes = tuple(read_shapes(element, at))
    desk.figures.append(Figure("group", " ".join(line.text for line in lines), shapes, lines))


def _note_node(desk: _Desk, element: Element, at: Point) -> None:
    """A node has its coordinates from its own middle."""
    shapes, lines = tuple(read_shapes(element, (0, 0))), tuple(read_lines(desk.shared, element, (0, 0)))
    if lines and all(shape.open for shape in shapes):
        shapes = (_room_of(lines), *shapes)
    desk.figures.append(Figure("node", _node_id(desk, element), shapes, lines, at))


def _room_of(lines: Sequence[Line]) -> Shape:
    """What words without a box around them take, so that no line runs through them."""
    right = max(abs(line.x) + ruler.width(line.text, EM) / 2 for line in lines) + MARGIN
    down = max(abs(line.y) for line in lines) + EM
    return replace(rectangle(-right, -down, 2 * right, 2 * down), open=True, unseen=True)


def _note_remark(desk: _Desk, element: Element, at: Point) -> None:
    shapes, lines = tuple(read_shapes(element, at)), tuple(read_lines(desk.shared, element, at))
    desk.figures.append(Figure("note", "", shapes, lines))


def _note_participant(desk: _Desk, element: Element, at: Point) -> None:
    shapes, lines = tuple(read_shapes(element, at)), _spread(read_lines(desk.shared, element, at))
    name = element.get("data-id") or next((e.get("name", "") for e in element.iter() if e.get("name")), "")
    inside = element.get("data-type", "participant") in ("participant", "queue", "collections")
    desk.figures.append(Figure("node" if inside else "person", name, shapes, lines))


def _spread(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that the engine sets solid, with some air between them."""
    middle = (len(lines) - 1) / 2
    return tuple(replace(line, y=line.y + (i - middle) * 0.2 * EM) for i, line in enumerate(lines))


def _note_fragment(desk: _Desk, element: Element, at: Point) -> None:
    """`loop`, `alt` and the like: the frame from its four sides, then what parts it, then its tab."""
    sides = [[point_of(e, at, f"x{i}", f"y{i}") for i in (1, 2)] for e in element if tag_of(e) == "line"]
    left, top, right, bottom = outline.box([point for side in sides[:4] for point in side])
    frame = replace(rectangle(left, top, right - left, bottom - top), open=True)
    lines = tuple(read_lines(desk.shared, element, at))
    desk.figures.append(Figure("fragment", "", (frame, *map(line_between, sides[4:])), lines))


def _note_rect(desk: _Desk, element: Element, at: Point) -> None:
    desk.figures.append(Figure(_role(element), "", (read_rect(element, at),)))


def _note_words(desk: _Desk, element: Element, at: Point) -> None:
    """What stands on the next message."""
    desk.words.append(read_text(element, at))


def _note_heading(desk: _Desk, element: Element, at: Point) -> None:
    desk.figures.append(Figure(_role(element), "", (), (read_text(element, at),)))


def _note_edge(desk: _Desk, element: Element, at: Point) -> None:
    classes, data = classes_of(element), element.get("d", "")
    if "edge-thickness-invisible" in classes:
        return
    course = [plus(point, at) for line in outline.flatten(data) for point in line]
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
            tuple(plus(point, at) for point in _read_points(element)),
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
    course = [point_of(element, at, f"x{i}", f"y{i}") for i in (1, 2)]
    data = outline.curve(element.get("d", ""), at) or outline.polyline(course)
    tail, head = element.get("data-from", ""), element.get("data-to", "")
    dotted = "messageLine1" in classes_of(element)
    kind = "failure" if dotted or end == "crosshead" else "flow"
    start = _arrow(element, "marker-start")
    desk.strokes.append(Stroke(kind, name, data, (), (), tail, head, start, end))
    if words := [line for line in desk.words if line.text]:
        middle = (words[0].x, sum(line.y for line in words) / len(words))
        desk.labels.append(Label(name, tuple(line.text for line in words), middle))
    desk.words = []


def _note_life_line(desk: _Desk, element: Element, at: Point) -> None:
    """The line below a participant, which ends with its box."""
    (x, start), (_, end) = (point_of(element, at, f"x{i}", f"y{i}") for i in (1, 2))
    floor = max((figure.box[3] for figure in desk.figures if figure.kind == "group"), default=end)
    desk.strokes.append(Stroke("life", "", outline.polyline([(x, start), (x, min(end, floor))])))


def _note_label(desk: _Desk, element: Element, at: Point) -> None:
    name = next((child.get("data-id", "") for child in element if child.get("data-id")), "")
    if lines := read_lines(desk.shared, element, at):
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
