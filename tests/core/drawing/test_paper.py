"""Drawings cut into sheets: nothing is lost, nothing is too small, words are never cut."""

from __future__ import annotations

import re
from itertools import combinations, product

import pytest

from atlas.diagrams import mermaid, planes
from atlas.drawing import paper, press, ruler, svg
from atlas.drawing.job import DrawJob
from atlas.drawing.palette import INK, PALETTE, SMALL
from atlas.drawing.sheets import LANDSCAPE, NATURAL, PORTRAIT, Layout, Part, holds, lay_out, letter, lost
from atlas.drawing.signs import Flow, put_signs
from atlas.records.model import Place, Plane

KINDS = {
    "flowchart": 'flowchart TB\n subgraph edge\n A(("round"))\n B["box"]\n C{"choice"}\n end\n'
    ' subgraph state\n D[("store")]\n end\n A -->|"one"| B\n B --> C\n C -.->|"two"| D\n',
    "state": "stateDiagram-v2\n state edge {\n A --> B: goes\n }\n note right of A: a word\n",
    "sequence": "sequenceDiagram\n box edge\n participant A\n end\n A->>A: calls\n Note over A: noted\n",
}


@pytest.fixture(autouse=True)
def _as_the_engine_places_it(monkeypatch):
    """Sheets are for drawings without a bound of width."""
    monkeypatch.setattr(press, "_narrowed", lambda *_, **__: None)


def drawn(text: str, **more) -> str:
    graph, _ = mermaid.parse(text, Place("page.md"))
    assert graph
    placed = {**planes.group_planes(graph), **planes.assign(graph)}
    return press.draw(DrawJob("x", text, "T", "D", tuple(placed.items()), **more)).svg


def row(count: int, width: float = 150, gap: float = 60) -> tuple[Part, ...]:
    step = width + gap
    return tuple(Part((i * step, 0, i * step + width, 60), f"N{i}") for i in range(count))


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_is_read_and_lies_inside(kind):
    text = drawn(KINDS[kind])
    view, parts = paper.read_view(text), paper.read_parts(text)
    nodes = re.findall(r'data-node="([^"]*)"', text)
    assert [p.node for p in parts if p.node] == [n for n in nodes if n]
    for part in parts:
        left, top, right, bottom = part.box
        assert view[0] - 3 <= left < right <= view[2] + 3
        assert view[1] - 3 <= top < bottom <= view[3] + 3


def test_a_drawing_that_begins_left_of_zero_is_printed_from_there():
    text = drawn(KINDS["sequence"])
    view = paper.read_view(text)
    assert view[0] < 0
    parts = paper.read_parts(text)
    assert lay_out(view, parts).sheets == (view,)
    cut = paper.cut_out(text, view, str)
    assert float(re.findall(r'viewBox="(\S+) ', cut)[0]) == pytest.approx(view[0])


def test_words_beyond_the_edge_of_the_view_are_seen():
    text = drawn(KINDS["flowchart"])
    left, top, right, _ = next(p.box for p in paper.read_parts(text) if p.words == ("one",))
    narrow = re.sub(r'viewBox="[^"]*"', f'viewBox="{right} {top} 900 900"', text, count=1)
    assert paper.read_view(narrow)[0] <= left


@pytest.mark.parametrize("origin", [-50.0, 0.0, 70.0])
def test_sheets_cover_the_view_wherever_it_begins(origin):
    parts = [Part((origin + i * 210, origin, origin + i * 210 + 150, origin + 60)) for i in range(20)]
    view = (origin, origin, origin + 4200, origin + 900)
    layout = lay_out(view, parts)
    assert len(layout.sheets) > 1
    assert layout.sheets[0][:2] == (origin, origin)
    assert lost(layout, parts) == []


def test_what_stands_whole_on_no_sheet_is_told():
    wide = Part((0, 0, 9000, 300), words=("much", "to say"))
    assert lost(lay_out((0, 0, 9000, 400), [wide]), [wide]) == [wide]


def test_a_part_says_what_is_written_on_it():
    words = [part.words for part in paper.read_parts(drawn(KINDS["flowchart"]))]
    assert ("store",) in words
    assert ("one",) in words


def test_a_small_drawing_stands_in_the_text_at_its_size():
    assert lay_out((0, 0, 400, 300), row(2)) == Layout(NATURAL, ((0, 0, 400, 300),), inline=True)


def test_a_wide_drawing_is_turned():
    layout = lay_out((0, 0, 1500, 700), row(7))
    assert layout.landscape
    assert len(layout.sheets) == 1
    assert layout.scale == pytest.approx(LANDSCAPE[0] / 1500, rel=0.02)
    assert layout.sheets == ((0, 0, 1500, 700),)


