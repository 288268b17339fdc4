"""Drawings on paper: cut into sheets on which every label can be read, and dressed for the PDF engine.

All lengths of a drawing are in its own px, those of a page in pt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, fromstring, tostring

from . import outline, svg
from .outline import Box

NATURAL: Final = 0.75
"""pt for a px: the size at which the drawing was made."""
SMALLEST: Final = 6.2
"""What the smallest label measures at least, in pt."""
INLINE: Final = 6.5
"""From this size of labels a drawing may stand in the running text."""
EDGE: Final = 10.0
"""What is left free around a sheet's content, in px."""

PORTRAIT: Final = (502.0, 700.0)
LANDSCAPE: Final = (768.0, 452.0)
COLUMN: Final = (502.0, 560.0)

Span = tuple[float, float]

_NAMESPACE = "http://www.w3.org/2000/svg"
_WHOLE: Final = frozenset({"atlas-node", "atlas-label", "atlas-title", "atlas-note"})
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
    """What a drawing made by `atlas.svg` shows: that of a sequence begins left of zero."""
    left, top, width, height = outline.numbers(_parse(drawing).get("viewBox", ""))
    return left, top, left + width, top + height


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
    shown = tuple(box for box in grid if len(grid) == 1 or any(holds(box, p.box) for p in parts))
    return Layout(scale, shown, landscape=page is LANDSCAPE)


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


# Printing ----------------------------------------------------------------------------------------


def cut_out(drawing: str, sheet: Box, legible: Callable[[str], str]) -> str:
    """The drawing as one sheet shows it: what lies beside it is left out, what its edge cuts loses its words.

    Each text is made `legible`.
    """
    page = _parse(drawing)
    _drop_beside(page, sheet)
    for element in page.iter():
        if element.text:
            element.text = legible(element.text)
    left, top, width, height = map(outline.number, (*sheet[:2], sheet[2] - sheet[0], sheet[3] - sheet[1]))
    page.attrib |= {"viewBox": f"{left} {top} {width} {height}", "width": width, "height": height}
    return _written(page)


def draw_map(drawing: str) -> str:
    """The drawing without a word, to be printed small as a map of its sheets."""
    page = _parse(drawing)
    _drop(page, lambda e: e.tag in ("text", "title", "desc") or _kind(e) in ("atlas-label", "atlas-title"))
    return _written(page)


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
