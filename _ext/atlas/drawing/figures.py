"""Figures, lines and labels of a scene, drawn onto a sheet of layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element

from atlas.records.model import Plane

from .elements import draw_plate, draw_shape, draw_text, extent, make, move, stack
from .job import DrawJob
from .outline import Box, number, polyline
from .palette import BLACK, FAINT, INK, LINE, NOTE, PALETTE, PAPER, SIZE, SMALL, WARNING, Paint
from .pens import ARROWS, PENS, Pen
from .placing import Words, place_words
from .scene import Figure, Line, Scene, Stroke

HALO: Final = 9.0
"""How far the mark of what broke reaches beyond its box, in px."""
BADGE: Final = 16.0
"""The radius of the badge of what broke, in px."""


@dataclass(frozen=True, slots=True)
class Flow:
    """An edge as the parser knows it: its place in the graph, the ids at its ends, the lines of its words."""

    index: int
    tail: str
    head: str
    words: tuple[str, ...] = ()
    dashed: bool = False


@dataclass(slots=True)
class Sheet:
    """What has to be looked up while drawing, and what is drawn so far, in layers from the bottom up.

    `taken` is what no words may cover, `marked` what the view must hold besides.
    """

    job: DrawJob
    name: str
    flows: Mapping[str, Flow]
    planes: Mapping[str, Plane]
    frames: list[Element] = field(default_factory=list)
    strokes: dict[tuple[tuple[str, str], ...], list[Element]] = field(default_factory=dict)
    titles: list[Element] = field(default_factory=list)
    labels: list[Element] = field(default_factory=list)
    figures: list[Element] = field(default_factory=list)
    marks: list[Element] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)
    marked: list[Box] = field(default_factory=list)
    markers: dict[str, Element] = field(default_factory=dict)

    def paint(self, name: str) -> tuple[str, Paint]:
        """The class that names the plane of a node or group (with a blank before it), and its paint."""
        plane = self.planes.get(name)
        return f" atlas-{plane}" if plane else "", PALETTE[plane]


def _draw_group(sheet: Sheet, figure: Figure) -> None:
    plane, paint = sheet.paint(figure.id)
    border = paint.border if plane else FAINT
    for frame in figure.shapes:
        sheet.frames.append(
            draw_shape(
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
        width, height = extent([line.text for line in figure.lines], bold=True)
        sheet.taken.append((left, top, left + 8 + width, top + 4 + height))
        lines = stack([line.text for line in figure.lines], (left + 12, top + 4 + height / 2), SMALL)
        plate = draw_plate(lines, bold=True, fill=paint.tint)
        ink = paint.border if plane else INK
        sheet.titles.append(
            make("g", plate, *draw_text(lines, SMALL), class_=f"atlas-title{plane}", fill=ink)
        )


def _draw_node(sheet: Sheet, figure: Figure) -> None:
    if figure.id in sheet.job.broken:
        _mark_broken(sheet, figure)
    plane, paint = sheet.paint(figure.id)
    within = figure.kind == "node" and not all(shape.open for shape in figure.shapes)
    node = make(
        "g",
        *map(draw_shape, figure.shapes),
        *draw_text(figure.lines, fill=paint.text if within else INK, stroke="none"),
        class_=f"atlas-node{plane}",
        data_node=figure.id,
        transform=move(figure.at),
        fill=paint.fill,
        stroke=paint.border,
        stroke_width=paint.width,
        stroke_dasharray=paint.dashes,
    )
    if figure.id in sheet.job.links:
        node = make("a", node, class_="atlas-link", href=f"atlas-node:{figure.id}")
    sheet.figures.append(node)


def _mark_broken(sheet: Sheet, figure: Figure) -> None:
    """The mark of what broke, around a box and at its corner: the first thing that the eye should find."""
    left, top, right, bottom = figure.box
    halo = left - HALO, top - HALO, right + HALO, bottom + HALO
    sheet.frames.append(
        make(
            "rect",
            class_="atlas-broken",
            x=halo[0],
            y=halo[1],
            width=halo[2] - halo[0],
            height=halo[3] - halo[1],
            rx=8 + HALO,
            fill=WARNING,
            stroke=BLACK,
            stroke_width=3,
            stroke_dasharray="14 5",
        )
    )
    at, arm = (halo[0] + 4, halo[1] + 4), BADGE * 0.4
    cross = polyline([(-arm, -arm), (arm, arm)]) + polyline([(arm, -arm), (-arm, arm)])
    disc = make("circle", class_="atlas-badge-disc", r=BADGE, fill=BLACK, stroke=WARNING, stroke_width=3)
    lines = make("path", d=cross, class_="atlas-badge-cross", fill="none", stroke="#FFF", stroke_width=4)
    sheet.marks.append(make("g", disc, lines, class_="atlas-badge", transform=move(at)))
    reach = BADGE + 2
    badge = at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach
    sheet.marked += [halo, badge]
    sheet.taken += [halo, badge]


def _draw_note(sheet: Sheet, figure: Figure) -> None:
    text = draw_text(figure.lines, fill=INK, stroke="none")
    shapes = map(draw_shape, figure.shapes)
    sheet.figures.append(make("g", *shapes, *text, class_="atlas-note", fill=NOTE, stroke="#A16207"))


def _draw_fragment(sheet: Sheet, figure: Figure) -> None:
    """`loop`, `alt` and the like: a frame, what parts it, a tab with its name, conditions on plates."""
    sheet.frames += [draw_shape(shape, class_="atlas-fragment", stroke=FAINT) for shape in figure.shapes]
    name, *conditions = figure.lines
    left, top, *_ = figure.box
    tab = Line(left + 10, top + 12, name.text)
    plate = draw_plate([tab], bold=True, fill=PAPER, stroke=FAINT)
    text = draw_text([tab], SMALL, font_weight="600", text_anchor="start")
    sheet.labels.append(make("g", plate, *text, class_="atlas-fragment"))
    for line in conditions:
        sheet.labels.append(_worded([line]))


def _draw_band(sheet: Sheet, figure: Figure) -> None:
    sheet.frames += [draw_shape(shape, class_="atlas-band", fill="#E5E7EB") for shape in figure.shapes]


def _draw_bar(sheet: Sheet, figure: Figure) -> None:
    sheet.labels += [
        draw_shape(shape, class_="atlas-bar", fill=PAPER, stroke=LINE) for shape in figure.shapes
    ]


def _draw_number(sheet: Sheet, figure: Figure) -> None:
    line = figure.lines[0]
    disc = make("circle", cx=line.x, cy=line.y, r=9)
    text = draw_text([line], 12, font_size=12, fill=PAPER)
    sheet.figures.append(make("g", disc, *text, class_="atlas-number", fill=LINE))


def _draw_heading(sheet: Sheet, figure: Figure) -> None:
    sheet.labels += draw_text(figure.lines, class_="atlas-heading", font_size=SIZE, font_weight="600")


DRAW: Final[Mapping[str, Callable[[Sheet, Figure], None]]] = MappingProxyType(
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


def draw_stroke(sheet: Sheet, stroke: Stroke) -> None:
    pen = PENS[stroke.kind]
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
    path = make(
        "path",
        class_=pen.name,
        data_tail=flow.tail if flow else stroke.tail,
        data_head=flow.head if flow else stroke.head,
        data_edge=str(flow.index) if flow else "",
        d=stroke.data,
    )
    sheet.strokes.setdefault(tuple(style.items()), []).append(path)


def _marker(sheet: Sheet, name: str, pen: Pen) -> str:
    """The id of an arrow head in the colour of a pen, which is drawn when it is first asked for."""
    arrow, known = ARROWS[name], f"{sheet.name}-{name}{pen.suffix}"
    paint = (
        {"fill": "none", "stroke": pen.colour, "stroke_width": "2"} if arrow.hollow else {"fill": pen.colour}
    )
    if known not in sheet.markers:
        sheet.markers[known] = make(
            "marker",
            make("path", class_=f"atlas-arrow{pen.suffix.replace('-', ' atlas-')}", d=arrow.data, **paint),
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


def draw_labels(sheet: Sheet, scene: Scene) -> list[Box]:
    """The words on edges, kept clear of nodes and of the titles of groups; returns where they stand."""
    courses = {stroke.id: stroke.course for stroke in scene.strokes}
    words = [Words(label.at, *extent(label.texts), courses.get(label.id, ())) for label in scene.labels]
    taken = [figure.box for figure in scene.figures if figure.kind in ("node", "note")]
    placed = place_words(words, taken + sheet.taken)
    for label, at in zip(scene.labels, placed, strict=True):
        flow = sheet.flows.get(label.id)
        lines = stack(label.texts, at, SMALL)
        sheet.labels.append(_worded(lines, data_edge=str(flow.index) if flow else ""))
    return [replace(label, at=at).box for label, at in zip(words, placed, strict=True)]


def _worded(lines: Sequence[Line], **attributes: str) -> Element:
    plate = draw_plate(lines, class_="atlas-label-box", fill=PAPER)
    return make("g", plate, *draw_text(lines, SMALL), class_="atlas-label", **attributes)
