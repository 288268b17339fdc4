"""How lines look: their colours, widths and dashes, and the arrow heads at their ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .palette import ALARM, FAINT, LINE


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow head in a 10 × 10 view: what it is made of, and where in it the line ends."""

    data: str
    ref: float
    size: float = 8
    hollow: bool = False


ARROWS: Final[Mapping[str, Arrow]] = MappingProxyType(
    {
        "point": Arrow("M0 0L10 5L0 10z", 5, 11),
        "circle": Arrow("M0 5a5 5 0 1 0 10 0a5 5 0 1 0-10 0z", 11),
        "cross": Arrow("M1 1L9 9M9 1L1 9", 11, 10, hollow=True),
        "barb": Arrow("M0 0L10 5L0 10z", 10),
        "arrowhead": Arrow("M0 0L10 5L0 10z", 7.4),
        "crosshead": Arrow("M1 1L9 9M9 1L1 9", 5, 10, hollow=True),
        "destroyed": Arrow("M1 1L9 9M9 1L1 9", 5, 20, hollow=True),
        "filled-head": Arrow("M1 0L9 5L1 10", 9, 9, hollow=True),
    }
)
# How far the head `point` goes beyond the end of its line, in px.
TIP: Final = 5.5


# Half the largest head, in px.
ARROW: Final = 5.5


@dataclass(frozen=True, slots=True)
class Pen:
    """How strokes of a kind look."""

    name: str
    colour: str
    width: float
    dashes: str = ""
    suffix: str = ""


PENS: Final[Mapping[str, Pen]] = MappingProxyType(
    {
        "life": Pen("atlas-life", FAINT, 1),
        "tie": Pen("atlas-tie", FAINT, 1),
        "flow": Pen("atlas-flow", LINE, 1.5),
        "failure": Pen("atlas-flow atlas-failure", ALARM, 3, "8 5", "-failure"),
    }
)
