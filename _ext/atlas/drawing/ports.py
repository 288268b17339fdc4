"""Where lines leave boxes, and links brought straight between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from .grid import BOX, Grid, Item, gap

APART: Final = 18.0
"""How far apart lines begin on a box, in px, where it is wide enough."""
Ports = dict[tuple[str, bool], float]
"""The x at which a link leaves a box, by the link and whether it is at its upper end."""


def find_ports(grid: Grid, width: float) -> Ports:
    """Where each link leaves its boxes; links are straightened with that, within the width."""
    return _Straightening(grid, width).run()


class _Straightening:
    def __init__(self, grid: Grid, width: float) -> None:
        self.grid, self.width = grid, width
        self.ports: Ports = {}
        self.beside: dict[tuple[str, bool], tuple[list[str], int]] = {}
        """All links on the side of a box at which a link ends, and its place among them."""

    def run(self) -> Ports:
        for (name, below), links in self._sides().items():
            self._space(self.grid.boxes[name], links, below=below)
            self.beside |= {(link, below): (links, i) for i, link in enumerate(links)}
        for _ in range(2):
            for link in sorted(self.grid.chains, key=lambda link: -len(self.grid.chains[link])):
                self._straighten(link)
        return self.ports

    def _sides(self) -> dict[tuple[str, bool], list[str]]:
        """The links on the upper and the lower sides of boxes, from left to right."""
        found: defaultdict[tuple[str, bool], list[tuple[int, str]]] = defaultdict(list)
        for link, chain in self.grid.chains.items():
            for end, other, below in ((chain[0], chain[1], True), (chain[-1], chain[-2], False)):
                if end.kind == BOX:
                    found[end.owner, below].append((other.at, link))
        return {side: [link for _, link in sorted(links)] for side, links in found.items()}

    def _bounds(self, box: Item, count: int) -> tuple[float, float, float]:
        """Where lines may leave a box, and how far apart so many of them stand."""
        block = self.grid.plan.blocks[box.owner]
        low, high = box.x + block.low, box.x + block.high
        return low, high, min(APART, (high - low) / max(count - 1, 1))

    def _space(self, box: Item, links: Sequence[str], *, below: bool) -> None:
        """Put the ends of links as near to where they go as order and room allow."""
        low, high, step = self._bounds(box, len(links))
        pools: list[tuple[float, int]] = []
        for i, link in enumerate(links):
            mean, count = self.grid.chains[link][1 if below else -2].x - i * step, 1
            while pools and pools[-1][0] > mean:
                other, many = pools.pop()
                mean, count = (mean * count + other * many) / (count + many), count + many
            pools.append((mean, count))
        flat = [min(max(x, low), high - (len(links) - 1) * step) for x, count in pools for _ in range(count)]
        for i, (link, x) in enumerate(zip(links, flat, strict=True)):
            self.ports[link, below] = x + i * step

    def _straighten(self, link: str) -> None:
        """Bring the longest pieces of a link that have an x in common to it."""
        chain = self.grid.chains[link]
        spans = [self._free(link, item, upper=i == 0) for i, item in enumerate(chain)]
        start = 0
        while start < len(chain):
            low, high = spans[start]
            end = start + 1
            while end < len(chain) and max(low, spans[end][0]) <= min(high, spans[end][1]):
                low, high = max(low, spans[end][0]), min(high, spans[end][1])
                end += 1
            here = sorted(self._x(link, i) for i in range(start, end))
            self._move(link, range(start, end), min(max(here[len(here) // 2], low), high))
            start = end

    def _x(self, link: str, i: int) -> float:
        item = self.grid.chains[link][i]
        return self.ports[link, i == 0] if item.kind == BOX else item.x

    def _move(self, link: str, places: range, x: float) -> None:
        for i in places:
            item = self.grid.chains[link][i]
            if item.kind == BOX:
                self.ports[link, i == 0] = x
            else:
                item.x = x

    def _free(self, link: str, item: Item, *, upper: bool) -> tuple[float, float]:
        """Between which x a link may pass, all else as it is."""
        here = self.ports[link, upper] if item.kind == BOX else item.x
        low, high = self._free_port(link, item, upper=upper) if item.kind == BOX else self._free_way(item)
        return min(low, here), max(high, here)

    def _free_port(self, link: str, box: Item, *, upper: bool) -> tuple[float, float]:
        links, i = self.beside[link, upper]
        low, high, step = self._bounds(box, len(links))
        if i:
            low = max(low, self.ports[links[i - 1], upper] + step)
        if i + 1 < len(links):
            high = min(high, self.ports[links[i + 1], upper] - step)
        return low, high

    def _free_way(self, item: Item) -> tuple[float, float]:
        row = self.grid.rows[item.row]
        low = row[item.at - 1].x + gap(row[item.at - 1], item) if item.at else item.left
        last = item.at + 1 == len(row)
        high = self.width - item.right if last else row[item.at + 1].x - gap(item, row[item.at + 1])
        return low, high
