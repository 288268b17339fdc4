"""How wide text is in the fonts that the atlas ships: the one door to HarfBuzz.

The same glyphs stand in `fonts/*.ttf` (measuring, PDF) and in the page's WOFF2, so what is measured is what
is shown. Characters that Inter lacks come from whatever font the reader has; those are taken at the widest.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Final

import uharfbuzz as hb

FONTS: Final = Path(__file__).parent / "fonts"
REGULAR: Final = FONTS / "Inter-Regular.ttf"
SEMIBOLD: Final = FONTS / "Inter-SemiBold.ttf"
MONO: Final = FONTS / "JetBrainsMono-Regular.ttf"
EMOJIS: Final = FONTS / "NotoEmoji-Regular.ttf"

# In em. Emoji fonts differ: Noto Color Emoji advances 1.245, Safari shows 1.31 at 16 px, Windows 1.38.
EMOJI: Final = 1.4
# What a line of Inter takes from ascender to descender, in em.
HEIGHT: Final = (1984 + 494) / 2048
IDEOGRAPH: Final = 1.0
OTHER: Final = 0.9

_CLINGING: Final = frozenset("ーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ々〻")
_BLANK: Final = "\u00a0"
_HYPHEN: Final = "\u2011"
_UNIT: Final = re.compile(r"(?<=\d) (?=[^\W\d]{1,3}\b|%)")
_JOINT: Final = re.compile(r"(?<=\w)-(?=\w)")
_AS_EMOJI = "\ufe0f"
_FEATURES: Final = {"calt": False}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text in px at a font size in px, rounded up to 1/100."""
    return ceil(_ems(text, SEMIBOLD if bold else REGULAR) * size * 100) / 100


def wrap(text: str, size: float, limit: float, *, bold: bool = False) -> list[str]:
    """The lines into which a browser breaks text at a limit in px; a word longer than that stays whole."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and width(line + piece, size, bold=bold) > limit:
                lines.append(line)
                line = ""
            line += piece
        lines.append(line)
    return lines


def wrap_evenly(text: str, size: float, limit: float) -> list[str]:
    """The fewest lines that keep a limit in px, each as short as that allows.

    A number stays with its unit, and what hyphens join stays whole.
    """
    bound = _JOINT.sub(_HYPHEN, _UNIT.sub(_BLANK, text))
    lines = wrap(bound, size, limit)
    for narrower in range(int(limit) - 8, int(limit / 2), -8) if len(lines) > 1 else ():
        narrow = wrap(bound, size, narrower)
        if len(narrow) > len(lines):
            break
        lines = narrow
    return [line.strip().replace(_BLANK, " ").replace(_HYPHEN, "-") for line in lines]


def characters(path: Path) -> frozenset[int]:
    """The code points that a font has."""
    return _font(path)[1]


def _pieces(line: str) -> list[str]:
    """What a line may be broken between, after UAX 14 as far as labels need it."""
    pieces = [""]
    for char, after in zip(line, f"{line[1:]} ", strict=False):
        pieces[-1] += char
        if _breaks(char, after):
            pieces.append("")
    return [piece for piece in pieces if piece]


def _breaks(char: str, after: str) -> bool:
    """True where a line may end behind a character."""
    if after == " " or char == " ":
        return char == " "
    if char in "–—|" or after == "—" or char == after == "+":
        return True
    if char in "-?!}":
        return after.isalnum() and not (char == "-" and after.isdigit())
    return after not in _CLINGING and ((_stands_alone(char) and after.isalnum()) or _stands_alone(after))


def _stands_alone(char: str) -> bool:
    """True of ideographs and emoji, which a line may end before and behind."""
    wide = unicodedata.east_asian_width(char) in "WF" and char.isalnum()
    return wide or (unicodedata.category(char) == "So" and ord(char) > 0x2FFF)


@lru_cache(maxsize=65536)
def _ems(text: str, path: Path) -> float:
    font, known = _font(path)
    runs = groupby(_clusters(text), key=lambda cluster: all(ord(char) in known for char in cluster))
    return sum(_shaped(font, "".join(run)) if ours else sum(map(_borrowed, run)) for ours, run in runs)


def _clusters(text: str) -> list[str]:
    """Characters, each with what is drawn upon it (marks, joiners, variation selectors)."""
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.category(char) in ("Mn", "Me", "Cf", "Sk") and ord(char) > 0x2FF:
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _shaped(font: hb.Font, text: str) -> float:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, _FEATURES)
    return float(sum(position.x_advance for position in buffer.glyph_positions) / font.face.upem)


def _borrowed(cluster: str) -> float:
    """The most that a character may take in a font that is not ours."""
    char = cluster[0]
    if unicodedata.category(char) == "So" or _AS_EMOJI in cluster:
        return EMOJI
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0.0
    return IDEOGRAPH if unicodedata.east_asian_width(char) in "WF" else OTHER


@cache
def _font(path: Path) -> tuple[hb.Font, frozenset[int]]:
    face = hb.Face(hb.Blob.from_file_path(str(path)))
    return hb.Font(face), frozenset(face.unicodes)
