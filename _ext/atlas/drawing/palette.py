"""How things look: colours of planes, ink and paper, and the sizes of words in px."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from atlas.records.model import Plane

INK: Final = "#1F2937"
LINE: Final = "#374151"
FAINT: Final = "#9CA3AF"
PAPER: Final = "#FFF"
NOTE: Final = "#FEF9C3"
ALARM: Final = "#B00020"
# Of what broke: black on a yellow that no plane has, told apart in grey too.
WARNING: Final = "#FFD60A"
BLACK: Final = "#111111"

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
