"""What a sheet of paper says of the others: where the boxes that it cuts stand, where its edges lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import dist
from typing import Final
from xml.etree.ElementTree import Element

from . import outline, ruler
from .outline import Box, Point
from .palette import FAINT, INK, LEADING, PAPER, SMALL
from .sheets import Layout, Part, holds, letter, shared, touch

SIGN: Final = 20
"""How many characters of a label a sign repeats."""
BESIDE: Final = 24.0
"""How near to a box that it shows in part a sheet needs no sign of an edge that leads there, in px."""
_STEPS: Final = [step * SMALL for step in sorted(range(-30, 31), key=abs)]


@dataclass(frozen=True, slots=True)
class Flow:
    """An edge: the ids of the nodes at its ends, and its course."""

    tail: str
    head: str
    course: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """What a sheet says of a node that another one shows whole: `text`, around `at`."""

    text: str
    at: Point

    @property
    def box(self) -> Box:
        x, y = self.at
        right, down = ruler.width(self.text, SMALL) / 2 + 4, SMALL * LEADING / 2
        return x - right, y - down, x + right, y + down


def put_signs(layout: Layout, number: int, parts: Sequence[Part], flows: Iterable[Flow]) -> list[Sign]:
    """What a sheet says of others: the names of boxes that it cuts, and of those that its edges lead to."""
    sheet = layout.sheets[number]
    away = {p.node: p for p in parts if p.node and not holds(sheet, p.box)}
    named = {id: name for id, part in away.items() if (name := _name(part, layout))}
    wanted = [Sign(named[id], _middle(away[id].box, sheet)) for id in named if touch(sheet, away[id].box)]
    for flow in flows:
        for run in _runs(flow.course, sheet):
            wanted += _ends(flow, run, sheet, named, away)
    return _placed(wanted, sheet, [p.box for p in parts if holds(sheet, p.box)])


def _ends(
    flow: Flow, run: Sequence[Point], sheet: Box, named: Mapping[str, str], away: Mapping[str, Part]
) -> Iterator[Sign]:
    """Where the border of a sheet cuts an edge: what it comes from, and what it goes on to.

    Not beside what the sheet shows of that box, which has a sign of its own.
    """
    ends = (flow.head, run[-1], flow.course[-1], "→ "), (flow.tail, run[0], flow.course[0], "from ")
    for id, at, end, word in ends:
        if id in named and _is_cut(at, end, away[id].box, sheet):
            yield Sign(f"{word}{named[id]}", _at_border(at, sheet))


def _is_cut(at: Point, end: Point, box: Box, sheet: Box) -> bool:
    """True where an edge that ends at a box is last seen away from it, or beside it where the sheet lacks it.

    What a sheet shows of a box has a sign of its own; a message ends far from the box of who takes part.
    """
    if touch(sheet, box):
        return at != end and dist(at, _clamp(at, (0, 0), shared(box, sheet))) > BESIDE
    return at != end or dist(at, _clamp(at, (0, 0), box)) <= BESIDE


def _runs(course: Sequence[Point], sheet: Box) -> Iterator[list[Point]]:
    """The stretches of a course that a sheet shows."""
    run: list[Point] = []
    for piece in pairwise(course):
        if shown := _clip(*piece, sheet):
            if run and shown[0] != run[-1]:
                yield run
                run = []
            run = [*(run or shown[:1]), shown[1]]
    if run:
        yield run


def _clip(start: Point, end: Point, sheet: Box) -> tuple[Point, Point] | None:
    """What of a straight line lies on a sheet."""
    first, last = 0.0, 1.0
    for i in (0, 1):
        way = end[i] - start[i]
        if not way and not sheet[i] <= start[i] <= sheet[i + 2]:
            return None
        cuts = sorted(((sheet[i] - start[i]) / way, (sheet[i + 2] - start[i]) / way)) if way else (0.0, 1.0)
        first, last = max(first, cuts[0]), min(last, cuts[1])
    return (_along(start, end, first), _along(start, end, last)) if first < last else None


def _along(start: Point, end: Point, share: float) -> Point:
    """The point at a share of the way; the ends themselves are met exactly."""
    if share in (0, 1):
        return end if share else start
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _name(part: Part, layout: Layout) -> str:
    """`B: Kafka`: the first sheet that shows a node whole, and how its label begins."""
    letters = (letter(i) for i, sheet in enumerate(layout.sheets) if holds(sheet, part.box))
    first = next(letters, "")
    words = " ".join(part.words) or part.node
    begun = words if len(words) <= SIGN else f"{words[: SIGN - 1].rstrip()}…"
    return f"{first}: {begun}" if first else ""


def _middle(box: Box, sheet: Box) -> Point:
    """The middle of what a sheet shows of a box."""
    left, top, right, bottom = shared(box, sheet)
    return (left + right) / 2, (top + bottom) / 2


def _at_border(at: Point, sheet: Box) -> Point:
    """Where the sign of a cut stands; below it where that is at a side, to leave a level arrow visible."""
    x, y = at
    at_side = min(abs(x - sheet[0]), abs(x - sheet[2])) < 0.01
    return (x, y + SMALL) if at_side else at


def _clamp(at: Point, half: Point, sheet: Box) -> Point:
    """The nearest point at which something of twice `half` a size lies within a sheet."""
    x, y = (max(sheet[i] + half[i], min(at[i], sheet[i + 2] - half[i])) for i in (0, 1))
    return x, y


def _placed(wanted: Iterable[Sign], sheet: Box, taken: list[Box]) -> list[Sign]:
    """Signs within the sheet, as near to their place as what it shows leaves room."""
    placed: list[Sign] = []
    for sign in dict.fromkeys(wanted):
        covered = [*taken, *(other.box for other in placed)]
        spots = [_moved(sign, by, sheet) for by in product(_STEPS, _STEPS[:9])]
        placed.append(min(spots, key=lambda spot: _common(spot.box, covered) + dist(spot.at, sign.at)))
    return placed


def _common(box: Box, others: Iterable[Box]) -> float:
    """How much of a box lies on others, in px²."""
    common = (shared(box, other) for other in others if touch(box, other))
    return sum((right - left) * (bottom - top) for left, top, right, bottom in common)


def _moved(sign: Sign, by: Point, sheet: Box) -> Sign:
    left, top, right, bottom = sign.box
    at = sign.at[0] + by[1], sign.at[1] + by[0]
    return Sign(sign.text, _clamp(at, ((right - left) / 2 + 2, (bottom - top) / 2 + 2), sheet))


def draw_sign(sign: Sign) -> Element:
    left, top, right, bottom = sign.box
    shape = {"x": left, "y": top, "width": right - left, "height": bottom - top, "rx": 3.0}
    group = Element("g", {"class": "atlas-sign", "font-size": outline.number(SMALL), "fill": INK})
    plate = {"fill": PAPER, "stroke": FAINT, "stroke-dasharray": "2 2"}
    group.append(Element("rect", {name: outline.number(value) for name, value in shape.items()} | plate))
    middle = {"x": sign.at[0], "y": sign.at[1] + SMALL * 0.3635}
    text = Element("text", {name: outline.number(value) for name, value in middle.items()})
    text.text = sign.text
    group.append(text)
    return group
