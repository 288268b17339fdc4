"""On which layer each box stands: the height of a drawing against its width.

Longest paths first, then hill climbing: boxes move between their neighbours, or with all that must follow,
while that makes the drawing narrower than its bound, its links shorter or its layers fewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Final

from .plan import Plan

OVERFLOW: Final = 20.0
"""What a px beyond the bound costs, against a layer that a link passes."""
LONG: Final = 40.0
LAYER: Final = 150.0
APART: Final = 60.0
"""What it costs that siblings stand on different layers."""
AIR: Final = 24.0
PASSING: Final = 14.0
BORDER: Final = 28.0
_WORK: Final = 100_000
"""So many boxes and links are looked at at most, that a large drawing does not take seconds."""


def assign_layers(plan: Plan, bound: float) -> dict[str, int]:
    """The layer of each box, from 0 on; links run from a smaller to a greater one."""
    return _Climb(plan, bound).run()


class _Climb:
    """Boxes by number; `above` and `below` are what each is tied to."""

    def __init__(self, plan: Plan, bound: float) -> None:
        self.bound = bound
        self.names = list(plan.blocks)
        number = {name: i for i, name in enumerate(self.names)}
        self.widths = [plan.blocks[name].width + AIR for name in self.names]
        self.above: list[list[int]] = [[] for _ in self.names]
        self.below: list[list[int]] = [[] for _ in self.names]
        for upper, lower in dict.fromkeys(plan.pairs()):
            self.above[number[lower]].append(number[upper])
            self.below[number[upper]].append(number[lower])
        outer = [frame for frame in plan.frames.values() if not frame.around]
        self.frames = [[number[name] for name in plan.members(frame.id)] for frame in outer]
        self.titles = [frame.width for frame in outer]
        self.homes = [-1] * len(self.names)
        """The outermost frame of each box by its place among them; -1 for none."""
        for k, members in enumerate(self.frames):
            for i in members:
                self.homes[i] = k
        self.links = [
            (number[link.upper], number[link.lower], link.width + 10 if link.width else PASSING)
            for link in plan.links
            if link.upper in number and link.lower in number
        ]
        self.siblings = [
            found for found in map(self._only_children, range(len(self.names))) if len(found) > 1
        ]
        self.layers = self._longest()
        self.tries = 0

    def _only_children(self, i: int) -> list[int]:
        return [child for child in self.below[i] if self.above[child] == [i]]

    def _longest(self) -> list[int]:
        layers = [-1] * len(self.names)

        def layer(i: int) -> int:
            if layers[i] < 0:
                layers[i] = 1 + max(map(layer, self.above[i]), default=-1)
            return layers[i]

        for i in range(len(self.names)):
            layer(i)
        return layers

    def run(self) -> dict[str, int]:
        cost = self._climb()
        climbed, self.layers = self.layers, self._spread()
        if self.layers == climbed or self._climb() >= cost:
            self.layers = climbed
        lowest = min(self.layers)
        return {name: layer - lowest for name, layer in zip(self.names, self.layers, strict=True)}

    def _climb(self) -> float:
        self.tries = _WORK // (len(self.names) + len(self.links))
        best = self._cost(self.layers)
        before = best + 1
        while best < before and self.tries > 0:
            before = best
            for i in range(len(self.names)):
                best = self._improve(i, best)
        return best

    def _spread(self) -> list[int]:
        """Rows of frames that are too wide on several layers: taking one box out of such a row helps nothing,
        for the frame is then as wide over two.
        """
        found = self.layers
        for members in self.frames:
            for layer in sorted({self.layers[i] for i in members}):
                row = [i for i in members if self.layers[i] == layer]
                count = ceil(sum(self.widths[i] for i in row) / (self.bound - 2 * BORDER))
                for at, i in enumerate(row):
                    self.layers = self._pushed(i, at * count // len(row), self.below)
        spread, self.layers = self.layers, found
        return spread

    def _improve(self, i: int, best: float) -> float:
        for layers in self._moves(i):
            self.tries -= 1
            if self.tries <= 0:
                break
            if self._cost_of_height(layers) >= best:
                continue
            cost = self._cost(layers)
            if cost < best - 1e-9:
                best, self.layers = cost, layers
        return best

    def _moves(self, i: int) -> Iterator[list[int]]:
        """Other layers: the box between its neighbours, then one down or up with all that must follow."""
        low = max((self.layers[j] + 1 for j in self.above[i]), default=0)
        high = min((self.layers[j] - 1 for j in self.below[i]), default=max(self.layers) + 1)
        for layer in range(low, high + 1):
            if layer != self.layers[i]:
                yield [layer if j == i else old for j, old in enumerate(self.layers)]
        yield self._pushed(i, 1, self.below)
        yield self._pushed(i, -1, self.above)

    def _pushed(self, i: int, step: int, following: list[list[int]]) -> list[int]:
        layers = list(self.layers)
        ahead = [(i, layers[i] + step)]
        while ahead:
            j, layer = ahead.pop()
            if (layers[j] - layer) * step >= 0:
                continue
            layers[j] = layer
            ahead += [(k, layer + step) for k in following[j]]
        lowest = min(layers)
        return [layer - lowest for layer in layers] if lowest else layers

    def _cost_of_height(self, layers: list[int]) -> float:
        """What layers cost beside the width of their rows."""
        spans = sum(layers[lower] - layers[upper] - 1 for upper, lower, _ in self.links)
        apart = sum(max(found) - min(found) for found in ([layers[i] for i in s] for s in self.siblings))
        return LONG * spans + LAYER * (max(layers) - min(layers)) + APART * apart

    def _cost(self, layers: list[int]) -> float:
        rows = [[0.0] * (2 * max(layers) + 2) for _ in range(len(self.frames) + 1)]
        for layer, home, width in zip(layers, self.homes, self.widths, strict=True):
            rows[home][2 * layer] += width
        self._add_links(rows, layers)
        free = rows[-1]
        for k, members in enumerate(self.frames):
            width = max(*rows[k], self.titles[k] + BORDER) + BORDER
            first, last = min(layers[i] for i in members), max(layers[i] for i in members)
            for row in range(2 * first, 2 * last + 1):
                free[row] += width
        bound = self.bound
        over = sum(width - bound for width in free if width > bound)
        return OVERFLOW * over + self._cost_of_height(layers)

    def _add_links(self, rows: list[list[float]], layers: list[int]) -> None:
        """Make room for links and their words, which stand where there is most."""
        for upper, lower, width in self.links:
            top, bottom = 2 * layers[upper] + 1, 2 * layers[lower]
            home = rows[self.homes[upper] if self.homes[upper] == self.homes[lower] else -1]
            if bottom - top == 1:
                home[top] += width
                continue
            for row in range(top, bottom):
                home[row] += PASSING
            home[min(range(top, bottom, 2), key=home.__getitem__)] += width - PASSING


def span_of(frame: str, plan: Plan, layers: Mapping[str, int]) -> tuple[int, int]:
    """The first and the last layer of a frame."""
    found = [layers[name] for name in plan.members(frame)]
    return min(found), max(found)
