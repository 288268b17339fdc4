"""Drawings on paper: what must be whole on one sheet, and each sheet dressed for the PDF engine.

All lengths of a drawing are in its own px, those of a page in pt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final
from xml.etree.ElementTree import Element, tostring

from atlas.records.model import Plane

from . import outline, ruler
from .finished import NAMESPACE, WHOLE, box_of, kind_of, parse, parts_of, path_box
from .outline import Box
from .palette import INK, PALETTE, SIZE
from .sheets import Part, holds, touch
from .signs import Flow, Sign, draw_sign

THINNED: Final = 0.4
"""How much of a plane's colour is printed, the rest is white."""


def read_view(drawing: str) -> Box:
    """What there is to see of a drawing made by `svg`.

    That of a sequence begins left of zero, and words that had to make way may stand beyond the edge.
    """
    page = parse(drawing)
    left, top, width, height = outline.numbers(page.get("viewBox", ""))
    boxes = [(left, top, left + width, top + height), *(part.box for part in parts_of(page))]
    return outline.box([corner for box in boxes for corner in (box[:2], box[2:])])


def read_parts(drawing: str) -> tuple[Part, ...]:
    """The nodes, the words on edges and the titles of groups of a drawing made by `svg`."""
    return tuple(parts_of(parse(drawing)))


def read_flows(drawing: str) -> tuple[Flow, ...]:
    """The edges of a drawing made by `svg`."""
    paths = [path for path in parse(drawing).iter("path") if kind_of(path) == "atlas-flow"]
    return tuple(
        Flow(p.get("data-tail", ""), p.get("data-head", ""), tuple(chain(*outline.flatten(p.get("d", "")))))
        for p in paths
    )


def print_colour(plane: Plane) -> str:
    """The fill of a plane on paper: thinned with white, so that black is legible on it in grey too."""
    colour = PALETTE[plane].fill
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{255 - round((255 - part) * THINNED):02X}" for part in parts)


def cut_out(drawing: str, sheet: Box, legible: Callable[[str], str], signs: Iterable[Sign] = ()) -> str:
    """The drawing as one sheet shows it: what lies beside it is left out, what its edge cuts loses its words.

    Each text is made `legible`, and smaller where that makes it wider.
    """
    page = parse(drawing)
    _drop_beside(page, sheet)
    _thin(page)
    page.extend(map(draw_sign, signs))
    for element in page.iter():
        if element.text:
            _say(element, legible(element.text))
    left, top, width, height = map(outline.number, (*sheet[:2], sheet[2] - sheet[0], sheet[3] - sheet[1]))
    page.attrib |= {"viewBox": f"{left} {top} {width} {height}", "width": width, "height": height}
    return _written(page)


def _say(element: Element, words: str) -> None:
    """Put words in the place of others, in no more room than those take."""
    room, needed = (ruler.width(text, SIZE) for text in (element.text or "", words))
    if needed > room and element.tag in ("text", "tspan"):
        element.set("font-size", f"{room / needed:.2f}em")
    element.text = words


def draw_map(drawing: str) -> str:
    """The drawing without a word, to be printed small as a map of its sheets."""
    page = parse(drawing)
    _thin(page)
    _drop(page, lambda e: e.tag in ("text", "title", "desc") or kind_of(e) in ("atlas-label", "atlas-title"))
    return _written(page)


def _thin(page: Element) -> None:
    """Colours as they are printed, with black on all of them."""
    for element in page.iter("g"):
        plane = element.get("class", "").partition("atlas-node atlas-")[2]
        if plane in set(Plane):
            element.set("fill", print_colour(Plane(plane)))
            for text in element.iter("text"):
                text.set("fill", INK)


def _written(page: Element) -> str:
    page.set("xmlns", NAMESPACE)
    return tostring(page, encoding="unicode")


def _drop_beside(element: Element, sheet: Box) -> None:
    def beside(child: Element) -> bool:
        kind = kind_of(child)
        if kind in WHOLE:
            box = box_of(child)
            return not touch(sheet, box) or not (holds(sheet, box) or _faded(child, kind, box, sheet))
        return kind == "atlas-flow" and not touch(sheet, path_box(child))

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
