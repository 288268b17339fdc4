"""The elements of our drawings: shapes, lines of text, and the plates that small text stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from . import ruler
from .outline import Point, number
from .palette import INK, LEADING, SIZE, SMALL
from .scene import Line, Shape


def layer(tag: str, elements: Iterable[Element], **attributes: str | float) -> list[Element]:
    layer = make(tag, *elements, **attributes)
    return [layer] if len(layer) else []


def make(tag: str, /, *children: Element, **attributes: str | float) -> Element:
    """An element. `class_` is written `class`, `font_size` `font-size`, `text` its text; "" is left out."""
    element = Element(tag)
    for name, value in attributes.items():
        shown = value if isinstance(value, str) else number(value)
        if name == "text":
            element.text = shown
        elif shown:
            element.set(name.removesuffix("_").replace("_", "-"), shown)
    element.extend(children)
    return element


def draw_shape(shape: Shape, **attributes: str | float) -> Element:
    """A shape. Colours come from around it, but for what is solid (ink), open or unseen."""
    own = {"class_": "atlas-ink", "fill": INK} if shape.solid else {"fill": "none"} if shape.open else {}
    own |= {"stroke": "none"} if shape.unseen else {}
    return make(shape.tag, **dict(shape.sizes), **attributes, **own)


def draw_text(lines: Sequence[Line], size: float = SIZE, **attributes: str | float) -> list[Element]:
    """One `<text>`, with a `<tspan>` a line where there are several; none where there is nothing to say.

    The baseline lies half the height of Inter's capitals (0.727 em) below the middle of the line.
    """
    drop = size * 0.3635
    if len(lines) == 1:
        x = number(lines[0].x)
        return [make("text", text=lines[0].text, x="" if x == "0" else x, y=lines[0].y + drop, **attributes)]
    spans = [make("tspan", text=line.text, x=line.x, y=line.y + drop) for line in lines]
    return [make("text", *spans, **attributes)] if spans else []


def stack(texts: Sequence[str], at: Point, size: float) -> list[Line]:
    """Lines one below the other, the middle of all at a point."""
    step = size * LEADING
    return [Line(at[0], at[1] + step * (i - (len(texts) - 1) / 2), text) for i, text in enumerate(texts)]


def extent(texts: Iterable[str], *, bold: bool = False) -> tuple[float, float]:
    """Width and height of what small lines stand on."""
    widths = [ruler.width(text, SMALL, bold=bold) for text in texts]
    return max(widths) + 8, len(widths) * SMALL * LEADING


def draw_plate(lines: Sequence[Line], *, bold: bool = False, **attributes: str | float) -> Element:
    """What small lines stand on, so that no line of the drawing crosses them out. Bold ones begin at x."""
    width, height = extent([line.text for line in lines], bold=bold)
    x, top = lines[0].x - (4 if bold else width / 2), lines[0].y - SMALL * LEADING / 2
    return make("rect", **attributes, x=x, y=top, width=width, height=height, rx=3)


def move(at: Point) -> str:
    return f"translate({number(at[0])} {number(at[1])})" if any(at) else ""
