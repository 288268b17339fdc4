"""What broke has a mark that no plane has, and keeps the fill of its plane."""

from __future__ import annotations

import re

import pytest

from atlas.drawing import outline
from atlas.drawing.job import DrawJob
from atlas.drawing.palette import PALETTE, WARNING
from atlas.drawing.press import draw
from atlas.records.model import Plane

TEXTS = {
    "box": 'flowchart LR\n A["gateway"]:::broken -.->|"fails"| B["beside"]',
    "shape": 'flowchart TB\n A[("database")]:::broken -.->|"fails"| B["beside"]',
    "state": "stateDiagram-v2\n A --> B: fails\n class A broken",
}


@pytest.mark.parametrize("plane", Plane)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_broke_is_marked_within_the_view_and_keeps_its_plane(text, plane):
    job = DrawJob("x", text, "", "", planes=(("A", plane),), broken=("A",))
    svg = draw(job).svg
    [halo] = re.findall(r'<rect class="atlas-broken" ([^>]*)/>', svg)
    assert svg.count('class="atlas-badge"') == 1
    assert f'fill="{WARNING}"' in halo
    assert f'class="atlas-node atlas-{plane}" data-node="A"' in svg
    assert f'fill="{PALETTE[plane].fill}"' in svg
    left, top, width, height = outline.numbers(re.findall(r'viewBox="([^"]+)"', svg)[0])
    x, y, wide, high = (
        float(re.findall(rf'\b{name}="([^"]+)"', halo)[0]) for name in ("x", "y", "width", "height")
    )
    assert left < x < x + wide < left + width
    assert top < y < y + high < top + height
    assert draw(job).losses == ()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_nothing_else_is_marked(text):
    assert "atlas-b" not in draw(DrawJob("x", text, "", "")).svg
    assert "atlas-b" not in draw(DrawJob("x", text, "", "", broken=("Z",))).svg


def test_the_colour_of_the_mark_is_no_planes():
    assert WARNING not in {
        colour for paint in PALETTE.values() for colour in (paint.fill, paint.border, paint.tint)
    }
