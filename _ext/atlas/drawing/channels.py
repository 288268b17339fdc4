"""Where rows stand below one another, and how links run between them: each on a track of its own.

In a row a link runs straight down. Between two rows it turns aside at most once, on a track that it shares
with no other, so that no two links lie on each other; tracks are stacked so that they cross little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from .grid import BOX, TITLE, Grid, Item
from .outline import Point, number
from .ports import Ports

TRACK: Final = 9.0
"""How far apart tracks are, in px."""
NEAR: Final = 8.0
"""Lines nearer than this would be taken for one."""
RADIUS: Final = 9.0
FLOOR: Final = 12.0
"""How far the lower side of a frame is from what it holds, in px."""
_CEILING: Final = 8.0
_PAD: Final = {BOX: (14.0, 19.0), TITLE: (6.0, 6.0)}
"""What a row keeps free below and above it; the arrow heads that point into boxes need more."""
_OTHERWISE: Final = (6.0, 7.0)
_ROUND: Final = 0.45
"""How far the handles of a round corner stay from it, as a part of its radius."""


@dataclass(slots=True)
class Turn:
    """A link that goes from one x to another between two rows, on the track at `y`."""

    link: str
    x: float
    to: float
    y: float = 0.0
    track: int = 0

    @property
    def low(self) -> float:
        return min(self.x, self.to)

    @property
    def high(self) -> float:
        return max(self.x, self.to)


@dataclass(slots=True)
class Levels:
    """Top and bottom of each row, of each frame, and what each link does between rows, from above."""

    tops: list[float]
    bottoms: list[float]
    frames: dict[str, tuple[float, float]]
    turns: dict[str, list[Turn]] = field(default_factory=dict)


def place_rows(grid: Grid, ports: Ports) -> Levels:
    """Set the rows below one another, as far apart as the tracks between them need."""
    count = len(grid.rows)
    levels = Levels([0.0] * count, [0.0] * count, dict.fromkeys(grid.sides, (0.0, 0.0)))
    levels.turns = {link: [] for link in grid.chains}
    y, above = 0.0, -1
    for i, row in enumerate(grid.rows):
        height = max((item.height for item in row), default=0.0)
        if not height:
            continue
        y = _pass_gap(grid, ports, levels, above, i, y)
        levels.tops[i], levels.bottoms[i] = y, y + height
        y, above = y + height, i
    _end_frames(grid, levels, above, y)
    return levels


def _pass_gap(grid: Grid, ports: Ports, levels: Levels, above: int, below: int, y: float) -> float:
    """Stack the tracks between two rows below `y`; returns where the lower one begins."""
    y = _end_frames(grid, levels, above, y)
    opening = [frame for frame, (first, _) in grid.spans.items() if first == below]
    if above >= 0:
        turns = _turns_between(grid, ports, above, below)
        count = stack(turns)
        pads = _pad(grid.rows[above])[0], _pad(grid.rows[below])[1]
        room = max(pads[0], RADIUS + 2) if count else pads[0]
        for turn in turns:
            turn.y = y + room + turn.track * TRACK
            levels.turns[turn.link].append(turn)
        y += room + (count - 1) * TRACK + max(pads[1], RADIUS + 2) if count else sum(pads)
    y += _CEILING if opening else 0.0
    for frame in opening:
        levels.frames[frame] = (y - _CEILING, 0.0)
    return y


def _end_frames(grid: Grid, levels: Levels, row: int, y: float) -> float:
    """Close the frames that end with a row, the innermost first; returns where the lowest of them ends."""
    closing = [frame for frame, (_, last) in grid.spans.items() if last == row]
    deepest = max((len(grid.plan.around(frame)) for frame in closing), default=-1)
    end = y
    for frame in closing:
        bottom = y + FLOOR * (deepest - len(grid.plan.around(frame)) + 1)
        levels.frames[frame] = (levels.frames[frame][0], bottom)
        end = max(end, bottom)
    return end


def _pad(row: Sequence[Item]) -> tuple[float, float]:
    kinds = {item.kind for item in row}
    return _PAD[BOX] if BOX in kinds else _PAD[TITLE] if TITLE in kinds else _OTHERWISE


def _turns_between(grid: Grid, ports: Ports, above: int, below: int) -> list[Turn]:
    """The links that stand at another x in the lower of two rows."""
    turns = []
    for link, chain in grid.chains.items():
        first, last = chain[0].row, chain[-1].row
        if first <= above and below <= last:
            x, to = (_x(link, chain[row - first], ports, upper=row == first) for row in (above, below))
            if abs(x - to) >= 0.5:
                turns.append(Turn(link, x, to))
    return turns


def _x(link: str, item: Item, ports: Ports, *, upper: bool) -> float:
    return ports[link, upper] if item.kind == BOX else item.x


def stack(turns: list[Turn]) -> int:
    """Give each turn a track, from above, with few crossings; returns how many tracks there are."""
    cost = [[_cost(a, b) for b in turns] for a in turns]
    left = list(range(len(turns)))
    order: list[int] = []
    while left:
        top = min(left, key=lambda i: (sum(cost[i][j] - cost[j][i] for j in left), i))
        left.remove(top)
        order.append(top)
    for at, i in enumerate(order):
        turn = turns[i]
        turn.track = max((turns[j].track + 1 for j in order[:at] if _meet(turns[j], turn)), default=0)
    return 1 + max((turn.track for turn in turns), default=-1)


def _cost(a: Turn, b: Turn) -> int:
    """What it costs that a track is above another: their crossings, or a piece on which both would lie."""
    return (a.low < b.x < a.high) + (b.low < a.to < b.high) + 100 * (a is not b and abs(b.x - a.to) < NEAR)


def _meet(a: Turn, b: Turn) -> bool:
    """True of turns that cannot share a track, or of which the first has to stay above."""
    return (a.low - NEAR < b.high and b.low - NEAR < a.high) or abs(b.x - a.to) < NEAR


def course(start: Point, turns: Sequence[Turn], end: Point) -> list[list[Point]]:
    """Stretches from one point down to another, by way of turns: each straight (2 points) or a curve (4)."""
    stretches: list[list[Point]] = []
    here = start
    for i, turn in enumerate(turns):
        above, below = turn.y - start[1], end[1] - turn.y
        above = (turn.y - turns[i - 1].y) / 2 if i else above
        below = (turns[i + 1].y - turn.y) / 2 if i + 1 < len(turns) else below
        for bend in _bends(turn, min(RADIUS, above), min(RADIUS, below)):
            stretches += [[here, bend[0]], bend]
            here = bend[-1]
    return [*stretches, [here, end]]


def _bends(turn: Turn, above: float, below: float) -> list[list[Point]]:
    """Two round corners, or one S where they would be too near each other."""
    x, to, y = turn.x, turn.to, turn.y
    if abs(to - x) < above + below:
        return [[(x, y - above), (x, y), (to, y), (to, y + below)]]
    sign = 1 if to > x else -1
    near, far = x + sign * above, to - sign * below
    return [
        [(x, y - above), (x, y - above * _ROUND), (near - sign * above * _ROUND, y), (near, y)],
        [(far, y), (far + sign * below * (1 - _ROUND), y), (to, y + below * _ROUND), (to, y + below)],
    ]


def turned(stretches: Sequence[Sequence[Point]]) -> list[list[Point]]:
    """The same course from its end to its start."""
    return [list(stretch)[::-1] for stretch in reversed(stretches)]


def write_path(stretches: Sequence[Sequence[Point]]) -> str:
    """Path data of a course."""
    lines = (("L" if len(line) == 2 else "C") + " ".join(map(_spot, line[1:])) for line in stretches)
    return "".join([f"M{_spot(stretches[0][0])}", *lines]).replace(" -", "-")


def _spot(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
