"""From the engine's SVG to ours, in one pass that is sanitiser, diet and theme at once.

`scene` reads numbers and words out of the engine's SVG; here they are drawn anew, with no more than the
elements and attributes listed. The result needs no stylesheet; its classes let one change the colours:

    svg.atlas-drawing
      .atlas-group.atlas-PLANE            frame of a group, `data-group`
      path.atlas-flow(.atlas-failure)     edge, `data-tail data-head data-edge`
      g.atlas-title.atlas-PLANE           title of a group, on its `rect`
      g.atlas-label                       words on an edge, on a `rect.atlas-label-box`, `data-edge`
      g.atlas-node.atlas-PLANE            node, `data-node`; inside `a.atlas-link` where it is a link
      rect.atlas-broken g.atlas-badge     around a node that broke, and at its corner
      .atlas-note .atlas-fragment .atlas-life .atlas-bar .atlas-number .atlas-heading .atlas-arrow .atlas-ink
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape, unescape
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, tostring

from . import outline
from .elements import layer, make
from .engine_svg import read_scene
from .figures import DRAW, Flow, Sheet, draw_labels, draw_stroke
from .job import DrawJob
from .loops import with_all_loops
from .outline import Box, number
from .palette import INK, SIZE, SMALL
from .pens import ARROW, PENS, TIP
from .routing import route
from .scene import Figure, Scene, Stroke

EDGE: Final = 2.0
"""What is left free around the mark of what broke, in px."""
ELEMENTS: Final = frozenset("svg g path rect circle text tspan title desc marker defs a".split())
ATTRIBUTES: Final = frozenset(
    "xmlns id class role aria-labelledby viewBox width height x y cx cy r rx d transform href"
    " fill stroke stroke-width stroke-dasharray stroke-linejoin font-family font-size font-weight"
    " text-anchor text-rendering marker-start marker-end markerWidth markerHeight markerUnits orient"
    " refX refY data-node data-tail data-head data-edge data-group".split()
)


def rewrite(
    raw: str, job: DrawJob, *, flows: Mapping[str, Flow] = MappingProxyType({}), across: bool = False
) -> str:
    """The drawing as an `<svg>` of allowed elements; `flows` tells edges by the engine's ids for them.

    `across` says that the flow runs from side to side. Raises ValueError where `raw` is not XML or declares a
    document type.
    """
    return write_scene(read_scene(raw), job, flows=flows, across=across)


def write_scene(
    scene: Scene, job: DrawJob, *, flows: Mapping[str, Flow] = MappingProxyType({}), across: bool = False
) -> str:
    """The drawing of a scene, as `rewrite` has it."""
    scene = _routed(with_all_loops(scene, flows), flows, across=across)
    name = re.sub(r"[^\w-]", "-", job.id.replace("/", "--"))
    sheet = Sheet(job, name, flows, dict(job.planes))
    for figure in scene.figures:
        DRAW[figure.kind](sheet, figure)
    for stroke in sorted(scene.strokes, key=lambda stroke: list(PENS).index(stroke.kind)):
        draw_stroke(sheet, stroke)
    view = _hold(
        scene.view, [*draw_labels(sheet, scene), *map(_reach, scene.strokes), *map(_edged, sheet.marked)]
    )
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
    tip = TIP if arrow == "point" else 0
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


def _reach(stroke: Stroke) -> Box:
    """What a line covers with its arrow heads."""
    left, top, right, bottom = outline.box([point for line in outline.flatten(stroke.data) for point in line])
    return left - ARROW, top - ARROW, right + ARROW, bottom + ARROW


def _edged(mark: Box) -> Box:
    return mark[0] - EDGE, mark[1] - EDGE, mark[2] + EDGE, mark[3] + EDGE


def _hold(view: Box, boxes: Iterable[Box]) -> Box:
    """A view (left, top, width, height) that holds boxes too, which words and lines may have left."""
    left, top, width, height = view
    spots = [spot for box in boxes for spot in (box[:2], box[2:])]
    low_x, low_y, high_x, high_y = outline.box([(left, top), (left + width, top + height), *spots])
    return low_x, low_y, high_x - low_x, high_y - low_y


def _page(sheet: Sheet, view: Box) -> Element:
    name, job = sheet.name, sheet.job
    return make(
        "svg",
        make("title", id=f"{name}-title", text=job.title),
        make("desc", id=f"{name}-desc", text=job.description),
        *layer("defs", sheet.markers.values()),
        *layer("g", sheet.frames, stroke_linejoin="round"),
        *(make("g", *paths, **dict(style)) for style, paths in sheet.strokes.items()),
        *layer("g", sheet.titles, font_size=SMALL, font_weight="600", text_anchor="start"),
        *layer("g", sheet.labels, font_size=SMALL, fill=INK),
        *sheet.figures,
        *layer("g", sheet.marks),
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
