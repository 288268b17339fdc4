"""From the engine's SVG to ours, in one pass that is sanitiser, diet and theme at once.

`atlas.scene` reads numbers and words out of the engine's SVG; here they are drawn anew, with no more than the
elements and attributes listed. The result needs no stylesheet; its classes let one change the colours:

    svg.atlas-drawing
      .atlas-group.atlas-PLANE            frame of a group, `data-group`
      path.atlas-flow(.atlas-failure)     edge, `data-tail data-head data-edge`
      g.atlas-title.atlas-PLANE           title of a group, on its `rect`
      g.atlas-label                       words on an edge, on a `rect.atlas-label-box`, `data-edge`
      g.atlas-node.atlas-PLANE            node, `data-node`; inside `a.atlas-link` where it is a link
      .atlas-note .atlas-fragment .atlas-life .atlas-bar .atlas-number .atlas-heading .atlas-arrow .atlas-ink
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape, unescape
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, tostring

from . import outline, ruler
from .model import Plane
from .outline import Box, Point, number
from .placing import Words, place_words
from .routing import route
from .scene import Figure, Line, Scene, Shape, Stroke, read_scene

if TYPE_CHECKING:
    from .drawing import DrawJob

ELEMENTS: Final = frozenset("svg g path rect circle text tspan title desc marker defs a".split())
ATTRIBUTES: Final = frozenset(
    "xmlns id class role aria-labelledby viewBox width height x y cx cy r rx d transform href"
    " fill stroke stroke-width stroke-dasharray stroke-linejoin font-family font-size font-weight"
    " text-anchor text-rendering marker-start marker-end markerWidth markerHeight markerUnits orient"
    " refX refY data-node data-tail data-head data-edge data-group".split()
)

INK: Final = "#1F2937"
LINE: Final = "#374151"
FAINT: Final = "#9CA3AF"
PAPER: Final = "#FFF"
NOTE: Final = "#FEF9C3"
ALARM: Final = "#B00020"

SIZE: Final = 16.0
SMALL: Final = 14.0
LEADING: Final = 1.35


@dataclass(frozen=True, slots=True)
class Paint:
    """How a plane looks: fill, border and text of nodes, tint of frames, and a style of border of its own."""

    fill: str
    border: str
    text: str
    tint: str
    width: float
    dashes: str = ""


PALETTE: Final[Mapping[Plane | None, Paint]] = MappingProxyType(
    {
        Plane.EDGE: Paint("#0066CC", "#003F7F", "#FFF", "#EAF3FC", 1.5),
        Plane.SERVICE: Paint("#00AA00", "#006100", "#000", "#E9F7E9", 3),
        Plane.STATE: Paint("#FF8800", "#8F4A00", "#000", "#FFF3E3", 2, "10 3 2 3"),
        Plane.CONTROL: Paint("#CC0000", "#7A0000", "#FFF", "#FCEBEB", 2, "5 3"),
        None: Paint("#F3F4F6", "#4B5563", INK, PAPER, 1.5),
    }
)


@dataclass(frozen=True, slots=True)
class Flow:
    """An edge as the parser knows it: its place in the graph, and the ids at its ends."""

    index: int
    tail: str
    head: str


@dataclass(frozen=True, slots=True)
class _Arrow:
    """An arrow head in a 10 × 10 view: what it is made of, and where in it the line ends."""

    data: str
    ref: float
    size: float = 8
    hollow: bool = False


_ARROWS: Final[Mapping[str, _Arrow]] = MappingProxyType(
    {
        "point": _Arrow("M0 0L10 5L0 10z", 5, 11),
        "circle": _Arrow("M0 5a5 5 0 1 0 10 0a5 5 0 1 0-10 0z", 11),
        "cross": _Arrow("M1 1L9 9M9 1L1 9", 11, 10, hollow=True),
        "barb": _Arrow("M0 0L10 5L0 10z", 10),
        "arrowhead": _Arrow("M0 0L10 5L0 10z", 7.4),
        "crosshead": _Arrow("M1 1L9 9M9 1L1 9", 5, 10, hollow=True),
        "filled-head": _Arrow("M1 0L9 5L1 10", 9, 9, hollow=True),
    }
)


# How far the head `point` goes beyond the end of its line, in px.
_TIP: Final = 5.5


@dataclass(frozen=True, slots=True)
class _Pen:
    """How strokes of a kind look."""

    name: str
    colour: str
    width: float
    dashes: str = ""
    suffix: str = ""


_PENS: Final[Mapping[str, _Pen]] = MappingProxyType(
    {
        "life": _Pen("atlas-life", FAINT, 1),
        "tie": _Pen("atlas-tie", FAINT, 1),
        "flow": _Pen("atlas-flow", LINE, 1.5),
        "failure": _Pen("atlas-flow atlas-failure", ALARM, 2, "7 4", "-failure"),
    }
)


@dataclass(slots=True)
class _Sheet:
    """What has to be looked up while drawing, and what is drawn so far, in layers from the bottom up."""

    job: DrawJob
    name: str
    flows: Mapping[str, Flow]
    planes: Mapping[str, Plane]
    frames: list[Element] = field(default_factory=list)
    strokes: dict[tuple[tuple[str, str], ...], list[Element]] = field(default_factory=dict)
    titles: list[Element] = field(default_factory=list)
    labels: list[Element] = field(default_factory=list)
    figures: list[Element] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)
    markers: dict[str, Element] = field(default_factory=dict)

    def paint(self, name: str) -> tuple[str, Paint]:
        """The class that names the plane of a node or group (with a blank before it), and its paint."""
        plane = self.planes.get(name)
        return f" atlas-{plane}" if plane else "", PALETTE[plane]


def rewrite(
    raw: str, job: DrawJob, *, flows: Mapping[str, Flow] = MappingProxyType({}), across: bool = False
) -> str:
    """The drawing as an `<svg>` of allowed elements; `flows` tells edges by the engine's ids for them.

    `across` says that the flow runs from side to side. Raises ValueError where `raw` is not XML or declares a
    document type.
    """
    scene = _routed(read_scene(raw), flows, across=across)
    name = re.sub(r"[^\w-]", "-", job.id.replace("/", "--"))
    sheet = _Sheet(job, name, flows, dict(job.planes))
    for figure in scene.figures:
        _DRAW[figure.kind](sheet, figure)
    for stroke in sorted(scene.strokes, key=lambda stroke: list(_PENS).index(stroke.kind)):
        _draw_stroke(sheet, stroke)
    view = _hold(scene.view, _draw_labels(sheet, scene))
    return tostring(_page(sheet, view), encoding="unicode").replace(" />", "/>")


def _routed(scene: Scene, flows: Mapping[str, Flow], *, across: bool) -> Scene:
    """The scene with edges that pass beside the boxes of others."""
    nodes = {figure.id: figure for figure in scene.figures if figure.kind == "node"}
    boxes = [node.box for node in nodes.values()]

    def run(stroke: Stroke) -> Stroke:
        flow = flows.get(stroke.id)
        if not (flow and stroke.points and flow.tail != flow.head and {flow.tail, flow.head} <= nodes.keys()):
            return stroke
        ends = (
            _port(nodes[flow.tail], stroke.start, across=across),
            _port(nodes[flow.head], stroke.end, across=across),
        )
        data = route(stroke.points, *ends, boxes, across=across)
        return replace(stroke, data=data, course=tuple(outline.flatten(data)[0])) if data else stroke

    return replace(scene, strokes=tuple(run(stroke) for stroke in scene.strokes))


def _port(figure: Figure, arrow: str, *, across: bool) -> Box:
    """The box of a node as edges may use it: all the width of a rectangle, the middle of what is round.

    Where there is an arrow whose tip goes beyond its line, the line ends as far ahead of the node.
    """
    axis = 1 if across else 0
    box = figure.box
    low, high = box[axis], box[axis + 2]
    if not all(shape.tag == "rect" for shape in figure.shapes):
        reach = (high - low) * (0.2 if any(shape.tag == "path" for shape in figure.shapes) else 0)
        low, high = (low + high) / 2 - reach, (low + high) / 2 + reach
    tip = _TIP if arrow == "point" else 0
    near, far = box[1 - axis] - tip, box[3 - axis] + tip
    return (near, low, far, high) if across else (low, near, high, far)


def place_links(svg: str, hrefs: Mapping[str, str]) -> str:
    """The drawing with real addresses for `atlas-node:ID`; a node without one is a link no more."""

    def place(found: re.Match[str]) -> str:
        href = hrefs.get(unescape(found[1]))
        return f'<a class="atlas-link" href="{escape(href)}">{found[2]}</a>' if href else found[2]

    return re.sub(r'<a class="atlas-link" href="atlas-node:([^"]*)">(.*?)</a>', place, svg, flags=re.DOTALL)


def read_size(svg: str) -> tuple[float, float]:
    """Width and height in px of a drawing made here."""
    found = re.search(r' width="([\d.]+)" height="([\d.]+)"', svg)
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _hold(view: Box, boxes: Iterable[Box]) -> Box:
    """A view (left, top, width, height) that holds boxes too, which words set aside may have left."""
    left, top, width, height = view
    spots = [spot for box in boxes for spot in (box[:2], box[2:])]
    low_x, low_y, high_x, high_y = outline.box([(left, top), (left + width, top + height), *spots])
    return low_x, low_y, high_x - low_x, high_y - low_y


def _page(sheet: _Sheet, view: Box) -> Element:
    name, job = sheet.name, sheet.job
    return _make(
        "svg",
        _make("title", id=f"{name}-title", text=job.title),
        _make("desc", id=f"{name}-desc", text=job.description),
        *_layer("defs", sheet.markers.values()),
        *_layer("g", sheet.frames, stroke_linejoin="round"),
        *(_make("g", *paths, **dict(style)) for style, paths in sheet.strokes.items()),
        *_layer("g", sheet.titles, font_size=SMALL, font_weight="600", text_anchor="start"),
        *_layer("g", sheet.labels, font_size=SMALL, fill=INK),
        *sheet.figures,
        xmlns="http://www.w3.org/2000/svg",
        id=name,
        class_="atlas-drawing",
        # What lies inside role="img" is not offered to assistive technology; links need a group.
        role="group" if job.links else "img",
        aria_labelledby=f"{name}-title {name}-desc",
        width=view[2],
        height=view[3],
        viewBox=" ".join(map(number, view)),
        font_family="Inter, sans-serif",
        font_size=SIZE,
        text_anchor="middle",
        text_rendering="geometricPrecision",
    )


# Elements --------------------------------------------------------------------------------------


def _layer(tag: str, elements: Iterable[Element], **attributes: str | float) -> list[Element]:
    layer = _make(tag, *elements, **attributes)
    return [layer] if len(layer) else []


def _make(tag: str, /, *children: Element, **attributes: str | float) -> Element:
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


def _shape(shape: Shape, **attributes: str | float) -> Element:
    """A shape. Colours come from around it, but for what is solid, which is ink, and what is open."""
    own = {"class_": "atlas-ink", "fill": INK} if shape.solid else {"fill": "none"} if shape.open else {}
    return _make(shape.tag, **dict(shape.sizes), **attributes, **own)


def _text(lines: Sequence[Line], size: float = SIZE, **attributes: str | float) -> list[Element]:
    """One `<text>`, with a `<tspan>` a line where there are several; none where there is nothing to say.

    The baseline lies half the height of Inter's capitals (0.727 em) below the middle of the line.
    """
    drop = size * 0.3635
    if len(lines) == 1:
        x = number(lines[0].x)
        return [_make("text", text=lines[0].text, x="" if x == "0" else x, y=lines[0].y + drop, **attributes)]
    spans = [_make("tspan", text=line.text, x=line.x, y=line.y + drop) for line in lines]
    return [_make("text", *spans, **attributes)] if spans else []


def _stack(texts: Sequence[str], at: Point, size: float) -> list[Line]:
    """Lines one below the other, the middle of all at a point."""
    step = size * LEADING
    return [Line(at[0], at[1] + step * (i - (len(texts) - 1) / 2), text) for i, text in enumerate(texts)]


def _extent(texts: Iterable[str], *, bold: bool = False) -> tuple[float, float]:
    """Width and height of what small lines stand on."""
    widths = [ruler.width(text, SMALL, bold=bold) for text in texts]
    return max(widths) + 8, len(widths) * SMALL * LEADING


def _plate(lines: Sequence[Line], *, bold: bool = False, **attributes: str | float) -> Element:
    """What small lines stand on, so that no line of the drawing crosses them out. Bold ones begin at x."""
    width, height = _extent([line.text for line in lines], bold=bold)
    x, top = lines[0].x - (4 if bold else width / 2), lines[0].y - SMALL * LEADING / 2
    return _make("rect", **attributes, x=x, y=top, width=width, height=height, rx=3)


def _move(at: Point) -> str:
    return f"translate({number(at[0])} {number(at[1])})" if any(at) else ""


# Figures, strokes and labels ---------------------------------------------------------------------


def _draw_group(sheet: _Sheet, figure: Figure) -> None:
    plane, paint = sheet.paint(figure.id)
    border = paint.border if plane else FAINT
    for frame in figure.shapes:
        sheet.frames.append(
            _shape(
                frame,
                class_=f"atlas-group{plane}",
                data_group=figure.id,
                fill=paint.tint if plane else "none",
                stroke=border,
                stroke_width=paint.width,
                stroke_dasharray=paint.dashes,
            )
        )
    if figure.lines:
        left, top, *_ = figure.box
        width, height = _extent([line.text for line in figure.lines], bold=True)
        sheet.taken.append((left, top, left + 8 + width, top + 4 + height))
        lines = _stack([line.text for line in figure.lines], (left + 12, top + 4 + height / 2), SMALL)
        plate = _plate(lines, bold=True, fill=paint.tint)
        ink = paint.border if plane else INK
        sheet.titles.append(_make("g", plate, *_text(lines, SMALL), class_=f"atlas-title{plane}", fill=ink))


def _draw_node(sheet: _Sheet, figure: Figure) -> None:
    plane, paint = sheet.paint(figure.id)
    within = figure.kind == "node" and not all(shape.open for shape in figure.shapes)
    node = _make(
        "g",
        *map(_shape, figure.shapes),
        *_text(figure.lines, fill=paint.text if within else INK, stroke="none"),
        class_=f"atlas-node{plane}",
        data_node=figure.id,
        transform=_move(figure.at),
        fill=paint.fill,
        stroke=paint.border,
        stroke_width=paint.width,
        stroke_dasharray=paint.dashes,
    )
    if figure.id in sheet.job.links:
        node = _make("a", node, class_="atlas-link", href=f"atlas-node:{figure.id}")
    sheet.figures.append(node)


def _draw_note(sheet: _Sheet, figure: Figure) -> None:
    text = _text(figure.lines, fill=INK, stroke="none")
    shapes = map(_shape, figure.shapes)
    sheet.figures.append(_make("g", *shapes, *text, class_="atlas-note", fill=NOTE, stroke="#A16207"))


def _draw_fragment(sheet: _Sheet, figure: Figure) -> None:
    """`loop`, `alt` and the like: a frame, what parts it, a tab with its name, conditions on plates."""
    sheet.frames += [_shape(shape, class_="atlas-fragment", stroke=FAINT) for shape in figure.shapes]
    name, *conditions = figure.lines
    left, top, *_ = figure.box
    tab = Line(left + 10, top + 12, name.text)
    plate = _plate([tab], bold=True, fill=PAPER, stroke=FAINT)
    text = _text([tab], SMALL, font_weight="600", text_anchor="start")
    sheet.labels.append(_make("g", plate, *text, class_="atlas-fragment"))
    for line in conditions:
        sheet.labels.append(_worded([line]))


def _draw_band(sheet: _Sheet, figure: Figure) -> None:
    sheet.frames += [_shape(shape, class_="atlas-band", fill="#E5E7EB") for shape in figure.shapes]


def _draw_bar(sheet: _Sheet, figure: Figure) -> None:
    sheet.labels += [_shape(shape, class_="atlas-bar", fill=PAPER, stroke=LINE) for shape in figure.shapes]


def _draw_number(sheet: _Sheet, figure: Figure) -> None:
    line = figure.lines[0]
    disc = _make("circle", cx=line.x, cy=line.y, r=9)
    text = _text([line], 12, font_size=12, fill=PAPER)
    sheet.figures.append(_make("g", disc, *text, class_="atlas-number", fill=LINE))


def _draw_heading(sheet: _Sheet, figure: Figure) -> None:
    sheet.labels += _text(figure.lines, class_="atlas-heading", font_size=SIZE, font_weight="600")


_DRAW: Final[Mapping[str, Callable[[_Sheet, Figure], None]]] = MappingProxyType(
    {
        "group": _draw_group,
        "node": _draw_node,
        "person": _draw_node,
        "note": _draw_note,
        "fragment": _draw_fragment,
        "band": _draw_band,
        "bar": _draw_bar,
        "number": _draw_number,
        "heading": _draw_heading,
    }
)


def _draw_stroke(sheet: _Sheet, stroke: Stroke) -> None:
    pen = _PENS[stroke.kind]
    style = {
        "fill": "none",
        "stroke": pen.colour,
        "stroke-width": number(pen.width * (2 if stroke.thick else 1)),
    }
    if pen.dashes:
        style["stroke-dasharray"] = pen.dashes
    for side, arrow in (("start", stroke.start), ("end", stroke.end)):
        if arrow:
            style[f"marker-{side}"] = f"url(#{_marker(sheet, arrow, pen)})"
    flow = sheet.flows.get(stroke.id)
    path = _make(
        "path",
        class_=pen.name,
        data_tail=flow.tail if flow else stroke.tail,
        data_head=flow.head if flow else stroke.head,
        data_edge=str(flow.index) if flow else "",
        d=stroke.data,
    )
    sheet.strokes.setdefault(tuple(style.items()), []).append(path)


def _marker(sheet: _Sheet, name: str, pen: _Pen) -> str:
    """The id of an arrow head in the colour of a pen, which is drawn when it is first asked for."""
    arrow, known = _ARROWS[name], f"{sheet.name}-{name}{pen.suffix}"
    paint = (
        {"fill": "none", "stroke": pen.colour, "stroke_width": "2"} if arrow.hollow else {"fill": pen.colour}
    )
    if known not in sheet.markers:
        sheet.markers[known] = _make(
            "marker",
            _make("path", class_=f"atlas-arrow{pen.suffix.replace('-', ' atlas-')}", d=arrow.data, **paint),
            id=known,
            viewBox="0 0 10 10",
            refX=arrow.ref,
            refY=5,
            markerWidth=arrow.size,
            markerHeight=arrow.size,
            markerUnits="userSpaceOnUse",
            orient="auto-start-reverse",
        )
    return known


def _draw_labels(sheet: _Sheet, scene: Scene) -> list[Box]:
    """The words on edges, kept clear of nodes and of the titles of groups; returns where they stand."""
    courses = {stroke.id: stroke.course for stroke in scene.strokes}
    words = [Words(label.at, *_extent(label.texts), courses.get(label.id, ())) for label in scene.labels]
    taken = [figure.box for figure in scene.figures if figure.kind in ("node", "note")]
    placed = place_words(words, taken + sheet.taken)
    for label, at in zip(scene.labels, placed, strict=True):
        flow = sheet.flows.get(label.id)
        lines = _stack(label.texts, at, SMALL)
        sheet.labels.append(_worded(lines, data_edge=str(flow.index) if flow else ""))
    return [replace(label, at=at).box for label, at in zip(words, placed, strict=True)]


def _worded(lines: Sequence[Line], **attributes: str) -> Element:
    plate = _plate(lines, class_="atlas-label-box", fill=PAPER)
    return _make("g", plate, *_text(lines, SMALL), class_="atlas-label", **attributes)
