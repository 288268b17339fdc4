"""How wide text is, and where lines break."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from atlas.drawing import ruler

ROOT = ruler.FONTS.parents[3]


@pytest.mark.parametrize(
    ("text", "size", "width"),
    [
        ("", 16, 0),
        ("x", 2048, 1153),
        ("AV", 2048, 2781),
        ("x x", 16, 22.5),
        ("🌐", 16, 22.4),
        ("⚙️", 16, 22.4),
        ("⚙", 16, 22.4),
        ("1️⃣", 16, 22.4),
        ("負荷", 16, 32),
        ("قاع", 10, 27),
        ("e\u0301\u0301", 1000, 591),
        ("\u0301", 16, 0),
        ("\ufeff", 16, 0),
        ("→", 16, 16),
    ],
)
def test_widths(text, size, width):
    assert ruler.width(text, size) == pytest.approx(width, rel=0.08, abs=0.02)


def test_bold_is_wider_and_no_width_is_too_small():
    assert ruler.width("Orchestrator", 16, bold=True) > ruler.width("Orchestrator", 16)
    assert ruler.width("Orchestrator", 16) * 100 % 1 == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two", ["one two"]),
        ("one two three four", ["one two ", "three four"]),
        ("one\ntwo three four", ["one", "two three ", "four"]),
        ("unbreakable_identifier x", ["unbreakable_identifier ", "x"]),
        ("us-east-1a-and-west", ["us-", "east-1a-", "and-west"]),
        ("2026-11-24-2026-11", ["2026-11-24-2026-11"]),
        ("a—b—c—d—e—f—g", ["a—b—c—", "d—e—f—g"]),
        ("x|yyyyyyyyyyy|zz", ["x|", "yyyyyyyyyyy|", "zz"]),
        ("what?really?yes!ok", ["what?", "really?yes!", "ok"]),
        ("負荷分散装置がすべて", ["負荷分散装", "置がすべて"]),
        ("データベースデータ", ["データベー", "スデータ"]),
        ("🌐🌐🌐🌐🌐", ["🌐🌐🌐", "🌐🌐"]),
        ("aaaaaaaaaa C++ b", ["aaaaaaaaaa ", "C++ b"]),
    ],
)
def test_lines_break_as_in_a_browser(text, lines):
    assert ruler.wrap(text, 16, 84) == lines
    assert "".join(lines) == text.replace("\n", "")


@pytest.mark.parametrize("weight", ["Regular", "SemiBold"])
def test_what_is_measured_is_what_pages_show(weight):
    measured = TTFont(ruler.FONTS / f"Inter-{weight}.ttf")
    shown = TTFont(ROOT / f"_static/vendor/inter-4.1/Inter-{weight}.woff2")
    assert measured["hmtx"].metrics == shown["hmtx"].metrics
    assert measured.getBestCmap() == shown.getBestCmap()
    assert (measured["hhea"].ascent - measured["hhea"].descent) / 2048 == ruler.HEIGHT
    assert measured["OS/2"].sCapHeight / 2048 == pytest.approx(0.727, abs=0.001)


def test_a_font_says_which_characters_it_has():
    assert {ord("a"), 0x2500} <= ruler.characters(ruler.MONO)
    assert 0x6F22 not in ruler.characters(ruler.REGULAR)
