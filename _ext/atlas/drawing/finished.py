"""What stands in a finished drawing, made by `svg`: its parts, their words and what they cover, in px."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, fromstring

from . import outline
from .outline import Box
from .sheets import Part

NAMESPACE: Final = "http://www.w3.org/2000/svg"
WHOLE: Final = frozenset({"atlas-node", "atlas-label", "atlas-title", "atlas-note"})
_POINT: Final = (0.0, 0.0, 0.0, 0.0)
_XMLNS = f' xmlns="{NAMESPACE}"'


def parse(drawing: str) -> Element:
    """Our own drawing, so its names need no namespace and its text no distrust."""
    return fromstring(drawing.replace(_XMLNS, "", 1))  # noqa: S314


def parts_of(element: Element) -> Iterator[Part]:
    for child in element:
        kind = kind_of(child)
        if kind == "atlas-node":
            yield Part(box_of(child), child.get("data-node", ""), words_of(child))
        elif kind in WHOLE:
            yield Part(box_of(child), words=words_of(child))
        else:
            yield from parts_of(child)


def kind_of(element: Element) -> str:
    return element.get("class", "").partition(" ")[0]


def words_of(group: Element) -> tuple[str, ...]:
    return tuple(e.text for e in group.iter() if e.tag in ("text", "tspan") and e.text)


def box_of(group: Element) -> Box:
    """What the shapes of a group cover."""
    x, y = _shift(group)
    found = [box for child in group if (box := _READERS.get(child.tag, _nothing)(child))]
    left, top, right, bottom = outline.box(
        [corner for box in found or [_POINT] for corner in (box[:2], box[2:])]
    )
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


def path_box(path: Element) -> Box:
    """Relative paths stand around the middle to which they are moved."""
    x, y = _shift(path)
    if x or y:
        return x, y, -x, -y
    lines = outline.flatten(path.get("d", ""))
    return outline.box([point for line in lines for point in line])


_READERS: Final[Mapping[str, Callable[[Element], Box | None]]] = MappingProxyType(
    {"rect": _rect, "circle": _circle, "path": path_box}
)