@pytest.mark.parametrize(("width", "height"), [*product((300, 1800, 4000), (900, 1700, 4200))])
def test_every_part_is_whole_on_a_sheet_that_can_be_read(width, height):
    parts = [
        Part((x, y, min(x + 170, width), min(y + 70, height)))
        for x in range(0, width - 100, 230)
        for y in range(0, height - 50, 130)
    ]
    layout = lay_out((0, 0, width, height), parts)
    room = LANDSCAPE if layout.landscape else PORTRAIT
    assert layout.scale * SMALL >= 6
    for part in parts:
        assert any(holds(sheet, part.box) for sheet in layout.sheets)
    for left, top, right, bottom in layout.sheets:
        assert (right - left) * layout.scale <= room[0] + 0.01
        assert (bottom - top) * layout.scale <= room[1] + 0.01


def test_a_sheet_without_a_part_is_left_out():
    corners = [Part((0, 0, 150, 60)), Part((3000, 3000, 3150, 3060))]
    layout = lay_out((0, 0, 3200, 3200), corners)
    assert all(any(holds(sheet, part.box) for part in corners) for sheet in layout.sheets)


def test_a_part_wider_than_any_sheet_does_not_go_on_for_ever():
    assert len(lay_out((0, 0, 9000, 400), [Part((0, 0, 9000, 300))]).sheets) < 20


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_sheets_are_lettered(number, name):
    assert letter(number) == name


def test_a_sheet_shows_its_own_parts_and_fades_those_of_others():
    text = drawn(KINDS["flowchart"])
    boxes = {part.node: part.box for part in paper.read_parts(text) if part.node}
    left, top, right, bottom = boxes["C"]
    cut = paper.cut_out(text, (left - 5, (top + bottom) / 2, right + 300, bottom + 400), str.upper)
    assert 'opacity="0.35"' in cut
    assert "CHOICE" not in cut
    assert "STORE" in cut
    assert "ROUND" not in cut
    assert 'data-node="A"' not in cut
    assert re.search(r'viewBox="[\d.]+ [\d.]+ [\d.]+ [\d.]+"', cut)


def test_a_part_that_no_sheet_can_hold_keeps_its_words():
    text = drawn(KINDS["flowchart"])
    left, top, right, bottom = next(p.box for p in paper.read_parts(text) if p.node == "C")
    cut = paper.cut_out(text, (left + 5, top - 50, right - 5, bottom + 50), str)
    assert "choice" in cut
    assert "opacity" not in cut


def test_words_on_an_edge_that_a_sheet_cuts_are_left_to_the_next():
    text = drawn(KINDS["flowchart"])
    left, top, right, bottom = next(p.box for p in paper.read_parts(text) if p.box[2] - p.box[0] < 40)
    cut = paper.cut_out(text, (left - 500, top - 500, (left + right) / 2, bottom + 500), str)
    assert re.search(">(one|two)<", text)
    assert not re.search(">(one|two)<", cut)


def test_words_that_are_spelled_out_take_no_more_room():
    text = drawn(KINDS["flowchart"].replace("round", "漢字 and more"))
    spelled = {"漢字 and more": "U+6F22U+5B57 and more", "T": "a longer title", "box": "x"}
    cut = paper.cut_out(text, paper.read_view(text), lambda words: spelled.get(words, words))
    [(size, words)] = re.findall(r'font-size="([\d.]+)em"[^>]*>([^<]*)<', cut)
    assert words == spelled["漢字 and more"]
    assert ruler.width(words, 16 * float(size)) == pytest.approx(ruler.width("漢字 and more", 16), rel=0.02)
    assert ">x<" in cut


@pytest.mark.parametrize("plane", Plane)
def test_black_is_legible_on_a_printed_plane_in_grey(plane):
    red, green, blue = (int(paper.print_colour(plane)[i : i + 2], 16) / 255 for i in (1, 3, 5))
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    assert (((grey + 0.055) / 1.055) ** 2.4 + 0.05) / 0.064 > 7  # ink has a luminance of 0.014
    assert max(red, green, blue) - min(red, green, blue) > 0.25, "no colour is left"


def test_a_sheet_prints_the_thinned_colours_with_black_words():
    text = drawn(KINDS["flowchart"])
    cut = paper.cut_out(text, paper.read_view(text), str)
    node = re.search(r'<g class="atlas-node atlas-edge".*?</g>', cut)
    assert node
    assert f'fill="{paper.print_colour(Plane.EDGE)}"' in node[0]
    assert f'<text fill="{INK}"' in node[0] or f'fill="{INK}"' in node[0]
    assert PALETTE[Plane.EDGE].fill not in node[0]


