"""Shapes and words of the engine's SVG, element by element.

`at` is always how far the elements around one have moved it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element

from . import outline
from .outline import Point
from .scene import Line, Shape

EM: Final = 16.0
CAPITAL: Final = 0.727
_DARK: Final = frozenset({"#333333", "#9370DB"})


def tag_of(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def classes_of(element: Element) -> set[str]:
    return set(element.get("class", "").split())


def value(element: Element, name: str) -> float:
    found = outline.numbers(element.get(name, ""))
    return found[0] if found else 0.0


def point_of(element: Element, at: Point, x: str, y: str) -> Point:
    return plus(at, (value(element, x), value(element, y)))


def shift_of(element: Element) -> Point:
    """How far `translate(x, y)` or `matrix(1 0 0 1 x y)` moves an element."""
    transform = element.get("transform")
    found = outline.numbers(transform) if transform else []
    return (found[-2], found[-1]) if len(found) in (2, 6) else (0.0, 0.0)


def plus(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1]


def _words(element: Element) -> str:
    """The words of a `<text>` and its `<tspan>`s; other elements in it do not speak."""
    inner = (f"{_words(child) if tag_of(child) == 'tspan' else ''}{child.tail or ''}" for child in element)
    return f"{element.text or ''}{''.join(inner)}"


def read_text(text: Element, at: Point) -> Line:
    """A `<text>` of the engine, whose y is a baseline or a middle, and whose first `<tspan>` may move it."""
    drop = 0.0
    for element in [text, *text][:2]:
        drop += value(element, "dy") * (EM if element.get("dy", "").endswith("em") else 1)
    if "dominant-baseline" not in text.attrib:
        drop -= (value(text, "font-size") or EM) * CAPITAL / 2
    x, y = point_of(text, at, "x", "y")
    return Line(x, y + drop, " ".join(_words(text).split()))


def read_lines(shared: Mapping[str, Element], element: Element, at: Point) -> list[Line]:
    lines = []
    for child in element:
        here = plus(at, shift_of(child))
        if tag_of(child) == "text":
            lines.append(read_text(child, here))
        elif tag_of(child) == "use":
            lines += read_lines(shared, shared.get(child.get("href", ""), child), here)
        elif tag_of(child) in ("g", "svg"):
            lines += read_lines(shared, child, here)
    return [line for line in lines if line.text]


def read_shapes(element: Element, at: Point) -> Iterator[Shape]:
    """The shapes of a figure. Where the engine sketches a path twice, its fill is enough."""
    sketched = any(child.get("stroke") == "none" and child.get("d") for child in element)
    for child in element:
        here, tag = plus(at, shift_of(child)), tag_of(child)
        if tag == "g" and "label" not in classes_of(child) and child.get("stroke-opacity") != "0":
            yield from read_shapes(child, here)
        elif tag == "path" and not (sketched and child.get("stroke") != "none"):
            yield from _read_path(child, here)
        elif tag in _READERS and "text" not in classes_of(child):
            yield _READERS[tag](child, here)


def _read_path(path: Element, at: Point) -> Iterator[Shape]:
    data, fill = path.get("d", ""), path.get("fill")
    # The engine draws what has arcs from a corner, and moves the corner to where the middle is the origin.
    shape = Shape("path", (), (at[0], at[1], -at[0], -at[1]), solid=fill in _DARK, open=fill == "none")
    if not outline.is_absolute(data):
        move = ("transform", f"translate({outline.number(at[0])} {outline.number(at[1])})")
        yield replace(shape, sizes=(("d", outline.tidy(data)), *([move] if any(at) else [])))
        return
    lines = [[plus(point, at) for point in line] for line in outline.flatten(data)]
    for line in dict.fromkeys(tuple(outline.thin(line, 0.15)) for line in lines if len(line) > 1):
        if circle := outline.circle(line):
            x, y, radius = circle
            yield replace(shape, tag="circle", sizes=_sizes(cx=x, cy=y, r=radius), box=outline.box(line))
        else:
            data = outline.polyline(line, closed=not shape.open)
            yield replace(shape, sizes=(("d", data),), box=outline.box(line))


def read_rect(rect: Element, at: Point) -> Shape:
    x, y = point_of(rect, at, "x", "y")
    return rectangle(x, y, value(rect, "width"), value(rect, "height"), max(8.0, value(rect, "rx")))


def rectangle(x: float, y: float, width: float, height: float, rx: float = 8.0) -> Shape:
    return Shape("rect", _sizes(x=x, y=y, width=width, height=height, rx=rx), (x, y, x + width, y + height))


def _read_circle(circle: Element, at: Point) -> Shape:
    (x, y), r = point_of(circle, at, "cx", "cy"), value(circle, "r")
    solid = "state-start" in classes_of(circle)
    return Shape("circle", _sizes(cx=x, cy=y, r=r), (x - r, y - r, x + r, y + r), solid=solid)


def _read_polygon(polygon: Element, at: Point) -> Shape:
    corners = [plus(point, at) for point in outline.points(polygon.get("points", ""))]
    return Shape("path", (("d", outline.polyline(corners, closed=True)),), outline.box(corners))


def _read_line(line: Element, at: Point) -> Shape:
    return line_between([point_of(line, at, f"x{i}", f"y{i}") for i in (1, 2)])


def line_between(ends: Sequence[Point]) -> Shape:
    return Shape("path", (("d", outline.polyline(ends)),), outline.box(ends), open=True)


def _sizes(**sizes: float) -> tuple[tuple[str, str], ...]:
    return tuple((name, outline.number(value)) for name, value in sizes.items())


_READERS: Final[Mapping[str, Callable[[Element, Point], Shape]]] = MappingProxyType(
    {"rect": read_rect, "circle": _read_circle, "polygon": _read_polygon, "line": _read_line}
)
