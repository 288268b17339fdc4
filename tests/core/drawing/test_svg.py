"""The rewrite: what may reach a page, how planes look, and that nothing hostile gets through."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from atlas.drawing import svg
from atlas.drawing.engine_svg import read_scene
from atlas.drawing.figures import Flow
from atlas.drawing.job import DrawJob
from atlas.drawing.palette import ALARM, INK, LINE, PALETTE, PAPER
from atlas.drawing.press import draw
from atlas.drawing.svg import place_links, read_size, rewrite
from atlas.records.model import Plane

JOB = DrawJob("incidents/acme", "", "A title", "What it says.")
# Elements as the engine writes them, around a place for more.
RAW = (
    '<svg id="d" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 0 200.26 100" {attributes}><style>#d{{fill:red}}</style>{inside}<g><g class="root">'
    '<g class="clusters"><g class="cluster" id="d-edge"><rect x="8" y="8" width="90" height="80"/>'
    '<g class="cluster-label" transform="translate(20,8)"><text x="0" y="12">Edge</text></g></g></g>'
    '<g class="edgePaths"><path d="M50,40L90.123,40" id="d-L_A_B_0" class="flowchart-link" data-edge="true"'
    ' data-et="edge" data-id="L_A_B_0" marker-end="url(#d_flowchart-v2-pointEnd)" {attributes}/></g>'
    '<g class="nodes">'
    '<g class="node default" id="d-flowchart-A-0" transform="translate(50.06,40)" {attributes}>'
    '<rect class="basic label-container" x="-30" y="-20" width="60" height="40" {attributes}/>{inside}'
    '<g class="label"><text x="0" y="0" {attributes}>words{inside}</text></g></g></g></g></g></svg>'
)
EVIL = "https://evil.example/x"
HOSTILE = {
    "script": ("<script>alert(1)</script>", ""),
    "event handler": ('<rect onclick="alert(1)" width="9"/>', 'onclick="alert(1)" onload="alert(2)"'),
    "javascript link": ('<a href="javascript:alert(1)"><rect/></a>', 'href="javascript:alert(1)"'),
    "xlink": (f'<a xlink:href="{EVIL}"><rect width="9"/></a>', f'xlink:href="{EVIL}"'),
    "foreign object": ("<foreignObject><body><script>alert(1)</script></body></foreignObject>", ""),
    "style": (f"<style>@import url({EVIL})</style>", f'style="position:fixed;background:url({EVIL})"'),
    "image": (f'<image href="{EVIL}.png" width="9" height="9"/>', ""),
    "use": (f'<use href="{EVIL}.svg#a"/><use xlink:href="data:image/svg+xml,x"/>', ""),
    "paint server": (f'<rect fill="url({EVIL}#a)"/>', f'fill="url({EVIL}#a)"'),
    "path data": (f'<path d="M0 0 url({EVIL})"/>', ""),
    "marker": ("", f'marker-start="url({EVIL}#a)"'),
    "animation": ('<animate attributeName="href" to="javascript:alert(1)"/><set to="onclick"/>', ""),
    "filter": (f'<filter id="f"><feImage href="{EVIL}"/></filter>', 'filter="url(#f)"'),
    "words": ("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;", ""),
}
IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(1)</script>"
FLOWS = {
    "javascript click": 'flowchart LR\n A --> B\n click A "javascript:alert(1)"\n',
    "data click": 'flowchart LR\n A --> B\n click A href "data:text/html,x" _blank\n',
    "callback": "flowchart LR\n A --> B\n click A call alert(1)\n",
    "labels": f'flowchart LR\n A["{SCRIPT}"] -->|"{IMAGE}"| B\n',
    "closing tags": f'flowchart LR\n A["</text></svg>{SCRIPT}"]\n',
    "style": f"flowchart LR\n A --> B\n style A fill:red,stroke:url({EVIL}),position:fixed\n",
    "class": f"flowchart LR\n A:::x --> B\n classDef x fill:url({EVIL}),position:fixed\n",
    "entities": 'flowchart LR\n A["#lt;script#gt;alert(1)#lt;/script#gt;"]\n',
    "group": f'flowchart LR\n subgraph x ["{IMAGE}"]\n A\n end\n',
    "icon": f'flowchart LR\n A@{{ img: "{EVIL}.png", label: "x" }}\n',
    "sequence": f"sequenceDiagram\n participant A as {SCRIPT}\n A->>A: {IMAGE}\n link A: x @ javascript:x\n",
    "state": f"stateDiagram-v2\n A : {SCRIPT}\n A --> B : {IMAGE}\n",
}


def rewritten(inside="", attributes="", **more):
    return rewrite(RAW.format(inside=inside, attributes=attributes), replace(JOB, **more))


def check_allowed(drawn: str) -> None:
    """No element, attribute or address but those that are allowed."""
    for element in fromstring(drawn).iter():
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in svg.ELEMENTS
        assert set(element.attrib) <= svg.ATTRIBUTES
        for name, value in element.attrib.items():
            assert not re.search(r"javascript:|data:|https?:|//|expression|@import", value)
            assert name == "href" or "url(" not in value or re.fullmatch(r"url\(#[\w-]+\)", value)
            assert name != "href" or re.fullmatch(r"atlas-node:\w+", value)
    assert not re.search("<[!?]", drawn)


@pytest.mark.parametrize(("inside", "attributes"), HOSTILE.values(), ids=HOSTILE)
def test_nothing_hostile_in_the_engines_svg_survives(inside, attributes):
    drawn = rewritten(inside, attributes)
    check_allowed(drawn)
    assert not re.search(r"evil|style=|onclick|<script|<img|position", drawn)
    assert "words" in drawn


@pytest.mark.parametrize("text", FLOWS.values(), ids=FLOWS)
def test_nothing_hostile_in_a_diagram_survives(text):
    drawn = draw(replace(JOB, text=text, links=("A",))).svg
    check_allowed(drawn)
    assert not re.search(r"evil|style=|<script|<img|position", drawn)
    assert "onerror" not in "".join(value for e in fromstring(drawn).iter() for value in e.attrib.values())


@pytest.mark.parametrize(
    "raw", ["<svg", "<svg>&unknown;</svg>", '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>']
)
def test_what_is_no_plain_xml_is_refused(raw):
    with pytest.raises(ValueError, match=r"^the drawing (is not XML|declares a document type)"):
        rewrite(raw, JOB)


def test_an_empty_drawing_is_empty():
    root = fromstring(rewrite("<svg/>", JOB))
    assert (root.get("width"), root.get("viewBox"), len(root)) == ("0", "0 0 0 0", 2)


def test_the_shape_of_a_drawing():
    drawn = rewritten(planes=(("A", Plane.EDGE), ("edge", Plane.EDGE)), links=("A",))
    assert drawn.replace("><", ">\n<").split("\n") == [
        (
            '<svg xmlns="http://www.w3.org/2000/svg" id="incidents--acme" class="atlas-drawing" role="group"'
            ' aria-labelledby="incidents--acme-title incidents--acme-desc" width="200.3" height="100"'
            ' viewBox="0 0 200.3 100" font-family="Inter, sans-serif" font-size="16" text-anchor="middle"'
            ' text-rendering="geometricPrecision">'
        ),
        '<title id="incidents--acme-title">A title</title>',
        '<desc id="incidents--acme-desc">What it says.</desc>',
        "<defs>",
        (
            '<marker id="incidents--acme-point" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="11"'
            ' markerHeight="11" markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
        ),
        '<path class="atlas-arrow" d="M0 0L10 5L0 10z" fill="#374151"/>',
        "</marker>",
        "</defs>",
        '<g stroke-linejoin="round">',
        (
            '<rect x="8" y="8" width="90" height="80" rx="8" class="atlas-group atlas-edge" data-group="edge"'
            ' fill="#EAF3FC" stroke="#003F7F" stroke-width="1.5"/>'
        ),
        "</g>",
        '<g fill="none" stroke="#374151" stroke-width="1.5" marker-end="url(#incidents--acme-point)">',
        '<path class="atlas-flow" d="M50 40L90.1 40"/>',
        "</g>",
        '<g font-size="14" font-weight="600" text-anchor="start">',
        '<g class="atlas-title atlas-edge" fill="#003F7F">',
        '<rect fill="#EAF3FC" x="16" y="12" width="42.2" height="18.9" rx="3"/>',
        '<text x="20" y="26.5">Edge</text>',
        "</g>",
        "</g>",
        '<a class="atlas-link" href="atlas-node:A">',
        (
            '<g class="atlas-node atlas-edge" data-node="A" transform="translate(50.1 40)" fill="#0066CC"'
            ' stroke="#003F7F" stroke-width="1.5">'
        ),
        '<rect x="-30" y="-20" width="60" height="40" rx="8"/>',
        '<text y="0" fill="#FFF" stroke="none">words</text>',
        "</g>",
        "</a>",
        "</svg>",
    ]


def test_a_drawing_without_links_is_an_image():
    assert 'role="img"' in rewritten()
    assert "<a" not in rewritten()


def test_ids_are_safe_in_references():
    drawn = rewritten(id="a/b (c)'\"")
    ids = set(re.findall(r' id="([^"]*)"', drawn))
    assert all(re.fullmatch(r"a--b--c---[\w-]*", id) for id in ids)
    assert set(re.findall(r"url\(#([^)]*)\)", drawn)) <= ids


def test_titles_and_words_are_escaped():
    drawn = rewritten(title='<b> & "c"', description="</desc><script>")
    root = fromstring(drawn)
    assert [child.text for child in root[:2]] == ['<b> & "c"', "</desc><script>"]


def test_flows_say_what_they_join():
    drawn = rewrite(RAW.format(inside="", attributes=""), JOB, flows={"L_A_B_0": Flow(7, "A", 'B "x"')})
    assert '<path class="atlas-flow" data-tail="A" data-head="B &quot;x&quot;" data-edge="7" d=' in drawn


def test_links_are_placed_escaped_or_taken_away():
    drawn = draw(replace(JOB, text="flowchart LR\n A --> B --> C", links=("A", "B"))).svg
    placed = place_links(drawn, {"A": 'x.html?a=1&b="2"', "C": "never.html"})
    assert placed.count("<a ") == placed.count("</a>") == 1
    assert (
        '<a class="atlas-link" href="x.html?a=1&amp;b=&quot;2&quot;"><g class="atlas-node" data-node="A"'
        in placed
    )
    assert "atlas-node:" not in placed
    assert len(fromstring(placed)) == len(fromstring(drawn))


def test_a_size_is_read_back():
    assert read_size(rewritten()) == (200.3, 100)
    assert read_size("<svg/>") == (0, 0)


# Colours -----------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a: str, b: str) -> float:
    dark, light = sorted(map(luminance, (a, b)))
    return (light + 0.05) / (dark + 0.05)


def test_planes_have_the_colours_of_the_contract():
    assert {plane: PALETTE[plane].fill for plane in Plane} == {
        "edge": "#0066CC",
        "service": "#00AA00",
        "state": "#FF8800",
        "control": "#CC0000",
    }


@pytest.mark.parametrize("paint", PALETTE.values(), ids=map(str, PALETTE))
def test_everything_is_readable(paint):
    assert contrast(paint.text, paint.fill) >= 4.5
    assert contrast(paint.border, paint.tint) >= 4.5
    assert contrast(paint.border, PAPER) >= 3


@pytest.mark.parametrize("colour", [INK, LINE, ALARM])
def test_lines_and_words_stand_out_on_every_ground(colour):
    assert all(contrast(colour, ground) >= 4.5 for ground in (PAPER, *(p.tint for p in PALETTE.values())))


def test_planes_are_told_apart_without_colour():
    assert len({(PALETTE[plane].width, PALETTE[plane].dashes) for plane in Plane}) == 4


def test_only_failures_are_dashed_lines():
    text = "flowchart LR\n A --> B\n B -.-> C\n C ==> D\n"
    strokes = re.findall(r'<g fill="none"[^>]*>', draw(replace(JOB, text=text)).svg)
    assert [("dasharray" in stroke) for stroke in strokes] == [False, False, True]
    sequence = "sequenceDiagram\n A->>B: go\n B->>A: answer\n A-xB: lost\n loop x\n B-->>A: error\n end\n"
    drawn = draw(replace(JOB, text=sequence)).svg
    assert drawn.count("stroke-dasharray") == drawn.count('"atlas-flow atlas-failure"') == 2


def test_a_message_without_words_has_a_line_and_no_label():
    sent = '<line data-et="message" class="messageLine0" data-id="i0" x1="9" y1="50" x2="90" y2="50"/>'
    words = '<text class="messageText" x="50" y="40">{}</text>'
    bare, blank, said = (
        read_scene(f'<svg xmlns="http://www.w3.org/2000/svg">{before}{sent}</svg>')
        for before in ("", words.format(""), words.format("go"))
    )
    assert [len(scene.strokes) for scene in (bare, blank, said)] == [1, 1, 1]
    assert [[label.texts for label in scene.labels] for scene in (bare, blank, said)] == [[], [], [("go",)]]


def test_a_person_is_named_below_in_ink():
    drawn = draw(replace(JOB, text="sequenceDiagram\n actor U\n U->>U: x", planes=(("U", Plane.EDGE),))).svg
    assert re.search(rf'<text x="75" y="[\d.]+" fill="{INK}" stroke="none">U</text></g></svg>$', drawn)


def test_a_view_grows_to_hold_words_that_were_set_aside():
    assert svg._hold((0, 0, 100, 50), []) == (0, 0, 100, 50)
    assert svg._hold((0, 0, 100, 50), [(-6.5, 10, 20, 30), (90, 40, 120, 58)]) == (-6.5, 0, 126.5, 58)
