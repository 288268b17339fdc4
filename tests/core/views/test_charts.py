"""Charts as XML: what stands in them, what must not, and how large they are."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from atlas.views.charts import ROWS, bar_chart, describe_chart, stacked_chart

SVG = "{http://www.w3.org/2000/svg}"
PARTS = ("sourced", "honest-empty", "planned")
COVERAGE = [("Incidents", (12, 1, 87)), ("Debugging", (0, 0, 100))]


def paths(svg):
    return [path.get("d") for path in ElementTree.fromstring(svg).iter(f"{SVG}path")]


def words(svg):
    return [t.text for t in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_bars_are_as_long_as_their_counts():
    svg = bar_chart("Facts by tier", [("operator", 40), ("paper", 10), ("press", 0)])
    assert paths(svg) == ["M158.0 5h204v12h-204zM158.0 27h51v12h-51z"]
    assert words(svg) == ["operator", "paper", "press", "40", "10", "0"]


def test_parts_follow_each_other():
    svg = stacked_chart("Coverage", PARTS, [("All", (1, 1, 2))])
    assert paths(svg)[3:] == ["M158.0 27h51v12h-51z", "M209.0 27h51v12h-51z", "M260.0 27h102v12h-102z"]
    assert words(svg) == [*PARTS, "All", "1 · 1 · 2"]


def test_one_of_a_thousand_is_seen():
    assert "h1v12h-1z" in bar_chart("t", [("a", 1000), ("b", 1)])


def test_the_drawing_is_an_image_with_a_title_and_no_style():
    svg = stacked_chart("Coverage", PARTS, COVERAGE)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "Coverage"
    assert root.get("fill") == "currentColor"
    assert "style" not in svg
    assert not {c for c in svg if not c.isprintable()}
    assert all(p.get("class", "").startswith("atlas-chart-part-") for p in root.iter(f"{SVG}path"))


def test_rows_past_the_limit_become_one():
    svg = bar_chart("t", [(f"row {i}", 1) for i in range(ROWS + 3)])
    assert words(svg)[ROWS - 1] == "4 others"
    assert words(svg)[-1] == "4"
    assert len(words(svg)) == 2 * ROWS
    assert "others" not in bar_chart("t", [(f"row {i}", 1) for i in range(ROWS)])


@pytest.mark.parametrize("letter", ["a", "数", "&", "<", "💾", "\x00", "é"])
def test_every_chart_is_small_and_well_formed(letter):
    rows = [(letter * 200, (10**9, 10**9, 10**9))] * 500
    svg = stacked_chart(letter * 500, (letter * 99,) * 3, rows)
    assert ElementTree.fromstring(svg) is not None
    assert len(svg.encode()) < 6_000


def test_text_is_escaped_and_cut():
    svg = bar_chart("A & B", [("<script>alert(1)</script>", 1), ("line\nbreak", 2)])
    assert words(svg)[:2] == ["<script>alert(1)</scr…", "line break"]
    assert "<script" not in svg


@pytest.mark.parametrize("rows", [[], [("nothing", 0)]])
def test_nothing_gives_no_bar(rows):
    assert paths(bar_chart("Empty", rows)) == []


def test_the_same_input_gives_the_same_bytes():
    assert stacked_chart("t", PARTS, COVERAGE) == stacked_chart("t", PARTS, COVERAGE)


@pytest.mark.parametrize(
    ("series", "rows", "told"),
    [
        (PARTS, COVERAGE[:1], "Incidents: 12 sourced, 1 honest-empty, 87 planned."),
        ((), [("operator", (1200,)), ("paper", (1,))], "operator: 1,200; paper: 1."),
    ],
)
def test_described_in_words(series, rows, told):
    assert describe_chart(series, rows) == told