CHAIN = "flowchart LR\n" + "".join(
    f' subgraph edge{i}\n  N{i}["station number {i} of the line"]\n end\n' for i in range(24)
)
CHAIN += "".join(f' N{i} -->|"goes on to the next"| N{i + 1}\n' for i in range(23))
CHAIN += ' N23 -->|"and back"| N0\n'


def test_each_edge_that_a_sheet_cuts_says_where_it_goes():
    text = drawn(CHAIN)
    parts, flows = paper.read_parts(text), paper.read_flows(text)
    layout = lay_out(paper.read_view(text), parts)
    assert len(layout.sheets) > 1
    for number, sheet in enumerate(layout.sheets):
        signs = put_signs(layout, number, parts, flows)
        said = " ".join(sign.text for sign in signs)
        here = {p.node for p in parts if p.node and holds(sheet, p.box)}
        for flow in flows:
            for end in {flow.tail, flow.head} - here if {flow.tail, flow.head} & here else ():
                assert re.search(rf"[A-Z]: station number {end[1:]}\b", said), (end, said)
        for sign in signs:
            assert holds(sheet, sign.box)
            assert sign.text in paper.cut_out(text, sheet, str, signs)


def test_signs_keep_clear_of_boxes_and_of_each_other():
    text = drawn(CHAIN)
    parts, flows = paper.read_parts(text), paper.read_flows(text)
    layout = lay_out(paper.read_view(text), parts)
    for number, sheet in enumerate(layout.sheets):
        boxes = [sign.box for sign in put_signs(layout, number, parts, flows)]
        boxes += [part.box for part in parts if holds(sheet, part.box)]
        for one, other in combinations(boxes, 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one, other)


def test_a_sign_at_a_side_stands_below_its_arrow():
    parts = [Part((0, 0, 100, 60), "A", ("a",)), Part((3000, 0, 3100, 60), "B", ("b",))]
    layout = Layout(1, ((0, 0, 500, 400), (2700, 0, 3200, 400)))
    [sign] = put_signs(layout, 0, parts, [Flow("A", "B", ((100, 200), (3000, 200)))])
    assert sign.text == "→ B: b"
    assert 200 < sign.box[1] < 210
    assert sign.box[2] == pytest.approx(498)


ENDS = [Part((0, 0, 100, 60), "A", ("a",)), Part((3000, 0, 3100, 60), "B", ("b",))]
THREE = Layout(1, ((0, 0, 500, 400), (1000, 0, 1500, 400), (2700, 0, 3200, 400)))


@pytest.mark.parametrize(
    ("course", "said"),
    [
        (((100, 200), (3000, 200)), ["from A: a", "→ C: b"]),
        (((100, 200), (1200, 200), (1200, 300), (3000, 300)), ["from A: a", "→ C: b"]),
        (
            ((100, 200), (1200, 200), (1200, 600), (1400, 600), (1400, 300), (3000, 300)),
            ["from A: a", "→ C: b"],
        ),
        (((100, 600), (3000, 600)), []),
        (((1200, 600), (1200, 500)), []),
    ],
)
def test_an_edge_that_passes_a_sheet_has_a_sign_at_each_cut(course, said):
    signs = put_signs(THREE, 1, ENDS, [Flow("A", "B", course)])
    assert {sign.text for sign in signs} == {*said}
    assert len(signs) >= len(said)


@pytest.mark.parametrize(("height", "said"), [(350, ["→ B: b"]), (30, [])])
def test_an_edge_to_a_box_in_part_on_the_sheet_has_a_sign_unless_it_leaves_beside_it(height, said):
    parts = [Part((0, 0, 100, 400), "A", ("a",)), Part((480, 0, 600, 60), "B", ("b",))]
    layout = Layout(1, ((0, 0, 500, 400), (450, 0, 950, 400)))
    course = ((100, height), (540, height), (540, 60))
    signs = put_signs(layout, 0, parts, [Flow("A", "B", course)])
    assert [sign.text for sign in signs] == ["B: b", *said]


def test_a_box_on_no_sheet_has_no_sign():
    wide = Part((0, 0, 9000, 60), "WIDE", ("much",))
    layout = lay_out((0, 0, 9000, 60), [wide])
    assert put_signs(layout, 0, [wide], ()) == []


def test_a_map_has_no_words():
    shown = paper.draw_map(drawn(KINDS["flowchart"]))
    assert "<text" not in shown
    assert "atlas-label" not in shown
    assert 'data-node="D"' in shown


def test_paper_is_drawn_more_tightly_than_screens():
    wide = "flowchart LR\n" + "".join(f' N{i}["a label of some length {i}"]\n' for i in range(6))
    wide += "".join(f" N{i} --> N{i + 1}\n" for i in range(5))
    screen, sheet = (svg.read_size(drawn(wide, paper=tight)) for tight in (False, True))
    assert sheet[0] < screen[0]
